"""Read from an entry what identifies its errors: the same normaliser as for pastes."""

from __future__ import annotations

from collections.abc import Iterator

from kb.errors.codes import is_weak
from kb.errors.envelope import normalise
from kb.errors.segment import EveryLine, segment
from kb.errors.signature import Signature, signatures_of
from kb.errors.unit import ErrorUnit
from kb.markdown.dialects import COMMONMARK
from kb.markdown.document import ParsedEntry, ParsedSection
from kb.markdown.quotes import Quote, find_quotes

TELLING = ("error", "symptoms", "diagnosis", "detection", "cause")
"""The kinds of section that may quote the error; commands of a fix are no errors."""

ERROR_LANGUAGES = frozenset(
    {
        "",
        "text",
        "txt",
        "log",
        "logs",
        "plain",
        "plaintext",
        "error",
        "output",
        "none",
        "pytb",
        "json",
        "http",
        "html",
    }
)
LINES = ("log", "text")
"""Runtimes of single lines that say nothing about their kind."""
MOST = 40
MOST_CHARS = 65_536
"""Of the sections of one entry so much is read for quotes: hostile ones cost seconds a megabyte."""


def identify(entry: ParsedEntry, dialect: str = COMMONMARK) -> list[tuple[str, Signature]]:
    """Return the distinct signatures of an entry, each with the kind of section it was read from."""
    found: dict[Signature, str] = {}
    for section, units in _errors(entry, dialect):
        for signature in signatures_of(units):
            found.setdefault(signature, section)
    return [(section, signature) for signature, section in found.items()][:MOST]


def _errors(entry: ParsedEntry, dialect: str) -> Iterator[tuple[str, tuple[ErrorUnit, ...]]]:
    quotes = [(s, quote) for s, text in _telling(entry) for quote in find_quotes(text, dialect)]
    if entry.error != entry.title and not any(entry.error in quote.text for _, quote in quotes):
        yield "error", _read(entry.error, "always")
    for symptom in entry.meta.get("symptoms", ()):
        yield "symptoms", _read(str(symptom), "never")
    for section, quote in quotes:
        yield section.kind, _read(quote.text, _every_line(section, quote))
    yield "title", _title(entry.title)


def _telling(entry: ParsedEntry) -> Iterator[tuple[ParsedSection, str]]:
    left = MOST_CHARS
    for section in entry.sections:
        if section.kind in TELLING:
            yield section, section.text[:left]
            left -= len(section.text[:left])


def _every_line(section: ParsedSection, quote: Quote) -> EveryLine:
    said = section.kind == "error" and quote.kind != "inline" and quote.info in ERROR_LANGUAGES
    return "always" if said else "never"


def _read(text: str, every_line: EveryLine) -> tuple[ErrorUnit, ...]:
    """Read a quoted text; beside a real trace, lines that merely lead up to it are no errors."""
    units = segment(normalise(text).lines, every_line)
    traced = any(unit.runtime not in LINES for unit in units)
    return tuple(
        unit
        for unit in units
        if not traced or unit.runtime not in LINES or not all(map(is_weak, unit.codes))
    )


def _title(title: str) -> tuple[ErrorUnit, ...]:
    """Read a title as one error: every word of it counts."""
    return tuple(unit for unit in segment(normalise(title).lines, "always"))
