"""Pins: short phrases with their line numbers, and what tells that each section has its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.markdown.document import Document, ParsedEntry, ParsedSection, ParsedSource

WRITTEN = re.compile(
    r"[\x00-\x7f\ufe0f\u2013-\u2026\u2190-\u21ff\u2260\u2500-\u257f\u2600-\u27bf\U0001f300-\U0001faff]*+"
)
"""The letters, marks and pictures of English documents; garbled ones have others, such as `√`."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A phrase that must stand in a section of this kind, and its 1-based line in the file."""

    kind: str
    line: int
    phrase: str


def read_pins(table: str) -> dict[str, tuple[Pin, ...]]:
    """Read a table of paragraphs: a title, then a line `kind number phrase` for each pin."""
    blocks = (block.strip().split("\n") for block in table.strip().split("\n\n"))
    return {title: tuple(map(_read_pin, pins)) for title, *pins in blocks}


def _read_pin(row: str) -> Pin:
    kind, line, phrase = row.split(maxsplit=2)
    return Pin(kind, int(line), phrase)


def lost_pins(
    sections: Sequence[ParsedSection], lines: Sequence[str], pins: Iterable[Pin]
) -> list[Pin]:
    """Return the pins whose phrase is not in the one section of their kind over their line."""
    return [pin for pin in pins if not _holds(pin, lines, sections)]


def _holds(pin: Pin, lines: Sequence[str], sections: Sequence[ParsedSection]) -> bool:
    over = [part for part in sections if part.start < pin.line <= part.end]
    return (
        pin.phrase in lines[pin.line - 1]
        and [part.kind for part in over] == [pin.kind]
        and pin.phrase in over[0].text
    )


def bare_sections(sections: Sequence[ParsedSection], pins: Iterable[Pin]) -> list[str]:
    """Return the texts of the sections that no pin is about; a mere rule needs none."""
    numbers = [pin.line for pin in pins]
    return [
        part.text
        for part in sections
        if part.text.strip(" -\n")
        and not any(part.start < number <= part.end for number in numbers)
    ]


def check_entry(document: Document, entry: ParsedEntry, pins: Sequence[Pin]) -> None:
    """Assert that pins and sections agree; an error may stand in the title, outside of them."""
    errors = [pin for pin in pins if pin.kind == "error"]
    titles = [pin for pin in errors if not any(p.start < pin.line <= p.end for p in entry.sections)]
    others = [pin for pin in pins if pin not in titles]

    assert lost_pins(entry.sections, document.lines, others) == []
    assert [pin for pin in titles if pin.phrase not in document.lines[pin.line - 1]] == []
    assert [pin for pin in errors if pin.phrase not in entry.error] == []
    assert bare_sections(entry.sections, pins) == []


def all_words(source: ParsedSource) -> Iterator[str]:
    """Yield every title, error line, chapter, heading and section of a source."""
    yield source.title
    parts = [*source.sections]
    for entry in source.entries:
        yield from (entry.title, entry.error, str(entry.meta.get("chapter", "")))
        parts += entry.sections
    for part in parts:
        yield from (part.heading, part.text)
