"""`merge` joins two edits only where nobody has to decide anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.web.merge import MAX_LINES, merge

BASE = "one\ntwo\nthree\nfour\nfive\n"
TEXTS = st.lists(st.sampled_from("abcde"), max_size=12).map(
    lambda lines: "".join(f"{x}\n" for x in lines)
)


def test_it_works() -> None:
    """Edits of different lines are both in the result."""
    yours, theirs = BASE.replace("one", "ONE"), BASE.replace("five", "five\nsix")

    assert merge(BASE, yours, theirs) == "ONE\ntwo\nthree\nfour\nfive\nsix\n"


@pytest.mark.parametrize(
    ("yours", "theirs"),
    [
        (BASE.replace("two", "2"), BASE.replace("two", "zwei")),
        (BASE.replace("two", "2"), BASE.replace("three", "3")),
        (BASE + "mine\n", BASE + "theirs\n"),
        (BASE.replace("two\n", ""), BASE.replace("two", "zwei")),
        ("", BASE.replace("two", "zwei")),
    ],
)
def test_it_refuses_to_guess(yours: str, theirs: str) -> None:
    """Edits of the same or neighbouring lines give no suggestion."""
    assert merge(BASE, yours, theirs) is None


@given(TEXTS, TEXTS)
def test_an_edit_meets_no_edit(base: str, edited: str) -> None:
    """Where only one side changed something, the result is that side."""
    assert merge(base, edited, base) == edited
    assert merge(base, base, edited) == edited


@given(TEXTS, TEXTS)
def test_the_same_edit_twice_is_made_once(base: str, edited: str) -> None:
    """Two people who did the same agree."""
    assert merge(base, edited, edited) == edited


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_was_first(base: str, one: str, two: str) -> None:
    """Both sides get the same suggestion."""
    assert merge(base, one, two) == merge(base, two, one)


def test_long_texts_are_left_alone() -> None:
    """A text beyond the limit gets no suggestion."""
    long = "a\n" * (MAX_LINES + 1)

    assert merge(long, long + "b\n", "c\n" + long) is None
