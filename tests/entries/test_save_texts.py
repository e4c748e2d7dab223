"""What a save keeps, cleans and refuses; whatever is refused changes nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.entries import reindex as indexing
from kb.entries.save import FromFile, StaleEdit, TooLarge, new_path
from kb.markdown.document import ParseError
from kb.matching.match import match
from kb.models import OPERATOR, Entry, Revision, SignatureKey, Source
from tests.entries.texts import NOTE, PASTE, guide, put, rows, trouble

pytestmark = pytest.mark.django_db

BOMB = "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n# Bomb\n"


def sha(content: bytes) -> str:
    """Return a checksum as revisions carry it."""
    return hashlib.sha256(content).hexdigest()


# Kept


def test_it_works(alice: User) -> None:
    """A new text is a Source, its first Revision with a checksum, and an Entry that pastes find."""
    saved = put(author=alice, message="first")

    source, revision, (entry,) = saved.source, saved.revision, saved.entries
    assert (saved.status, Source.objects.get(), source.revision) == ("created", source, 1)
    assert (source.path, source.slug, source.title) == ("docker/disk.md", "disk-full", "Disk full")
    assert (revision.content(), revision.checksum) == (NOTE.encode(), sha(NOTE.encode()))
    assert (revision.raw, entry.position) == (None, 0)
    assert match(PASTE, user=OPERATOR).verdict == "match"


def test_a_guide_becomes_many_entries(db: None) -> None:
    """Each trouble is an entry; the chapters between them stay with the Source."""
    saved = put(guide(trouble("Disk full"), trouble("Login fails")))

    assert [(entry.title, entry.position) for entry in saved.entries] == [
        ("Disk full", 0),
        ("Login fails", 1),
    ]
    chapters = saved.source.sections.filter(entry=None)
    assert [(part.kind, part.text) for part in chapters] == [("other", "Read on.")]


def test_a_text_without_a_trouble_is_kept(db: None) -> None:
    """A read-me has a Source and a history, though no entry."""
    saved = put("# Read me\n\nWhat lies in this folder.\n", path="docker/README.md")

    assert (saved.status, saved.entries) == ("created", ())
    assert saved.source.sections.count() == 1


def test_front_matter_can_archive_its_entry(db: None) -> None:
    """An entry that says it is archived is neither current nor matched."""
    saved = put(f"---\nstatus: archived\ndate: 2025-03-31\n---\n{NOTE}")

    (entry,) = saved.entries
    assert (entry.archived, entry.date) == (True, dt.date(2025, 3, 31))
    assert (saved.source.archived, saved.source.retired) == (False, True)
    assert not SignatureKey.objects.exists()


def test_a_text_that_says_so_no_longer_is_current(db: None) -> None:
    """With the word gone from its front matter the entry is found again."""
    put(f"---\nstatus: archived\n---\n{NOTE}")
    saved = put(NOTE, 1)

    assert (saved.source.retired, saved.entries[0].archived) == (False, False)
    assert SignatureKey.objects.exists()


def test_long_words_are_cut_to_their_columns(db: None) -> None:
    """A title or error without end fits its column; the text itself is whole."""
    error = "Error: " + "e" * 900
    saved = put(f"# {'t' * 400}\n\n## Error\n\n    {error}\n", message="m" * 900)

    (entry,) = saved.entries
    lengths = [len(text) for text in (entry.title, entry.error, entry.slug, saved.source.title)]
    assert [length <= limit for length, limit in zip(lengths, (300, 500, 120, 300), strict=True)]
    assert len(saved.revision.message) == 300
    assert error in saved.revision.text


def test_the_entries_of_a_save_are_those_of_its_text(db: None) -> None:
    """They are the same, in order, whether the save changed anything or not."""
    first = put(f"---\nstatus: archived\n---\n{guide(trouble('One'), trouble('Two'))}")
    again = put(first.revision.text, 1)

    assert (again.status, again.entries) == ("unchanged", first.entries)
    assert [entry.title for entry in again.entries] == ["One", "Two"]


@pytest.mark.parametrize("base", [1, 0])
def test_an_unchanged_text_changes_no_row(base: int) -> None:
    """Saving what is there does nothing, from whatever base."""
    first = put()
    before = rows()
    again = put(base=base)

    assert (again.status, again.revision, again.entries) == (
        "unchanged",
        first.revision,
        first.entries,
    )
    assert rows() == before


# Refused


@pytest.mark.parametrize("base", [0, -1, 2, 2**63 - 1, 10**30])
def test_a_base_that_is_not_the_newest_is_stale(base: int) -> None:
    """A new text at a taken path, or a number nobody could have seen, changes no row."""
    put()
    before = rows()
    with pytest.raises(StaleEdit) as raised:
        put("# Yours\n\nAnother thing.\n", base)

    stale = raised.value
    assert (stale.base, stale.yours) == ("", "# Yours\n\nAnother thing.\n")
    assert (stale.theirs, stale.number) == (NOTE, 1)
    assert rows() == before


def test_an_edit_of_nothing_is_stale(db: None) -> None:
    """An edit of a text that is not there makes none."""
    with pytest.raises(StaleEdit) as raised:
        put(base=3)

    assert (raised.value.yours, raised.value.theirs, raised.value.number) == (NOTE, "", 0)
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", ParseError, "empty"),
        (" \n\t\r\n", ParseError, "empty"),
        ("\0\0", ParseError, "empty"),
        (BOMB, ParseError, "aliases"),
        ("---\ntitle: [\n---\n# Broken\n", ParseError, "YAML"),
        ("a" * 1_000_001, TooLarge, "1,000,001 characters; keep a page under 1,000,000"),
        ("é" * 600_000, TooLarge, "1,200,000 bytes; keep a page under 1,048,576"),
        ("# a\n" * 3_000, ParseError, "headings"),
    ],
    ids=["empty", "blank", "zeros", "bomb", "yaml", "characters", "bytes", "headings"],
)
def test_a_bad_text_changes_nothing(text: str, error: type[Exception], message: str) -> None:
    """Whether the text is new or known, what cannot be read is refused and all stays as it is."""
    put()
    before = rows()
    for path, base in (("docker/disk.md", 1), ("new.md", 0)):
        with pytest.raises(error, match=message):
            put(text, base, path)

    assert rows() == before


def test_a_parse_error_names_the_line(db: None) -> None:
    """The line is counted from 1, as editors do."""
    with pytest.raises(ParseError) as raised:
        put(BOMB)

    assert raised.value.line == 3


# Cleaned


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("# A\r\n\r\nb\r\n", "# A\n\nb\n"),
        ("# A\r\rb\r", "# A\n\nb\n"),
        ("# A\n\nb\0c\n", "# A\n\nbc\n"),
        ("# A\n\n\ud800b\n", "# A\n\n\ufffdb\n"),
        ("\ufeff# A\n\nb\n", "# A\n\nb\n"),
    ],
)
def test_what_no_database_can_hold_is_cleaned(typed: str, kept: str) -> None:
    """Line ends, NUL, a byte-order mark and halves of characters are made plain; all else stays."""
    put(typed, message="why\0 \ud83d")

    newest = Revision.objects.get()
    assert (newest.text, newest.message) == (kept, "why \ufffd")


# From a file


def test_a_file_is_kept_to_the_byte(db: None) -> None:
    """The exact bytes stay beside the text when they are not just the text in UTF-8."""
    raw = NOTE.replace("\n", "\r\n").encode("utf-16")
    put(file=FromFile("/content", raw))

    newest, source = Revision.objects.get(), Source.objects.get()
    assert (newest.content(), newest.checksum) == (raw, sha(raw))
    assert (source.folder, source.file_checksum) == ("/content", sha(raw))


def test_other_bytes_of_the_same_text_are_a_revision(db: None) -> None:
    """Export gives back the newest bytes, so line ends alone are a change, once."""
    put(file=FromFile("/content", NOTE.encode()))
    crlf = FromFile("/content", NOTE.replace("\n", "\r\n").encode())

    assert put(base=1, file=crlf).status == "updated"
    assert put(base=2, file=crlf).status == "unchanged"
    assert put(base=2).status == "unchanged"


# Paths


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Disk full!", "wiki/disk-full.md"),
        ("Диск полон", "wiki/entry.md"),
        ("../../etc/passwd", "wiki/etcpasswd.md"),
        ("x" * 200, f"wiki/{'x' * 80}.md"),
    ],
)
def test_a_wiki_text_gets_a_path(title: str, path: str) -> None:
    """The path is made of the title's letters, below the wiki's folder."""
    assert new_path(title) == path


# The index


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [RuntimeError("boom"), MemoryError()])
def test_a_saved_text_is_acknowledged_whatever_the_index_does(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Once it is in the database, no trouble of the index may look like a failed save."""
    with (
        caplog.at_level(logging.CRITICAL, "django.db.backends.base"),
        patch.object(indexing, "_index_batches", side_effect=error),
    ):
        assert put().status == "created"

    assert Entry.objects.stale().count() == 1


