"""Arrange a paste for reading: matched lines are marked, errors stay open, the rest folds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kb.errors.unit import ErrorUnit, Line
from kb.matching.result import Reason

AROUND = 2
EDGE = 3
MOST_OPEN = 300
MOST_CHARS = 600
SHORTEST_FOLD, LONGEST_FOLD = 4, 200
MOST_UNFOLDABLE = 2_000
"""In a longer paste a fold only tells its length: the page must stay light."""
SMALL_PASTE = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the paste, the numbers of its reasons, and whether it was read as the error."""

    number: int
    text: str
    reasons: tuple[int, ...] = ()
    read: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring lines; `rows` may be fewer than `count` when a fold is too long to send."""

    rows: tuple[Row, ...]
    count: int
    folded: bool


def annotate(
    lines: Sequence[Line], units: Sequence[ErrorUnit], reasons: Sequence[Reason]
) -> list[Stretch]:
    """Return the paste in stretches; the reasons are numbered from 1, as they are listed."""
    marks = _mark(reasons)
    open_lines = _choose(lines, units, marks)
    error = range(units[0].start, units[0].end + 1) if units else range(0)
    rows = (_row(line, marks, error) for line in _without_blank_end(lines))
    runs = groupby(rows, lambda row: row.number in open_lines)
    most = LONGEST_FOLD if len(lines) <= MOST_UNFOLDABLE else 0
    return [_open(tuple(run)) if kept else _fold(tuple(run), most) for kept, run in runs]


def _without_blank_end(lines: Sequence[Line]) -> Sequence[Line]:
    end = len(lines)
    while end and not lines[end - 1].text.strip():
        end -= 1
    return lines[:end]


def _open(run: tuple[Row, ...]) -> Stretch:
    return Stretch(run, len(run), folded=False)


def _fold(run: tuple[Row, ...], most: int) -> Stretch:
    if len(run) < SHORTEST_FOLD:
        return _open(run)
    return Stretch(run if len(run) <= most else (), len(run), folded=True)


def _mark(reasons: Iterable[Reason]) -> Mapping[int, list[int]]:
    marks: dict[int, list[int]] = defaultdict(list)
    for number, reason in enumerate(reasons, 1):
        for line in reason.lines:
            marks[line].append(number)
    return marks


def _choose(
    lines: Sequence[Line], units: Sequence[ErrorUnit], marks: Mapping[int, list[int]]
) -> set[int]:
    """Choose the line numbers that stay open: marked ones, their neighbours, an error's ends."""
    if len(lines) <= SMALL_PASTE:
        return {line.number for line in lines}
    near = {number + step for number in marks for step in range(-AROUND, AROUND + 1)}
    for unit in units[:3]:
        near.update(range(unit.start, min(unit.start + EDGE, unit.end + 1)))
        near.update(range(max(unit.end - EDGE + 1, unit.start), unit.end + 1))
    return set(sorted(near)[:MOST_OPEN])


def _row(line: Line, marks: Mapping[int, list[int]], error: range) -> Row:
    text = line.text if len(line.text) <= MOST_CHARS else f"{line.text[:MOST_CHARS]} …"
    return Row(line.number, text, tuple(marks.get(line.number, ())), line.number in error)
