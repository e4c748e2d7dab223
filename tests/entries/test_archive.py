"""Archiving hides a Source and all that is found by it; bringing it back restores everything."""

from __future__ import annotations

import hashlib
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User

from kb.entries import save as saving
from kb.entries.save import FromFile, StaleEdit, archive
from kb.models import Entry, SignatureKey, Source
from tests.entries.texts import NOTE, guide, put, rows, trouble

pytestmark = pytest.mark.django_db


def test_it_works(alice: User) -> None:
    """The Source and its entries are archived, found by nothing, and the history says by whom."""
    archive(put().source, author=alice, archived=True)

    source = Source.objects.get()
    assert (source.archived, source.revision) == (True, 2)
    assert [(entry.archived, entry.stale) for entry in Entry.objects.all()] == [(True, True)]
    assert not SignatureKey.objects.exists()
    newest = source.newest()
    assert (newest.text, newest.author, newest.message) == (NOTE, alice, "archived")


def test_bringing_back_restores_everything(alice: User) -> None:
    """The same entry has its old address and its keys again."""
    saved = put()
    keys = set(SignatureKey.objects.values_list("key", "entry"))
    for archived in (True, False):
        archive(saved.source, author=alice, archived=archived)

    entry = Entry.objects.current().get()
    assert (entry.pk, entry.slug) == (saved.entries[0].pk, "disk-full")
    assert set(SignatureKey.objects.values_list("key", "entry")) == keys
    assert Source.objects.get().newest().message == "brought back"


def test_it_keeps_the_bytes(db: None) -> None:
    """The file that was ingested is still what export writes."""
    raw = NOTE.replace("\n", "\r\n").encode()
    archive(put(file=FromFile("/content", raw)).source, author=None, archived=True)

    newest = Source.objects.get().newest()
    assert (newest.content(), newest.checksum) == (raw, hashlib.sha256(raw).hexdigest())


def test_twice_is_once(db: None) -> None:
    """What is archived already gets no further revision."""
    source = put().source
    for _ in range(2):
        archive(source, author=None, archived=True)

    assert Source.objects.get().revision == 2


def test_a_save_since_it_was_loaded_refuses_it(db: None) -> None:
    """Nothing changes, whether the save was before or in the very moment."""
    source = put().source
    put(f"{NOTE}More.\n", 1)
    before = rows()
    with pytest.raises(StaleEdit) as raised:
        archive(source, author=None, archived=True)

    assert (raised.value.theirs, raised.value.number) == (f"{NOTE}More.\n", 2)
    assert rows() == before
    assert (source.archived, source.revision) == (False, 1)


def test_a_save_while_it_is_read_refuses_it(db: None) -> None:
    """The text is read before the lock is taken, so the number is asked again under it."""
    source = put().source
    really = saving.prepare_here

    def save_meanwhile(text: str, path: str) -> saving.Prepared:
        with patch.object(saving, "prepare_here", really):
            put(f"{NOTE}More.\n", 1)
        return really(text, path)

    with patch.object(saving, "prepare_here", save_meanwhile), pytest.raises(StaleEdit):
        archive(source, author=None, archived=True)

    assert Source.objects.get().newest().text == f"{NOTE}More.\n"
    assert Entry.objects.current().exists()


def test_an_archived_text_can_be_edited(db: None) -> None:
    """Its entries stay archived, keep their address, and come back as they were last written."""
    archive(put().source, author=None, archived=True)
    saved = put(NOTE.replace("# Disk full", "# No room at all"), 2)
    assert not Entry.objects.current().exists()
    archive(saved.source, author=None, archived=False)

    entry = Entry.objects.current().get()
    assert (entry.slug, entry.title) == ("disk-full", "No room at all")


def test_its_own_word_is_kept(db: None) -> None:
    """Bringing back a Source does not bring back what its text says is archived."""
    source = put(f"---\nstatus: archived\n---\n{guide(trouble('One'), trouble('Two'))}").source
    for archived in (True, False):
        archive(source, author=None, archived=archived)

    source.refresh_from_db()
    assert (source.archived, source.retired) == (False, True)
    assert not Entry.objects.current().exists()
