"""/healthz and /readyz: what a supervisor asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client

from kb.entries.reindex import reindex
from kb.models import Entry
from kb.search.index import IndexUnavailable
from kb.web import health

MakeEntry = Callable[..., Entry]


def test_healthz_needs_no_database(client: Client) -> None:
    """A process that runs says so, whatever the state of its stores."""
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db(transaction=True)
def test_readyz_says_ready(client: Client, make_entry: MakeEntry) -> None:
    """When every store answers, readers can be let in; nothing waits for the index."""
    make_entry()
    reindex()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ready", "database": "ok", "migrations": "ok", "index": "ok", "stale": 0},
    )


def test_readyz_counts_what_waits(client: Client, make_entry: MakeEntry) -> None:
    """Entries that the index has not seen are counted; they do not stop reading."""
    make_entry()
    reindex()
    Entry.objects.update(stale=True)

    assert client.get("/readyz").json()["stale"] == 1


def test_readyz_without_an_index(client: Client, db: None) -> None:
    """A missing index is named with what to do."""
    with patch.object(health, "get_index", side_effect=IndexUnavailable("gone")):
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert answer.json()["index"] == "not open; run manage.py reindex"


def test_readyz_with_waiting_migrations(client: Client, db: None) -> None:
    """Tables of an older version are named; once they are right the answer changes."""
    health._applied.cache_clear()
    with patch.object(health.MigrationExecutor, "migration_plan", return_value=["one"]):
        waiting = client.get("/readyz")

    assert waiting.status_code == 503
    assert waiting.json()["migrations"] == "missing; run manage.py migrate"
    assert client.get("/readyz").json()["migrations"] == "ok"


def test_readyz_without_a_database(client: Client, db: None) -> None:
    """A dead database is named without its secrets, and no count is made up."""
    health._applied.cache_clear()
    broken = DatabaseError("password=hunter2")
    with (
        patch.object(health, "connection") as connection,
        patch.object(health, "MigrationExecutor", side_effect=broken),
        patch.object(health.Entry.objects, "stale", side_effect=broken),
    ):
        connection.cursor.side_effect = broken
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["database"].startswith("does not answer")
    assert "stale" not in answer.json()
    assert b"hunter2" not in answer.content


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
def test_they_only_answer_questions(client: Client, db: None, url: str) -> None:
    """They are open to everyone, never cached, and nothing can be sent to them."""
    assert client.get(url).headers["Cache-Control"].startswith("max-age=0")
    assert client.post(url).status_code == 405


def test_they_answer_where_reading_is_closed(client: Client, db: None, settings: Any) -> None:
    """A supervisor has no account."""
    settings.KB_OPEN_READING = False

    assert client.get("/healthz").status_code == 200
