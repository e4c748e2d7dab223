"""Turn the pages of long lists: each begins at a row, so however far one turns it costs the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 2**63
"""No database counts further."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row by the number its list is ordered by and its key; `backward` asks for what is before."""

    number: int
    pk: int
    backward: bool = False

    def write(self) -> str:
        """Return the place as it stands in an address."""
        return f"{'b' if self.backward else 'a'}{self.number}-{self.pk}"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list; the cursors lead to the parts beside it and are empty at the ends."""

    items: list[T]
    next_cursor: str
    previous_cursor: str


def read_place(cursor: str) -> Place | None:
    """Return the place that `cursor` names; None for a strange one, which is the start."""
    side, (number, _, pk) = cursor[:1], cursor[1:60].partition("-")
    try:
        place = Place(int(number), int(pk), backward=side == "b")
    except ValueError:
        return None
    known = side in ("a", "b") and 0 <= place.pk < MOST and abs(place.number) < MOST
    return place if known else None


def cut_page(rows: Sequence[T], places: Sequence[Place], asked: Place | None, size: int) -> Page[T]:
    """Make a page of the rows that were fetched, one more than fit if there are any.

    `places` are those of the rows; going backward, rows come in reverse.
    """
    more, items, ends = len(rows) > size, list(rows[:size]), list(places[:size])
    if asked and asked.backward:
        items.reverse()
        ends.reverse()
        return _page(items, ends, before=more, after=True)
    return _page(items, ends, before=bool(asked), after=more)


def _page(items: list[T], ends: Sequence[Place], *, before: bool, after: bool) -> Page[T]:
    return Page(
        items,
        next_cursor=ends[-1].write() if ends and after else "",
        previous_cursor=_before(ends[0]).write() if ends and before else "",
    )


def _before(place: Place) -> Place:
    return Place(place.number, place.pk, backward=True)
