"""Python-Markdown with the extensions of MkDocs sites: boxes, tabs, attributes, notes and more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any, TypeVar
from xml.etree.ElementTree import Element

from kb.markdown.dialects import Quote, python_nodes
from kb.markdown.dialects.python_page import write_page
from kb.markdown.dialects.python_parser import PLACEHOLDER, Fence, Reading, begin, read
from kb.markdown.document import Block, Heading, ParseError

_T = TypeVar("_T")
_LINE = re.compile(r"^(?=[^\n])", re.MULTILINE)
_TAGS = re.compile(r"<[^<>]*>")


def find_nodes(text: str) -> Iterator[Heading | Block]:
    """Yield a text's headings and blocks in order; lines count from 0 at the text's start."""
    return iter(_guard(lambda: list(python_nodes.find_nodes(text))))


def write_html(text: str, definitions: str) -> str:
    """Write a text as HTML for the gate; raise ParseError when it would swell beyond use."""
    return _guard(lambda: write_page(text, definitions))


def find_definitions(text: str) -> str:
    """Write a text's definitions of links, abbreviations and notes anew."""
    return _guard(lambda: "\n\n".join(_find_definitions(text)))


def find_quotes(text: str) -> Iterator[Quote]:
    """Yield what a text quotes from machines, at any depth, in order."""
    return iter(_guard(lambda: list(_find_quotes(text))))


def read_words(text: str, limit: int) -> str:
    """Read the words of a text, with markup signs dropped; `limit` would not make it quicker."""
    return unescape(_TAGS.sub("", write_html(text, "")))


def _guard(work: Callable[[], _T]) -> _T:
    """Let no fault of the library's become ours: a text that it trips over cannot be read."""
    try:
        return work()
    except ParseError:
        raise
    except Exception as error:
        message = "The text cannot be read as Python-Markdown. Nest its parts less deeply."
        raise ParseError(message) from error


def _find_definitions(text: str) -> Iterator[str]:
    reading = begin(len(text))
    read(reading, text)
    known: dict[str, Any] = reading.md.references
    lines = [f"[{label}]: <{address}>" for label, (address, _) in known.items()]
    lines += [f"*[{name}]: {meaning}" for name, meaning in reading.abbreviations.items()]
    yield from filter(None, ("\n".join(lines),))
    for label, note in reading.footnotes.footnotes.items():
        yield f"[^{label}]: " + _LINE.sub("    ", _restore(note, reading)).lstrip()


def _restore(text: str, reading: Reading) -> str:
    """Write what was set aside in a note as it was typed."""

    def write(found: re.Match[str]) -> str:
        kept = reading.stash(found[1])
        return f"```{kept.info}\n{kept.code}```" if isinstance(kept, Fence) else str(kept)

    return PLACEHOLDER.sub(write, text)


def _find_quotes(text: str) -> Iterator[Quote]:
    reading = begin(len(text))
    root = read(reading, text)
    quoted = {inner for quote in root.iter("blockquote") for inner in quote.iter()}
    for element in root.iter():
        if element.tag == "pre":
            yield Quote("fence", "", unescape("".join(element.itertext())).rstrip() + "\n")
        elif element.tag != "code":
            words = "\n".join(filter(None, (element.text, element.tail)))
            yield from _read_words(words, reading, quoted=element in quoted)


def _read_words(words: str, reading: Reading, *, quoted: bool) -> Iterator[Quote]:
    for place, piece in enumerate(PLACEHOLDER.split(words)):
        kept = reading.stash(piece) if place % 2 else None
        if isinstance(kept, Fence):
            yield Quote("fence", kept.info.lower(), kept.code)
        elif not place % 2 and quoted and piece.strip():
            yield Quote("quote", "", piece.strip())
        elif not place % 2 and "`" in piece:
            yield from _find_code(piece, reading)


def _find_code(words: str, reading: Reading) -> Iterator[Quote]:
    ticks: Any = reading.md.inlinePatterns["backtick"]
    start = 0
    while found := ticks.getCompiledRegExp().search(words, start):
        reading.work.spend(len(words) - start)
        code, _, end = ticks.handleMatch(found, words)
        if isinstance(code, Element):
            yield Quote("inline", "", unescape(code.text or ""))
        start = end or found.end()
