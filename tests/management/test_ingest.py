"""`manage.py ingest`."""

from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from kb.models import Entry, Source

GOOD = "# Disk full\n\n## Error\n\n    No space left on device\n\n## Fix\n\nPrune the images.\n"
BAD = "---\ntitle: [\n---\n# Broken\n"


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    """Make a folder with one good file."""
    (tmp_path / "content" / "docker").mkdir(parents=True)
    (tmp_path / "content" / "docker" / "disk.md").write_text(GOOD)
    return tmp_path / "content"


def run(*args: str | Path, **options: Any) -> str:
    """Run the command and return what it printed."""
    out = StringIO()
    call_command("ingest", *map(str, args), stdout=out, **options)
    return out.getvalue()


def test_it_works(folder: Path) -> None:
    """A file becomes an entry, and its line in the report says so."""
    printed = run(folder)

    assert Entry.objects.get().title == "Disk full"
    assert "created" in printed
    assert "docker/disk.md" in printed
    assert "1 created; 1 entries in 1 files" in printed


def test_it_reads_the_content_folder_by_default(folder: Path, settings: Any) -> None:
    """Without a path, KB_CONTENT_DIR is read."""
    settings.KB_CONTENT_DIR = folder
    run()

    assert Source.objects.get().path == "docker/disk.md"


def test_a_second_run_changes_nothing(folder: Path) -> None:
    """What is known is left alone."""
    run(folder)

    assert "1 unchanged" in run(folder)


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    """It tells what would happen."""
    assert "1 created" in run(folder, "--dry-run")
    assert not Source.objects.exists()


def test_a_failed_file_gives_exit_code_1(folder: Path) -> None:
    """The others are read all the same, and the report names the line."""
    (folder / "broken.md").write_text(BAD)
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("ingest", str(folder), stdout=out)

    assert stopped.value.code == 1
    assert Entry.objects.count() == 1
    assert "failed" in out.getvalue()
    assert "line " in out.getvalue()


def test_json_says_the_same_to_programs(folder: Path) -> None:
    """The report as JSON has a record for each file."""
    report = json.loads(run(folder, "--json"))

    assert [(f["path"], f["status"], f["entries"]) for f in report["files"]] == [
        ("docker/disk.md", "created", 1)
    ]


def test_a_hostile_file_name_stays_on_its_line(folder: Path) -> None:
    """A name cannot move the cursor or colour the terminal; such a file is to be renamed."""
    (folder / "a\x1b[2Jb\nc.md").write_text(GOOD)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("ingest", str(folder), stdout=out)

    assert "\x1b" not in out.getvalue()
    assert "a\ufffd[2Jb\ufffdc.md  Its name holds" in out.getvalue()


def test_what_was_mended_is_told(folder: Path) -> None:
    """Garbled letters that were repaired are counted, never silent."""
    (folder / "garbled.md").write_text(
        GOOD + "\nIt was a caf√©, na√Øve and d√©j√† vu.\n", encoding="utf-8"
    )

    assert "1 garbled lines repaired" in run(folder)


def test_what_is_no_file_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    """A link that leads out is not followed, a pipe is not waited for, and the rest is read."""
    (tmp_path / "secret.md").write_text("# The key\n\n## Fix\n\n4711\n")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    (folder / "in.md").symlink_to(folder / "docker" / "disk.md")
    os.mkfifo(folder / "pipe.md")
    with pytest.raises(SystemExit):
        run(folder)

    assert set(Source.objects.values_list("path", flat=True)) == {"docker/disk.md", "in.md"}
