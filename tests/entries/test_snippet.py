"""Snippets: the part of a section that shows why it was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.entries.snippet import (
    BEFORE,
    SIZE,
    Snippet,
    count_terms,
    cut_snippet,
    mark_terms,
    read_plain,
)


def plain(snippet: Snippet) -> str:
    """Return the text of a snippet without its marks."""
    return "".join(text for text, _ in snippet)


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        (
            "Read-only disk",
            ["read", "only"],
            (("Read", True), ("-", False), ("only", True), (" disk", False)),
        ),
        ("the stage", ["tag"], (("the stage", False),)),
        ("a tag here", ["tag"], (("a ", False), ("tag", True), (" here", False))),
        ("ImportError", ["error"], (("Import", False), ("Error", True))),
        ("a.b (c)", ["a.b", "(c)"], (("a.b", True), (" ", False), ("(c)", True))),
        ("errno 30", ["errno", "errno 30"], (("errno 30", True),)),
        ("nothing", [], (("nothing", False),)),
        ("", ["x"], ()),
    ],
)
def test_it_marks_terms(text: str, terms: list[str], expected: Snippet) -> None:
    """Terms are marked whatever their case; a short one only where a word begins."""
    assert mark_terms(text, terms) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Fix\n\nWrite **only** to `/tmp`.", "Fix Write only to /tmp."),
        ("```python\nx = 1\n```\n~~~\ny\n~~~", "x = 1 y"),
        ("f(*args, **kwargs)", "f(*args, **kwargs)"),
        ("a\r\n\tb", "a b"),
    ],
)
def test_it_drops_marks_that_only_shape(text: str, expected: str) -> None:
    """Fences, headings and emphasis go; what is inside code stays."""
    assert read_plain(text) == expected


def test_it_cuts_around_the_longest_term() -> None:
    """A long text is cut where the most telling term stands, at spaces, with marks of the cut."""
    text = "word " * 200 + "FUNCTION_INVOCATION_FAILED in a word " + "tail " * 200

    snippet = cut_snippet(text, ["word", "function_invocation_failed"])

    assert ("FUNCTION_INVOCATION_FAILED", True) in snippet
    assert (plain(snippet)[:2], plain(snippet)[-2:]) == ("… ", " …")
    assert len(plain(snippet)) <= SIZE + 4


def test_it_begins_at_the_beginning_when_nothing_is_found() -> None:
    """Without a hit the beginning says most."""
    assert cut_snippet("one two", ["three"]) == (("one two", False),)


def test_it_counts_different_terms() -> None:
    """A term that occurs often counts once."""
    assert count_terms("tmp tmp TMP disk", ["tmp", "disk", "aws"]) == 2


@given(st.text(max_size=1000), st.lists(st.text(min_size=1, max_size=10), max_size=5))
def test_marking_loses_nothing(text: str, terms: list[str]) -> None:
    """Whatever is marked, the parts put together are the text."""
    assert plain(mark_terms(text, terms)) == text


@given(st.text(max_size=3000), st.lists(st.text(min_size=1, max_size=10), max_size=5))
def test_a_snippet_is_a_part_of_the_text(text: str, terms: list[str]) -> None:
    """A snippet shows only what is written, and never more than fits."""
    shown = plain(cut_snippet(text, terms))

    assert len(shown) <= SIZE + BEFORE
    assert shown.removeprefix("… ").removesuffix(" …") in read_plain(text)
