"""What a run says of each file, and of each entry in it: what went where, and what is missing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kb.markdown.document import (
    MAIN_KINDS,
    Document,
    Heading,
    ParsedEntry,
    ParsedSection,
    ParsedSource,
)
from kb.markdown.troubles.complaints import names_error

Status = Literal["created", "updated", "unchanged", "archived", "skipped", "failed", "conflict"]
TROUBLE: tuple[Status, ...] = ("failed", "conflict")

WORTH: Mapping[str, int] = {
    "error": 20,
    "cause": 20,
    "fix": 30,
    "lessons": 10,
    "environment": 5,
    "tags": 5,
    "prevention": 5,
    "verification": 5,
}
"""What each part adds to the completeness of an entry; together 100."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A heading, its 1-based line, and the kind of section it went to; `title` opens an entry."""

    heading: str
    line: int
    kind: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class EntryReport:
    """How one entry was read; `missing` are the main fields it lacks, `completeness` is 0..100."""

    title: str
    line: int
    completeness: int
    missing: tuple[str, ...]
    headings: tuple[Placed, ...]

    @property
    def unplaced(self) -> tuple[Placed, ...]:
        """Return the headings that no kind of section is known for; their text is kept as `other`."""
        return tuple(one for one in self.headings if one.kind == "other" and one.heading)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: where it stands, its entries, and for trouble the line and what to do.

    `repaired` are the 1-based lines that were garbled, `notes` what its front matter says wrongly,
    `chapters` the headings that belong to no entry.
    """

    path: str
    status: Status
    entries: int = 0
    line: int = 0
    message: str = ""
    repaired: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    read: tuple[EntryReport, ...] = ()
    chapters: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did, file by file in order, how long it took, and how many files there are.

    `stopped` tells that it was cut short.
    """

    files: tuple[FileReport, ...]
    seconds: float
    total: int
    stopped: bool = False

    def count(self, status: Status) -> int:
        """Return how many files ended so."""
        return sum(file.status == status for file in self.files)

    def counts(self) -> dict[str, int]:
        """Return how many files ended how, in the order of their first."""
        return dict(Counter(file.status for file in self.files))


def describe(report: FileReport, document: Document, source: ParsedSource) -> FileReport:
    """Add to a file's report how it was read."""
    headings = [node for node in document.nodes if isinstance(node, Heading)]
    return replace(
        report,
        entries=len(source.entries),
        notes=tuple(source.meta.get("notes", ())),
        read=tuple(_describe_entry(entry, headings) for entry in source.entries),
        chapters=_place(source.sections, headings),
    )


def measure(entry: ParsedEntry) -> int:
    """Return how complete an entry is, 0..100; what was guessed counts half."""
    found: dict[str, int] = {}
    for section in entry.sections:
        if section.text.strip():
            half = WORTH.get(section.kind, 0) // (2 if section.guessed else 1)
            found[section.kind] = max(found.get(section.kind, 0), half)
    if _tells_error(entry):
        found["error"] = WORTH["error"]
    if entry.meta.get("products"):
        found["environment"] = WORTH["environment"]
    if entry.meta.get("tags"):
        found["tags"] = WORTH["tags"]
    return sum(found.values())


def _describe_entry(entry: ParsedEntry, headings: Sequence[Heading]) -> EntryReport:
    kinds = {section.kind for section in entry.sections if section.text.strip()}
    if _tells_error(entry):
        kinds.add("error")
    return EntryReport(
        title=entry.title,
        line=entry.start + 1,
        completeness=measure(entry),
        missing=tuple(kind for kind in MAIN_KINDS if kind not in kinds),
        headings=_place(entry.sections, _within(headings, entry.start, entry.end), "title"),
    )


def _tells_error(entry: ParsedEntry) -> bool:
    """Tell whether an error is quoted, or named in the title."""
    return entry.error != entry.title or names_error(entry.title)


def _within(headings: Sequence[Heading], start: int, end: int) -> Sequence[Heading]:
    first = bisect_left(headings, start, key=_start_of)
    return headings[first : bisect_left(headings, end, key=_start_of)]


def _place(
    sections: Sequence[ParsedSection], headings: Iterable[Heading], outside: str = ""
) -> tuple[Placed, ...]:
    """Tell where each section stands, and for each heading the kind of section it opens or lies in.

    `outside` is what to call headings of no section; without it they are left out.
    """
    sections = sorted(sections, key=_start_of)  # what front matter says stands apart in the list
    placed = {
        (part.start, part.heading): Placed(part.heading, part.start + 1, part.kind, part.guessed)
        for part in sections
    }
    for heading in headings:
        kind = _kind_at(sections, heading.start) or outside
        if kind and (heading.start, heading.text) not in placed:
            placed[heading.start, heading.text] = Placed(heading.text, heading.start + 1, kind)
    return tuple(sorted(placed.values(), key=lambda one: one.line))


def _kind_at(sections: Sequence[ParsedSection], line: int) -> str:
    at = bisect_right(sections, line, key=_start_of) - 1
    return sections[at].kind if at >= 0 and line < sections[at].end else ""


def _start_of(part: Heading | ParsedSection) -> int:
    return part.start