# Costs


def count_queries(text: str, path: str, base: int = 0) -> int:
    """Return how many queries one save takes."""
    with CaptureQueriesContext(connection) as done:
        put(text, base, path)
    return len(done)


def many(count: int, word: str = "About") -> str:
    """Write a guide of so many troubles."""
    titles = (f"Trouble {number} of {count}" for number in range(count))
    return guide(*(trouble(title, body=f"{word} {title}.") for title in titles))


def test_queries_do_not_grow_with_sources(db: None) -> None:
    """Saving costs the same in a base of two texts and of thirty."""
    counts = []
    for size in (2, 30):
        for number in range(Source.objects.count(), size):
            put(NOTE.replace("Disk full", f"Disk {number}"), path=f"{number}.md")
        text = NOTE.replace("Disk full", f"Another {size}")
        counts.append(
            [
                count_queries(text, f"new-{size}.md"),
                count_queries(f"{text}\nMore.\n", f"new-{size}.md", 1),
            ]
        )

    assert counts[0] == counts[1]


def test_queries_grow_by_as_much_for_each_entry(db: None) -> None:
    """Ten entries more cost the same again, whether they are new or all changed."""
    put(many(2))
    sizes = (3, 13, 23)
    new = [count_queries(many(size), f"{size}.md") for size in sizes]
    changed = [count_queries(many(size, "On"), f"{size}.md", 1) for size in sizes]

    for few, more, most in (new, changed):
        assert most - more == more - few
        assert more - few <= 10 * 14


def test_what_did_not_change_costs_nothing(db: None) -> None:
    """Of a long guide only the edited trouble is written."""
    put(many(20))
    changed = many(20).replace("About Trouble 7 ", "On Trouble 7 ")

    assert count_queries(changed, "docker/disk.md", 1) <= 30
