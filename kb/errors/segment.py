"""Find the errors in clean lines and put the most telling first."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from kb.errors.codes import find_codes
from kb.errors.dialects import DIALECTS
from kb.errors.dialects.log import find_all
from kb.errors.mask import split_words
from kb.errors.unit import ErrorUnit, Line

MOST = 24
MOST_COMPARED = 3_000
"""Errors compared word by word; of more that differ in more than digits no new one is expected."""
SHORT = 6
RUNTIMES = {"python": 0, "java": 0, "node": 0, "browser": 1, "": 1, "log": 2, "text": 3}
ROLES = {"root": 0, "single": 1, "wrapper": 2}
"""Lower is more telling: what stands first is understood first and never dropped."""
DIGITS = re.compile(r"\d++")


EveryLine = Literal["always", "if short", "never"]


def segment(lines: Sequence[Line], every_line: EveryLine = "if short") -> tuple[ErrorUnit, ...]:
    """Return at most MOST errors, roots of real traces first.

    `every_line` says when a line without any sign of an error is read as one: "always" where the
    author says so, "if short" for a paste of a few lines (someone took it for an error).
    """
    units = _claim(lines)
    full = [line for line in lines if line.text.strip()]
    if every_line == "always" or (every_line == "if short" and not units and len(full) <= SHORT):
        claimed = _spans(units)
        units += find_all([line for line in full if line.number not in claimed])
    best = _differing(sorted(units, key=_rank))[:MOST_COMPARED]
    return tuple(map(_with_codes, islice(_distinct(best), MOST)))


def _claim(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Run every dialect on the lines that no earlier one has claimed."""
    units: list[ErrorUnit] = []
    left = list(lines)
    for find in DIALECTS:
        if found := find(left):
            units += found
            claimed = _spans(found)
            left = [line for line in left if line.number not in claimed]
    return units


def _spans(units: Sequence[ErrorUnit]) -> set[int]:
    return {number for unit in units for number in range(unit.start, unit.end + 1)}


def _differing(units: Iterable[ErrorUnit]) -> list[ErrorUnit]:
    """Keep the first of those that differ in nothing but digits: cheap, for logs full of them."""
    first: dict[Hashable, ErrorUnit] = {}
    for unit in units:
        first.setdefault((unit.type, unit.role, DIGITS.sub("0", unit.message)), unit)
    return list(first.values())


def _distinct(units: Iterable[ErrorUnit]) -> Iterator[ErrorUnit]:
    """Yield the first of those that say the same: retries and loops repeat themselves."""
    seen: set[Hashable] = set()
    for unit in units:
        said = (unit.type, unit.role, split_words(unit.message))
        if said not in seen:
            seen.add(said)
            yield unit


def _rank(unit: ErrorUnit) -> tuple[int, int, bool, int]:
    return RUNTIMES[unit.runtime], ROLES[unit.role], unit.warning, -unit.start


def _with_codes(unit: ErrorUnit) -> ErrorUnit:
    codes = dict.fromkeys(unit.codes + find_codes(f"{unit.type}: {unit.message}"))
    return replace(unit, codes=tuple(codes))
