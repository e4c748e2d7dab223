"""Pages for what went wrong: plain words, the box and a next step."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from kb.web import failures
from tests.conftest import ClientFor


def has_box(page: str) -> bool:
    """Tell whether a page has the box and a way on."""
    return 'action="/find/"' in page and '<p class="actions"><a href=' in page


def test_it_works(client: Client, db: None) -> None:
    """An address that leads nowhere gets a page with the box and a next step."""
    response = client.get("/nothing/here/")
    page = response.content.decode()

    assert response.status_code == 404
    assert "Nothing is here" in page
    assert has_box(page)


def test_what_was_asked_is_not_repeated(client: Client, db: None) -> None:
    """The address is not echoed into the page."""
    assert b"evil" not in client.get("/evil<b>/").content


def test_who_may_not_is_told_whom_to_ask(bob: User, client_for: ClientFor) -> None:
    """A reader who tries to write gets a page that says what to do."""
    response = client_for(bob).get("/new/")

    assert response.status_code == 403
    assert "Ask an admin" in response.content.decode()


@pytest.mark.parametrize(
    ("exception", "status", "words"),
    [
        (ValueError("odd"), 400, "could not be read"),
        (RequestDataTooBig("big"), 413, "more than 8 MB"),
    ],
)
def test_bad_requests_are_told_apart(
    rf: RequestFactory, db: None, exception: Exception, status: int, words: str
) -> None:
    """A request that cannot be read and one that is too big get pages of their own."""
    response = failures.bad_request(rf.get("/"), exception)

    assert response.status_code == status
    assert words in response.content.decode()


def test_an_expired_form_says_what_to_do(rf: RequestFactory, db: None) -> None:
    """A token that does not fit is explained without jargon."""
    response = failures.form_expired(rf.post("/"), "CSRF cookie not set.")

    assert response.status_code == 403
    assert "has expired" in response.content.decode()
    assert b"cookie" not in response.content.lower().partition(b"<main")[2]


def test_a_fault_of_ours_asks_nothing_of_the_database(rf: RequestFactory, db: None) -> None:
    """The page for our own faults works when the database is the fault."""
    with CaptureQueriesContext(connection) as queries:
        response = failures.server_error(rf.get("/"))

    assert response.status_code == 500
    assert has_box(response.content.decode())
    assert b'name="csrfmiddlewaretoken"' in response.content
    assert len(queries) == 0


def test_a_crashing_view_ends_there(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """A view that fails is answered with that page, without a word of what failed."""

    def crash(request: HttpRequest) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("kb.web.find.show_home", crash)
    response = Client(raise_request_exception=False).get("/")

    assert response.status_code == 500
    assert "went wrong on our side" in response.content.decode()
    assert b"secret" not in response.content


def test_a_part_fails_as_a_part(client: Client, db: None) -> None:
    """Htmx gets the failure's main part, to show in place."""
    page = client.get("/nothing/", headers={"HX-Request": "true"}).content.decode()

    assert page.startswith("<title>Nothing is here")
