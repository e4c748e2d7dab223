"""A folder of files: every file gets its line, a bad one stops nothing, nothing is overwritten unseen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from kb.entries.export import UnsafePath, export
from kb.entries.ingest import FileReport, ingest
from kb.entries.save import save
from kb.markdown.limits import MAX_BYTES
from kb.models import OPERATOR, Entry, Source

pytestmark = pytest.mark.django_db

TEXT = "# The {} is locked\n\n## Error\n\n```\nLedgerError: {} is locked\n```\n\n## Fix\n\nWait.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of two files."""
    root = tmp_path / "notes"
    (root / "shop").mkdir(parents=True)
    for name, noun in (("a.md", "ledger"), ("shop/b.md", "gasket")):
        (root / name).write_text(TEXT.format(noun, noun), encoding="utf-8")
    return root


def read(*paths: Path, dry_run: bool = False, force: bool = False) -> dict[str, FileReport]:
    """Ingest and return the reports by path."""
    return {file.path: file for file in ingest(paths, dry_run=dry_run, force=force).files}


def statuses(*paths: Path, force: bool = False) -> dict[str, str]:
    """Ingest and return what became of each file."""
    return {path: file.status for path, file in read(*paths, force=force).items()}


def test_it_works(folder: Path) -> None:
    """Files become Sources under their paths in the folder, and are found again."""
    assert statuses(folder) == {"a.md": "created", "shop/b.md": "created"}
    assert statuses(folder) == {"a.md": "unchanged", "shop/b.md": "unchanged"}
    assert Entry.objects.count() == 2


def test_a_changed_file_is_the_next_revision(folder: Path) -> None:
    """An edit on disk updates the entry at its old address."""
    read(folder)
    slug = Entry.objects.get(source__path="a.md").slug
    (folder / "a.md").write_text(TEXT.format("big ledger", "ledger"), encoding="utf-8")

    assert statuses(folder)["a.md"] == "updated"
    assert Entry.objects.get(slug=slug).title == "The big ledger is locked"


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    """It says what would be, and leaves everything as it is."""
    report = read(folder, dry_run=True)

    assert (report["a.md"].status, report["a.md"].entries) == ("created", 1)
    assert not Source.objects.exists()


