"""Browsing: a dense list, last changed first, page by page without counting."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.entries import browse
from kb.entries.save import archive
from tests.conftest import MakeEntry


def titles(page: str) -> list[str]:
    """Return the titles in the list, in order."""
    return re.findall(r"data-hit>([^<]+)</a>", page)


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """The last changed comes first, with its error and tags, beside the tags and their counts."""
    make_entry(title="Older")
    make_entry(title="Newer", tags="aws")
    page = client.get("/entries/").content.decode()

    assert titles(page) == ["Newer", "Older"]
    assert "OSError: [Errno 30]" in page
    assert 'href="/tags/aws/">aws <span class="count">2</span>' in page
    assert 'href="/tags/python/">python <span class="count">1</span>' in page


def test_pages_lead_on_and_back(
    client: Client, make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older and newer lead through the whole list and back, and stop at the ends."""
    monkeypatch.setattr(browse.page, "__defaults__", ("", 2))
    for number in range(1, 4):
        make_entry(title=f"T{number}")
    first = client.get("/entries/").content.decode()
    older = re.search(r'href="(\?at=[^"]+)" rel="next"', first)
    assert older
    second = client.get(f"/entries/{older[1]}").content.decode()
    newer = re.search(r'href="(\?at=[^"]+)" rel="prev"', second)
    assert newer

    assert (titles(first), titles(second)) == (["T3", "T2"], ["T1"])
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in second
    assert titles(client.get(f"/entries/{newer[1]}").content.decode()) == ["T3", "T2"]


@pytest.mark.parametrize("at", ["x", "a", "a-", "a1-2-3", "b" + "9" * 50, "\x00", "a-1--1"])
def test_a_strange_cursor_is_the_start(client: Client, make_entry: MakeEntry, at: str) -> None:
    """A cursor from nowhere shows a list, never an error."""
    make_entry()

    assert client.get("/entries/", {"at": at}).status_code == 200


def test_an_empty_list_offers_a_next_step(client: Client, db: None) -> None:
    """Without entries the page says so and leads on."""
    assert "Nothing is written down here yet" in client.get("/entries/").content.decode()


def test_what_is_archived_is_marked_for_writers_only(
    client: Client, alice: User, make_entry: MakeEntry
) -> None:
    """Readers do not see what is archived; writers see it named so."""
    archive(make_entry().source, author=alice, archived=True)

    assert titles(client.get("/entries/").content.decode()) == []
    client.force_login(alice)
    assert (
        '<span class="state archived">archived</span>' in client.get("/entries/").content.decode()
    )


def test_queries_do_not_grow_with_rows(client: Client, make_entry: MakeEntry) -> None:
    """Six entries cost as many queries as one."""
    counts = []
    for size in (1, 5):
        for number in range(size):
            make_entry(title=f"T{size}.{number}", tags=f"t{size}{number}, aws")
        with CaptureQueriesContext(connection) as queries:
            client.get("/entries/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
