"""What an entry is called, and the one line of its error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, takewhile
from pathlib import PurePosixPath

from kb.markdown.dialects.commonmark import flatten, read_words
from kb.markdown.document import Block, Heading, ParsedSection
from kb.markdown.headings.kinds import drop_number, normalise
from kb.markdown.quotes import Quote, find_quotes

_MAX_LINE = 300
_MAX_LINES = 200
_TYPED = re.compile(r"^[\w.$:/\\-]{0,120}(?:Error|Exception|Failure|Fault|Panic)\b")
_TROUBLED = re.compile(
    r"\b(?:errors?|exceptions?|fail(?:ed|s|ure|ing)?|fatal|panic|denied|refused|cannot|can't"
    r"|could not|couldn't|unable|not found|no such|invalid|timed? ?out|unreachable|blocked|errno"
    r"|missing|mismatch|corrupt\w{0,3}|killed|crash\w{0,3}|segfault|oom|exit (?:code|status)"
    r"|unexpected|undefined|denied|forbidden|unauthori[sz]ed|[45]\d\d)\b",
    re.IGNORECASE,
)
_PROLOGUE = re.compile(r"^\s*(?:Traceback \(most recent call last\)|at |File \"|[$>#] |\.\.\.)")
_PLAIN_CODE = frozenset(
    {"", "text", "txt", "log", "logs", "console", "output", "plaintext", "none"}
)
_SPEAKING = re.compile(r"[^\W\d_]{2}")
_ID = re.compile(r"(?=\D{0,64}\d)[0-9a-f-]{8,64}", re.IGNORECASE)
_EARLY = frozenset({"error", "symptoms", "impact", "environment", "other"})
_NOT_THE_ERROR = frozenset({"meaning", "alert description"})


def clean_title(heading: str) -> str:
    """Take number and pictures off a heading: `❌ Error 6: Read-only disk` is `Read-only disk`."""
    return drop_number(heading).strip()[:_MAX_LINE] or heading.strip()[:_MAX_LINE]


def title_from_name(name: str) -> str:
    """Make a title of a file's name: `disk_full-again.md` is `disk full again`; ids make none."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    if _ID.fullmatch(stem) or not _SPEAKING.search(stem):
        return ""
    return stem if " " in stem else " ".join(re.split(r"[-_]+", stem)).strip()


def title_from_text(nodes: Iterable[Heading | Block], lines: Sequence[str]) -> str:
    """Take the first words of a text that has neither a heading of its own nor a file name."""
    blocks = (node for node in nodes if isinstance(node, Block))
    texts = ("\n".join(lines[node.start : node.end])[:_MAX_LINE] for node in blocks)
    words = next(filter(None, (" ".join(read_words(text, 80).split()) for text in texts)), "")
    return (words if len(words) <= 80 else f"{words[:80].rsplit(' ', 1)[0]}…") or "Untitled"


def find_error_line(sections: Sequence[ParsedSection]) -> str:
    """Find the line that a person would paste: in the error section, else in the first parts."""
    told = (_read_told(s) for s in sections if s.kind == "error" and not s.guessed)
    early = (_read_early(s) for s in takewhile(lambda s: s.kind in _EARLY, sections))
    return next(filter(None, chain(told, early)), "")


def _read_told(section: ParsedSection) -> str:
    """Read what an error section quotes, or else its first line; `Meaning` is prose about it."""
    quotes = find_quotes(section.text)
    for kind in ("fence", "quote", "inline"):
        if line := next((pick_line(quote.text) for quote in quotes if quote.kind == kind), ""):
            return line
    if normalise(section.heading) in _NOT_THE_ERROR:
        return ""
    return flatten(section.text.split("\n", 1)[0])[:_MAX_LINE]


def _read_early(section: ParsedSection) -> str:
    if "`" not in section.text and "    " not in section.text and "~~~" not in section.text:
        return ""
    return next(map(pick_line, filter(None, map(_read_error, find_quotes(section.text)))), "")


def _read_error(quote: Quote) -> str:
    """Tell a pasted error from a snippet of code: code names errors too, in order to catch them."""
    lines = quote.text.split("\n")[:_MAX_LINES]
    if any(_TYPED.match(line) or line.startswith("Traceback (") for line in lines):
        return quote.text
    plain = quote.kind == "fence" and quote.info.split(" ")[0] in _PLAIN_CODE
    return quote.text if plain and any(map(_TROUBLED.search, lines)) else ""


def pick_line(text: str) -> str:
    """Pick the line of an error text that says most: its type, its complaint or its first."""
    lines = [line for line in text.split("\n")[:_MAX_LINES] if line.strip()]
    told = [line for line in lines if not _PROLOGUE.match(line)] or lines
    for shape in (_TYPED.match, _TROUBLED.search):
        for line in told:
            if shape(line.strip()[:_MAX_LINE]):
                return line.strip()[:_MAX_LINE]
    return told[0].strip()[:_MAX_LINE] if told else ""
