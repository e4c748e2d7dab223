"""The index follows the database whatever happens to it, and no save suffers from it."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.entries import reindex as indexing
from kb.entries.browse import search
from kb.entries.reindex import doc_of, heal, heal_soon, index_stale, reindex
from kb.entries.save import archive
from kb.models import OPERATOR, Entry, Source
from kb.search import get_index, reset_index
from kb.search.index import Doc, IndexBlocked, IndexBusy, IndexUnavailable, Query
from tests.entries.texts import NOTE, guide, put, trouble

pytestmark = pytest.mark.django_db(transaction=True)

IN_THE_WAY = [IndexBlocked("No room."), IndexBusy("Another run."), IndexUnavailable("Still bad.")]


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one healing follow the other at once."""
    monkeypatch.setattr(indexing, "REST", 0.0)


@pytest.fixture
def folder(data_dir: Path) -> Path:
    """Return where the index lies."""
    reindex()
    return data_dir / "index" / "whoosh"


def put_many(count: int) -> None:
    """Save so many notes that the index has not seen."""
    for number in range(count):
        put(NOTE.replace("Disk full", f"Disk {number}"), path=f"{number}.md", index=False)


def stale() -> int:
    """Return how many entries wait for the index."""
    return Entry.objects.stale().count()


def found(words: str) -> list[str]:
    """Return the slugs that words find."""
    return [hit.entry.slug for hit in search(words, OPERATOR).hits]


def held() -> set[int]:
    """Return the ids that the index holds."""
    return {hit.id for hit in get_index().search(Query(("disk",)), 1_000)}


# After a save


def test_it_works(db: None) -> None:
    """A saved text is found at once; a changed one by its new words alone."""
    put()
    assert (found("prune images"), stale()) == (["disk-full"], 0)
    put(NOTE.replace("Prune", "Vacuum"), 1)

    assert (found("vacuum images"), found("prune")) == (["disk-full"], [])
    assert get_index().count() == 1


def test_archived_entries_leave_the_index(db: None) -> None:
    """An archived Source, and an entry that went from its text, are found no more; and come back."""
    put(guide(trouble("Disk full"), trouble("Login fails")))
    source = put(guide(trouble("Login fails"), trouble("Proxy answers 502")), 1).source
    assert (get_index().count(), held()) == (2, set())
    archive(source, author=None, archived=True)
    assert (get_index().count(), stale()) == (0, 0)
    archive(source, author=None, archived=False)

    assert (get_index().count(), found("login")) == (2, ["login-fails"])


def test_an_unchanged_entry_is_not_indexed_again(db: None) -> None:
    """Of a long guide only what changed costs time."""
    put(guide(*(trouble(f"Disk {number} full") for number in range(9))))
    index = get_index()
    with patch.object(index, "put", wraps=index.put) as written:
        put(guide(*(trouble(f"Disk {n} full", body="New." * (n == 4)) for n in range(9))), 1)

    (docs,) = written.call_args.args
    assert [doc.fields["title"] for doc in docs] == ["Disk 4 full"]


def test_without_index_entries_wait(db: None) -> None:
    """Many saves in a row are indexed together afterwards, in batches."""
    put_many(7)
    assert stale() == 7
    with patch.object(indexing, "BATCH", 3):
        assert index_stale() == 7

    assert (stale(), get_index().count()) == (0, 7)


# Rows that change while they are indexed


@pytest.mark.parametrize("act", [index_stale, reindex, heal])
def test_a_row_saved_while_it_is_indexed_ends_up_as_saved(act: Callable[[], Any]) -> None:
    """Though the other's newer words were in the index first, ours do not stay there."""
    reindex()
    put(index=False)
    index, method = get_index(), "rebuild" if act is reindex else "put"
    really, saved = getattr(index, method), []

    def write(docs: Any, *how: Any) -> Any:
        docs = list(docs)
        if not saved and any("Prune" in doc.fields["fix"] for doc in docs):
            saved.append(True)
            put(NOTE.replace("Prune", "Vacuum"), 1)
        return really(docs, *how)

    with patch.object(index, method, write):
        act()

    assert saved
    assert (found("vacuum"), found("prune"), stale()) == (["disk-full"], [], 0)


def test_a_row_changed_since_it_was_seen_is_stale(db: None) -> None:
    """Its mark is set again even if its own save had cleared it; the others' are cleared."""
    put_many(2)
    first, second = Entry.objects.order_by("pk")
    seen = [(first.pk, first.changed), (second.pk, second.changed)]
    Entry.objects.filter(pk=first.pk).update(changed=timezone.now(), stale=False)
    indexing._mark_fresh(seen)

    assert list(Entry.objects.stale()) == [first]


