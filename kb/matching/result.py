"""What a match answers: values only, ready for a page, JSON or a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.errors.unit import ErrorUnit, Line

Verdict = Literal["match", "possible", "none"]
ReasonKind = Literal["code", "message", "type", "frames", "title", "text"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: words for people, and the paste lines (1-based) and section it joins."""

    kind: ReasonKind
    text: str
    lines: tuple[int, ...]
    section: str
    weight: float


@dataclass(frozen=True, slots=True)
class Match:
    """An Entry that may explain the paste; `confidence` is 0..1, `against` is what spoke against it."""

    entry: int
    slug: str
    path: str
    title: str
    url: str
    verdict: Verdict
    score: float
    confidence: float
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one paste: verdict of the best match, matches best first, and what was understood.

    `units` are the errors found, most telling first; `lines` the cleaned paste with original line
    numbers; `notes` say in plain words what was cut, peeled off or could not be asked.
    """

    verdict: Verdict
    matches: tuple[Match, ...]
    units: tuple[ErrorUnit, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    ms: float
