"""The query language: read as it was meant, and nothing that people type is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.entries.query import MAX_CHARS, MAX_WORDS, Filter, Wanted, read_query


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Wanted()),
        ("read only", Wanted(words=("read", "only"), typing=True)),
        ("read only ", Wanted(words=("read", "only"))),
        ('"read  only" disk', Wanted(words=("disk",), phrases=("read only",), typing=True)),
        ('disk "read only"', Wanted(words=("disk",), phrases=("read only",))),
        ("disk -full", Wanted(words=("disk",), barred=("full",))),
        ('disk -"no space"', Wanted(words=("disk",), barred_phrases=("no space",))),
        ("disk - full", Wanted(words=("disk", "-", "full"), typing=True)),
        ("pip --no-cache-dir", Wanted(words=("pip", "--no-cache-dir"), typing=True)),
        ("tag:aws disk", Wanted(words=("disk",), filters=(Filter("tag", "aws"),), typing=True)),
        ("disk tag:aws", Wanted(words=("disk",), filters=(Filter("tag", "aws"),))),
        ("TAG:Aws", Wanted(filters=(Filter("tag", "Aws"),))),
        ('tag:"big data"', Wanted(filters=(Filter("tag", "big data"),))),
        (
            "-tag:aws disk",
            Wanted(words=("disk",), filters=(Filter("tag", "aws", barred=True),), typing=True),
        ),
        ("in:Fix tmp", Wanted(words=("tmp",), sections=("fix",), typing=True)),
        (
            "before:2026-01-31 x",
            Wanted(words=("x",), filters=(Filter("before", "2026-01-31"),), typing=True),
        ),
        ("http://a.b/c?d=e", Wanted(words=("http://a.b/c?d=e",), typing=True)),
        ("std::vector", Wanted(words=("std::vector",), typing=True)),
        ("code::x", Wanted(words=("code::x",), typing=True)),
        ('say"so', Wanted(words=('say"so',), typing=True)),
        ('""', Wanted()),
        ("a\x00b\ud800c", Wanted(words=("a", "b", "c"), typing=True)),
    ],
)
def test_it_reads_what_was_meant(text: str, expected: Wanted) -> None:
    """Words, phrases, -not and filters are told apart; colons and dashes inside words stay."""
    assert read_query(text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('disk "read only', "quote was left open"),
        ("tag: aws", "write tag: and its value without a space"),
        ("in:nowhere disk", "in:nowhere is not a section; use one of title"),
        ("-in:fix disk", "-in:fix is not understood"),
        ("before:yesterday disk", "write it as before:2026-01-31"),
        ("after:2026-13-45 disk", "write it as after:2026-01-31"),
        ("x" * (MAX_CHARS + 1), f"first {MAX_CHARS} characters"),
        ("x " * (MAX_WORDS + 1), f"first {MAX_WORDS} words"),
    ],
)
def test_it_explains_what_it_ignored(text: str, hint: str) -> None:
    """A query that cannot be taken as written says so in plain words."""
    notes = read_query(text).notes

    assert len(notes) == 1
    assert hint in notes[0]


@pytest.mark.parametrize("text", ["in:nowhere disk", "before:soon disk"])
def test_a_wrong_filter_is_left_out(text: str) -> None:
    """What is not understood narrows nothing."""
    wanted = read_query(text)

    assert (wanted.words, wanted.filters, wanted.sections) == (("disk",), (), ())


def test_the_limits_hold() -> None:
    """At the limit all is read; one more is cut."""
    at_limit, beyond = read_query("w " * MAX_WORDS), read_query("w " * MAX_WORDS + "z")

    assert (len(at_limit.words), at_limit.notes) == (MAX_WORDS, ())
    assert len(beyond.words) == MAX_WORDS
    assert "z" not in beyond.words


@pytest.mark.parametrize(
    ("text", "expected"),
    [("disk", True), ('"a b"', True), ("tag:a", True), ("-disk", False), ("-tag:a", False)],
)
def test_leaving_out_is_not_asking(text: str, *, expected: bool) -> None:
    """A query of exclusions alone asks for nothing."""
    assert read_query(text).says_what() is expected


@given(st.text(alphabet=st.characters() | st.sampled_from('":- tagin\x00'), max_size=600))
def test_no_text_makes_it_raise(text: str) -> None:
    """Whatever is typed gives a bounded query without control characters."""
    wanted = read_query(text)
    parts = (*wanted.words, *wanted.phrases, *wanted.barred, *wanted.barred_phrases)

    assert len(parts) + len(wanted.filters) + len(wanted.sections) <= MAX_WORDS
    assert not any(c < " " or "\ud800" <= c <= "\udfff" for part in parts for c in part)
