"""What the last runs did is kept: not too many of them, nothing of files left alone, and how each ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError

from kb.entries import ingest as ingesting
from kb.entries import reindex as indexing
from kb.entries import take as taking
from kb.entries.ingest import FileReport, Stopped, ingest, ingest_upload
from kb.entries.report import Report
from kb.entries.runs import KEPT, begin_run, end_run, keep_files
from kb.entries.seen import Seen
from kb.models import Run, RunFile, Source
from tests.entries.texts import NOTE, guide, lay, told, trouble

pytestmark = pytest.mark.django_db

GUIDE = guide(trouble("Login fails"), trouble("Proxy answers 502"))
ODD = "---\ndate: some day\n---\n\n# Odd\n\n## Sonstwas\n\nWords.\n"


@pytest.fixture(autouse=True)
def no_index() -> Iterator[None]:
    """Build no index: these laws are about rows."""
    with patch.object(indexing, "reindex"):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lay a folder with a guide and a note."""
    return lay(tmp_path / "content", {"guide.md": GUIDE, "docker/disk.md": NOTE})


def kept(run: Run) -> dict[str, str]:
    """Return what is kept of each file of a run."""
    return dict(run.files.values_list("path", "status"))


def test_it_works(folder: Path, alice: User) -> None:
    """A run says of what, when, by whom, how it ended, and leads to what it made."""
    report = ingest([folder], author=alice)
    run = Run.objects.get()

    assert (run.what, run.by, run.counts, run.entries) == (str(folder), alice, {"created": 2}, 3)
    assert run.ended is not None
    assert run.ended >= run.started
    assert kept(run) == told(report)
    assert {one.path: one.source for one in run.files.all()} == {
        source.path: source for source in Source.objects.all()
    }


def test_it_keeps_how_each_file_was_read(folder: Path) -> None:
    """As the report says it, for the page that shows it later."""
    lay(folder, {"odd.md": ODD, "broken.md": "---\ntitle: [\n---\n"})
    report = {file.path: file for file in ingest([folder]).files}
    rows = {row.path: row for row in RunFile.objects.all()}

    assert rows.keys() == report.keys()
    for path, file in report.items():
        row = rows[path]
        assert (row.line, row.message, row.entries) == (file.line, file.message, file.entries)
        assert row.read["notes"] == list(file.notes)
        titles = [(entry["title"], entry["completeness"]) for entry in row.read["entries"]]
        assert titles == [(entry.title, entry.completeness) for entry in file.read]
        headings = [one["heading"] for entry in row.read["entries"] for one in entry["headings"]]
        assert headings == [one.heading for entry in file.read for one in entry.headings]
        chapters = [(one["heading"], one["kind"]) for one in row.read["chapters"]]
        assert chapters == [(one.heading, one.kind) for one in file.chapters]
    assert rows["broken.md"].line > 0
    assert rows["odd.md"].read["notes"]


def test_what_was_left_alone_is_counted_only(folder: Path) -> None:
    """A base of ten thousand files does not keep ten thousand lines a run."""
    ingest([folder])
    lay(folder, {"docker/disk.md": f"{NOTE}More.\n"})
    ingest([folder])
    run = Run.objects.all()[0]

    assert run.counts == {"unchanged": 1, "updated": 1}
    assert (kept(run), run.entries) == ({"docker/disk.md": "updated"}, 3)


def test_only_the_last_are_kept(folder: Path) -> None:
    """The oldest make room, with all their lines."""
    for number in range(KEPT + 3):
        run = begin_run([Path(str(number))], None)
        keep_files(run, [FileReport(f"{number}.md", "created")], {})

    assert [run.what for run in Run.objects.all()] == [
        str(number) for number in reversed(range(3, KEPT + 3))
    ]
    assert RunFile.objects.count() == KEPT


def test_a_dry_run_is_not_kept(folder: Path) -> None:
    """It did nothing."""
    ingest([folder], dry_run=True)

    assert not Run.objects.exists()


def test_an_upload_is_kept_by_its_name(folder: Path, alice: User) -> None:
    """Where it was unpacked says nothing to anyone."""
    ingest_upload(folder, "notes.zip", author=alice)
    run = Run.objects.get()

    assert (run.what, run.by) == ("notes.zip", alice)
    assert kept(run) == {"guide.md": "created", "docker/disk.md": "created"}


def test_an_empty_run_ends_too(tmp_path: Path) -> None:
    """A folder without texts is no reason to look stopped."""
    ingest([tmp_path])
    run = Run.objects.get()

    assert (run.counts, run.entries, run.ended is not None) == ({}, 0, True)


