"""The only writer: one text in, rows out, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections

from kb.entries.save import MAX_CHARS, Saved, StaleEdit, TooLarge, archive, new_path, save
from kb.errors.signature import VERSION
from kb.markdown.document import ParseError
from kb.models import Entry, Revision, SignatureKey, Source

pytestmark = pytest.mark.django_db

TEXT = """---
tags: [aws, Größe]
status: validated
severity: High
date: 2025-07-24
---

# The ledger is locked

## Error

```
LedgerError: shard 7 is locked
```

## Cause

Two writers. They wait for each other.

## Fix

Stop one.

## Lessons

One writer.
"""
GUIDE = """# Guide

## Error 1: The ledger is locked

```
LedgerError: shard 7 is locked
```

**Root Cause:** two writers

**Solution:** stop one

## Error 2: The gasket is lost

```
GasketError: no gasket
```

**Root Cause:** nobody looked

**Solution:** look
"""


def put(text: str = TEXT, base: int = 0, **over: Any) -> Saved:
    """Save at one path."""
    return save(text, **{"author": None, "path": "wiki/ledger.md", "base": base} | over)


def test_it_works(alice: User) -> None:
    """A text becomes a Source, its first Revision, an Entry with sections, tags and signatures."""
    saved = put(author=alice, message="begun")
    (entry,) = saved.entries

    assert (saved.status, saved.revision.number, saved.revision.text) == ("created", 1, TEXT)
    assert (saved.revision.author, saved.revision.message) == (alice, "begun")
    assert (entry.title, entry.slug) == ("The ledger is locked", "the-ledger-is-locked")
    assert (entry.error, entry.summary) == ("LedgerError: shard 7 is locked", "Two writers.")
    assert (entry.status, entry.severity, str(entry.date)) == ("validated", "high", "2025-07-24")
    assert [s.kind for s in entry.sections.all()] == ["error", "cause", "fix", "lessons"]
    assert {tag.name for tag in entry.tags.all()} == {"aws", "Größe"}
    assert {s.version for s in entry.signatures.all()} == {VERSION}
    assert entry.keys.filter(key="type:LedgerError").exists()


def test_the_same_text_makes_no_revision() -> None:
    """Saving what is there already changes nothing."""
    put()

    assert put(base=1).status == "unchanged"
    assert Revision.objects.count() == 1


def test_an_edit_is_the_next_revision() -> None:
    """A changed text is numbered on, and readers see it."""
    put()

    saved = put(TEXT.replace("Stop one.", "Stop both."), base=1)

    assert (saved.status, saved.revision.number) == ("updated", 2)
    assert saved.entries[0].sections.get(kind="fix").text.strip() == "Stop both."


@pytest.mark.parametrize("base", [0, 1, 7])
def test_a_stale_edit_loses_nothing(base: int) -> None:
    """The second of two edits from one revision is refused with all three texts, and changes nothing."""
    put()
    theirs = put(TEXT + "\ntheirs\n", base=1)

    with pytest.raises(StaleEdit) as caught:
        put(TEXT + "\nmine\n", base=base)

    assert (caught.value.yours, caught.value.theirs) == (TEXT + "\nmine\n", TEXT + "\ntheirs\n")
    assert caught.value.base == (TEXT if base == 1 else "")
    assert caught.value.number == theirs.revision.number == 2
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", ParseError),
        (" \n\t\n", ParseError),
        ("x" * (MAX_CHARS + 1), TooLarge),
        ("---\ntitle: [broken\n---\n# A\n", ParseError),
        ("---\na: &a [x]\nb: [*a, *a]\n---\n# A\n", ParseError),
    ],
    ids=["empty", "blank", "large", "broken front matter", "aliases"],
)
def test_it_refuses_a_bad_text(text: str, error: type[Exception]) -> None:
    """A text that cannot be kept says why, and nothing is written."""
    with pytest.raises(error):
        put(text)

    assert not Source.objects.exists()


def test_odd_characters_are_made_storable() -> None:
    """NUL, lone surrogates and Windows line ends never reach the database."""
    saved = put("# A\r\n\r\n## Error\r\n\r\nodd \x00 \ud800 end\r\n")

    assert saved.revision.text == "# A\n\n## Error\n\nodd  \ufffd end\n"


def test_odd_front_matter_is_made_storable() -> None:
    """Escapes bring no NUL into a column, and letters that grow when lowered fit theirs."""
    meta = 'title: "A\\0B"\ntags: ["c\\0d"]\nseverity: ' + "\u0130" * 20
    saved = save(f"---\n{meta}\n---\n\n## Fix\n\nWait.\n", author=None, path="odd.md", base=0)
    entry = saved.entries[0]

    assert (entry.title, saved.source.title) == ("AB", "AB")
    assert [tag.name for tag in entry.tags.all()] == ["cd"]
    assert len(entry.severity) == 20


def test_an_entry_keeps_its_slug() -> None:
    """Whatever changes around or in it, an entry stays at its address."""
    first, second = (entry.slug for entry in put(GUIDE).entries)
    swapped = GUIDE.replace("Error 2: The gasket is lost", "Error 2: The big gasket is lost")
    head, one, two = swapped.partition("## Error 1")[0], *swapped.split("## Error ")[1:]

    saved = put(f"{head}## Error {two}\n\n## Error {one}", base=1)

    assert [entry.slug for entry in saved.entries] == [second, first]
    assert saved.entries[0].title == "The big gasket is lost"


def test_what_is_taken_out_is_archived_and_comes_back() -> None:
    """An entry that leaves the text is not erased, and returns to its old address."""
    slugs = [entry.slug for entry in put(GUIDE).entries]
    short = GUIDE.split("## Error 2", maxsplit=1)[0]
    put(short, base=1)
    gone = Entry.objects.get(slug=slugs[1])

    assert (gone.archived, gone.keys.count()) == (True, 0)
    assert [entry.slug for entry in put(GUIDE, base=2).entries] == slugs
    assert Entry.objects.get(slug=slugs[1]).keys.exists()


def test_a_neighbour_that_reads_as_before_is_left_alone() -> None:
    """An edit of one entry does not make the others new."""
    first, second = put(GUIDE).entries
    Entry.objects.update(stale=False)

    put(GUIDE.replace("**Solution:** look", "**Solution:** look twice"), base=1)

    again = Entry.objects.get(pk=first.pk)
    assert (again.changed, again.stale) == (first.changed, False)
    assert Entry.objects.get(pk=second.pk).stale


def test_two_titles_alike_get_two_slugs() -> None:
    """Addresses do not collide."""
    slugs = {put(path=f"wiki/{number}.md").entries[0].slug for number in range(3)}

    assert slugs == {"the-ledger-is-locked", "the-ledger-is-locked-2", "the-ledger-is-locked-3"}


def test_a_title_without_latin_letters_has_an_address() -> None:
    """Every entry and tag can be reached."""
    (entry,) = put("---\ntags: [日本]\n---\n# 台帳がロックされている\n\n## Error\n\nx\n").entries

    assert entry.slug
    assert entry.tags.get().slug.startswith("tag-")


def test_paths_of_the_wiki_are_free() -> None:
    """Two texts of one title stand side by side."""
    first = new_path("The ledger")
    put(path=first)

    assert (first, new_path("The ledger")) == ("wiki/the-ledger.md", "wiki/the-ledger-2.md")


def test_archive_and_back(alice: User) -> None:
    """An archived Source hides its entries, says who did it, and comes back as it was."""
    source = put().source
    archive(source, author=alice, archived=True)
    entry = Entry.objects.get()

    assert (entry.archived, SignatureKey.objects.count()) == (True, 0)
    assert source.newest().message == "archived"

    archive(source, author=alice, archived=False)
    entry.refresh_from_db()

    assert not entry.archived
    assert entry.keys.exists()
    assert [r.number for r in source.revisions.all()] == [3, 2, 1]


def test_archiving_what_someone_just_saved_is_refused(alice: User) -> None:
    """Whoever archives has seen the newest text."""
    stale = put().source
    put(TEXT + "\nmore\n", base=1)

    with pytest.raises(StaleEdit):
        archive(stale, author=alice, archived=True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="speaks of SQLite's own settings")
def test_a_save_survives_a_power_cut() -> None:
    """The write-ahead log is on, and synced at every commit."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"


@pytest.mark.django_db(transaction=True)
def test_no_acknowledged_edit_is_ever_lost() -> None:
    """Six writers at once: every save that was acknowledged is in the history, the rest were told."""
    put("# Ledger\n\nstart\n")

    def edit(writer: int) -> list[str]:
        kept = []
        try:
            for step in range(8):
                token = f"token-{writer}-{step}"
                newest = Source.objects.get().newest()
                with suppress(StaleEdit):
                    put(f"{newest.text}\n{token}\n", base=newest.number)
                    kept.append(token)
        finally:
            connections.close_all()
        return kept

    with ThreadPoolExecutor(6) as pool:
        acknowledged = [token for kept in pool.map(edit, range(6)) for token in kept]

    newest = Source.objects.get().newest()
    assert acknowledged
    assert [token for token in acknowledged if token not in newest.text] == []
    assert newest.number == len(acknowledged) + 1


def test_queries_do_not_grow_with_the_base(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    """A save costs the same beside many other Sources."""
    for number in range(12):
        put(path=f"wiki/{number}.md")

    with django_assert_max_num_queries(45):
        put(path="wiki/last.md")