def test_archiving_during_a_rebuild_is_not_forgotten(db: None) -> None:
    """An entry that the rebuild still read, and that was archived meanwhile, leaves the index."""
    put_many(3)
    index = get_index()
    really = index.rebuild

    def rebuild(docs: Iterator[Doc], *how: Any) -> int:
        read = list(docs)
        with patch.object(indexing, "_index_batches", side_effect=IndexBusy("busy")):
            archive(Source.objects.get(path="1.md"), author=None, archived=True)
        return really(read, *how)

    with patch.object(index, "rebuild", rebuild):
        reindex()

    assert (index.count(), stale()) == (2, 0)


# Damage


def break_meta(folder: Path) -> None:
    """Leave half a file that names the build."""
    (folder / "meta.json").write_text('{"backend": "whoo')


def break_build(folder: Path) -> None:
    """Empty every file of the build."""
    for path in folder.glob("*/*"):
        path.write_bytes(b"")


def turn_foreign(folder: Path) -> None:
    """Make it the index of another version."""
    meta = folder / "meta.json"
    meta.write_text(meta.read_text().replace('"schema": ', '"schema": 9'))


@pytest.fixture(
    params=[shutil.rmtree, break_meta, break_build, turn_foreign], ids=lambda harm: harm.__name__
)
def damage(request: pytest.FixtureRequest, folder: Path) -> Callable[[], None]:
    """Return a function that damages the index, in each of the ways."""

    def harm() -> None:
        request.param(folder)
        reset_index()

    return harm


def test_a_damaged_index_is_built_anew_by_the_next_save(damage: Callable[[], None]) -> None:
    """A small base does so at once: what was saved before and what is saved now is found."""
    put_many(2)
    index_stale()
    damage()
    put()

    assert (get_index().count(), stale()) == (3, 0)
    assert found("disk full") == ["disk-full"]


def test_nothing_is_prepared_for_an_index_that_is_not_there(folder: Path) -> None:
    """It is asked first, so that each document is made once."""
    put_many(4)
    shutil.rmtree(folder)
    reset_index()
    with patch.object(indexing, "doc_of", wraps=doc_of) as made:
        assert index_stale() == 4

    assert made.call_count == 4


