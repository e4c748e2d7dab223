"""POST /api/v1/match: a paste in, the entries that explain it out; nothing hostile gets further."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from kb.models import Entry, Revision, Source

MakeEntry = Callable[..., Entry]
ClientFor = Callable[..., Client]

URL = "/api/v1/match"
PASTE = "OSError: [Errno 30] Read-only file system: '/var/task/upload_99.jpg'"


def post(client: Client, body: bytes | str | dict[str, Any]) -> HttpResponse:
    """Send a body as a program would."""
    data = json.dumps(body) if isinstance(body, dict) else body
    return client.post(URL, data, content_type="application/json")


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """The entry that explains the paste comes first and says why."""
    entry = make_entry(path="aws/lambda.md")

    answer = post(client, {"text": PASTE}).json()

    best = answer["matches"][0]
    assert set(answer) == {"verdict", "matches", "units", "notes", "ms"}
    assert (answer["verdict"], best["verdict"]) == ("match", "match")
    assert (best["slug"], best["path"]) == (entry.slug, "aws/lambda.md")
    assert (best["title"], best["url"]) == (entry.title, f"/entries/{entry.slug}/")
    assert best["reasons"][0].keys() == {"kind", "text", "lines", "section", "weight"}
    assert answer["units"][0]["type"] == "OSError"


def test_nothing_known_is_an_answer(client: Client, make_entry: MakeEntry) -> None:
    """An error that nobody wrote about gets no match, but what was understood."""
    make_entry()

    answer = post(client, {"text": "ZeroDivisionError: division by zero"}).json()

    assert answer["verdict"] == "none"
    assert answer["units"][0]["type"] == "ZeroDivisionError"


def test_it_stores_nothing(client: Client, make_entry: MakeEntry) -> None:
    """A paste leaves no trace in the database."""
    make_entry()
    before = [model.objects.count() for model in (Source, Revision, Entry)]

    post(client, {"text": PASTE})

    assert [model.objects.count() for model in (Source, Revision, Entry)] == before


def test_it_needs_no_csrf_token(make_entry: MakeEntry) -> None:
    """It only reads, so a program need not fetch a token first."""
    make_entry()

    assert post(Client(enforce_csrf_checks=True), {"text": PASTE}).status_code == 200


def test_it_is_closed_to_strangers_where_reading_is_closed(
    client: Client, client_for: ClientFor, bob: User, make_entry: MakeEntry, settings: Any
) -> None:
    """A stranger gets a 401 in JSON; who is signed in gets the answer."""
    make_entry()
    settings.KB_OPEN_READING = False
    refused = post(client, {"text": PASTE})

    assert (refused.status_code, refused.json()) == (
        401,
        {"detail": "Only the team may read here; sign in first."},
    )
    assert post(client_for(bob), {"text": PASTE}).json()["verdict"] == "match"


NOT_JSON = 'The body is not JSON in UTF-8; send {"text": "what went wrong", "limit": 5}.'
NOT_AN_OBJECT = 'The body is not a JSON object; send {"text": "what went wrong", "limit": 5}.'
NO_BODY = 'There is no body; send {"text": "what went wrong", "limit": 5}.'


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b"", 422, NO_BODY),
        (b"OSError: [Errno 30]", 400, NOT_JSON),
        (b'{"text": "x", "limit": NaN}', 400, NOT_JSON),
        (b'{"text": "x", "limit": Infinity}', 400, NOT_JSON),
        (b'{"text": ' + b"[" * 100_000, 400, NOT_JSON),
        (b'{"text": "x", "limit": ' + b"9" * 5_000 + b"}", 400, NOT_JSON),
        (b'{"text": "\xff"}', 400, NOT_JSON),
        ('{"text": "x"}'.encode("utf-16"), 400, NOT_JSON),
        (b"[]", 400, NOT_AN_OBJECT),
        (b"null", 400, NOT_AN_OBJECT),
        (b"{}", 422, "text: Field required"),
        (b'{"text": null}', 422, "text: Input should be a valid string"),
        (b'{"text": ["x"]}', 422, "text: Input should be a valid string"),
        (b'{"text": "x", "limit": 0}', 422, "limit: Input should be greater than or equal to 1"),
        (b'{"text": "x", "limit": 21}', 422, "limit: Input should be less than or equal to 20"),
        (b'{"text": "x", "limit": 1e999}', 422, "limit: Input should be a finite number"),
    ],
)
def test_it_refuses(db: None, client: Client, body: bytes, status: int, detail: str) -> None:
    """What is not a paste is refused in words that say what to send."""
    refused = post(client, body)

    assert (refused.status_code, refused.json()) == (status, {"detail": detail})


def test_it_refuses_lone_surrogates(db: None, client: Client) -> None:
    """Half a character is no text."""
    refused = post(client, b'{"text": "\\ud800"}')

    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("text: Half a character")


def test_it_reads_json_with_a_byte_order_mark(db: None, client: Client) -> None:
    """Some tools on Windows begin every file so."""
    assert post(client, b'\xef\xbb\xbf{"text": "x"}').status_code == 200


def test_the_size_limit_holds(db: None, client: Client, settings: Any) -> None:
    """A paste at the limit is read, one byte more is refused."""
    settings.KB_PASTE_BYTES = 1000

    assert post(client, {"text": "x" * 1000}).status_code == 200
    refused = post(client, {"text": "x" * 1001})
    assert refused.status_code == 413
    assert "send the part around the error" in refused.json()["detail"]


def test_a_body_beyond_djangos_limit_is_refused_in_json(
    db: None, client: Client, settings: Any
) -> None:
    """The limit on whole requests answers alike."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    refused = post(client, {"text": "x" * 1001})

    assert refused.status_code == 413
    assert "send the part around the error" in refused.json()["detail"]


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_post_is_understood(db: None, client: Client, method: str) -> None:
    """A paste never travels in an address."""
    assert getattr(client, method)(URL).status_code == 405


hostile = st.one_of(
    st.binary(max_size=300),
    st.text(st.characters(exclude_categories=()), max_size=200).map(
        lambda text: json.dumps({"text": text}).encode()
    ),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["text", "limit", "x"]), inner, max_size=3)
        ),
    ).map(lambda value: json.dumps(value).encode()),
)


@given(hostile)
@profile(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.django_db
def test_no_body_makes_it_fail(client: Client, body: bytes) -> None:
    """Bytes, surrogates, odd values: the answer is JSON and never a server error."""
    answer = post(client, body)

    assert answer.status_code in (200, 400, 422)
    assert ("verdict" if answer.status_code == 200 else "detail") in answer.json()
