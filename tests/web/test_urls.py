"""Who may open which address: one table; an address without a row fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pytest_django import Settings

from kb.entries.save import save
from kb.models import Entry, Run, RunFile
from kb.search import get_index
from tests.conftest import ClientFor, MakeEntry

# The statuses of a stranger, a reader, a writer and an admin: where reading is open, where it is not.
TABLE = """
home                        GET   200 200 200 200   302 200 200 200
home                        POST  405 405 405 405   302 405 405 405
find                        GET   200 200 200 200   302 200 200 200
find                        POST  302 302 302 302   302 302 302 302
search                      GET   200 200 200 200   302 200 200 200
search                      POST  405 405 405 405   302 405 405 405
browse                      GET   200 200 200 200   302 200 200 200
browse                      POST  405 405 405 405   302 405 405 405
entry                       GET   200 200 200 200   302 200 200 200
entry                       POST  405 405 405 405   302 405 405 405
source                      GET   200 200 200 200   302 200 200 200
source                      POST  405 405 405 405   302 405 405 405
raw                         GET   200 200 200 200   302 200 200 200
raw                         POST  405 405 405 405   302 405 405 405
tags                        GET   200 200 200 200   302 200 200 200
tags                        POST  405 405 405 405   302 405 405 405
tag                         GET   200 200 200 200   302 200 200 200
tag                         POST  405 405 405 405   302 405 405 405
revisions                   GET   200 200 200 200   302 200 200 200
revisions                   POST  405 405 405 405   302 405 405 405
revision                    GET   200 200 200 200   302 200 200 200
revision                    POST  405 405 405 405   302 405 405 405
diff                        GET   200 200 200 200   302 200 200 200
diff                        POST  405 405 405 405   302 405 405 405

new                         GET   302 403 200 200   302 403 200 200
new                         POST  302 403 302 302   302 403 302 302
preview                     GET   302 403 405 405   302 403 405 405
preview                     POST  302 403 200 200   302 403 200 200
edit                        GET   302 403 200 200   302 403 200 200
edit                        POST  302 403 302 302   302 403 302 302
archive                     GET   302 403 405 405   302 403 405 405
archive                     POST  302 403 302 302   302 403 302 302
restore                     GET   302 403 405 405   302 403 405 405
restore                     POST  302 403 302 302   302 403 302 302

transfer                    GET   302 403 200 200   302 403 200 200
transfer                    POST  302 403 422 422   302 403 422 422
export                      GET   302 403 200 200   302 403 200 200
export                      POST  302 403 405 405   302 403 405 405
runs                        GET   302 403 200 200   302 403 200 200
runs                        POST  302 403 405 405   302 403 405 405
run                         GET   302 403 200 200   302 403 200 200
run                         POST  302 403 405 405   302 403 405 405
run_file                    GET   302 403 200 200   302 403 200 200
run_file                    POST  302 403 405 405   302 403 405 405

sign_in                     GET   200 302 302 302   200 302 302 302
sign_in                     POST  200 302 302 302   200 302 302 302
sign_out                    GET   405 405 405 405   405 405 405 405
sign_out                    POST  302 302 302 302   302 302 302 302
welcome                     GET   404 404 404 404   404 404 404 404
welcome                     POST  404 404 404 404   404 404 404 404
set_password                GET   200 200 200 200   200 200 200 200
set_password                POST  200 200 200 200   200 200 200 200
people                      GET   302 403 403 200   302 403 403 200
people                      POST  302 403 403 200   302 403 403 200
person                      GET   302 403 403 200   302 403 403 200
person                      POST  302 403 403 200   302 403 403 200

healthz                     GET   200 200 200 200   200 200 200 200
healthz                     POST  405 405 405 405   405 405 405 405
readyz                      GET   200 200 200 200   200 200 200 200
readyz                      POST  405 405 405 405   405 405 405 405

api:openapi-json            GET   200 200 200 200   200 200 200 200
api:openapi-json            POST  200 200 200 200   200 200 200 200
api:match                   GET   405 405 405 405   405 405 405 405
api:match                   POST  200 200 200 200   401 200 200 200
api:search                  GET   200 200 200 200   401 200 200 200
api:search                  POST  405 405 405 405   405 405 405 405
api:entries                 GET   200 200 200 200   401 200 200 200
api:entries                 POST  405 405 405 405   405 405 405 405
api:entry                   GET   200 200 200 200   401 200 200 200
api:entry                   POST  405 405 405 405   405 405 405 405
api:api-root                GET   404 404 404 404   404 404 404 404
api:api-root                POST  404 404 404 404   404 404 404 404

admin:login                 GET   302 403 403 403   302 403 403 403
admin:login                 POST  302 403 403 403   302 403 403 403
admin:*                     GET   302 302 302 302   302 302 302 302
admin:*                     POST  302 302 302 302   302 302 302 302
"""
# The Django admin is for superusers: to it every member of the cast is a stranger.

TEXT = "# Written by the table\n\n## Cause\n\nIt had to be.\n"
FORMS: dict[str, dict[str, Any]] = {
    "find": {"text": "boom"},
    "new": {"text": TEXT, "base": 0},
    "preview": {"text": TEXT, "base": 0},
    "edit": {"text": TEXT, "base": 2},
    "archive": {"archived": "1"},
    "restore": {"base": 2},
    "sign_in": {"username": "nobody", "password": "wrong"},
    "people": {"username": "erin", "role": "reader"},
    "person": {"do": "link"},
    "api:match": {"text": "boom"},
}
ROUTES = {r"^(?P<app_label>kb)/$": "kb/", r"(?P<url>.*)$": "nothing"}
REFUSALS = {403, 404, 405}
OPEN, CLOSED = True, False


def walk(resolver: URLResolver, space: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and route of every address."""
    for part in resolver.url_patterns:
        here = route + ROUTES.get(str(part.pattern), str(part.pattern))
        if isinstance(part, URLResolver):
            yield from walk(part, f"{part.namespace}:" if part.namespace else space, here)
        else:
            assert isinstance(part, URLPattern)
            yield space + (part.name or ""), here


