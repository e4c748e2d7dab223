"""How much a word tells by itself."""

from __future__ import annotations

import pytest

from kb.errors.words import COMMON, STOP, tell


@pytest.mark.parametrize(("less", "more"), [("the", "file"), ("not", "error"), ("file", "lambda")])
def test_grammar_tells_less_than_everyday_words_and_these_less_than_rare_ones(
    less: str, more: str
) -> None:
    """What every error says identifies none."""
    assert 0 < tell(less) < tell(more) <= 1


def test_no_word_is_both_grammar_and_an_everyday_word() -> None:
    """Each word has one weight."""
    assert not STOP & COMMON
    assert all(word == word.lower() for word in STOP | COMMON)
