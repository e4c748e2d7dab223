"""A deleted file archives its entries and erases nothing; only what is surely deleted counts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.entries import reindex as indexing
from kb.entries import save as saving
from kb.entries.ingest import MANY, FileReport, Report, ingest, ingest_upload
from kb.entries.prepare import Prepared
from kb.entries.save import archive
from kb.markdown.document import ParseError
from kb.markdown.limits import MAX_BYTES
from kb.matching.match import match
from kb.models import OPERATOR, Entry, Revision, Run, SignatureKey, Source
from tests.entries.texts import NOTE, PASTE, guide, lay, only, put, rows, told, trouble

pytestmark = pytest.mark.django_db

GUIDE = guide(trouble("Login fails"), trouble("Proxy answers 502"))
WIKI, FILE = f"{NOTE}From the wiki.\n", f"{NOTE}From the file.\n"


@pytest.fixture(autouse=True)
def no_index() -> Iterator[None]:
    """Build no index: these laws are about rows."""
    with patch.object(indexing, "reindex"):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make and ingest a folder with a guide and a note."""
    folder = lay(tmp_path / "content", {"guide.md": GUIDE, "docker/disk.md": NOTE})
    ingest([folder])
    return folder


@pytest.fixture
def disk(folder: Path) -> Path:
    """Return the note's file."""
    return folder / "docker" / "disk.md"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Make and ingest a folder of so many files that all of them are not deleted by chance."""
    texts = {f"docker/{n}.md": f"# Trouble {n}\n\nAbout {n}.\n" for n in range(MANY)}
    folder = lay(tmp_path / "many", texts)
    ingest([folder])
    return folder


def source(path: str = "docker/disk.md") -> Source:
    """Return the Source at a path as it is now."""
    return Source.objects.get(path=path)


def shown() -> set[str]:
    """Return the entries that everyone sees."""
    return set(Entry.objects.current().values_list("slug", flat=True))


def line_of(report: Report, path: str) -> FileReport:
    """Return the only line about a file."""
    (line,) = [file for file in report.files if file.path == path]
    return line


# Archived, not erased


def test_it_works(folder: Path, disk: Path) -> None:
    """Its entries are archived with a line that says so; every other row stays."""
    before = rows()
    disk.unlink()
    report = ingest([folder])

    assert told(report) == {"guide.md": "unchanged", "docker/disk.md": "archived"}
    line = line_of(report, "docker/disk.md")
    assert (line.entries, line.message) == (
        1,
        "Its file was deleted; its entries are kept in the archive.",
    )
    assert shown() == {"login-fails", "proxy-answers-502"}
    after = rows()
    gone = {name for name in before if len(after[name]) < len(before[name])}
    assert gone <= {"Signature", "SignatureKey"}
    assert [one for one in after["Revision"] if one in before["Revision"]] == before["Revision"]


def test_nothing_finds_it_and_writers_see_it(
    folder: Path, disk: Path, alice: User, bob: User
) -> None:
    """It has no keys, matches nothing, keeps its address, and its history says why it went."""
    key = Entry.objects.get(slug="disk-full").pk
    assert [one.entry for one in match(PASTE, user=OPERATOR).matches] == [key]
    disk.unlink()
    ingest([folder])

    assert not SignatureKey.objects.filter(entry__slug="disk-full").exists()
    assert not match(PASTE, user=OPERATOR).matches
    seen = [
        (
            Entry.objects.visible_to(user).filter(slug="disk-full").exists(),
            Source.objects.visible_to(user).filter(path="docker/disk.md").exists(),
        )
        for user in (alice, bob, AnonymousUser())
    ]
    assert seen == [(True, True), (False, False), (False, False)]
    newest = source().newest()
    assert (newest.number, newest.text, newest.message) == (2, NOTE, "its file was deleted")
    assert newest.content() == NOTE.encode()


def test_it_is_told_once(folder: Path, disk: Path) -> None:
    """A second run has no line on it and changes no row."""
    disk.unlink()
    ingest([folder])
    before = rows()

    assert told(ingest([folder])) == {"guide.md": "unchanged"}
    assert told(ingest([folder], force=True)) == {"guide.md": "unchanged"}
    assert rows() == before


@pytest.mark.parametrize("dry_run", [False, True])
def test_what_was_deleted_long_ago_costs_nothing(many: Path, *, dry_run: bool) -> None:
    """A run asks no question about each file that ever was."""
    lay(many, {"one.md": NOTE})
    asked = []
    for gone in (many / "docker" / "0.md", *sorted((many / "docker").iterdir())[1:]):
        gone.unlink()
        if gone.stem in ("0", "9"):
            ingest([many])
            with CaptureQueriesContext(connection) as queries:
                ingest([many], dry_run=dry_run)
            asked.append(len(queries))

    assert Source.objects.filter(gone=True).count() == MANY
    assert asked[1] == asked[0]


def test_a_dry_run_tells_and_writes_nothing(folder: Path, disk: Path) -> None:
    """It says what would be archived."""
    disk.unlink()
    before = rows()

    assert told(ingest([folder], dry_run=True))["docker/disk.md"] == "archived"
    assert rows() == before


def test_a_guide_takes_all_its_entries_along(folder: Path) -> None:
    """As many as stand in it, and they come back together at their addresses."""
    raw = (folder / "guide.md").read_bytes()
    (folder / "guide.md").unlink()

    assert line_of(ingest([folder]), "guide.md").entries == 2
    assert shown() == {"disk-full"}
    (folder / "guide.md").write_bytes(raw)
    ingest([folder])
    assert shown() == {"disk-full", "login-fails", "proxy-answers-502"}


def test_a_kept_run_leads_to_what_was_archived(folder: Path, disk: Path) -> None:
    """Whoever looks at the run later can open the Source and bring it back."""
    disk.unlink()
    ingest([folder])
    kept = Run.objects.all()[0].files.get(path="docker/disk.md")

    assert (kept.status, kept.source) == ("archived", source())


def test_no_more_files_are_told_than_there_are(folder: Path, disk: Path) -> None:
    """A bar that shows how far it is ends at its end."""
    disk.unlink()
    heard: list[int] = []
    ingest([folder], progress=lambda _, total: heard.append(total))

    assert len(heard) <= heard[-1]


def test_one_that_cannot_be_put_away_stops_nothing(
    folder: Path, disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its text may break newer rules; it gets its line, and the run ends as every other."""
    lay(folder, {"z.md": "# Zebra\n\nWords.\n"})
    ingest([folder])
    disk.unlink()
    (folder / "z.md").unlink()
    really = saving.prepare_here

    def refuse(text: str, path: str) -> Prepared:
        if path == "docker/disk.md":
            raise ParseError("Too many headings; split it.", 3)
        return really(text, path)

    with patch.object(saving, "prepare_here", refuse):
        report = ingest([folder])

    assert told(report)["guide.md"] == "unchanged"
    assert told(report)["z.md"] == "archived"
    assert line_of(report, "docker/disk.md").status in ("archived", "failed")
    assert Run.objects.all()[0].ended is not None