ADDRESSES = list(walk(get_resolver()))
ROWS = {
    (name, method): {OPEN: statuses[:4], CLOSED: statuses[4:]}
    for name, method, *statuses in (line.split() for line in TABLE.split("\n") if line)
}


def find_row(name: str, method: str) -> dict[bool, list[str]] | None:
    """Return the row of an address, or of its whole space."""
    return ROWS.get((name, method)) or ROWS.get((f"{name.partition(':')[0]}:*", method))


@pytest.fixture
def entry(make_entry: MakeEntry) -> Entry:
    """Return an entry with two revisions and an index that has been built."""
    entry = make_entry()
    text = f"{entry.source.newest().text}\nMore.\n"
    save(text, author=None, path=entry.source.path, base=1)
    get_index().rebuild([])
    run = Run.objects.create(started=timezone.now(), what="notes.zip")
    run.files.create(path="notes.md", status="created")
    entry.source.refresh_from_db()
    return entry


@pytest.fixture
def cast(charlie: AnonymousUser, bob: User, alice: User, dana: User) -> list[AnonymousUser | User]:
    """Return a stranger, a reader, a writer and an admin."""
    return [charlie, bob, alice, dana]


def fill(route: str, entry: Entry, user: User) -> str:
    """Return an address that leads somewhere."""
    slugs = {"sources": entry.source.slug, "tags": entry.tags.first().slug}  # type: ignore[union-attr]  # it has tags
    noun = route.split("/", maxsplit=1)[0]
    pk = Run.objects.latest("pk").pk if noun == "runs" else user.pk
    slug = slugs.get(noun, entry.slug)
    numbers = {"number": 1, "old": 1, "new": 2, "pk": pk, "file": RunFile.objects.latest("pk").pk}
    values = {"slug": slug} | {name: str(value) for name, value in numbers.items()}
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "1"), route)
    return f"/{path}?q=disk" if route == "api/v1/search" else f"/{path}"


def send(client: Client, method: str, name: str, path: str) -> int:
    """Send what a browser or program would."""
    form = FORMS.get(name, {})
    if method == "GET":
        response = client.get(path)
        response.getvalue()  # a download stays open until it is read
        return response.status_code
    if name.startswith("api:"):
        return client.post(path, json.dumps(form), content_type="application/json").status_code
    return client.post(path, form).status_code


def count_rows() -> dict[str, Any]:
    """Return a picture of everything stored, but for sessions."""
    models = [model for model in apps.get_models() if model._meta.app_label != "sessions"]
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models
    }


def test_every_address_has_a_row() -> None:
    """An address that is not in the table has not been thought about."""
    named = {(name, method) for name, _ in ADDRESSES for method in ("GET", "POST")}

    assert [key for key in sorted(named) if find_row(*key) is None] == []


def test_every_row_has_an_address() -> None:
    """The table speaks of nothing that is gone."""
    names = {name for name, _ in ADDRESSES} | {"admin:*"}

    assert {name for name, _ in ROWS} - names == set()


@contextmanager
def undone() -> Iterator[None]:
    """Take back everything that was written."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("reading", [OPEN, CLOSED], ids=["open", "closed"])
def test_they_answer_each_as_the_table_says(
    entry: Entry,
    cast: list[AnonymousUser | User],
    client_for: ClientFor,
    settings: Settings,
    method: str,
    *,
    reading: bool,
) -> None:
    """Every address gives each of the cast the status of its row."""
    settings.KB_OPEN_READING = reading
    answers, expected = {}, {}
    for name, route in ADDRESSES:
        row = find_row(name, method)
        assert row
        expected[route] = row[reading]
        with undone():
            path = fill(route, entry, cast[1])
            answers[route] = [str(send(client_for(user), method, name, path)) for user in cast]

    assert answers == expected


def test_a_get_changes_nothing(entry: Entry, dana: User, bob: User, client_for: ClientFor) -> None:
    """Opening any address leaves everything stored as it was, even for an admin."""
    admin, before = client_for(dana), count_rows()
    for name, route in ADDRESSES:
        send(admin, "GET", name, fill(route, entry, bob))

    assert count_rows() == before


def test_nothing_is_written_from_elsewhere(entry: Entry, dana: User, bob: User) -> None:
    """A form that another site makes a signed-in admin send is refused, or changes nothing."""
    foreign = Client(enforce_csrf_checks=True)
    foreign.force_login(dana)
    before = count_rows()
    taken = {
        route
        for name, route in ADDRESSES
        if send(foreign, "POST", name, fill(route, entry, bob)) not in REFUSALS
    }

    assert count_rows() == before
    assert taken == {"api/v1/match"}  # it only reads; see kb/api/operations.py
