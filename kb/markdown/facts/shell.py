"""What belongs to one command in a shell's text: continued lines, open quotes, here-documents, blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_SPAN = 60
"""A command of more lines than these is taken line by line: a quote in it was never closed."""


@dataclass(frozen=True, slots=True)
class Shell:
    """How a shell writes what goes on in the next line; `stop` finds quotes, escapes and comments."""

    name: str
    escape: str
    stop: re.Pattern[str]
    joins: re.Pattern[str]
    opens: re.Pattern[str]
    closes: re.Pattern[str]
    resumes: re.Pattern[str]


_NEVER = re.compile(r"(?!)")
BASH = Shell(
    name="bash",
    escape="\\",
    stop=re.compile(r"\\.|[\"']|(?<!\S)#"),
    joins=re.compile(r"(?:\\|\||&&)\s{0,9}$"),
    opens=re.compile(
        r"(?:^|[;&|(]|\b(?:then|do|else)\b)[ \t]{0,40}(?:if|for|while|until|case)\b|\{[ \t]{0,9}$"
    ),
    closes=re.compile(r"(?:^|[;&|\s])(?:fi|done|esac)(?![\w-])|^[ \t]{0,40}\}"),
    resumes=_NEVER,
)
POWERSHELL = Shell(
    name="powershell",
    escape="`",
    stop=re.compile(r"`.|[\"']|(?<!\S)#"),
    joins=re.compile(r"(?:`|\||,)\s{0,9}$"),
    opens=re.compile(r"\{"),
    closes=re.compile(r"\}"),
    resumes=re.compile(r"\s{0,40}(?:else|elseif|catch|finally)\b"),
)
BATCH = Shell(
    name="bat",
    escape="^",
    stop=re.compile(r"\^.|\"|^\s{0,40}(?:rem\b|::)", re.IGNORECASE),
    joins=re.compile(r"\^\s{0,9}$"),
    opens=_NEVER,
    closes=_NEVER,
    resumes=_NEVER,
)
_HEREDOC = re.compile(
    r"(?<!<)<<[-~]?[ \t]{0,9}(?P<quote>[\"']?)(?P<word>[A-Za-z_]\w{0,40})(?P=quote)"
)
_HERE_STRING = re.compile(r"@([\"'])[ \t]{0,9}$")


@dataclass(slots=True)
class _State:
    """What is still open at the end of a line."""

    quote: str = ""
    until: str = ""
    blocks: int = 0
    parens: int = 0
    joined: bool = False
    lines: list[str] = field(default_factory=list)

    def is_open(self) -> bool:
        """Tell whether the command goes on."""
        return bool(self.quote or self.until or self.blocks or self.parens or self.joined)


def take_command(lines: Sequence[str], at: int, shell: Shell) -> tuple[str, int]:
    """Return the command that begins in line `at`, without comments, and the line after it."""
    state = _State()
    last = min(len(lines), at + MAX_SPAN)
    for number in range(at, last):
        _read_line(state, lines[number], shell)
        resumed = number + 1 < last and shell.resumes.match(lines[number + 1])
        if not state.is_open() and not resumed:
            return "\n".join(state.lines).strip(), number + 1
    return cut_comment(lines[at], shell).strip(), at + 1


def cut_comment(line: str, shell: Shell) -> str:
    """Return a line without the comment at its end."""
    return _strip(line, "", shell)[0]


def _read_line(state: _State, line: str, shell: Shell) -> None:
    """Add a line to the command, and note what it opens and closes."""
    if state.until:
        state.lines.append(line)
        if line.strip() == state.until or line.startswith(state.until + " "):
            state.until = ""
        return
    kept, bare, state.quote = _strip(line, state.quote, shell)
    if kept.strip():
        state.lines.append(kept.rstrip())
    state.until = "" if state.quote and shell is BASH else _find_until(kept, bare, shell)
    state.quote = "" if state.until else state.quote
    state.blocks = max(0, state.blocks + _balance(bare, shell.opens, shell.closes))
    state.parens = max(0, state.parens + bare.count("(") - bare.count(")"))
    state.joined = bool(shell.joins.search(bare))


def _balance(bare: str, opens: re.Pattern[str], closes: re.Pattern[str]) -> int:
    return sum(1 for _ in opens.finditer(bare)) - sum(1 for _ in closes.finditer(bare))


def _find_until(kept: str, bare: str, shell: Shell) -> str:
    """Return the line that will end a text written right into the command."""
    if shell is BASH and "<<" in bare:
        found = _HEREDOC.search(kept)
        return found["word"] if found else ""
    if shell is POWERSHELL and (found := _HERE_STRING.search(kept)):
        return f"{found[1]}@"
    return ""


def _strip(line: str, quote: str, shell: Shell) -> tuple[str, str, str]:
    """Return a line without its comment, then without what is quoted too, and the open quote."""
    bare: list[str] = []
    at = 0
    while at < len(line):
        if quote:
            at, quote = _skip_quoted(line, at, quote, shell)
            continue
        found = shell.stop.search(line, at)
        if found is None:
            bare.append(line[at:])
            break
        bare.append(line[at : found.start()])
        at = found.end()
        if found[0] in ('"', "'"):
            quote = found[0]
        elif not found[0].startswith(shell.escape):
            return line[: found.start()], "".join(bare), ""
    return line, "".join(bare), quote


def _skip_quoted(line: str, at: int, quote: str, shell: Shell) -> tuple[int, str]:
    """Return the place behind the closing quote, or the line's end with the quote still open."""
    while True:
        end = line.find(quote, at)
        if end < 0:
            return len(line), quote
        if quote == "'" or end == 0 or line[end - 1] != shell.escape:
            return end + 1, ""
        at = end + 1
