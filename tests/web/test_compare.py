"""`compare` shows what changed between two texts, and never takes long."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.web.compare import MAX_LINES, Row, compare, count_changed

TEXTS = st.lists(st.sampled_from(["", "a", "b c", "b d", "  e", "f-g"]), max_size=20).map("\n".join)


def read_back(rows: tuple[Row, ...], side: str) -> dict[int, str]:
    """Return the lines of one side by their number."""
    numbered = ((getattr(row, side), row) for row in rows if row.kind != "gap")
    return {number: "".join(text for text, _ in row.parts) for number, row in numbered if number}


def test_it_works() -> None:
    """A changed word is marked inside its line; lines around it stand without marks."""
    found = compare("one\nwrite to /var\nthree\n", "one\nwrite to /tmp\nthree\n")

    assert (found.added, found.removed, found.cut) == (1, 1, False)
    assert [row.kind for row in found.rows] == ["same", "old", "new", "same"]
    assert found.rows[1].parts == (("write to /", False), ("var", True))
    assert found.rows[2].parts == (("write to /", False), ("tmp", True))


@given(TEXTS, TEXTS)
def test_rows_repeat_the_lines_they_number(old: str, new: str) -> None:
    """Every row shows exactly the line its number names, on either side."""
    rows = compare(old, new).rows
    before, after = old.split("\n"), new.split("\n")

    assert all(before[at - 1] == line for at, line in read_back(rows, "old").items())
    assert all(after[at - 1] == line for at, line in read_back(rows, "new").items())


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    """Equal texts give no rows."""
    assert compare(text, text).rows == ()
    assert count_changed(text, text) == (0, 0)


@given(TEXTS, TEXTS)
def test_counts_agree_on_the_difference_in_length(old: str, new: str) -> None:
    """What came less what went is the difference in length, by the exact and the quick count."""
    exact, quick = compare(old, new), count_changed(old, new)

    assert exact.added - exact.removed == quick[0] - quick[1]
    assert quick[0] <= exact.added


def test_equal_stretches_are_folded() -> None:
    """Equal lines far from a change become a gap that says how many they are."""
    lines = [str(number) for number in range(100)]
    found = compare("\n".join(lines), "\n".join([*lines[:50], "new", *lines[50:]]))

    gaps = [row.old for row in found.rows if row.kind == "gap"]
    assert gaps == [47, 47]


def test_hidden_characters_are_shown() -> None:
    """Characters that would turn or hide text stand as visible tokens."""
    found = compare("a\u202eb\n", "a\rb\n")

    shown = "".join(text for row in found.rows for text, _ in row.parts)
    assert "⟨U+202E⟩" in shown
    assert "⟨U+000D⟩" in shown
    assert "\u202e" not in shown


def test_only_the_first_lines_of_a_long_text_are_compared() -> None:
    """A text at the limit is compared whole; one line more is cut, and that is said."""
    at_limit = "a\n" * MAX_LINES

    assert not compare(at_limit, at_limit + "").cut
    assert compare(at_limit, at_limit + "b\n").cut


HOSTILE = random.Random(7)  # noqa: S311  # makes test data, not secrets
PATHOLOGICAL = {
    "few kinds of lines": tuple(
        "\n".join(str(HOSTILE.randrange(100)) for _ in range(MAX_LINES)) for _ in "ab"
    ),
    "near periods": tuple(
        "\n".join(str(at % period) for at in range(MAX_LINES)) for period in (100, 101)
    ),
    "reversed": (
        "\n".join(map(str, range(MAX_LINES))),
        "\n".join(map(str, reversed(range(MAX_LINES)))),
    ),
    "long alternating words": ((".," * 250 + "\n") * MAX_LINES, (",." * 250 + "\n") * MAX_LINES),
    "one line of a megabyte": ("a " * 500_000, "b " * 500_000),
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_no_pair_of_texts_takes_long(name: str) -> None:
    """Texts made to make a comparison crawl end in bounded time."""
    old, new = PATHOLOGICAL[name]
    began = time.process_time()

    compare(old, new)
    count_changed(old, new)

    assert time.process_time() - began < 5


def test_few_lines_in_another_order_stay_cheap() -> None:
    """Texts made of the same few lines, shifted against each other, are compared within bounds."""
    old = "\n".join(f"u{at}\nw{at % 98}" for at in range(2_450))
    new = "\n".join(f"w{at % 98}\nv{at}" for at in range(2_450))
    began = time.process_time()
    found = compare(old, new)

    assert time.process_time() - began < 2.5
    assert found.added == found.removed > 2_000
    assert len(read_back(found.rows, "old")) == len(old.split("\n"))
