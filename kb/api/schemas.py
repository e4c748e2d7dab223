"""What the API takes and answers; shown in its OpenAPI description."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812  # a field below is called date
from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import field_validator

from kb.entries.browse import FoundEntry
from kb.models import Entry, Section

MAX_MATCHES, MAX_ITEMS = 20, 100
MAX_OFFSET = 10_000_000


class Paste(Schema):
    """An error to be matched: a stack trace, a log, a console message; nothing of it is stored."""

    text: str
    limit: int = Field(5, ge=1, le=MAX_MATCHES)

    @field_validator("text")
    @classmethod
    def check_text(cls, text: str) -> str:
        """Refuse half characters, which JSON can spell but UTF-8 cannot."""
        try:
            text.encode()
        except UnicodeEncodeError as error:
            half = "Half a character (a lone surrogate) is no text; send whole ones"
            raise ValueError(half) from error
        return text


class Question(Schema):
    """Words, "phrases", -not and filters such as tag:aws; `limit` is how many hits to return."""

    q: str
    limit: int = Field(20, ge=1, le=MAX_ITEMS)


class Listing(Schema):
    """Which part of a list: `offset` entries are skipped, or whole pages of `limit` entries."""

    limit: int = Field(50, ge=1, le=MAX_ITEMS)
    offset: int = Field(0, ge=0, le=MAX_OFFSET)
    page: int = Field(1, ge=1, le=MAX_OFFSET)
    tag: str = Field("", max_length=80, pattern=r"^[-\w]*$")

    def start(self) -> int:
        """Return how many entries come before this part."""
        return self.offset + (self.page - 1) * self.limit


class Problem(Schema):
    """Why there is no answer, and what to do."""

    detail: str


class Reason(Schema):
    """One piece of evidence: the lines of the paste (from 1) and the entry's section it joins."""

    kind: Literal["code", "message", "type", "frames", "title", "text"]
    text: str
    lines: list[int]
    section: str
    weight: float


class Match(Schema):
    """An entry that may explain the paste, and what speaks for and against it."""

    slug: str
    path: str
    title: str
    url: str
    score: float
    confidence: float = Field(ge=0, le=1)
    verdict: Literal["match", "possible", "none"]
    reasons: list[Reason]
    against: list[Reason]


class Unit(Schema):
    """One error that was read from the paste; `lines` are its first and last."""

    runtime: str
    type: str
    message: str
    codes: list[str]
    role: Literal["root", "wrapper", "single"]
    lines: list[int]


class Answer(Schema):
    """The answer to a paste: the best verdict, the entries, and what was understood."""

    verdict: Literal["match", "possible", "none"]
    matches: list[Match]
    units: list[Unit]
    notes: list[str]
    ms: float


class Item(Schema):
    """An entry as a line in a list."""

    slug: str
    path: str
    title: str
    error: str
    summary: str
    status: str
    severity: str
    date: Date | None
    tags: list[str]
    url: str
    changed: datetime

    @classmethod
    def of(cls, entry: Entry) -> Item:
        """Describe `entry`, whose source and tags are loaded."""
        return cls(**_fields(entry))


class Part(Schema):
    """A section of an entry: its kind, heading as written, Markdown and lines (from 0)."""

    kind: str
    heading: str
    text: str
    start: int
    end: int
    guessed: bool

    @classmethod
    def of(cls, section: Section) -> Part:
        """Describe `section`."""
        return cls(**{name: getattr(section, name) for name in cls.model_fields})


class Whole(Item):
    """An entry with everything that is written in it, and the facts that were found there.

    `facts` holds types, codes, exit_codes, versions, commands, pairs (before and after), links,
    dates and duration; `completeness` is 0 to 100.
    """

    sections: list[Part]
    completeness: int = Field(ge=0, le=100)
    facts: dict[str, Any]

    @classmethod
    def of(cls, entry: Entry) -> Whole:
        """Describe `entry` and its sections."""
        parts = [Part.of(section) for section in entry.sections.all()]
        own = {"completeness": entry.completeness, "facts": entry.facts}
        return cls(**_fields(entry), sections=parts, **own)


class Items(Schema):
    """A part of the list of entries; `count` is how many there are in all."""

    count: int
    items: list[Item]


class Marked(Schema):
    """A piece of a snippet; `match` where it is what was looked for."""

    text: str
    match: bool


class Hit(Item):
    """An entry that was found, and the section that shows why."""

    section: str
    heading: str
    snippet: list[Marked]

    @classmethod
    def of_found(cls, found: FoundEntry) -> Hit:
        """Describe a hit of a search."""
        return cls(
            **_fields(found.entry),
            section=found.kind,
            heading=found.heading,
            snippet=[Marked(text=text, match=match) for text, match in found.snippet],
        )


class Hits(Schema):
    """The answer to a search, best first; `notes` tell how the query was read."""

    count: int
    items: list[Hit]
    notes: list[str]


def _fields(entry: Entry) -> dict[str, Any]:
    same = ("slug", "title", "error", "summary", "status", "severity", "date", "changed")
    return {name: getattr(entry, name) for name in same} | {
        "path": entry.source.path,
        "tags": [tag.name for tag in entry.tags.all()],
        "url": entry.get_absolute_url(),
    }
