"""What is done before the database is held: the text is read, identified and summed up."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.entries.identify import MOST, identify
from kb.entries.prepare import MAX_CHARS, TooLarge, prepare, read
from kb.markdown.document import ParseError
from tests.entries.texts import NOTE, guide, trouble


def test_it_works() -> None:
    """A text gives its title, its entries with checksum and signatures, and its chapters."""
    prepared = prepare(guide(trouble("Disk full"), trouble("Login fails")), "guide.md")

    assert prepared.title == "Guide"
    assert [entry.read.title for entry in prepared.entries] == ["Disk full", "Login fails"]
    assert [len(entry.digest) for entry in prepared.entries] == [64, 64]
    assert {section for entry in prepared.entries for section, _ in entry.signatures} == {
        "error",
        "title",
    }
    assert [part.heading for part in prepared.sections] == ["About this guide"]


def test_the_file_names_a_text_without_a_heading() -> None:
    """The path is the last resort for a title."""
    assert read("It broke.\n", "docker/disk-full.md").title == "disk full"


def test_the_checksum_is_of_what_it_says_not_of_where() -> None:
    """Lines above an entry do not change it; its own words do."""
    (one,) = prepare(NOTE, "a.md").entries
    (moved,) = prepare(f"\n\n\n{NOTE}", "b.md").entries
    (other,) = prepare(NOTE.replace("Prune", "Remove"), "a.md").entries

    assert one.digest == moved.digest
    assert one.digest != other.digest


@pytest.mark.parametrize("mark", ["\ufeff", "\0", "\r\n"])
def test_the_limits_are_those_of_the_clean_text(mark: str) -> None:
    """What is cleaned away does not count."""
    text = "# T\n\n" + "word " * ((MAX_CHARS - 5) // 5)

    assert len(text) == MAX_CHARS
    assert read(mark + text.rstrip(), "a.md").title == "T"
    with pytest.raises(TooLarge):
        read(f"{text}x", "a.md")


@pytest.mark.parametrize(
    "piece",
    ["`Error: x`\n\n", "> Error: x\n\n", "```\nError: x\n```\n", "`Error: x` "],
)
def test_a_hostile_text_is_identified_in_bounded_time(piece: str) -> None:
    """A section full of quotes is read up to a point; signatures have a most as well."""
    (entry,) = read("# T\n\n## Error\n\n" + piece * (20_000 // len(piece)), "a.md").entries
    began = time.process_time()
    found = identify(entry)

    assert time.process_time() - began < 5
    assert len(found) <= MOST


@settings(deadline=None, max_examples=150)
@given(st.text(st.sampled_from("#-`>:*\n\r\0\ud800 ab1é漢[](){}|=~'\"&\\.")))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing a person can type breaks it in another way."""
    try:
        prepared = prepare(text, "note.md")
    except ParseError:
        return
    for entry in prepared.entries:
        assert entry.read.title
        assert 0 <= entry.read.start < entry.read.end
