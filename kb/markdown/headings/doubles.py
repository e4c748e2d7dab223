"""Labels with two meanings: one rule each, which reads the label among its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kb.markdown.document import SectionKind
from kb.markdown.headings.synonyms import DOUBLES, KINDS, WENT_WELL

_PLANS = frozenset("goal goals purpose objective objectives motivation vision mission".split())


def _kinds_of(labels: Sequence[str]) -> set[SectionKind | None]:
    return {KINDS.get(label) for label in labels}


def _read_attempts(_: str, around: Sequence[str]) -> SectionKind:
    looks_back = not WENT_WELL.isdisjoint(around) and "fix" not in _kinds_of(around)
    return "lessons" if looks_back else "alternatives"


def _read_happened(_: str, around: Sequence[str]) -> SectionKind:
    return "symptoms" if "cause" in _kinds_of(around) else "cause"


def _read_wrong(_: str, around: Sequence[str]) -> SectionKind:
    return "cause" if WENT_WELL.isdisjoint(around) else "lessons"


def _read_prevention(_: str, around: Sequence[str]) -> SectionKind:
    """Read the only remedy of an entry as its fix."""
    return "prevention" if "fix" in _kinds_of(around) else "fix"


def _read_summary(words: str, around: Sequence[str]) -> SectionKind:
    """Read a summary as what was seen; one that comes after the fix looks back."""
    before = around[: around.index(words)] if words in around else ()
    return "lessons" if "fix" in _kinds_of(before) else "symptoms"


def _read_level(_: str, around: Sequence[str]) -> SectionKind | None:
    """Read `Critical` beside `Warning` as degrees of impact; alone it is a mere notice."""
    return "impact" if sum(DOUBLES.get(label) == "critical" for label in around) > 1 else None


def _read_reason(_: str, around: Sequence[str]) -> SectionKind | None:
    """Read a reason beside a goal as that of an undertaking, not as the cause of a trouble."""
    return "cause" if _PLANS.isdisjoint(around) else None


RULES: dict[str, Callable[[str, Sequence[str]], SectionKind | None]] = {
    "what didn't work": _read_attempts,
    "what happened": _read_happened,
    "what went wrong": _read_wrong,
    "prevention strategies": _read_prevention,
    "summary": _read_summary,
    "critical": _read_level,
    "reason": _read_reason,
}
