"""A run over a folder: each file its line, bad ones included, and a run that is cut short or dry."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from kb.entries import ingest as ingesting
from kb.entries import reindex as indexing
from kb.entries import take as taking
from kb.entries.export import export
from kb.entries.files import File
from kb.entries.ingest import FileReport, Stopped, ingest
from kb.entries.reindex import index_stale
from kb.markdown.limits import MAX_BYTES
from kb.models import OPERATOR, Entry, Revision, Source
from kb.search import get_index
from tests.entries.texts import NOTE, guide, lay, only, put, rows, told, trouble

pytestmark = pytest.mark.django_db

GARBLED = NOTE + "\nIt was a caf√©, na√Øve and d√©j√† vu.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with a guide and a note."""
    texts = guide(trouble("Login fails"), trouble("Proxy answers 502"))
    return lay(tmp_path / "content", {"guide.md": texts, "docker/disk.md": NOTE})


def test_it_works(folder: Path) -> None:
    """Each file becomes a Source under its path below the folder, and says how many entries it has."""
    report = ingest([folder])

    assert [(f.path, f.status, f.entries) for f in report.files] == [
        ("guide.md", "created", 2),
        ("docker/disk.md", "created", 1),
    ]
    assert (report.count("created"), report.count("failed")) == (2, 0)
    assert report.seconds > 0
    source = Source.objects.get(path="docker/disk.md")
    assert (source.folder, source.newest().content()) == (str(folder), NOTE.encode())
    assert source.newest().message == "ingested from the file"


def test_a_second_run_changes_no_row(folder: Path) -> None:
    """What is known is left alone, and its entries are counted."""
    ingest([folder])
    before = rows()
    report = ingest([folder])

    assert told(report) == {"guide.md": "unchanged", "docker/disk.md": "unchanged"}
    assert [file.entries for file in report.files] == [2, 1]
    assert rows() == before


def test_entries_of_a_changed_file_keep_their_addresses(folder: Path) -> None:
    """Though on disk they were renamed, moved and parted by a new one."""
    ingest([folder])
    slugs = list(Entry.objects.order_by("pk").values_list("slug", flat=True))
    texts = guide(trouble("Proxy answers 502"), trouble("Other"), trouble("Login fails!"))
    (folder / "guide.md").write_text(texts)

    assert told(ingest([folder])) == {"guide.md": "updated", "docker/disk.md": "unchanged"}
    assert list(Entry.objects.order_by("pk").values_list("slug", flat=True)) == [*slugs, "other"]


def test_line_ends_alone_change_no_entry(folder: Path) -> None:
    """A file saved with other line ends is a new revision with the same entries."""
    ingest([folder])
    before = Entry.objects.get(slug="disk-full").changed
    crlf = NOTE.replace("\n", "\r\n").encode()
    (folder / "docker" / "disk.md").write_bytes(crlf)

    assert told(ingest([folder]))["docker/disk.md"] == "updated"
    assert Source.objects.get(path="docker/disk.md").newest().content() == crlf
    assert Entry.objects.get(slug="disk-full").changed == before


def test_progress_hears_of_each_file(folder: Path) -> None:
    """Whoever waits can be shown how far it is."""
    heard: list[tuple[FileReport, int]] = []
    report = ingest([folder], progress=lambda file, total: heard.append((file, total)))

    assert heard == [(file, 2) for file in report.files]


def test_a_dry_run_touches_nothing(folder: Path, data_dir: Path) -> None:
    """It tells what would happen; neither database nor index hears of it."""
    ingest([folder / "guide.md"])
    Entry.objects.update(stale=True)
    lay(folder, {"guide.md": NOTE, "broken.md": "---\ntitle: [\n---\n"})
    before, files = rows(), sorted(data_dir.rglob("*"))
    report = ingest([folder], dry_run=True)

    assert [(file.path, file.status, file.entries) for file in report.files] == [
        ("broken.md", "failed", 0),
        ("guide.md", "updated", 1),
        ("docker/disk.md", "created", 1),
    ]
    assert rows() == before
    assert sorted(data_dir.rglob("*")) == files


# Bad files

BAD = {
    "binary.md": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "not a text file"),
    "blank.md": (b" \r\n\t\n", "empty"),
    "bomb.md": (b"---\na: &a [x]\nb: [*a, *a]\n---\n# Bomb\n", "aliases"),
    "empty.md": (b"", "empty"),
    "flood.md": (b"# a\n" * 3_000, "headings"),
    "huge.md": (b"x" * (MAX_BYTES + 1), "Larger than 1 MB"),
    "yaml.md": (b"---\ntitle: [\n---\n# T\n", "YAML"),
}