def test_a_large_base_is_healed_beside_the_work(
    damage: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    """A save does not wait for a long rebuild; a thread does it."""
    put_many(3)
    index_stale()
    damage()
    with patch.object(indexing, "QUICK", 2), caplog.at_level(logging.WARNING, "kb"):
        put()
        wait_for_healing()

    assert (get_index().count(), stale()) == (4, 0)
    assert "Index rebuilt from the database: 4 entries." in caplog.text


@pytest.fixture
def blocked(folder: Path) -> Iterator[None]:
    """Take away the right to use the index, whoever runs the tests."""
    refused = PermissionError(13, "Permission denied")
    with (
        patch.object(os, "open", side_effect=refused),
        patch.object(Path, "open", side_effect=refused),
        patch.object(Path, "mkdir", side_effect=refused),
    ):
        yield


@pytest.mark.usefixtures("blocked")
@pytest.mark.parametrize("act", [index_stale, lambda: reindex(stale_only=True)])
def test_a_blocked_index_leaves_rows_stale(
    act: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    """Where the system refuses, a rebuild would fail alike: it is logged, and the rows wait."""
    put_many(2)
    with caplog.at_level(logging.WARNING, "kb"):
        assert act() == 0

    assert stale() == 2
    assert "Permission denied. Check the disk and the owner of its folder." in caplog.text


@pytest.mark.parametrize("error", IN_THE_WAY)
def test_a_save_survives_a_failing_rebuild(
    folder: Path, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A missing index that cannot be made either is no reason to refuse what people wrote."""
    shutil.rmtree(folder)
    reset_index()
    with (
        patch.object(get_index(), "rebuild", side_effect=error),
        caplog.at_level(logging.WARNING, "kb"),
    ):
        assert put().status == "created"

    assert f"Entries wait to be indexed: {error}" in caplog.text
    assert stale() == 1


# Rebuild


def test_reindex_makes_it_anew(folder: Path) -> None:
    """The index then holds what is current and nothing else, and nothing is stale."""
    put_many(3)
    archive(Source.objects.get(path="0.md"), author=None, archived=True)
    Entry.objects.update(stale=True)
    get_index().put([Doc(999, {"title": "disk of nobody"})])

    assert reindex() == 2
    assert held() == set(Entry.objects.current().values_list("pk", flat=True))
    assert stale() == 0


def test_reindex_raises_for_its_door_to_explain(folder: Path) -> None:
    """Who asked for a rebuild hears why there is none."""
    with (
        patch.object(get_index(), "rebuild", side_effect=IndexBusy("Another run.")),
        pytest.raises(IndexBusy),
    ):
        reindex()


def test_rebuilding_gives_the_same_answers(db: None) -> None:
    """Built entry by entry or all at once, the same entries are found, the best one first."""
    for number, word in enumerate(("alpha", "beta", "gamma", "delta")):
        note = NOTE.replace("# Disk full", f"# Disk of {word} full")
        put(note.replace("images", "disk " * number), path=f"{number}.md")
    queries = ("disk full", "prune disk", "device", "disk gamma")
    before = [found(words) for words in queries]
    reindex()

    assert before[-1][0] == found(queries[-1])[0] == "disk-of-gamma-full"
    assert [len(slugs) for slugs in before[:3]] == [4, 4, 4]
    assert [set(found(words)) for words in queries] == [set(slugs) for slugs in before]


@pytest.mark.parametrize("act", [index_stale, reindex])
def test_queries_do_not_grow_with_entries(act: Callable[[], int]) -> None:
    """A batch of forty costs as much as one of two."""

    def count() -> int:
        Entry.objects.update(stale=True)
        with CaptureQueriesContext(connection) as done:
            act()
        return len(done)

    reindex()
    put_many(2)
    few = count()
    put_many(40)

    assert count() == few


# Heal


def test_heal_takes_along_what_waits(folder: Path) -> None:
    """What a crash left stale is indexed without a rebuild; then all is well."""
    put_many(2)
    with patch.object(get_index(), "rebuild") as rebuild:
        assert heal() == "Index ready: 2 entries."
        assert heal() == "Index ready: 2 entries."

    assert (stale(), rebuild.called) == (0, False)


def test_heal_mends_damage(damage: Callable[[], None]) -> None:
    """Whatever became of the index, it is rebuilt."""
    put_many(2)
    index_stale()
    damage()

    assert heal() == "Index rebuilt from the database: 2 entries."
    assert len(held()) == 2


@pytest.mark.parametrize("lost", [True, False])
def test_heal_finds_documents_too_few_or_too_many(folder: Path, *, lost: bool) -> None:
    """An index that differs from the database, such as one of before a restore, is rebuilt."""
    put_many(2)
    index_stale()
    if lost:
        get_index().remove(held())
    else:
        get_index().put([Doc(999, {"title": "disk of nobody"})])

    assert heal() == "Index rebuilt from the database: 2 entries."
    assert held() == set(Entry.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("error", IN_THE_WAY)
def test_heal_says_what_stands_in_its_way(damage: Callable[[], None], error: Exception) -> None:
    """A server starts all the same, and its log says what to do."""
    put_many(2)
    damage()
    with patch.object(get_index(), "rebuild", side_effect=error):
        assert heal() == f"Index left as it is: {error}"


@pytest.mark.usefixtures("blocked")
def test_heal_leaves_a_blocked_index_alone(db: None) -> None:
    """Where the system refuses, nothing is thrown away."""
    assert heal().startswith("Index left as it is: The search index cannot be used: Permission")


def wait_for_healing() -> None:
    """Wait until the thread that heals has ended, and with it its connection."""
    for thread in threading.enumerate():
        if thread.name == "heal-index":
            thread.join(timeout=30)


def test_healing_rests_before_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A damage that cannot be mended does not make readers start one rebuild after another."""
    monkeypatch.setattr(indexing, "REST", 7.0)
    resting, wake = threading.Event(), threading.Event()
    rests: list[float] = []

    def rest(seconds: float) -> None:
        rests.append(seconds)
        resting.set()
        wake.wait(30)

    with (
        patch.object(indexing, "heal", return_value="Index left as it is: no room") as mend,
        patch.object(indexing.time, "sleep", rest),
    ):
        heal_soon()
        resting.wait(30)
        heal_soon()
        wake.set()
        wait_for_healing()

    assert (mend.call_count, rests) == (1, [7.0])
    assert not indexing._healing.locked()


# Documents


def test_a_document_has_every_field(db: None) -> None:
    """Sections of their own kind, codes and frames of the errors, tags; the rest is the body."""
    trace = (
        "Traceback (most recent call last):\n"
        '  File "/srv/app/login.py", line 31, in check_token\n    raise AuthError\n'
        "app.login.AuthError: token expired [E4711]"
    )
    put(
        f"---\ntags: [auth, python]\n---\n# Login fails\n\n## Error\n\n```\n{trace}\n```\n\n"
        "## Cause\n\nThe clock.\n\n## Fix\n\nSet it.\n\n## Impact\n\nAll users.\n\n"
        "## Lessons learned\n\nWatch the clock.\n",
        index=False,
    )
    fields = dict(doc_of(Entry.objects.get()).fields)

    assert fields.pop("error") == (
        f"app.login.AuthError: token expired [E4711]\nError\n```\n{trace}\n```"
    )
    assert "check_token" in fields.pop("frames")
    assert "E4711" in fields.pop("code").split()
    assert fields == {
        "title": "Login fails",
        "cause": "Cause\nThe clock.",
        "fix": "Fix\nSet it.",
        "lessons": "Lessons learned\nWatch the clock.",
        "body": "Impact\nAll users.",
        "tags": "auth python",
    }
