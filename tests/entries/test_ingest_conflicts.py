"""Files, the wiki and other folders: nobody's words are overwritten unseen."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from kb.entries import commit as committing
from kb.entries.ingest import ingest
from kb.entries.reindex import index_stale
from kb.entries.save import Edit, StaleEdit, archive
from kb.models import Entry, Source
from tests.entries.texts import NOTE, guide, lay, only, put, rows, told, trouble

pytestmark = pytest.mark.django_db

WIKI, FILE = f"{NOTE}From the wiki.\n", f"{NOTE}From the file.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make and ingest a folder with a guide and a note."""
    texts = guide(trouble("Login fails"), trouble("Proxy answers 502"))
    folder = lay(tmp_path / "content", {"guide.md": texts, "docker/disk.md": NOTE})
    ingest([folder])
    return folder


@pytest.fixture
def disk(folder: Path) -> Path:
    """Return the note's file."""
    return folder / "docker" / "disk.md"


def source() -> Source:
    """Return the note's Source as it is now."""
    return Source.objects.get(path="docker/disk.md")


# The wiki and the file


@pytest.mark.parametrize("force", [False, True])
def test_an_old_file_does_not_undo_a_wiki_edit(folder: Path, *, force: bool) -> None:
    """As long as the file stays as it was, the wiki's text is the newest, even by force."""
    put(WIKI, 1)

    assert told(ingest([folder], force=force))["docker/disk.md"] == "unchanged"
    assert source().newest().text == WIKI


@pytest.mark.parametrize("dry_run", [True, False])
def test_changes_on_both_sides_are_a_conflict(disk: Path, *, dry_run: bool) -> None:
    """Neither is lost: the wiki's text stays until someone decides."""
    put(WIKI, 1)
    disk.write_text(FILE)
    index_stale()
    before = rows()
    file = only(ingest([disk], dry_run=dry_run))

    assert file.status == "conflict"
    assert "merge the wiki's text into the file, then use --force" in file.message
    assert rows() == before


def test_force_makes_the_file_the_next_revision(disk: Path) -> None:
    """The wiki's text stays in the history; after that both go on together."""
    put(WIKI, 1)
    disk.write_text(FILE)

    assert only(ingest([disk], force=True)).status == "updated"
    assert list(source().revisions.values_list("text", flat=True)) == [FILE, WIKI, NOTE]
    disk.write_text(f"{FILE}Later.\n")
    assert only(ingest([disk])).status == "updated"


def test_a_file_that_took_over_the_wikis_text_goes_on(disk: Path) -> None:
    """After the wiki's text was copied to the file, the file may be edited again."""
    put(WIKI, 1)
    disk.write_text(WIKI)
    assert only(ingest([disk])).status == "unchanged"
    disk.write_text(f"{WIKI}And on.\n")

    assert only(ingest([disk])).status == "updated"


def test_a_save_while_the_file_is_read_is_a_conflict(folder: Path, disk: Path) -> None:
    """Whoever saved in that moment wins; the run goes on and says what to do."""
    disk.write_text(FILE)
    lay(folder, {"new.md": "# New\n\nWords.\n"})

    def come_late(edits: Sequence[Edit], **_: object) -> list[StaleEdit]:
        return [StaleEdit("", edit.text, "", 2) for edit in edits]

    with patch.object(committing, "save_all", come_late):
        report = ingest([folder])

    assert told(report) == {
        "guide.md": "unchanged",
        "new.md": "conflict",
        "docker/disk.md": "conflict",
    }
    assert report.files[1].message == "Changed while it was read; run again."


def test_a_file_does_not_take_a_wiki_text(tmp_path: Path) -> None:
    """One that happens to lie at its path is a conflict; by force it is the next revision."""
    put(path="wiki/disk.md")
    files = lay(tmp_path / "files", {"wiki/disk.md": FILE})

    assert "A wiki text has this path" in only(ingest([files])).message
    assert Source.objects.get().revision == 1
    assert only(ingest([files], force=True)).status == "updated"
    assert Source.objects.get().folder == str(files)


# Another folder


