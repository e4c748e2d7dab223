"""GET /api/v1/entries and /api/v1/entries/<slug>."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.models import Entry

MakeEntry = Callable[..., Entry]
ClientFor = Callable[..., Client]

URL = "/api/v1/entries"


@pytest.fixture
def five(make_entry: MakeEntry) -> list[str]:
    """Save five entries and return their slugs, last changed first."""
    for number in range(5):
        make_entry(title=f"Trouble {number}", path=f"{number}.md", tags=f"t{number % 2}")
    return list(Entry.objects.values_list("slug", flat=True))


def slugs(client: Client, query: str = "") -> list[str]:
    """Return the slugs of one part of the list."""
    return [item["slug"] for item in client.get(URL + query).json()["items"]]


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """Each entry is listed with where it stands and what it is about."""
    entry = make_entry(path="aws/lambda.md")

    answer = client.get(URL).json()

    assert answer["count"] == 1
    assert answer["items"] == [
        {
            "slug": entry.slug,
            "path": "aws/lambda.md",
            "title": entry.title,
            "error": entry.error,
            "summary": entry.summary,
            "status": "validated",
            "severity": "",
            "date": None,
            "tags": ["aws", "python"],
            "url": f"/entries/{entry.slug}/",
            "changed": answer["items"][0]["changed"],
        }
    ]


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("", slice(0, 5)),
        ("?limit=2", slice(0, 2)),
        ("?limit=2&offset=1", slice(1, 3)),
        ("?limit=2&page=2", slice(2, 4)),
        ("?limit=2&page=3", slice(4, 5)),
        ("?limit=2&page=9", slice(0, 0)),
        ("?offset=10000000", slice(0, 0)),
        ("?tag=t0", slice(0, 5, 2)),
    ],
)
def test_it_pages(client: Client, five: list[str], query: str, part: slice) -> None:
    """Offset or page number lead through the list; the count stays that of the whole."""
    assert slugs(client, query) == five[part]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("?limit=0", "limit: Input should be greater than or equal to 1"),
        ("?limit=101", "limit: Input should be less than or equal to 100"),
        ("?tag=%00", "tag: String should match pattern '^[-\\w]*$'"),
        ("?offset=-1", "offset: Input should be greater than or equal to 0"),
        ("?offset=99999999999999999999", "offset: Input should be less than or equal to 10000000"),
    ],
)
def test_it_refuses(db: None, client: Client, query: str, detail: str) -> None:
    """A part that cannot be is refused with the limit in words."""
    refused = client.get(URL + query)

    assert (refused.status_code, refused.json()) == (422, {"detail": detail})


def test_one_entry_has_its_sections(client: Client, make_entry: MakeEntry) -> None:
    """An entry by its slug comes with everything that is written in it."""
    entry = make_entry()

    answer = client.get(f"{URL}/{entry.slug}").json()

    assert (answer["slug"], answer["tags"]) == (entry.slug, ["aws", "python"])
    kinds = {part["kind"]: part for part in answer["sections"]}
    assert set(kinds) == {"error", "cause", "fix", "lessons"}
    assert kinds["fix"]["heading"] == "Fix"
    assert "Write only under `/tmp`." in kinds["fix"]["text"]


@pytest.mark.parametrize("slug", ["nothing", "a" * 300])
def test_no_such_entry(db: None, client: Client, slug: str) -> None:
    """An unknown slug is a 404 that says where to look."""
    missing = client.get(f"{URL}/{slug}")

    assert missing.status_code == 404
    assert "GET /api/v1/entries" in missing.json()["detail"]


@pytest.mark.parametrize("slug", ["%00", "%ED%A0%80", "a%2Fb", "a b"])
def test_what_cannot_be_a_slug_is_not_found(db: None, client: Client, slug: str) -> None:
    """An address that no entry can have never reaches the database."""
    assert client.get(f"{URL}/{slug}").status_code == 404


def test_archived_entries_are_as_if_unknown(
    client_for: ClientFor, make_entry: MakeEntry, alice: User, bob: User
) -> None:
    """A reader gets the same answer for what was archived as for what never was."""
    entry = make_entry()
    Entry.objects.update(archived=True)
    reader, writer = client_for(bob), client_for(alice)

    unknown = reader.get(f"{URL}/nothing")
    archived = reader.get(f"{URL}/{entry.slug}")
    assert (archived.status_code, archived.content) == (404, unknown.content)
    assert reader.get(URL).json()["count"] == 0
    assert writer.get(f"{URL}/{entry.slug}").status_code == 200


@pytest.mark.parametrize("path", ["", "/nothing"])
def test_it_is_closed_to_strangers_where_reading_is_closed(
    db: None, client: Client, settings: Any, path: str
) -> None:
    """A stranger learns nothing, not even what there is not."""
    settings.KB_OPEN_READING = False

    assert client.get(URL + path).status_code == 401


def test_queries_do_not_grow_with_rows(client: Client, make_entry: MakeEntry) -> None:
    """A list of five costs as many queries as a list of one."""
    make_entry(path="first.md")
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for number in range(4):
        make_entry(path=f"{number}.md")
    with CaptureQueriesContext(connection) as many:
        client.get(URL)

    assert len(many) <= len(few)


def test_it_describes_itself(client: Client, settings: Any) -> None:
    """The OpenAPI description names every operation and no documentation page of foreign origin."""
    described = client.get("/api/v1/openapi.json").json()

    assert described["info"]["title"] == "Rootnote"
    assert set(described["paths"]) == {
        "/api/v1/match",
        "/api/v1/search",
        "/api/v1/entries",
        "/api/v1/entries/{slug}",
    }
    assert client.get("/api/v1/docs").status_code == 404
