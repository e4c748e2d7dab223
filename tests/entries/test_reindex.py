"""The index follows the database, and comes back from it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from kb.entries import reindex as room
from kb.entries.reindex import heal, heal_soon, index_stale, reindex
from kb.entries.save import archive, save
from kb.models import Entry
from kb.search import get_index, reset_index
from kb.search.index import IndexBlocked, IndexBusy, IndexUnavailable, Query

MakeEntry = Callable[..., Entry]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one healing follow the other at once."""
    monkeypatch.setattr(room, "REST", 0.0)


def found(word: str) -> list[int]:
    """Return the ids that the index holds for a word."""
    return [hit.id for hit in get_index().search(Query((word,)), 10)]


def refuse(error: Exception) -> Callable[..., Any]:
    """Return a function that raises."""

    def call(*args: Any, **kwargs: Any) -> Any:
        raise error

    return call


def test_stale_entries_are_taken(make_entry: MakeEntry) -> None:
    """What was saved is found once the stale are taken, and is stale no more."""
    entry = make_entry(title="Gasket")

    assert index_stale() == 1
    assert found("gasket") == [entry.pk]
    assert not Entry.objects.stale().exists()


@pytest.mark.django_db(transaction=True)
def test_a_save_is_found_at_once(make_entry: MakeEntry) -> None:
    """When a save has committed, its entry is in the index."""
    entry = make_entry(title="Gasket")

    assert found("gasket") == [entry.pk]


def test_what_is_archived_leaves(make_entry: MakeEntry, alice: User) -> None:
    """An archived entry is not found any more."""
    entry = make_entry(title="Gasket")
    index_stale()
    archive(entry.source, author=alice, archived=True)
    index_stale()

    assert found("gasket") == []


def test_a_busy_writer_leaves_the_rows_stale(
    make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save never fails for the index's sake; the next one takes the row along."""
    make_entry()
    with monkeypatch.context() as patch:
        patch.setattr(type(get_index()), "put", refuse(IndexBusy("another writer")))
        reindex()
        Entry.objects.update(stale=True)
        assert index_stale() == 0
    make_entry(title="Another")

    assert index_stale() == 2


def test_a_blocked_index_is_left_alone(
    make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system keeps us out, nothing is rebuilt, and heal says why."""
    make_entry()
    monkeypatch.setattr(type(get_index()), "count", refuse(IndexBlocked("no permission")))
    monkeypatch.setattr(type(get_index()), "put", refuse(IndexBlocked("no permission")))
    monkeypatch.setattr(type(get_index()), "rebuild", refuse(AssertionError("rebuilt")))

    assert index_stale() == 0
    assert "no permission" in heal()


def test_a_missing_index_is_rebuilt(make_entry: MakeEntry, settings: Settings) -> None:
    """Whoever removes the folder loses nothing."""
    entry = make_entry(title="Gasket")
    reindex()
    shutil.rmtree(Path(settings.KB_DATA_DIR, "index"))
    reset_index()
    with pytest.raises(IndexUnavailable):
        found("gasket")

    assert heal() == "Index rebuilt from the database: 1 entries."
    assert found("gasket") == [entry.pk]
    assert heal() == "Index ready: 1 entries."


def test_an_index_with_too_much_is_rebuilt(make_entry: MakeEntry) -> None:
    """Heal compares the index with the database."""
    first, second = make_entry(title="Gasket"), make_entry(title="Turbine")
    reindex()
    Entry.objects.filter(pk=second.pk).update(archived=True)

    assert "rebuilt" in heal()
    assert found("gasket") == [first.pk]


def test_a_large_base_is_rebuilt_beside_the_save(
    make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save does not wait for a long rebuild."""
    make_entry()
    asked: list[bool] = []
    monkeypatch.setattr(room, "QUICK", 0)
    monkeypatch.setattr(room, "heal_soon", lambda: asked.append(True))

    assert index_stale() == 0
    assert asked == [True]


def test_one_healer_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many readers meet a damaged index, one thread mends it."""
    calls, hold, entered = [], threading.Event(), threading.Event()

    def heal_slowly() -> str:
        calls.append(1)
        entered.set()
        hold.wait(10)
        return "healed"

    monkeypatch.setattr(room, "heal", heal_slowly)
    monkeypatch.setattr(
        room, "connection", type("Nothing", (), {"close": staticmethod(lambda: None)})
    )
    heal_soon()
    assert entered.wait(10)
    heal_soon()
    hold.set()
    for thread in threading.enumerate():
        if thread.name == "heal-index":
            thread.join(10)

    assert calls == [1]


def test_a_failing_healer_lets_the_next_one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """A healer that fails says so and gives way."""
    monkeypatch.setattr(room, "heal", refuse(OSError("disk")))
    monkeypatch.setattr(
        room, "connection", type("Nothing", (), {"close": staticmethod(lambda: None)})
    )
    for _ in range(2):
        heal_soon()
        for thread in threading.enumerate():
            if thread.name == "heal-index":
                thread.join(10)

    assert not room._healing.locked()


def test_a_row_saved_again_meanwhile_stays_stale(
    make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changed while it was being indexed is indexed again."""
    entry = make_entry()
    reindex()
    index = type(get_index())
    put = index.put

    def put_and_change(self: Any, docs: Any) -> None:
        put(self, docs)
        Entry.objects.filter(pk=entry.pk).update(changed=timezone.now(), stale=True)
        monkeypatch.setattr(index, "put", put)

    Entry.objects.update(stale=True)
    monkeypatch.setattr(index, "put", put_and_change)

    assert index_stale() == 2
    assert not Entry.objects.stale().exists()


def test_every_section_can_be_found() -> None:
    """Titles, errors, codes, calls, tags and every part of the text are in the index."""
    text = (
        "---\ntags: [orchard]\n---\n# Gasket\n\n## Error\n\n```\nTraceback (most recent call last):\n"
        '  File "a/depot.py", line 1, in pick_turbine\n    x\nLedgerError: code BEACON_LOST\n```\n\n'
        "## Cause\n\nlantern\n\n## Fix\n\nmarble\n\n## Lessons\n\npiston\n\n## Odd\n\nharbor\n"
    )
    (entry,) = save(text, author=None, path="a.md", base=0).entries
    reindex()

    words = ["gasket", "ledgererror", "beacon_lost", "pick_turbine", "orchard", "lantern", "marble"]
    assert {word: found(word) for word in [*words, "piston", "harbor"]} == {
        word: [entry.pk] for word in [*words, "piston", "harbor"]
    }


@pytest.mark.parametrize("error", [IndexBusy("another rebuild"), IndexBlocked("disk full")])
def test_a_rebuild_that_cannot_be_had_fails_no_save(
    make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """When the index is damaged and cannot be rebuilt now either, the entry stays stale."""
    make_entry()
    monkeypatch.setattr(type(get_index()), "put", refuse(IndexUnavailable("damaged")))
    monkeypatch.setattr(type(get_index()), "rebuild", refuse(error))

    assert index_stale() == 0
    assert Entry.objects.stale().count() == 1