def stop(file: FileReport, total: int) -> None:
    """Press Ctrl-C when the first file is told."""
    raise KeyboardInterrupt


def be_stopped(folder: Path) -> Report:
    """Ingest and return what was done by Ctrl-C, which must not go through to whoever called."""
    try:
        ingest([folder])
    except Stopped as stopped:
        return stopped.report
    except KeyboardInterrupt:
        pytest.fail("Ctrl-C went through as a crash")
    pytest.fail("Ctrl-C was swallowed")


def test_one_that_was_stopped_has_no_end(folder: Path) -> None:
    """It keeps what it did until then, and the next one is a run of its own."""
    with patch.object(ingesting, "BATCH", 1), pytest.raises(Stopped) as stopped:
        ingest([folder], progress=stop)
    run = Run.objects.get()

    assert (run.ended, run.counts, run.entries) == (None, {"created": 1}, 2)
    assert kept(run) == told(stopped.value.report) == {"guide.md": "created"}
    assert stopped.value.report.stopped
    ingest([folder])
    assert [run.ended is not None for run in Run.objects.all()] == [True, False]


def test_one_that_was_stopped_while_indexing_says_so(folder: Path) -> None:
    """All files are in by then; Ctrl-C is Ctrl-C all the same, and not a crash."""
    with patch.object(ingesting, "catch_up", side_effect=KeyboardInterrupt):
        report = be_stopped(folder)

    assert (report.stopped, len(report.files)) == (True, 2)
    assert Run.objects.get().counts == {"created": 2}


def test_one_that_was_stopped_while_looking_around_says_so(folder: Path) -> None:
    """A large folder on a slow disk takes its time before the first file is read."""
    with patch.object(ingesting, "find_files", side_effect=KeyboardInterrupt):
        assert be_stopped(folder).files == ()


def test_what_is_in_is_told_wherever_it_was_stopped(folder: Path) -> None:
    """Ctrl-C between the save of a batch and the note of it: where it stopped is said rightly."""
    with patch.object(ingesting, "keep_files", side_effect=KeyboardInterrupt):
        report = be_stopped(folder)

    assert set(told(report)) == set(Source.objects.values_list("path", flat=True))


def test_one_that_fails_keeps_what_it_did(folder: Path) -> None:
    """The database went away in the middle: the first batch is in and told, the run has no end."""
    really = taking.start

    def fail(batch: Sequence[Seen], *rest: Any) -> Any:
        if batch[0].file.name == "docker/disk.md":
            raise DatabaseError("gone")
        return really(batch, *rest)

    with (
        patch.object(ingesting, "BATCH", 1),
        patch.object(ingesting, "start", fail),
        pytest.raises(DatabaseError),
    ):
        ingest([folder])
    run = Run.objects.get()

    assert run.ended is None
    saved = dict.fromkeys(Source.objects.values_list("path", flat=True), "created")
    assert kept(run) == saved
    assert told(ingest([folder]))["docker/disk.md"] == "created"


def test_what_no_column_can_hold_is_made_to_fit(folder: Path) -> None:
    """A path or a message may hold what is no text; NUL and lone halves of letters are no texts."""
    bad = "a\0b\udcff"
    run = begin_run([Path("/tmp/\udcff")], None)
    keep_files(run, [FileReport("a.md", "failed", message=bad)], {})
    end_run(run, Report((), 0.0, 0))
    row = RunFile.objects.get()

    told = [run.what, row.message]
    assert not [text for text in told if "\0" in text or "\udcff" in text]


def test_a_source_that_is_deleted_leaves_the_line(folder: Path) -> None:
    """The diary does not stand in the way of an admin."""
    ingest([folder])
    source = Source.objects.get(path="docker/disk.md")
    source.sections.all().delete()
    source.entries.all().delete()
    source.revisions.all().delete()
    source.delete()

    assert RunFile.objects.get(path="docker/disk.md").source is None


def test_a_large_run_keeps_its_details_in_the_database(folder: Path) -> None:
    """Of a hundred thousand files the memory holds a line each, the kept run everything."""
    with patch.object(ingesting, "DETAILED", 1), patch.object(ingesting, "BATCH", 1):
        first, *others = ingest([folder]).files

    assert first.read
    assert others
    assert not any(file.read for file in others)
    assert all(file.read["entries"] for file in RunFile.objects.filter(status="created"))
