"""Lay out sections on a page: in order, each at a place that can be linked to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import get_args

from django.utils.text import slugify

from kb.markdown.document import SectionKind
from kb.models import Entry, Section

LONGEST = 80
MARKS = " \n-*_"
NAMELESS = {kind: kind.capitalize() for kind in get_args(SectionKind) if kind != "other"}
"""What to call a section that has no heading of its own; a mere preface needs no name."""


TAKEN = frozenset(
    """about account add alike box by-tag contents draft editor facts kept link main merged message nearest
    next-step password preview preview-label recent related role status tags team text the-cause
    the-fix the-reasons their-changes theirs trouble understood was-understood your-changes
    your-paste""".split()
)
"""Names that parts of the pages themselves go by; a heading may not answer to them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is shown: its place on the page, its heading and its text."""

    anchor: str
    heading: str
    section: Section

    @property
    def is_empty(self) -> bool:
        """Tell whether it is a mere heading, with no more than a rule below it."""
        return not self.section.text.strip(MARKS)


@dataclass(frozen=True, slots=True)
class Block:
    """A chapter of a source, or the entries that stand together in it."""

    part: Part | None = None
    entries: tuple[Entry, ...] = ()


def name_anchor(kind: str, heading: str) -> str:
    """Return the name under which the first section with this heading is linked to."""
    name = slugify(heading, allow_unicode=True)[:LONGEST] or kind
    return f"{name}-section" if name in TAKEN else name


def number_anchors(sections: Iterable[Section]) -> list[Part]:
    """Give each section an anchor of its own, also where two headings are the same."""
    taken: dict[str, int] = {}
    parts = []
    for section in sections:
        name = name_anchor(section.kind, section.heading)
        taken[name] = taken.get(name, 0) + 1
        unique = name if taken[name] == 1 else f"{name}-{taken[name]}"
        parts.append(Part(unique, section.heading or NAMELESS.get(section.kind, ""), section))
    return parts


def interleave(parts: Iterable[Part], entries: Iterable[Entry]) -> list[Block]:
    """Put a source's chapters and entries in the order of its text."""
    chapters = [(part.section.start, Block(part=part)) for part in parts]
    listed = [(entry.start, Block(entries=(entry,))) for entry in entries]
    blocks = (block for _, block in sorted([*chapters, *listed], key=lambda pair: pair[0]))
    return [block for _, run in groupby(blocks, _is_list) for block in _join(list(run))]


def _is_list(block: Block) -> bool:
    return block.part is None


def _join(run: list[Block]) -> list[Block]:
    if not _is_list(run[0]):
        return run
    return [Block(entries=tuple(entry for block in run for entry in block.entries))]
