"""Archiving hides a text from readers and from matching; it can be brought back."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.matching.match import match
from kb.models import Entry
from tests.conftest import MakeEntry

PASTE = "OSError: [Errno 30] Read-only file system: '/var/task/upload_9.jpg'"


@pytest.fixture
def entry(make_entry: MakeEntry) -> Entry:
    """Return an entry that a paste finds."""
    return make_entry()


def test_it_works(writer: Client, entry: Entry, bob: User) -> None:
    """What is archived is gone for readers, there for writers, and matched for nobody."""
    writer.post(f"/sources/{entry.source.slug}/archive/", {"archived": "1"})

    assert Client().get(entry.get_absolute_url()).status_code == 404
    assert writer.get(entry.get_absolute_url()).status_code == 200
    assert match(PASTE, user=bob).verdict == "none"


def test_it_comes_back(writer: Client, entry: Entry, bob: User) -> None:
    """Brought back, it is read and matched as before."""
    for archived in ("1", "0"):
        writer.post(f"/sources/{entry.source.slug}/archive/", {"archived": archived})

    assert Client().get(entry.get_absolute_url()).status_code == 200
    assert match(PASTE, user=bob).verdict == "match"


def test_twice_is_once(writer: Client, entry: Entry) -> None:
    """Archiving what is archived changes nothing and adds no revision."""
    for _ in range(2):
        writer.post(f"/sources/{entry.source.slug}/archive/", {"archived": "1"})

    assert entry.source.revisions.count() == 2


def test_the_history_says_who_did_it(writer: Client, entry: Entry, alice: User) -> None:
    """The newest revision names the person and the deed."""
    writer.post(f"/sources/{entry.source.slug}/archive/", {"archived": "1"})

    newest = entry.source.revisions.latest("number")
    assert (newest.author, newest.message) == (alice, "archived")


def test_it_is_a_post(writer: Client, entry: Entry) -> None:
    """Opening the address does nothing."""
    assert writer.get(f"/sources/{entry.source.slug}/archive/").status_code == 405
    assert entry.source.revisions.count() == 1
