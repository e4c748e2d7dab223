"""Many files are read and saved together; what is wrong with one costs no other."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from kb.entries import commit as committing
from kb.entries import ingest as ingesting
from kb.entries import reindex as indexing
from kb.entries import save as saving
from kb.entries import slugs
from kb.entries import take as taking
from kb.entries.ingest import ingest
from kb.entries.save import Edit
from kb.entries.seen import Seen
from kb.entries.slugs import free_slugs
from kb.models import Entry, Revision, Source
from tests.entries.texts import NOTE, lay, put, told

pytestmark = pytest.mark.django_db

TEXTS = {f"{n}.md": f"# Trouble {n}\n\n## Fix\n\nUndo {n}.\n" for n in range(6)}
Hook = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_index() -> Iterator[None]:
    """Build no index: these laws are about rows."""
    with patch.object(indexing, "reindex"):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lay a folder of a few files."""
    return lay(tmp_path / "content", TEXTS)


def whole() -> bool:
    """Tell whether each Source has all its rows: revisions up to its number, and an entry."""
    return all(
        [one.number for one in source.revisions.all()] == list(range(source.revision, 0, -1))
        and source.entries.exists()
        for source in Source.objects.all()
    )


# One that is bad


def test_a_database_error_costs_one_file(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The batch is tried again one by one; what the database refuses stays out, with its line."""
    really = saving.write_all

    def refuse(texts: Sequence[Any], **over: Any) -> Any:
        if any(text.source.path == "3.md" for text in texts):
            raise DatabaseError("value too long")
        return really(texts, **over)

    with patch.object(saving, "write_all", refuse), caplog.at_level(logging.ERROR):
        report = ingest([folder])

    assert told(report) == {**dict.fromkeys(TEXTS, "created"), "3.md": "failed"}
    assert [file.path for file in report.files] == sorted(TEXTS)
    (line,) = [file for file in report.files if file.status == "failed"]
    assert line.message == "Not taken (DatabaseError); see the log for why."
    assert "value too long" in caplog.text
    assert set(Source.objects.values_list("path", flat=True)) == TEXTS.keys() - {"3.md"}
    assert whole()
    assert told(ingest([folder])) == {**dict.fromkeys(TEXTS, "unchanged"), "3.md": "created"}


def test_it_costs_one_changed_file_too(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Among new, changed and unchanged ones, each ends as it would have alone."""
    ingest([folder])
    lay(folder, {"1.md": f"{TEXTS['1.md']}More.\n", "3.md": f"{TEXTS['3.md']}More.\n"})
    lay(folder, {"new.md": NOTE})
    really = saving.write_all

    def refuse(texts: Sequence[Any], **over: Any) -> Any:
        if any(text.source.path == "3.md" for text in texts):
            raise DatabaseError("odd")
        return really(texts, **over)

    with patch.object(saving, "write_all", refuse):
        report = ingest([folder])

    expected = dict.fromkeys(TEXTS, "unchanged")
    assert told(report) == {**expected, "1.md": "updated", "3.md": "failed", "new.md": "created"}
    assert Source.objects.get(path="3.md").newest().text == TEXTS["3.md"]
    assert whole()


def test_a_save_in_that_moment_costs_one_file(folder: Path) -> None:
    """Someone saved one of them between reading and writing: a conflict, their words stay."""
    ingest([folder])
    lay(folder, {name: f"{text}From the file.\n" for name, text in TEXTS.items()})
    really = saving.save_all
    theirs = f"{TEXTS['3.md']}From the wiki.\n"

    def save_before(edits: Sequence[Edit], **over: Any) -> Any:
        with patch.object(saving, "save_all", really):
            if Source.objects.get(path="3.md").revision == 1:
                put(theirs, 1, path="3.md")
        return really(edits, **over)

    with patch.object(committing, "save_all", save_before):
        report = ingest([folder])

    assert told(report) == {**dict.fromkeys(TEXTS, "updated"), "3.md": "conflict"}
    assert Source.objects.get(path="3.md").newest().text == theirs
    assert whole()


def test_a_path_that_was_taken_in_that_moment_costs_one_file(folder: Path) -> None:
    """A text born at the same path between reading and writing is not overwritten."""
    really = saving.save_all

    def save_before(edits: Sequence[Edit], **over: Any) -> Any:
        if not Source.objects.filter(path="3.md").exists():
            put(NOTE, path="3.md")
        return really(edits, **over)

    with patch.object(committing, "save_all", save_before):
        report = ingest([folder])

    assert told(report) == {**dict.fromkeys(TEXTS, "created"), "3.md": "conflict"}
    assert Source.objects.get(path="3.md").newest().text == NOTE
    assert whole()


def test_ctrl_c_in_a_save_leaves_the_batch_out(folder: Path) -> None:
    """A batch is in as a whole or not at all."""
    really = saving.write_all

    def stop(texts: Sequence[Any], **over: Any) -> Any:
        really(texts, **over)
        raise KeyboardInterrupt

    with (
        patch.object(ingesting, "BATCH", 4),
        patch.object(saving, "write_all", stop),
        pytest.raises(ingesting.Stopped) as stopped,
    ):
        ingest([folder])

    assert stopped.value.report.files == ()
    assert not Source.objects.exists()
    assert not Revision.objects.exists()
    assert ingest([folder]).counts() == {"created": 6}


# How batches are cut


def batches(folder: Path) -> list[list[str]]:
    """Ingest and return which files were read together."""
    seen: list[list[str]] = []
    really = taking.start

    def begin(batch: Sequence[Seen], *rest: Any) -> Any:
        seen.append([one.file.name for one in batch])
        return really(batch, *rest)

    with patch.object(ingesting, "start", begin):
        ingest([folder])
    return seen


def test_they_are_cut_by_number(folder: Path) -> None:
    """Each file is in one of them, in order; the last may be shorter."""
    with patch.object(ingesting, "BATCH", 4):
        assert batches(folder) == [["0.md", "1.md", "2.md", "3.md"], ["4.md", "5.md"]]


def test_they_are_cut_by_bytes(folder: Path) -> None:
    """What is large is read alone, so that the memory never holds many of them."""
    lay(folder, {"2.md": f"# Large\n\n{'Words. ' * 100}\n"})
    with patch.object(ingesting, "BATCH_BYTES", 200):
        cut = batches(folder)

    assert ["2.md"] in cut
    assert [name for batch in cut for name in batch] == list(TEXTS)
    assert max(map(len, cut)) > 1


def test_a_file_that_is_never_read_takes_no_room(folder: Path) -> None:
    """A huge one is refused, and the others go through."""
    with (folder / "0.md").open("wb") as file:
        file.truncate(50_000_000)
    report = ingest([folder])

    assert told(report) == {**dict.fromkeys(TEXTS, "created"), "0.md": "failed"}


def test_queries_grow_with_batches_not_with_files(tmp_path: Path) -> None:
    """New files of one batch are written together, however many they are."""

    def count(number: int) -> int:
        texts = {
            f"{n}.md": f"---\ntags: [a, b{n}]\naliases: [/x/{number}-{n}]\n---\n"
            f"# Trouble {number} {n}\n\n## Error\n\n    Odd{n}Error: it broke\n"
            for n in range(number)
        }
        folder = lay(tmp_path / str(number) / str(number), texts)
        with CaptureQueriesContext(connection) as queries:
            ingest([folder.parent])
        return len(queries)

    # A few more, because SQLite takes only so many values in one.
    assert count(40) - count(5) < 5


# Addresses


def test_one_title_gives_distinct_addresses(tmp_path: Path) -> None:
    """As many as there are files, whatever others are called."""
    titles = ["Queue stalls"] * 30
    titles += ["Queue stalls 2", "Queue stalls 17", "queue stalls!", "Queue-stalls-2-2"]
    texts = {f"{at:03}.md": f"# {title}\n\n## Fix\n\nDo {at}.\n" for at, title in enumerate(titles)}
    folder = lay(tmp_path / "content", texts)
    with patch.object(ingesting, "BATCH", 20):
        ingest([folder])

    found = list(Entry.objects.values_list("slug", flat=True))
    assert len(set(found)) == len(titles)
    assert {"queue-stalls", "queue-stalls-30", "queue-stalls-2"} <= set(found)
    assert Source.objects.values("slug").distinct().count() == len(titles)


def test_the_thousandth_of_a_title_is_found_as_quickly(
    db: None, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    """Queries grow with the digits of the number, not with the number."""
    source = put().source
    Entry.objects.bulk_create(
        Entry(source=source, slug=f"overview{number}", changed=source.changed)
        for number in ("", *(f"-{n}" for n in range(2, 2_000)))
    )

    with django_assert_max_num_queries(5):
        free = free_slugs(Entry, ["Overview"] * 200)
    assert free == [f"overview-{number}" for number in range(2_000, 2_200)]


def test_a_question_never_has_more_values_than_a_database_takes() -> None:
    """SQLite as it is usually built takes 32,766 of them; after ten thousand of one title too."""
    asked: list[int] = []

    def take(model: type[Entry], wanted: Sequence[str]) -> set[str]:
        asked.append(len(wanted))
        return {slug for slug in wanted if int(slug.rpartition("-")[2] or 0) < 100_000}

    with patch.object(slugs, "_taken", take):
        assert free_slugs(Entry, ["7"] * 2) == ["7-100000", "7-100001"]
    assert max(asked) <= 32_766


# Readers in processes of their own


def test_many_are_read_by_other_processes_as_by_ours(tmp_path: Path) -> None:
    """Bad ones among them have the same line as when they are few."""
    texts = {f"{n:03}.md": f"# Trouble {n}\n\n## Fix\n\nUndo {n}.\n" for n in range(120)}
    texts |= {"007.md": "---\ntitle: [\n---\n", "119.md": ""}
    folder = lay(tmp_path / "content", texts)
    (folder / "050.md").write_bytes("# Über\n\n## Fix\n\nJa.\n".encode("cp1252"))
    report = {file.path: file for file in ingest([folder]).files}

    assert list(report) == sorted(texts)
    failed = {path for path, file in report.items() if file.status == "failed"}
    assert failed == {"007.md", "119.md"}
    assert report["007.md"].line > 0
    assert "not UTF-8" in report["050.md"].message
    assert Source.objects.count() == len(texts) - 2


def test_readers_that_are_killed_cost_no_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the system ends them, for want of memory, we go on alone."""
    texts = {f"{n:03}.md": f"# Trouble {n}\n\n## Fix\n\nUndo {n}.\n" for n in range(180)}
    folder = lay(tmp_path / "content", texts)
    killed: list[int] = []

    def kill(*_: object) -> None:
        for child in children():
            os.kill(child, signal.SIGKILL)
            killed.append(child)

    with patch.object(ingesting, "BATCH", 60):
        report = ingest([folder], progress=kill)

    assert killed
    assert report.counts() == {"created": len(texts)}
    assert Source.objects.count() == len(texts)


def children() -> list[int]:
    """Return the processes that read for us: those that were started to run tasks."""
    mine = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    commands = {pid: Path(f"/proc/{pid}/cmdline") for pid in mine}
    return [
        int(pid)
        for pid, file in commands.items()
        if file.exists() and b"spawn_main" in file.read_bytes()
    ]