def test_hidden_files_and_templates_are_not_read(folder: Path) -> None:
    """What begins with a dot or an underscore, and what is not Markdown, is left alone."""
    for name in ("_template.md", ".draft.md", "notes.txt", ".git/x.md", "_old/x.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("# no", encoding="utf-8")

    assert set(read(folder)) == {"a.md", "shop/b.md"}


def test_a_bad_file_stops_nothing(folder: Path) -> None:
    """Each failure has its line and says why; the rest goes through."""
    (folder / "binary.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (folder / "empty.md").write_bytes(b"")
    (folder / "huge.md").write_bytes(b"x" * (MAX_BYTES + 1))
    (folder / "broken.md").write_text("---\ntitle: [x\n---\n# A\n", encoding="utf-8")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    (folder / "loop").symlink_to(folder)

    report = read(folder)

    failed = {path for path, file in report.items() if file.status == "failed"}
    assert failed == {"binary.md", "empty.md", "huge.md", "broken.md", "gone.md"}
    assert all(report[path].message for path in failed)
    assert report["broken.md"].line > 1
    assert [report[path].status for path in ("a.md", "shop/b.md")] == ["created", "created"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_says_so(folder: Path) -> None:
    """A file without permission is named, and the rest goes through."""
    (folder / "a.md").chmod(0)

    assert "Permission denied" in read(folder)["a.md"].message


def test_a_name_the_database_cannot_hold_is_refused(folder: Path) -> None:
    """A name in another encoding, or a path beyond the column, fails alone; the rest goes through."""
    deep = folder.joinpath(*["d" * 100] * 5)
    deep.mkdir(parents=True)
    (deep / "c.md").write_text(TEXT.format("clasp", "clasp"), encoding="utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text("# x", encoding="utf-8")

    report = read(folder)

    failed = {path: file for path, file in report.items() if file.status == "failed"}
    assert set(failed) == {"caf\ufffd.md", f"{deep.relative_to(folder).as_posix()}/c.md"}
    assert all("rename" in file.message or "under 500" in file.message for file in failed.values())
    assert not any(file.line for file in failed.values())
    assert report["a.md"].status == "created"


def test_a_missing_path_says_so(tmp_path: Path) -> None:
    """A path that is not there is a failure with a reason, not a crash."""
    assert read(tmp_path / "nowhere.md")["nowhere.md"].status == "failed"


def test_garbled_letters_are_mended_and_named(folder: Path) -> None:
    """Mojibake is shown repaired, with the lines that were."""
    garbled = TEXT.format("❌ ledger", "ledger").encode().decode("mac_roman").encode()
    (folder / "a.md").write_bytes(garbled)

    assert read(folder)["a.md"].repaired == (1,)
    assert "‚" not in Entry.objects.get(source__path="a.md").title
    assert Source.objects.get(path="a.md").newest().content() == garbled


def test_an_edit_in_the_wiki_is_never_overwritten(folder: Path, alice: User) -> None:
    """A file that did not change leaves the wiki's text; one that did is a conflict, until forced."""
    read(folder)
    source = Source.objects.get(path="a.md")
    save(TEXT.format("wiki ledger", "ledger"), author=alice, path="a.md", base=source.revision)

    assert statuses(folder)["a.md"] == "unchanged"
    (folder / "a.md").write_text(TEXT.format("file ledger", "ledger"), encoding="utf-8")
    report = read(folder)["a.md"]
    assert (report.status, bool(report.message)) == ("conflict", True)
    assert Entry.objects.get(source=source).title == "The wiki ledger is locked"

    assert statuses(folder, force=True)["a.md"] == "updated"
    assert Entry.objects.get(source=source).title == "The file ledger is locked"
    assert [r.number for r in source.revisions.all()] == [3, 2, 1]


def test_two_folders_do_not_take_each_others_paths(folder: Path, tmp_path: Path) -> None:
    """A file of the same name from elsewhere is a conflict, not an update."""
    read(folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.md").write_text(TEXT.format("other", "other"), encoding="utf-8")

    assert statuses(other) == {"a.md": "conflict"}
    assert Entry.objects.get(source__path="a.md").title == "The ledger is locked"


def test_a_folder_that_moved_is_known_again(folder: Path) -> None:
    """A checkout at another place is not a second base."""
    read(folder)
    moved = folder.rename(folder.with_name("moved"))
    (moved / "a.md").write_text(TEXT.format("big ledger", "ledger"), encoding="utf-8")

    assert statuses(moved) == {"a.md": "updated", "shop/b.md": "unchanged"}


def test_one_file_named_alone_is_the_same_source(folder: Path) -> None:
    """Naming a file by itself does not make a copy of what its folder gave."""
    read(folder)

    assert set(statuses(folder / "shop" / "b.md").values()) == {"unchanged"}
    assert Source.objects.count() == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"# A\r\n\r\nwindows\r\n",
        b"\xef\xbb\xbf# A\n\nwith a mark\n",
        "# \u00c4\n\nutf-16\n".encode("utf-16"),
        "# \u00c4 caf\u00e9\n\nlatin\n".encode("latin-1"),
        b"# A\n\nno newline at the end",
        "# \u274c x\n".encode().decode("mac_roman").encode(),
    ],
    ids=["crlf", "bom", "utf-16", "latin-1", "no newline", "garbled"],
)
def test_export_gives_back_the_same_bytes(tmp_path: Path, raw: bytes) -> None:
    """What was ingested comes out byte for byte, and ingesting that changes nothing."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_bytes(raw)
    read(tmp_path / "in")

    assert export(tmp_path / "out", OPERATOR) == 1
    assert (tmp_path / "out" / "a.md").read_bytes() == raw


def test_export_never_leaves_its_folder(tmp_path: Path) -> None:
    """A path that climbs is refused in words."""
    save("# A\n", author=None, path="../outside.md", base=0)

    with pytest.raises(UnsafePath, match="outside"):
        export(tmp_path / "out", OPERATOR)
    assert not (tmp_path / "outside.md").exists()


def test_export_leaves_out_what_one_may_not_read(tmp_path: Path, bob: User) -> None:
    """A reader gets no archived text."""
    save("# A\n", author=None, path="a.md", base=0)
    Source.objects.update(archived=True)

    assert (export(tmp_path / "x", bob), export(tmp_path / "y", OPERATOR)) == (0, 1)