def test_a_file_elsewhere_does_not_go_on_as_one_that_is_gone(tmp_path: Path) -> None:
    """A path such as `index.md` is in many folders; one of them being unmounted lends it to nobody."""
    ours = lay(tmp_path / "ours", {"index.md": NOTE})
    ingest([ours])
    shutil.rmtree(ours)
    theirs = lay(tmp_path / "theirs", {"index.md": "# Login\n\n## Fix\n\nSet the clock.\n"})
    before = rows()
    file = only(ingest([theirs]))

    assert file.status == "conflict"
    assert f"{ours}/index.md had this path and is gone" in file.message
    assert rows() == before
    assert only(ingest([theirs], force=True)).status == "updated"


def test_a_folder_that_moved_goes_on_where_it_lies(tmp_path: Path) -> None:
    """Files that were edited on the way are known by the others beside them, or by what they say."""
    texts = {"a.md": NOTE, "b.md": "# Login\n\n## Fix\n\nSet the clock.\n"}
    ours = lay(tmp_path / "ours", texts)
    ingest([ours])
    moved = ours.rename(tmp_path / "moved")
    lay(moved, {"b.md": "# Something else\n\nAltogether rewritten, all of it, in other words.\n"})

    assert told(ingest([moved])) == {"a.md": "unchanged", "b.md": "updated"}
    assert set(Source.objects.values_list("folder", flat=True)) == {str(moved)}


# Archived


def test_what_was_archived_in_the_wiki_stays_so(disk: Path) -> None:
    """Neither the old file nor a newer one brings it back unasked."""
    archive(source(), author=None, archived=True)

    assert only(ingest([disk])).status == "unchanged"
    disk.write_text(FILE)
    assert only(ingest([disk])).status == "updated"
    assert not Entry.objects.current().filter(slug="disk-full").exists()


@pytest.mark.parametrize("text", [NOTE, FILE])
def test_force_brings_back_what_was_archived(disk: Path, text: str) -> None:
    """With --force the folder says what there is, changed or not."""
    archive(source(), author=None, archived=True)
    disk.write_text(text)

    assert only(ingest([disk], dry_run=True, force=True)).status == "updated"
    assert source().archived
    assert only(ingest([disk], force=True)).status == "updated"
    assert (source().archived, source().newest().text) == (False, text)
    assert Entry.objects.current().filter(slug="disk-full").exists()
    assert only(ingest([disk], force=True)).status == "unchanged"


# Where files lie


def test_a_part_of_the_folder_is_the_same_files(folder: Path, disk: Path) -> None:
    """Whichever folder or file is named, a known file keeps its Source, run after run."""
    for number, part in enumerate((disk.parent, disk, folder, disk.parent), 2):
        disk.write_text(f"{NOTE}Change {number}.\n")
        ingest([part])
        assert (source().revision, source().folder) == (number, str(folder))

    assert Source.objects.count() == 2


def test_a_moved_folder_is_the_same_files(folder: Path, tmp_path: Path) -> None:
    """When the whole folder lies elsewhere, its files are known and may be edited there."""
    moved = folder.rename(tmp_path / "moved")
    assert set(told(ingest([moved])).values()) == {"unchanged"}
    lay(moved, {"docker/disk.md": FILE})

    assert told(ingest([moved]))["docker/disk.md"] == "updated"
    assert (source().folder, source().revision) == (str(moved), 2)


def test_two_folders_cannot_share_a_path(folder: Path, tmp_path: Path) -> None:
    """The second file with the same relative path is a conflict that names the first."""
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    lay(other, {"docker/disk.md": FILE})
    report = ingest([other])

    assert told(report) == {"guide.md": "unchanged", "docker/disk.md": "conflict"}
    assert str(folder / "docker" / "disk.md") in report.files[1].message
    assert source().newest().text == NOTE


def test_paths_that_end_alike_are_told_apart(tmp_path: Path) -> None:
    """`disk.md`, `a/disk.md` and `b/a/disk.md` are three files."""
    names = ("disk.md", "a/disk.md", "b/a/disk.md")
    files = lay(tmp_path / "files", {name: f"# {name}\n\nWords.\n" for name in names})
    ingest([files])
    lay(files, {"a/disk.md": "# Changed\n\nWords.\n"})
    ingest([files])

    assert dict(Source.objects.values_list("path", "title")) == {
        "disk.md": "disk.md",
        "a/disk.md": "Changed",
        "b/a/disk.md": "b/a/disk.md",
    }