# The file comes back


@pytest.mark.parametrize(
    ("text", "texts"),
    [(NOTE, [NOTE, NOTE, NOTE]), (FILE, [FILE, NOTE, NOTE, NOTE])],
    ids=["same", "other"],
)
def test_it_comes_back(folder: Path, disk: Path, text: str, texts: list[str]) -> None:
    """The same entry stands at its old address again and is found by its error."""
    key = source().pk
    disk.unlink()
    ingest([folder])
    disk.write_text(text)
    line = line_of(ingest([folder]), "docker/disk.md")

    assert (line.status, line.message, line.entries) == ("updated", "Its file is back.", 1)
    assert (source().pk, source().gone) == (key, False)
    assert list(source().revisions.values_list("text", flat=True)) == texts
    assert Entry.objects.current().get(source=key).slug == "disk-full"
    assert SignatureKey.objects.filter(entry__slug="disk-full").exists()
    assert set(told(ingest([folder])).values()) == {"unchanged"}


def test_it_comes_back_under_another_name(folder: Path, disk: Path) -> None:
    """Its bytes are remembered for as long as it is away."""
    key = source().pk
    disk.unlink()
    ingest([folder])
    lay(folder, {"ops/full.md": NOTE})

    assert told(ingest([folder]))["ops/full.md"] == "updated"
    assert (source("ops/full.md").pk, shown() >= {"disk-full"}) == (key, True)


