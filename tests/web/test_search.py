"""Words: results with the section that hit and what was looked for marked; a bad query is explained."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kb.entries.reindex import reindex
from tests.conftest import MakeEntry


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """A hit shows its title, the section that hit as a link, and the words marked."""
    entry = make_entry()
    reindex()
    page = client.get("/search/", {"q": "mounts"}).content.decode()

    assert "1 result" in page
    assert f'href="/entries/{entry.slug}/" data-hit>Read-only' in page
    assert f'href="/entries/{entry.slug}/#cause">Cause</a>' in page
    assert "<mark>mounts</mark>" in page


def test_the_section_link_leads_somewhere(client: Client, make_entry: MakeEntry) -> None:
    """The anchor of a hit is an id on the entry's page."""
    entry = make_entry(more="## Was genau geschah?\n\nDas Zauberwort fehlte.")
    reindex()
    results = client.get("/search/", {"q": "Zauberwort"}).content.decode()

    anchor = results.partition(f"/entries/{entry.slug}/#")[2].partition('"')[0]
    assert anchor == "was-genau-geschah"
    assert f'id="{anchor}"' in client.get(f"/entries/{entry.slug}/").content.decode()


def test_nothing_found_offers_a_next_step(client: Client, make_entry: MakeEntry) -> None:
    """An empty answer says so and where to go on."""
    make_entry()
    reindex()
    page = client.get("/search/", {"q": "qwertzuiop"}).content.decode()

    assert "Nothing found" in page
    assert "browse all entries" in page
    assert "match it as an error" in page


def test_without_words_it_says_what_to_type(client: Client, db: None) -> None:
    """The bare address is a page too."""
    assert "Type a few words" in client.get("/search/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "in:nowhere x",
        "-",
        "before:yesterday x",
        "(" * 500,
        "<script>alert(1)</script>",
        "\x00",
    ],
)
def test_no_query_breaks_it(client: Client, make_entry: MakeEntry, query: str) -> None:
    """Whatever is typed gets a page, and comes back escaped."""
    make_entry()
    reindex()
    response = client.get("/search/", {"q": query})

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_the_words_stay_in_the_box(client: Client, db: None) -> None:
    """The answer's box holds the query."""
    assert (
        "\nlambda file</textarea>" in client.get("/search/", {"q": "lambda file"}).content.decode()
    )


def test_others_may_not_read(client: Client, settings: Settings, db: None) -> None:
    """Where reading is closed a stranger signs in first and comes back to the same search."""
    settings.KB_OPEN_READING = False

    assert client.get("/search/?q=a")["Location"] == "/sign-in/?next=/search/%3Fq%3Da"


def test_queries_do_not_grow_with_rows(client: Client, make_entry: MakeEntry) -> None:
    """Five hits cost as many queries as two."""
    counts = []
    for size in (2, 3):
        for number in range(size):
            make_entry(title=f"Read-only {size}.{number}")
        reindex()
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/", {"q": "read-only"})
        counts.append(len(queries))

    assert counts[0] == counts[1]
