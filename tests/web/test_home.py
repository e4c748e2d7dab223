"""Home: the box, how much is known, and where to begin; what has no data is left out."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.conftest import ClientFor, MakeEntry


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """Home shows the focused box, the count and what was written last."""
    make_entry()
    page = client.get("/").content.decode()

    assert 'name="text" rows="1"' in page
    assert " autofocus" in page
    assert ">1 entry</a>" in page
    assert "Read-only file system in Lambda" in page
    assert "By tag" in page


def test_an_empty_base_says_how_to_begin(
    client: Client, alice: User, client_for: ClientFor
) -> None:
    """Without entries there are no empty lists, but a next step that the visitor may take."""
    stranger = client.get("/").content.decode()
    writer = client_for(alice).get("/").content.decode()

    assert "Recently written" not in stranger + writer
    assert "sign in</a> if that is you" in stranger
    assert "write the first entry" in writer


def test_what_has_no_data_is_left_out(client: Client, make_entry: MakeEntry) -> None:
    """Entries without tags leave no empty tag list behind."""
    make_entry(tags="")

    assert "By tag" not in client.get("/").content.decode()


def test_what_is_archived_is_for_writers(
    client: Client, alice: User, client_for: ClientFor, make_entry: MakeEntry
) -> None:
    """A stranger neither sees nor counts an archived entry."""
    make_entry(status="archived")

    assert "Read-only" not in client.get("/").content.decode()
    assert "Read-only" in client_for(alice).get("/").content.decode()


def test_queries_do_not_grow_with_rows(client: Client, make_entry: MakeEntry) -> None:
    """Five entries cost as many queries as one."""
    counts = []
    for size in (1, 4):
        for number in range(size):
            make_entry(title=f"Trouble {size}.{number}", tags=f"tag{size}{number}")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_strangers_sign_in_where_reading_is_closed(client: Client, settings: Settings) -> None:
    """Closed reading leads to the sign-in page and back."""
    settings.KB_OPEN_READING = False

    assert client.get("/")["Location"] == "/sign-in/?next=/"


def test_it_takes_no_post(client: Client, db: None) -> None:
    """The box posts elsewhere; home is only read."""
    assert client.post("/").status_code == 405


def test_everything_comes_from_our_own_origin(client: Client, make_entry: MakeEntry) -> None:
    """The page carries no inline script, style or event, and the strict policy that forbids them."""
    make_entry()
    response = client.get("/")
    page = response.content.decode()

    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert page.count("<script") == page.count("<script src=")
    assert not [
        word for word in ("<style", "style=", "onclick=", "hx-on", "http://") if word in page
    ]
