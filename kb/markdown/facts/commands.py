"""Find the shell commands of a text, each to be copied alone: prompts, comments and output dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.markdown.facts.programs import CMDLETS, NAMED, PROGRAMS, WORDS
from kb.markdown.facts.shell import BASH, BATCH, POWERSHELL, Shell, take_command

MAX_LINES = 400
MAX_SIZE = 4_000
MAX_INLINE = 300

Prompt = tuple[int, Shell] | None

_SHELLS: dict[str, Shell] = {
    **dict.fromkeys("sh bash shell zsh ksh fish ash console terminal".split(), BASH),
    **dict.fromkeys("shell-session sh-session shellsession bash-session".split(), BASH),
    **dict.fromkeys("powershell ps1 ps pwsh posh".split(), POWERSHELL),
    **dict.fromkeys("bat batch cmd dos batchfile".split(), BATCH),
}
_SCRIPTS = frozenset(
    "sh bash zsh ksh fish ash powershell ps1 ps pwsh posh bat batch cmd dos".split()
)
_UNMARKED = frozenset({"", "text", "txt", "plain", "plaintext", "none", "output", "code"})

_PROMPT = re.compile(
    r"\s{0,9}(?:\([\w.-]{1,40}\)\s)?"
    r"(?:\[?[\w.-]{1,40}@[\w.-]{1,60}[: ]?[^\s$#%>]{0,80}\s?|\w{2,4}-\d[\d.]{0,6}|[~/][\w./~-]{0,80}\s)?"
    r"(?P<sign>[$%\u276f#])[ \t]{1,9}(?=\S)"
)
_WINDOWS = re.compile(
    r"\s{0,9}(?:PS(?:\s[^>\n]{1,120})?|(?P<drive>[A-Za-z]:\\[^>\n]{0,120}))>\s{0,9}(?=\S)"
)
_ROOT = re.compile(r"#[ \t](?=\S)")
_ARROW = re.compile(r"\s{0,9}>\s(?=\S)")
_MORE = re.compile(r"^> ?")

_AHEAD = re.compile(
    r"(?:(?:sudo|doas|time|nohup|env|exec|command|watch|then|do|!)\s++(?:-{1,2}[\w=-]++\s++)*+"
    r"|timeout\s++\d++[smh]?\s++|[A-Za-z_]\w{0,60}=(?:\"[^\"]*+\"|'[^']*+'|\S*+)\s++)++"
)
_ASSIGNED = re.compile(r"(?:[A-Za-z_]\w{0,60}\+?=|\$[A-Za-z_][\w:]{0,60}\s?=)\S")
_PATH = re.compile(
    r"(?:\.{1,2}[/\\]|~/|/(?:usr|opt|s?bin|etc|home|var|root|srv)/)[\w./@+\\-]*[\w]$"
    r"|(?:s?bin|scripts?|tools|vendor/bin)/[\w./-]+$|[\w./-]+\.(?:sh|ps1|bat|cmd|exe)$"
)
_CMDLET = re.compile(rf"(?:{'|'.join(CMDLETS)})-[A-Z][A-Za-z]{{2,50}}$")
_SIGN = re.compile(
    r"--?[A-Za-z]|[./~$\"'<]|\S{0,200}?[=|*\\]|\S{0,200}?\w[/.:]\w|(?:&&|\||>|;|\d{2,})$"
)
_USUAL = re.compile(
    r"go (?:build|mod|test|vet|run|generate|clean|work|version|env|tool)\b|make [a-z][\w-]*$"
    r"|(?:service|net) [\w@.-]+ (?:start|stop|restart|status|reload)$|net (?:start|stop|use)\b"
    r"|(?:next|nginx|rails|flask|rake) (?:build|dev|start|reload|run|test|console|server|db:\w+)\b"
    r"|(?:set|export|unset|setx) [A-Z_]{3,}|php artisan \w|(?:source|\.) [\w./~-]+/activate$"
)
_VERSION = re.compile(r"\s[<>=v]{0,2}\s?\d+(?:\.[\dx]+)*\+?(?:\s|$)")
_SMALL = frozenset(
    "the is not was were are a an and of cannot failed fails does did has had".split()
)
_NO_ARGUMENTS = re.compile(
    r"(?:^|\s)(?:<https?:|-+>\s|=>\s|\u2192)|^(?:ERR!|WARN|error\b|warning\b|notice\b)"
)
_STRANGE = re.compile(
    r"(?:pod|deployment|service|node|job|secret|configmap|namespace|\w+\.\w+)s?(?:\.[\w.]+)?/\S"
    r"|\S*[:,>…]$|[\w-]+/$|\.{3}|\w+://|\S*\.$"
)
_NO_COMMAND = re.compile(
    r"\S+\s+[=:]{1,3}\s|\S*(?:://|\[\]|@\d)|diff --git|\w+\.\w+\.|(?:\.\.|~)?/(?!usr/|opt/|s?bin/|etc/)\S*$"
)
_STARTS = re.compile(r"[a-z_./~!:]|\$(?! )|\(\s?[a-z]|\[\[? ")
_SENTENCE = re.compile(r"(?:\S+ ){4}.*[a-z][.!?]$")


def find_commands(code: str, info: str) -> Iterator[tuple[str, str]]:
    """Yield the commands in a code block with their shell's name; `info` is its language, if named."""
    language = info.split(maxsplit=1)[0].strip("{}.") if info else ""
    shell = _SHELLS.get(language)
    if shell is None and language not in _UNMARKED:
        return
    lines = code.split("\n")[:MAX_LINES]
    prompts = [_read_prompt(line, language) for line in lines]
    if not any(prompts):
        prompts = _read_root_prompts(lines, language)
    if any(prompts):
        yield from _read_session(lines, prompts)
        return
    yield from _read_script(lines, shell)