def test_the_wikis_words_come_back_with_it(folder: Path, disk: Path) -> None:
    """What a writer changed in the archive stays the newest text; the file did not change."""
    disk.unlink()
    ingest([folder])
    put(WIKI, 2)
    assert "disk-full" not in shown()
    disk.write_text(NOTE)

    assert line_of(ingest([folder]), "docker/disk.md").message == "Its file is back."
    assert source().newest().text == WIKI
    assert "disk-full" in shown()


def test_it_comes_back_other_than_the_wikis(folder: Path, disk: Path) -> None:
    """Both changed: a conflict that leaves both, until --force."""
    disk.unlink()
    ingest([folder])
    put(WIKI, 2)
    disk.write_text(FILE)

    assert told(ingest([folder]))["docker/disk.md"] == "conflict"
    assert source().newest().text == WIKI
    assert told(ingest([folder], force=True))["docker/disk.md"] == "updated"
    assert (source().newest().text, source().gone) == (FILE, False)
    assert "disk-full" in shown()


def test_it_does_not_bring_back_what_a_person_archived(folder: Path, disk: Path) -> None:
    """Two reasons to be hidden need two to be shown."""
    archive(source(), author=None, archived=True)
    disk.unlink()
    ingest([folder])
    disk.write_text(NOTE)
    ingest([folder])

    assert (source().gone, source().archived) == (False, True)
    assert "disk-full" not in shown()


# Changed in the wiki since


def test_what_was_edited_in_the_wiki_is_asked_about(folder: Path, disk: Path) -> None:
    """Someone's words are in it: the line says what to do, and it stays as it is."""
    put(WIKI, 1)
    disk.unlink()
    before = rows()
    line = line_of(ingest([folder]), "docker/disk.md")

    assert line.status == "conflict"
    assert "Archive it there, or use --force" in line.message
    assert rows() == before


@pytest.mark.parametrize("dry_run", [True, False])
def test_force_archives_it(folder: Path, disk: Path, *, dry_run: bool) -> None:
    """The wiki's text stays in the history."""
    put(WIKI, 1)
    disk.unlink()

    assert told(ingest([folder], force=True, dry_run=dry_run))["docker/disk.md"] == "archived"
    assert ("disk-full" in shown()) is dry_run
    assert source().newest().text == WIKI


def test_once_archived_in_the_wiki_it_is_settled(folder: Path, disk: Path) -> None:
    """Whoever did as the line said is not asked again."""
    put(WIKI, 1)
    disk.unlink()
    ingest([folder])
    archive(source(), author=None, archived=True)
    ingest([folder])

    assert told(ingest([folder])) == {"guide.md": "unchanged"}


def test_a_save_in_that_moment_wins(folder: Path, disk: Path) -> None:
    """Whoever saves while the run puts it away keeps it, and the line says so."""
    disk.unlink()
    really = saving.prepare_here

    def save_meanwhile(text: str, path: str) -> Prepared:
        with patch.object(saving, "prepare_here", really):
            put(WIKI, 1)
        return really(text, path)

    with patch.object(saving, "prepare_here", save_meanwhile):
        report = ingest([folder])

    assert told(report)["docker/disk.md"] == "conflict"
    assert (source().newest().text, source().gone) == (WIKI, False)


def test_who_brings_it_back_keeps_it(folder: Path, disk: Path, alice: User) -> None:
    """It is a wiki text from then on: no run archives it again, forced or not."""
    disk.unlink()
    ingest([folder])
    archive(source(), author=alice, archived=False)
    assert (source().gone, source().folder, source().file_checksum) == (False, "", "")
    for force in (False, True):
        assert told(ingest([folder], force=force)) == {"guide.md": "unchanged"}

    assert "disk-full" in shown()
    assert source().newest().author == alice


