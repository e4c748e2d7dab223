"""Answer one paste: which entry explains it, how sure, and why; or that none does."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.errors.envelope import NotText, normalise
from kb.errors.segment import segment
from kb.errors.signature import signature_of
from kb.errors.unit import ErrorUnit, Line
from kb.matching.candidates import Candidate, find_candidates
from kb.matching.confidence import confidence_of, verdict_of
from kb.matching.explain import explain, object_to
from kb.matching.rank import Asked, Evidence, Rarity, compare
from kb.matching.result import Match, Result, Verdict
from kb.models import AnyUser, Entry

SECOND_WEIGHT = 0.1
"""What each further error of the paste that the same entry explains adds to its score."""
TEXT_WEIGHT = 0.05
"""What the best standing in full text adds: it decides between equals."""
WEAK = 0.003
"""Below this confidence not even a neighbour is shown."""

MOST = 20
"""However many are asked for, no more are shown."""

NOTHING = "Nothing to match: the paste is empty."
NO_ERROR = "No error was found in this text."


@dataclass(frozen=True, slots=True)
class _Judged:
    candidate: Candidate
    best: Evidence
    confidence: float
    score: float


def match(text: str | bytes, *, limit: int = 5, user: AnyUser) -> Result:
    """Return the entries that `user` may read and that explain the paste, best first, with reasons.

    Time and memory are bounded whatever the paste; nothing of it is stored. `ms` is wall time.
    """
    began = time.perf_counter()
    try:
        clean = normalise(text)
    except NotText as error:
        return Result("none", (), (), (), (str(error),), _since(began))
    units = segment(clean.lines)
    if not units:
        blank = not any(line.text.strip() for line in clean.lines)
        notes = (NOTHING if blank else NO_ERROR, *clean.notes)
        return Result("none", (), (), clean.lines, notes, _since(began))
    asked = [Asked(signature_of(unit), unit.role) for unit in units]
    texts = [f"{unit.type} {unit.message} {' '.join(unit.codes)}" for unit in units]
    candidates = find_candidates([one.signature for one in asked], texts, user)
    judged = [_judge(candidate, asked, candidates.rarity) for candidate in candidates.found]
    matches = _show(judged, units, clean.lines)[:limit]
    notes = (*clean.notes, *candidates.notes)
    return Result(_best(matches), matches, units, clean.lines, notes, _since(began))


def _judge(candidate: Candidate, asked: Sequence[Asked], rarity: Rarity) -> _Judged:
    """Compare every error asked with every one known; the best pair decides, others add a little."""
    per_asked: list[tuple[float, Evidence]] = []
    for at, one in enumerate(asked):
        compared = (compare(one, known, rarity, at) for known in candidate.known)
        judged = [(confidence_of(evidence, one.role), evidence) for evidence in compared]
        per_asked.append(max(judged, key=lambda pair: pair[0]))
    per_asked.sort(key=lambda pair: -pair[0])
    (confidence, best), others = per_asked[0], per_asked[1:3]
    score = confidence + SECOND_WEIGHT * sum(other for other, _ in others)
    return _Judged(candidate, best, confidence, score + TEXT_WEIGHT * candidate.text)


def _show(
    judged: Sequence[_Judged], units: Sequence[ErrorUnit], lines: Sequence[Line]
) -> tuple[Match, ...]:
    """Return the matches that are worth a look and can say why, best first."""
    best = sorted(judged, key=lambda one: (-one.score, one.candidate.entry))
    shown = [one for one in best if one.confidence >= WEAK][:MOST]
    entries = Entry.objects.select_related("source").in_bulk([one.candidate.entry for one in shown])
    texts = {line.number: line.text for line in lines}
    found = (_match(one, entries[one.candidate.entry], units, texts) for one in shown)
    return tuple(match for match in found if match.reasons)


def _match(
    judged: _Judged, entry: Entry, units: Sequence[ErrorUnit], lines: Mapping[int, str]
) -> Match:
    unit = units[judged.best.asked]
    return Match(
        entry=entry.pk,
        slug=entry.slug,
        path=entry.source.path,
        title=entry.title,
        url=entry.get_absolute_url(),
        verdict=verdict_of(judged.confidence),
        score=round(judged.score, 4),
        confidence=round(judged.confidence, 4),
        reasons=explain(judged.best, unit, lines),
        against=object_to(judged.best, unit, lines),
    )


def _best(matches: Sequence[Match]) -> Verdict:
    return matches[0].verdict if matches else "none"


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