def is_command(code: str) -> bool:
    """Tell whether inline code is a whole command: a known program and what it is told to do."""
    if len(code) > MAX_INLINE or " " not in code or "…" in code or " ..." in code:
        return False
    return is_known(code) and not NAMED.match(code.strip())


def is_known(command: str) -> bool:
    """Tell whether a line starts with a program that is known, or is clearly written for a shell."""
    rest = _cut_ahead(command)
    first, _, arguments = rest.partition(" ")
    if _NO_ARGUMENTS.search(arguments):
        return False
    name = first.removesuffix(".exe").rsplit("/", 1)[-1]
    if _CMDLET.match(first) or _ASSIGNED.match(command) or command.startswith("sudo "):
        return True
    if _PATH.match(first):
        return bool(arguments) or first.startswith(("./", "../", ".\\"))
    if name in PROGRAMS:
        return not _VERSION.match(f" {arguments}") and not _is_prose(arguments)
    return name in WORDS and _tells_shell(rest, arguments)


def name_shell(command: str) -> str:
    """Return the name of the shell that inline code is written for."""
    return _name_shell(command, None)


def _cut_ahead(command: str) -> str:
    found = _AHEAD.match(command)
    return command[found.end() :] if found else command


def _tells_shell(command: str, arguments: str) -> bool:
    """Tell whether a word that may also be English is followed by what only a shell reads."""
    if _USUAL.match(command):
        return True
    if _VERSION.match(f" {arguments}") and not command.startswith(("sleep ", "kill ")):
        return False
    return any(_SIGN.match(word) for word in arguments.split()[:12]) and not _SENTENCE.match(
        command
    )


def _is_prose(arguments: str) -> bool:
    """Tell whether what follows a program reads like a sentence, not like its arguments."""
    words = arguments.split()[:12]
    plain = len(words) > 5 and all(word.isalpha() for word in words[:6])
    return plain or not _SMALL.isdisjoint(words) or bool(_SENTENCE.match(arguments))


def _name_shell(command: str, shell: Shell | None) -> str:
    if shell is None:
        first = command.split(None, 1)[0]
        powerful = _CMDLET.match(first) or command.startswith("$")
        return (POWERSHELL if powerful else BASH).name
    return shell.name


def _read_prompt(line: str, language: str) -> Prompt:
    """Return where the command behind a prompt begins, and its shell."""
    if found := _WINDOWS.match(line):
        return found.end(), BATCH if found["drive"] else POWERSHELL
    shell = _SHELLS.get(language, BASH)
    if shell is not BASH and (found := _ARROW.match(line)):
        return found.end(), shell
    found = _PROMPT.match(line)
    if found is None or (found["sign"] == "%" and language in _UNMARKED):
        return None
    rest = line[found.end() :]
    if found["sign"] == "#" and found.start("sign") == len(line) - len(line.lstrip()):
        return None
    return (found.end(), BASH) if _is_plausible(rest, BASH) else None


def _read_root_prompts(lines: Sequence[str], language: str) -> list[Prompt]:
    """Take `#` for a prompt where known programs stand behind it and no others beside it."""
    typed = [line for line in lines if line.strip() and not line.startswith("#")]
    if typed and (language in _SCRIPTS or any(map(is_known, typed))):
        return []
    rooted = [_ROOT.match(line) for line in lines]
    return [(r.end(), BASH) if r and is_known(r.string[r.end() :]) else None for r in rooted]


def _read_session(lines: Sequence[str], prompts: Sequence[Prompt]) -> Iterator[tuple[str, str]]:
    """Yield what was typed behind the prompts; all else is what the machine answered."""
    places = [number for number, prompt in enumerate(prompts) if prompt]
    for place, stop in zip(places, [*places[1:], len(lines)], strict=True):
        begin, shell = prompts[place] or (0, BASH)
        rest = (_MORE.sub("", line) for line in lines[place + 1 : min(stop, place + 80)])
        command, _ = take_command([lines[place][begin:], *rest], 0, shell)
        if command:
            yield command[:MAX_SIZE], shell.name


def _read_script(lines: Sequence[str], shell: Shell | None) -> Iterator[tuple[str, str]]:
    """Yield the commands of lines without prompts; after output, and in unnamed code, known ones only."""
    at, sure = 0, shell is not None
    while at < len(lines):
        command, at = take_command(lines, at, shell or BASH)
        if is_known(command) or (sure and command and _is_plausible(command, shell)):
            yield command[:MAX_SIZE], _name_shell(command, shell)
        elif command:
            sure = False
            if shell is None:
                return


def _is_plausible(command: str, shell: Shell | None) -> bool:
    """Tell whether a line of a shell's text is a command, not what it printed."""
    if shell is BATCH:
        return command[:1].isalpha()
    rest = _cut_ahead(command)
    first = rest.split(None, 1)[0] if rest.strip() else command
    if _ASSIGNED.match(command) or _CMDLET.match(first):
        return True
    if shell is POWERSHELL:
        return bool(re.match(r"[a-z$&.\[(]", first)) and not _STRANGE.match(first)
    if not _STARTS.match(rest) or _STRANGE.match(first) or _NO_COMMAND.match(rest):
        return False
    return is_known(command) or not _SENTENCE.match(command)