def test_who_brings_back_what_was_archived_first_keeps_it_too(
    folder: Path, disk: Path, alice: User
) -> None:
    """Archived by a person, then its file deleted, then brought back: it is wanted without a file."""
    archive(source(), author=alice, archived=True)
    disk.unlink()
    ingest([folder])
    archive(source(), author=alice, archived=False)

    assert told(ingest([folder])) == {"guide.md": "unchanged"}
    assert "disk-full" in shown()


def test_a_file_that_comes_back_unreadable_fails(folder: Path, disk: Path, alice: User) -> None:
    """Though its text has lived on in the wiki without it."""
    disk.unlink()
    ingest([folder])
    archive(source(), author=alice, archived=False)
    disk.write_bytes(b"x" * (MAX_BYTES + 1))

    assert told(ingest([folder]))["docker/disk.md"] == "failed"


# What is not deleted


@pytest.mark.parametrize("left", [(), (".git/x.md", "_draft.md", "notes.txt")])
def test_an_emptied_folder_is_refused(many: Path, left: tuple[str, ...]) -> None:
    """It looks like one that is not mounted: one clear line, and everything stays."""
    shutil.rmtree(many)
    many.mkdir()
    lay(many, dict.fromkeys(left, "# no\n"))
    before = rows()
    line = only(ingest([many]))

    assert (line.path, line.status) == (str(many), "failed")
    assert line.message == (
        f"Holds none of the {MANY} files that were read from it. If they were deleted, use --force."
    )
    assert rows() == before


def test_force_archives_all_of_an_emptied_folder(many: Path) -> None:
    """Each has its line, none is erased, and after that it is a folder like any other."""
    shutil.rmtree(many / "docker")

    assert ingest([many], force=True).counts() == {"archived": MANY}
    assert (shown(), Revision.objects.count()) == (set(), 2 * MANY)
    assert ingest([many]).files == ()


def test_a_folder_that_is_not_there_is_refused(many: Path) -> None:
    """A wrong path, or a disk that is away, archives nothing."""
    many.rename(many.with_name("away"))
    before = rows()

    assert only(ingest([many])).status == "failed"
    assert rows() == before


def test_the_other_folders_are_read_all_the_same(many: Path, folder: Path) -> None:
    """One that is emptied stops no other."""
    shutil.rmtree(many / "docker")
    lay(folder, {"new.md": "# New\n\nWords.\n"})

    assert told(ingest([many, folder])) == {
        str(many): "failed",
        "guide.md": "unchanged",
        "new.md": "created",
        "docker/disk.md": "unchanged",
    }


def test_a_few_files_are_believed(folder: Path) -> None:
    """So few may well be deleted together."""
    shutil.rmtree(folder)
    folder.mkdir()

    assert ingest([folder]).counts() == {"archived": 2}


def test_the_last_of_many_is_believed(many: Path) -> None:
    """Where the others were deleted before, it is one file that is deleted, not a folder."""
    first, *others = sorted((many / "docker").iterdir())
    for file in others:
        file.unlink()
    ingest([many])
    first.unlink()

    assert ingest([many]).counts() == {"archived": 1}


def test_an_inner_folder_speaks_for_itself(folder: Path, many: Path) -> None:
    """Where only it is read, what went from it is archived, and nothing beside it."""
    (many / "docker" / "3.md").unlink()
    lay(many, {"beside.md": NOTE})
    ingest([many / "docker"])
    assert told(ingest([many / "docker"])) == {
        f"{n}.md": "unchanged" for n in range(MANY) if n != 3
    }
    assert Source.objects.filter(gone=True).get().path == "docker/3.md"

    shutil.rmtree(many / "docker")
    (many / "docker").mkdir()
    assert only(ingest([many / "docker"])).status == "failed"


def test_what_ends_alike_is_not_inside(tmp_path: Path) -> None:
    """`docker` does not speak for `docker-old`."""
    names = {"docker/a.md": NOTE, "docker-old/b.md": GUIDE}
    folder = lay(tmp_path / "content", names)
    ingest([folder])
    (folder / "docker-old" / "b.md").unlink()

    assert told(ingest([folder / "docker"])) == {"a.md": "unchanged"}


