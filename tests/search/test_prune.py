"""Of a long text, a few rare terms are enough, and all that an index can afford."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.prune import rarest


@pytest.mark.parametrize(
    ("frequencies", "total", "options", "expected"),
    [
        ({"a": 3, "b": 1, "c": 2}, 10, {}, ("b", "c", "a")),
        ({"a": 0, "b": 1}, 10, {}, ("b",)),
        ({"b": 1}, 10, {}, ("b",)),
        ({"a": 10, "b": 10, "c": 10}, 10, {}, ("a", "b", "c")),
        ({"a": 51, "b": 50}, 1000, {}, ("b",)),
        ({"a": 51, "b": 70}, 1000, {}, ("a", "b")),
        ({"a": 1, "b": 2, "c": 3}, 10, {"count": 2}, ("a", "b")),
        ({"a": 1, "b": 2, "c": 3}, 10, {"budget": 3}, ("a", "b")),
        ({"a": 9, "b": 8}, 10, {"budget": 7}, ()),
        ({}, 0, {}, ()),
    ],
    ids=[
        "rarest first",
        "absent are left out",
        "unknown are left out",
        "equals keep their order",
        "common in a large base are left out",
        "common are better than nothing",
        "no more than count",
        "no more than the budget",
        "none when none is affordable",
        "empty",
    ],
)
def test_takes_the_rarest_that_are_affordable(
    frequencies: dict[str, int], total: int, options: dict[str, int], expected: tuple[str, ...]
) -> None:
    """The choice is by frequency alone, bounded in number and in cost."""
    assert rarest(("a", "b", "c", "a"), frequencies, total, **options) == expected


@given(
    frequencies=st.dictionaries(st.text(max_size=3), st.integers(0, 5000)),
    total=st.integers(0, 100_000),
    count=st.integers(1, 20),
    budget=st.integers(0, 5000),
)
def test_never_exceeds_its_bounds(
    frequencies: dict[str, int], total: int, count: int, budget: int
) -> None:
    """Whatever the counts, the choice keeps to count and budget and holds only present terms."""
    chosen = rarest(frequencies, frequencies, total, count=count, budget=budget)
    costs = [frequencies[term] for term in chosen]
    assert len(set(chosen)) == len(chosen) <= count
    assert sum(costs) <= budget
    assert costs == sorted(costs)
    assert all(costs)
