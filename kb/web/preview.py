"""What the editor shows beside a text: how it is understood, how it will look, what is alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.entries.prepare import TooLarge
from kb.entries.rules import read_here
from kb.markdown.document import MAIN_KINDS, ParsedEntry, ParsedSection, ParseError
from kb.markdown.render import Setting, find_definitions
from kb.matching.match import match
from kb.matching.result import Match
from kb.models import AnyUser

MAX_LIVE = 256 * 1024
"""Characters up to which a text is shown while it is written; beyond, only how it is understood."""

ALIKE = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text cannot be saved as it is; `line` is 1-based, 0 when it is about the whole."""

    message: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Light:
    """One of the four fields, and whether the entry has it."""

    kind: str
    lit: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """An entry as it would be saved, with its four lights."""

    entry: ParsedEntry
    lights: tuple[Light, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would be saved; `long` when it is not shown live, `similar` what is known already."""

    title: str = ""
    entries: tuple[Understood, ...] = ()
    sections: tuple[ParsedSection, ...] = ()
    long: bool = False
    problem: Problem | None = None
    similar: tuple[Match, ...] = ()
    setting: Setting = field(default_factory=Setting)


def preview(text: str, *, similar_for: AnyUser | None = None) -> Preview:
    """Read `text` as a save would; with a user, look up what they may read that is like it."""
    try:
        parsed = read_here(text, "")
    except ParseError as error:
        return Preview(problem=Problem(error.message, error.line))
    except TooLarge as error:
        return Preview(problem=Problem(str(error)))
    return Preview(
        title=parsed.title,
        entries=tuple(Understood(entry, _lights(entry)) for entry in parsed.entries),
        sections=parsed.sections,
        long=len(text) > MAX_LIVE,
        similar=find_similar(text, similar_for) if similar_for else (),
        setting=Setting(find_definitions(text, parsed.dialect), parsed.dialect),
    )


def find_similar(text: str, user: AnyUser) -> tuple[Match, ...]:
    """Return the entries that may be about the same trouble."""
    found = match(text, limit=ALIKE, user=user).matches
    return tuple(one for one in found if one.verdict != "none")


def _lights(entry: ParsedEntry) -> tuple[Light, ...]:
    kinds = {section.kind for section in entry.sections if section.text.strip()}
    return tuple(Light(kind, kind in kinds) for kind in MAIN_KINDS)
