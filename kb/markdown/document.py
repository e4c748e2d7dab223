"""The values that Markdown texts are read into: no tables, no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SectionKind = Literal[
    "error",
    "cause",
    "fix",
    "lessons",
    "symptoms",
    "environment",
    "impact",
    "detection",
    "diagnosis",
    "alternatives",
    "verification",
    "prevention",
    "timeline",
    "resources",
    "other",
]

# Bold labels stand below every real heading, whose levels end at 6.
LABEL_LEVEL = 7

MAIN_KINDS: tuple[SectionKind, ...] = ("error", "cause", "fix", "lessons")


class ParseError(Exception):
    """A text that cannot be read; carries a message for people and the 1-based line it is about."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading or a label that works as one; `start` and `end` are 0-based, half-open lines."""

    level: int
    text: str
    start: int
    end: int
    label: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """All that is no heading: its kind and lines; `content` is a fence's code or a label's text."""

    kind: Literal["paragraph", "fence", "list", "quote", "table", "html", "rule"]
    start: int
    end: int
    info: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown text as a flat, ordered row of headings and blocks with their line spans."""

    text: str
    lines: tuple[str, ...]
    meta: Mapping[str, Any]
    nodes: tuple[Heading | Block, ...]
    body_start: int = 0
    dialect: str = "commonmark"


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """A part of an Entry or, outside entries, of a Source; `text` goes without the heading."""

    kind: SectionKind
    heading: str
    text: str
    start: int
    end: int
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One trouble as found in a text: its title, its one-line error and its sections in order."""

    title: str
    error: str
    sections: tuple[ParsedSection, ...]
    start: int
    end: int
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A whole text, split: its title, its entries, and the chapters that belong to no entry."""

    title: str
    entries: tuple[ParsedEntry, ...]
    sections: tuple[ParsedSection, ...]
    meta: Mapping[str, Any]
    dialect: str = "commonmark"
