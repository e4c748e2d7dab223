"""Laws of `kb.markdown.quotes`."""

from __future__ import annotations

import pytest

from kb.markdown.quotes import Quote, find_quotes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```Log\nboom\n```", [Quote("fence", "log", "boom\n")]),
        ("- a\n\n  ```\n  boom\n  ```", [Quote("fence", "", "boom\n")]),
        ("    boom", [Quote("fence", "", "boom\n")]),
        ("> boom `x`", [Quote("quote", "", "boom `x`")]),
        ("> - boom", [Quote("quote", "", "boom")]),
        ("a `boom` and `` b`c ``", [Quote("inline", "", "boom"), Quote("inline", "", "b`c")]),
        ("plain words", []),
    ],
)
def test_it_finds_what_machines_said(text: str, expected: list[Quote]) -> None:
    """Fences, quotes and inline code are found at any depth, in order."""
    assert list(find_quotes(text)) == expected
