"""GET /api/v1/search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kb.entries.reindex import reindex
from kb.models import Entry

MakeEntry = Callable[..., Entry]

URL = "/api/v1/search"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def index(transactional_db: None) -> None:
    """Begin with an empty index that is ready to be written."""
    reindex()


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """A hit is an entry with the section that shows why, the words marked."""
    entry = make_entry()

    answer = client.get(URL, {"q": "upload saved"}).json()

    (hit,) = answer["items"]
    assert (answer["count"], answer["notes"]) == (1, [])
    assert (hit["slug"], hit["section"], hit["heading"]) == (entry.slug, "cause", "Cause")
    assert {"text": "upload", "match": True} in hit["snippet"]


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("in:nowhere lambda", "in:nowhere is not a section"),
        ('"lambda', "The quote was left open"),
        ("lambda " * 40, "Only the first 32 words"),
        ("x" * 10_000, "Only the first 512 characters"),
        ("\x00\x1b lambda before:soon", "before:soon is not a date"),
    ],
)
def test_a_bad_query_is_explained(
    client: Client, make_entry: MakeEntry, query: str, note: str
) -> None:
    """What was not understood is said in the notes; it is no error."""
    make_entry()

    answer = client.get(URL, {"q": query})

    assert answer.status_code == 200
    assert any(note in one for one in answer.json()["notes"])


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "q: Field required"),
        ("?q=x&limit=0", "limit: Input should be greater than or equal to 1"),
        ("?q=x&limit=101", "limit: Input should be less than or equal to 100"),
        (
            "?q=x&limit=ten",
            "limit: Input should be a valid integer, unable to parse string as an integer",
        ),
    ],
)
def test_it_refuses(client: Client, query: str, detail: str) -> None:
    """A request that is not a question says which part is wrong."""
    refused = client.get(URL + query)

    assert (refused.status_code, refused.json()) == (422, {"detail": detail})


def test_it_is_closed_to_strangers_where_reading_is_closed(client: Client, settings: Any) -> None:
    """A stranger learns nothing."""
    settings.KB_OPEN_READING = False

    assert client.get(URL, {"q": "lambda"}).status_code == 401
