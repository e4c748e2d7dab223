"""Numbers and times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kb.templatetags.words import ago, counted, level, say_age, sure

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-90_000, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (7_200, "2 h ago"),
        (86_400, "1 d ago"),
        (14 * 86_400, "2 weeks ago"),
        (60 * 86_400, "2 months ago"),
        (800 * 86_400, "2 years ago"),
    ],
)
def test_ages_are_told_in_the_largest_fitting_unit(seconds: int, expected: str) -> None:
    """An age is short, and never negative when a clock went back."""
    assert say_age(NOW - timedelta(seconds=seconds), NOW) == expected


def test_an_age_carries_its_exact_time() -> None:
    """The moment itself is behind the words; no moment gives no words."""
    assert 'datetime="2026-01-01T00:00:00+00:00" title="2026-01-01 00:00 UTC"' in ago(NOW)
    assert ago(None) == ""


@pytest.mark.parametrize(
    ("number", "noun", "expected"),
    [(1, "entry", "1 entry"), (2_300, "entry", "2,300 entries"), (0, "line", "0 lines")],
)
def test_nouns_agree_with_their_number(number: int, noun: str, expected: str) -> None:
    """One is singular, all else is not, and long numbers are grouped."""
    assert counted(number, noun) == expected


@pytest.mark.parametrize(
    ("confidence", "step", "words"),
    [
        (0.0, 1, "a guess"),
        (0.3, 2, "weak"),
        (0.5, 3, "fair"),
        (0.7, 4, "strong"),
        (1.0, 5, "very strong"),
    ],
)
def test_confidence_stands_on_five_steps(confidence: float, step: int, words: str) -> None:
    """A number becomes a step and a word, never a percentage."""
    assert (level(confidence), sure(confidence)) == (step, words)
