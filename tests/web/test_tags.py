"""Tags: all of them with their counts, and the entries of one."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client

from kb.entries.save import archive
from tests.conftest import MakeEntry


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """Each tag says how many entries it leads to."""
    make_entry(tags="aws, python")
    make_entry(title="Other", tags="aws")
    page = client.get("/tags/").content.decode()

    assert 'href="/tags/aws/">aws <span class="count">2</span>' in page
    assert 'href="/tags/python/">python <span class="count">1</span>' in page


def test_a_tag_lists_its_entries_only(client: Client, make_entry: MakeEntry) -> None:
    """The page of a tag shows what has it and is marked as the chosen one."""
    make_entry(title="With", tags="aws")
    make_entry(title="Without", tags="python")
    page = client.get("/tags/aws/").content.decode()

    assert ">With</a>" in page
    assert ">Without</a>" not in page
    assert "1 entry of 2 entries" in page
    assert 'href="/tags/aws/" aria-current="page"' in page


def test_without_tags_it_says_how_to_write_one(client: Client, make_entry: MakeEntry) -> None:
    """An empty list explains where tags come from."""
    make_entry(tags="")

    assert "No entry has a tag yet" in client.get("/tags/").content.decode()


def test_a_tag_of_archived_entries_is_not_there_for_readers(
    client: Client, alice: User, make_entry: MakeEntry
) -> None:
    """A tag's name is not told when nothing that has it may be read."""
    archive(make_entry(tags="secret").source, author=alice, archived=True)

    assert client.get("/tags/secret/").status_code == 404
    assert "secret" not in client.get("/tags/").content.decode()


def test_an_unknown_tag_is_not_found(client: Client, db: None) -> None:
    """A tag that never was gives the usual page."""
    assert client.get("/tags/nothing/").status_code == 404
