"""Put evidence into words: why an entry may explain a paste, and what spoke against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors.unit import ErrorUnit
from kb.errors.words import tell
from kb.matching.confidence import COEFFICIENTS
from kb.matching.rank import Evidence
from kb.matching.result import Reason, ReasonKind

WORTH_SAYING = 0.8
"""Shared words that tell less than this, such as `in` and `line`, are no reason."""


def explain(evidence: Evidence, unit: ErrorUnit, lines: Mapping[int, str]) -> tuple[Reason, ...]:
    """Return the reasons for a match, the weightiest first; `lines` is the paste by line number."""
    return tuple(sorted(_reasons(evidence, unit, lines), key=lambda reason: -reason.weight))


def object_to(evidence: Evidence, unit: ErrorUnit, lines: Mapping[int, str]) -> tuple[Reason, ...]:
    """Return what spoke against a match."""
    at = _message_lines(unit, lines)
    weight = COEFFICIENTS["conflict"]
    return tuple(
        Reason("message", f"this paste {text}", at, evidence.section, weight)
        for text in evidence.conflicts
    )


def _reasons(evidence: Evidence, unit: ErrorUnit, lines: Mapping[int, str]) -> Iterator[Reason]:
    at, section = _message_lines(unit, lines), evidence.section
    for code in evidence.shared_codes:
        weight = COEFFICIENTS["code"] * evidence.code or COEFFICIENTS["weak_code"]
        yield Reason("code", f"same code {_show(code)}", at, section, weight)
    if sum(map(tell, evidence.shared_words)) >= WORTH_SAYING:
        kind: ReasonKind = "title" if section == "title" else "message"
        yield Reason(kind, _say_words(evidence), at, section, _weigh_words(evidence))
    if evidence.type:
        yield Reason("type", f"same error type {unit.type}", at, section, COEFFICIENTS["type"])
    if evidence.shared_frames:
        weight = COEFFICIENTS["frames"] * evidence.frames
        yield Reason("frames", _say_frames(evidence), _frame_lines(evidence, unit), section, weight)


def _weigh_words(evidence: Evidence) -> float:
    weight = COEFFICIENTS["containment"] * evidence.containment
    return weight + COEFFICIENTS["telling"] * evidence.telling


def _say_words(evidence: Evidence) -> str:
    shared, known = evidence.shared_words, evidence.known_words
    place = "title" if evidence.section == "title" else "error text"
    if len(shared) == len(known):
        return f"same {place}: {' '.join(shared[:8])}"
    missing = [word for word in known if word not in shared]
    if len(missing) <= 2:
        return f"{place} differs in {' and '.join(missing)}"
    telling = sorted(shared, key=lambda word: -tell(word))
    return f"{len(shared)} of {len(known)} words of the {place}: {', '.join(telling[:6])}"


def _say_frames(evidence: Evidence) -> str:
    names = evidence.shared_frames
    return f"{len(names)} of {evidence.known_frames} calls: {', '.join(names[:3])}"


def _frame_lines(evidence: Evidence, unit: ErrorUnit) -> tuple[int, ...]:
    places = {f"{frame.module}.{frame.function}": frame.line for frame in unit.frames}
    return tuple(sorted(places[name] for name in evidence.shared_frames if name in places))


def _show(code: str) -> str:
    kind, _, value = code.partition(":")
    return {"http": f"HTTP {value}", "exit": f"exit code {value}"}.get(kind, value)


def _message_lines(unit: ErrorUnit, lines: Mapping[int, str]) -> tuple[int, ...]:
    """Return the lines of the unit that carry its message, or its first line."""
    start = unit.message.split("\n")[0].strip()[:60]
    named = start or unit.type
    for number in range(unit.start, unit.end + 1):
        if named and named in lines.get(number, ""):
            return (number,)
    return (unit.start,)