def test_each_bad_file_has_its_line(folder: Path) -> None:
    """It says what is the matter, and where; the good ones are read."""
    for name, (raw, _) in BAD.items():
        (folder / name).write_bytes(raw)
    (folder / "gone.md").symlink_to("nowhere.md")
    (folder / "loop").symlink_to(folder)
    (folder / "away").symlink_to("/etc")
    os.mkfifo(folder / "pipe.md")
    report = ingest([folder])
    failed = {file.path: file for file in report.files if file.status == "failed"}

    said = {name: word for name, (_, word) in BAD.items()}
    said |= {"gone.md": "No such file", "away": "A link to a folder", "pipe.md": "Not a file"}
    assert failed.keys() == said.keys()
    assert [path for path, word in said.items() if word not in failed[path].message] == []
    assert (failed["bomb.md"].line, failed["pipe.md"].line) == (3, 0)
    assert report.count("created") == Source.objects.count() == 2


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), RecursionError("deep"), ValueError("odd")]
)
def test_no_trouble_with_one_file_ends_the_run(
    folder: Path, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Even a fault of ours costs one file; the log has the rest of it."""
    really = taking.read_bytes

    def read(file: File) -> bytes:
        if file.name == "guide.md":
            raise error
        return really(file)

    with patch.object(taking, "read_bytes", read), caplog.at_level(logging.ERROR):
        report = ingest([folder])

    assert told(report) == {"guide.md": "failed", "docker/disk.md": "created"}
    expected = f"Not taken ({type(error).__name__}); see the log for why."
    if isinstance(error, OSError):
        expected = "Cannot be read: Permission denied; allow this account to read it."
    assert report.files[0].message == expected
    assert ("guide.md" in caplog.text) is not isinstance(error, OSError)


def test_a_file_that_turns_bad_keeps_its_entries(folder: Path) -> None:
    """What was read before stays as it was until the file can be read again."""
    ingest([folder])
    lay(folder, {"docker/disk.md": "---\ntitle: [\n---\n"})
    before = rows()

    assert told(ingest([folder]))["docker/disk.md"] == "failed"
    assert rows() == before


def test_an_interrupted_run_is_taken_up_again(folder: Path) -> None:
    """What was read before Ctrl-C is whole, and the next run reads the rest."""

    def stop(report: FileReport, total: int) -> None:
        raise KeyboardInterrupt

    with patch.object(ingesting, "BATCH", 1), pytest.raises(Stopped) as stopped:
        ingest([folder], progress=stop)
    report = stopped.value.report

    assert (told(report), report.total) == ({"guide.md": "created"}, 2)
    assert [source.entries.count() for source in Source.objects.all()] == [2]
    assert told(ingest([folder])) == {"guide.md": "unchanged", "docker/disk.md": "created"}


# Encodings


def test_garbled_letters_are_mended_and_told(tmp_path: Path) -> None:
    """The lines that were mended are named; the bytes stay as they came."""
    (tmp_path / "a.md").write_text(GARBLED, encoding="utf-8")
    file = only(ingest([tmp_path]))

    assert (file.status, file.repaired, file.message) == ("created", (15,), "")
    newest = Revision.objects.get()
    assert "It was a café, naïve and déjà vu." in newest.text
    assert newest.content() == GARBLED.encode()


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        ("\ufeff# Über\n\nWörter.\n".encode(), ""),
        ("# Über\r\n\r\nWörter.\r\n".encode("utf-16"), ""),
        ("# Über\n\nWörter.\n".encode("utf-16-le"), ""),
        ("# Über\n\nWörter.\n".encode("cp1252"), "2 lines are not UTF-8"),
    ],
)
def test_any_encoding_is_read(tmp_path: Path, raw: bytes, note: str) -> None:
    """The text is what its writer saw, a guess is told, and the bytes stay."""
    (tmp_path / "a.md").write_bytes(raw)
    file = only(ingest([tmp_path]))

    assert file.status == "created"
    assert file.message.startswith(note)
    assert bool(file.message) == bool(note)
    newest = Revision.objects.get()
    assert (newest.text, newest.content()) == ("# Über\n\nWörter.\n", raw)


# Around it


def test_it_comes_back_from_export(folder: Path, tmp_path: Path) -> None:
    """Ingest, export and ingest again: every file is unchanged, a wiki text and an edit included."""
    (folder / "crlf.md").write_bytes(NOTE.replace("\n", "\r\n").encode("utf-16"))
    (folder / "garbled.md").write_text(GARBLED, encoding="utf-8")
    ingest([folder])
    put(path="wiki/disk.md")
    put(f"{NOTE}From the wiki.\n", 1)
    export(tmp_path / "out", OPERATOR)
    index_stale()
    before = rows()
    report = ingest([tmp_path / "out"])

    assert [file.status for file in report.files] == ["unchanged"] * 5
    assert rows() == before


def test_an_export_makes_the_same_base(folder: Path, tmp_path: Path) -> None:
    """Read into an empty base, it gives the same entries at the same addresses."""
    (folder / "garbled.md").write_text(GARBLED, encoding="utf-8")
    ingest([folder])
    seen = list(Entry.objects.order_by("slug").values_list("slug", "title", "digest"))
    export(tmp_path / "out", OPERATOR)
    for model in (Entry, Revision, Source):
        model._base_manager.all().delete()
    ingest([tmp_path / "out"])

    assert list(Entry.objects.order_by("slug").values_list("slug", "title", "digest")) == seen


def test_all_is_indexed_when_it_ends(folder: Path) -> None:
    """At first the index is built anew, later it is told what changed."""
    ingest([folder])
    assert not Entry.objects.stale().exists()
    lay(folder, {"docker/disk.md": NOTE.replace("Prune", "Remove")})
    with patch.object(indexing, "reindex") as rebuilt:
        ingest([folder])

    assert not rebuilt.called
    assert not Entry.objects.stale().exists()
    assert get_index().count() == 3


def test_known_files_cost_no_query_of_their_own(
    folder: Path, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    """A large folder in which nothing changed is looked through quickly."""
    lay(folder, {f"{n}.md": NOTE.replace("Disk full", f"Disk {n}") for n in range(20)})
    ingest([folder])

    with django_assert_max_num_queries(14):
        ingest([folder])
