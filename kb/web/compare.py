"""Two texts side by side as rows for a page: lines compared, changed words marked, cost bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import Literal

MAX_LINES = 5_000
MAX_SHOWN = 2_000
MAX_MARKED = 500
MARK_BUDGET = 1_000_000
STEPS = 2_000_000
"""Pairs of lines looked at before the rest of two texts counts as changed; about half a second."""
CONTEXT = 3
ALIKE = 0.4

TOKEN = re.compile(r"\w++|\s++|[^\w\s]")
HIDDEN = {
    code: f"⟨U+{code:04X}⟩"
    for low, high in ((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0x200B, 0x200F), (0x202A, 0x202E))
    for code in range(low, high + 1)
} | {code: f"⟨U+{code:04X}⟩" for code in (*range(0x2066, 0x206A), 0xFEFF)}

Part = tuple[str, bool]
Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: its numbers (1-based) and its text in parts, True = a changed word.

    A `gap` stands for equal lines left out; its `old` tells how many.
    """

    kind: Literal["same", "old", "new", "gap"]
    old: int | None
    new: int | None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one text to another; `cut` when only the first MAX_LINES were compared."""

    rows: tuple[Row, ...]
    added: int
    removed: int
    cut: bool


class LineMatcher(SequenceMatcher[str]):
    """Compares lines within STEPS: texts made of few lines in another order cost minutes otherwise."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        super().__init__(None, before, after)
        places = self.b2j  # type: ignore[attr-defined]  # missing in its type stub
        costs = (1 + len(places.get(line, ())) for line in before)
        self.costs, self.end = [0, *accumulate(costs)], len(before)
        self.left = STEPS

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """Return the longest run both have here, or an empty one once the steps are used up."""
        self.left -= self.costs[self.end if ahi is None else ahi] - self.costs[alo]
        if self.left < 0:
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def compare(old: str, new: str) -> Comparison:
    """Return what changed from `old` to `new`, with a few equal lines around each change."""
    before, after = _lines(old), _lines(new)
    cut = max(len(before), len(after)) > MAX_LINES
    before, after = before[:MAX_LINES], after[:MAX_LINES]
    matcher = LineMatcher(before, after)
    changed = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return Comparison(
        rows=tuple(_rows(matcher, before, after)) if changed else (),
        added=sum(code[4] - code[3] for code in changed),
        removed=sum(code[2] - code[1] for code in changed),
        cut=cut,
    )


def count_changed(old: str, new: str) -> tuple[int, int]:
    """Return how many lines came and went, whatever their order; linear, for long lists of changes."""
    before, after = sorted(_lines(old)), sorted(_lines(new))
    kept = _common(before, after)
    return len(after) - kept, len(before) - kept


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    one = two = kept = 0
    while one < len(before) and two < len(after):
        if before[one] == after[two]:
            one, two, kept = one + 1, two + 1, kept + 1
        elif before[one] < after[two]:
            one += 1
        else:
            two += 1
    return kept


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _rows(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> Iterator[Row]:
    done, budget = 0, [MARK_BUDGET]
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if skipped := group[0][1] - done:
            yield Row("gap", skipped, None)
        for code in group:
            yield from _show(code, before, after, budget)
        done = group[-1][2]
    if skipped := len(before) - done:
        yield Row("gap", skipped, None)


def _show(code: Opcode, before: list[str], after: list[str], budget: list[int]) -> Iterator[Row]:
    tag, old, old_end, new, new_end = code
    if tag == "equal":
        for step, line in enumerate(before[old:old_end]):
            yield Row("same", old + step + 1, new + step + 1, _plain(line))
        return
    marked = [
        _mark(*pair, budget) for pair in zip(before[old:old_end], after[new:new_end], strict=False)
    ]
    for number in range(old, old_end):
        known = number - old < len(marked)
        parts = marked[number - old][0] if known else _plain(before[number])
        yield Row("old", number + 1, None, parts)
    for number in range(new, new_end):
        known = number - new < len(marked)
        parts = marked[number - new][1] if known else _plain(after[number])
        yield Row("new", None, number + 1, parts)


def _mark(old: str, new: str, budget: list[int]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Mark the words that differ between two lines, unless they are long or have little in common."""
    if max(len(old), len(new)) > MAX_MARKED:
        return _plain(old), _plain(new)
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    budget[0] -= len(before) * len(after)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if budget[0] < 0 or matcher.ratio() < ALIKE:
        return _plain(old), _plain(new)
    codes = matcher.get_opcodes()
    return (
        _join([(before[low:high], tag != "equal") for tag, low, high, _, _ in codes]),
        _join([(after[low:high], tag != "equal") for tag, _, _, low, high in codes]),
    )


def _join(pieces: Sequence[tuple[Sequence[str], bool]]) -> tuple[Part, ...]:
    """Join tokens to parts; a space between two changed words counts as changed with them."""
    parts: list[Part] = []
    for tokens, changed in pieces:
        text = "".join(tokens).translate(HIDDEN)
        if changed and len(parts) > 1 and parts[-2][1] and parts[-1][0].isspace():
            text = "".join((parts[-2][0], parts[-1][0], text))
            del parts[-2:]
        if text:
            parts.append((text, changed))
    return tuple(parts)


def _plain(line: str) -> tuple[Part, ...]:
    shown = line if len(line) <= MAX_SHOWN else f"{line[:MAX_SHOWN]}…"
    return ((shown.translate(HIDDEN), False),)
