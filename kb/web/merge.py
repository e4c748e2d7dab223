"""Two edits of one text joined, when they touch different lines; never a guess."""

from __future__ import annotations

from dataclasses import dataclass

from kb.web.compare import LineMatcher

MAX_LINES = 5_000


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """Lines `start` to `end` (0-based, half-open) of the base replaced by `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def merge(base: str, yours: str, theirs: str) -> str | None:
    """Return `base` with both edits applied, or None when they touch or a text is too long to try."""
    texts = [text.splitlines(keepends=True) for text in (base, yours, theirs)]
    if max(map(len, texts)) > MAX_LINES:
        return None
    original, mine, other = texts
    ours = _changes(original, mine)
    more = [change for change in _changes(original, other) if change not in ours]
    if any(_touch(one, two) for one in ours for two in more):
        return None
    for change in sorted([*ours, *more], reverse=True):
        original[change.start : change.end] = change.lines
    return "".join(original)


def _changes(base: list[str], edited: list[str]) -> list[Change]:
    return [
        Change(start, end, tuple(edited[low:high]))
        for tag, start, end, low, high in LineMatcher(base, edited).get_opcodes()
        if tag != "equal"
    ]


def _touch(one: Change, two: Change) -> bool:
    return one.start <= two.end and two.start <= one.end
