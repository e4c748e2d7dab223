"""The annotated paste: marks, open surroundings, folds; bounded whatever the paste."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.errors.unit import ErrorUnit, Line
from kb.matching.result import Reason
from kb.web.annotated import MOST_CHARS, MOST_OPEN, MOST_UNFOLDABLE, annotate


def lines(count: int) -> list[Line]:
    """Return so many numbered lines."""
    return [Line(number, f"line {number}") for number in range(1, count + 1)]


def reason(*at: int) -> Reason:
    """Return a reason that rests on these lines."""
    return Reason("message", "same text", at, "error", 1.0)


def unit(start: int, end: int) -> ErrorUnit:
    """Return an error that covers these lines."""
    return ErrorUnit("python", "E", "m", start, end)


def test_it_works() -> None:
    """A marked line stays open with its neighbours; what is far away folds, with its length told."""
    stretches = annotate(lines(100), [], [reason(50)])

    assert [(part.folded, part.count) for part in stretches] == [(True, 47), (False, 5), (True, 48)]
    assert [row.reasons for row in stretches[1].rows] == [(), (), (1,), (), ()]


def test_a_small_paste_is_shown_whole() -> None:
    """There is nothing to fold in a few lines."""
    assert [part.folded for part in annotate(lines(12), [], [reason(1)])] == [False]


def test_both_ends_of_an_error_stay_open() -> None:
    """The head and the message of a long trace are shown, its middle folds."""
    stretches = annotate(lines(60), [unit(20, 50)], [])

    opened = [row.number for part in stretches if not part.folded for row in part.rows]
    assert opened == [20, 21, 22, 48, 49, 50]
    assert all(row.read for part in stretches for row in part.rows if 20 <= row.number <= 50)


def test_reasons_are_numbered_as_listed() -> None:
    """A line says all its reasons by their place in the list."""
    [stretch] = annotate(lines(3), [], [reason(2), reason(1, 2)])

    assert [row.reasons for row in stretch.rows] == [(2,), (1, 2), ()]


def test_blank_lines_at_the_end_are_dropped() -> None:
    """The newline that ends a paste is no line of it."""
    [stretch] = annotate([*lines(2), Line(3, ""), Line(4, " ")], [], [])

    assert stretch.count == 2


def test_a_long_line_is_cut() -> None:
    """A line shows its beginning."""
    [stretch] = annotate([Line(1, "x" * 10_000)], [], [])

    assert len(stretch.rows[0].text) == MOST_CHARS + 2


@given(
    st.integers(0, 3_000),
    st.lists(st.integers(1, 3_000), max_size=500),
    st.lists(st.tuples(st.integers(1, 3_000), st.integers(0, 2_000)), max_size=5),
)
def test_every_line_is_counted_and_few_are_sent(
    count: int, marked: list[int], spans: list[tuple[int, int]]
) -> None:
    """No line is lost from the counts, and what is sent does not grow with the paste."""
    units = [unit(start, start + length) for start, length in spans]
    stretches = annotate(lines(count), units, [reason(*marked)])

    assert sum(part.count for part in stretches) == count
    assert all(part.rows == () or len(part.rows) == part.count for part in stretches)
    assert sum(len(part.rows) for part in stretches) <= max(MOST_UNFOLDABLE, 4 * MOST_OPEN + 4)