@pytest.mark.parametrize("there", [True, False])
def test_a_file_named_alone_archives_nothing(folder: Path, disk: Path, *, there: bool) -> None:
    """Neither the others of its folder nor, if it is not there, itself: the name may be wrong."""
    (folder / "guide.md").unlink()
    if not there:
        disk.unlink()
    report = ingest([disk])

    assert told(report) == {"disk.md": "unchanged" if there else "failed"}
    assert not Source.objects.filter(gone=True).exists()


@contextmanager
def closed(folder: Path) -> Iterator[None]:
    """Let the system refuse to look into a folder, whoever we are."""
    really, scan = os.lstat, os.scandir

    def refuse(path: Any) -> None:
        if not isinstance(path, int) and Path(os.fsdecode(path)).is_relative_to(folder):
            raise PermissionError(13, "Permission denied", os.fsdecode(path))

    def lstat(path: Any, **over: Any) -> os.stat_result:
        if Path(os.fsdecode(path)) != folder:
            refuse(path)
        return really(path, **over)

    def scandir(path: Any = ".") -> Any:
        refuse(path)
        return scan(path)

    with patch.object(os, "lstat", lstat), patch.object(os, "scandir", scandir):
        yield


def test_what_we_may_not_see_is_not_deleted(folder: Path, disk: Path) -> None:
    """A folder that was closed to us fails by name, and its files stay as they are."""
    before = rows()
    with closed(disk.parent):
        report = ingest([folder])

    assert told(report) == {"guide.md": "unchanged", "docker": "failed"}
    assert rows() == before


def test_a_folder_closed_as_a_whole_is_not_emptied(many: Path) -> None:
    """It has a line that says why, and everything stays, whoever forces it."""
    before = rows()
    with closed(many / "docker"):
        report = ingest([many], force=True)

    assert told(report) == {"docker": "failed"}
    assert rows() == before


@pytest.mark.parametrize("force", [False, True])
def test_a_file_that_turns_bad_is_there(folder: Path, disk: Path, *, force: bool) -> None:
    """It fails, and what was read before stays."""
    disk.write_text("---\ntitle: [\n---\n")
    before = rows()

    assert told(ingest([folder], force=force))["docker/disk.md"] == "failed"
    assert rows() == before


def test_what_was_born_in_the_wiki_has_no_file_to_lose(folder: Path) -> None:
    """Not even where its path would lie in the folder."""
    put("# Born in the wiki\n\nWords.\n", path="wiki/born.md")
    put("# Born here\n\nWords.\n", path="docker/born.md")

    for force in (False, True):
        assert set(told(ingest([folder], force=force)).values()) == {"unchanged"}
    assert shown() >= {"born-in-the-wiki", "born-here"}


def test_an_upload_has_no_file_to_lose(tmp_path: Path, folder: Path, alice: User) -> None:
    """Where it was unpacked is gone by the next run; it stays."""
    unpacked = lay(tmp_path / "upload", {"up/loaded.md": "# Loaded up\n\nWords.\n"})
    ingest_upload(unpacked, "notes.zip", author=alice)
    shutil.rmtree(unpacked)
    unpacked.mkdir()

    assert source("up/loaded.md").folder == ""
    assert set(told(ingest([folder, unpacked], force=True)).values()) == {"unchanged"}
    assert "loaded-up" in shown()


def test_an_upload_of_what_was_deleted_stays(
    tmp_path: Path, folder: Path, disk: Path, alice: User
) -> None:
    """Who uploads it again wants it: no later run archives it because of the file of old."""
    disk.unlink()
    ingest([folder])
    ingest_upload(lay(tmp_path / "up", {"docker/disk.md": NOTE}), "notes.zip", author=alice)
    assert "disk-full" in shown()

    assert told(ingest([folder])) == {"guide.md": "unchanged"}
    assert "disk-full" in shown()


def test_a_folder_that_moved_is_followed(folder: Path, tmp_path: Path) -> None:
    """A checkout at another place knows what is deleted there, though it was read elsewhere first."""
    moved = folder.rename(tmp_path / "moved")
    ingest([moved])
    (moved / "docker" / "disk.md").unlink()

    assert told(ingest([moved])) == {"guide.md": "unchanged", "docker/disk.md": "archived"}
