"""Arrange what a match answers for reading: the best entry with its fix, the others, the paste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.errors.envelope import normalise
from kb.errors.segment import segment
from kb.errors.unit import ErrorUnit
from kb.markdown.render import Setting
from kb.matching.result import Match, Reason, Result
from kb.models import AnyUser, Entry, Section
from kb.web.annotated import annotate

WORDS, LONGEST = 12, 160
"""A single line of more words, or longer, is a message that someone copied."""
RUNTIMES = {
    "python": "Python",
    "java": "Java",
    "node": "Node.js",
    "browser": "browser console",
    "log": "log line",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A match beside its entry, with what a reader needs to judge it."""

    match: Match
    entry: Entry
    fix: tuple[Section, ...]

    @property
    def setting(self) -> Setting:
        """Return how its text is set."""
        return Setting(dialect=self.entry.source.dialect)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return what speaks for it, then what speaks against it."""
        return (*self.match.reasons, *self.match.against)


def is_paste(text: str) -> bool:
    """Tell whether `text` was copied from a program rather than typed as words to look for."""
    line = text.strip()
    if "\n" in line or len(line) > LONGEST or len(line.split()) > WORDS:
        return True
    return any(unit.type and unit.message for unit in segment(normalise(line).lines))


def describe_result(result: Result, user: AnyUser) -> dict[str, Any]:
    """Return what the page of a match shows."""
    candidates = _meet(result.matches, user)
    best = candidates[0] if candidates and result.verdict != "none" else None
    reasons = best.reasons if best else ()
    unit = find_unit(result.units, reasons)
    return {
        "result": result,
        "best": best,
        "others": candidates[1:] if best else candidates,
        "understood": describe_unit(unit) if unit else "your paste",
        "unit": unit,
        "runtime": RUNTIMES.get(unit.runtime, "") if unit else "",
        "stretches": annotate(result.lines, [unit] if unit else [], reasons),
        "line_count": len(result.lines),
    }


def find_unit(units: Sequence[ErrorUnit], reasons: Sequence[Reason]) -> ErrorUnit | None:
    """Return the error that the reasons are about, or the most telling one."""
    lines = {line for reason in reasons for line in reason.lines}
    about = (unit for unit in units if lines & set(range(unit.start, unit.end + 1)))
    return next(about, units[0] if units else None)


def describe_unit(unit: ErrorUnit) -> str:
    """Say in one line what was understood: runtime, type and message."""
    message = unit.message.strip().partition("\n")[0][:300]
    said = ": ".join(part for part in (unit.type, message) if part)
    return " · ".join(part for part in (RUNTIMES.get(unit.runtime, ""), said) if part)


def _meet(matches: Iterable[Match], user: AnyUser) -> list[Candidate]:
    """Join matches with their entries in a fixed number of queries."""
    found = list(matches)
    entries = Entry.objects.visible_to(user).for_list().prefetch_related("sections")
    known: Mapping[int, Entry] = entries.in_bulk([one.entry for one in found])
    return [_candidate(one, known[one.entry]) for one in found if one.entry in known]


def _candidate(one: Match, entry: Entry) -> Candidate:
    fix = tuple(section for section in entry.sections.all() if section.kind == "fix")
    return Candidate(one, entry, fix)
