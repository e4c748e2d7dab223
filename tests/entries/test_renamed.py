"""A renamed file stays what it was: its Source, its history, its entries at their addresses."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User

from kb.entries import commit as committing
from kb.entries import follow as following
from kb.entries import reindex as indexing
from kb.entries.ingest import FileReport, ingest, ingest_upload
from kb.entries.save import Edit, Saved, StaleEdit, archive, save_all
from kb.markdown.document import ParsedSource
from kb.models import Entry, Revision, Source
from tests.entries.texts import NOTE, guide, lay, put, rows, told, trouble

pytestmark = pytest.mark.django_db

GUIDE = guide(trouble("Login fails"), trouble("Proxy answers 502"))
WIKI = f"{NOTE}From the wiki.\n"
OTHER = """\
# Certificates expired

## Error

    x509: certificate has expired or is not yet valid

## Cause

The renewal job lost its permission to write when the volume was moved.

## Fix

Give it back, renew by hand, and reload the proxy.
"""
MORE = f"{NOTE}\n## Lessons\n\nWatch the disk of each build host.\n"
MUCH_CHANGED = """\
# Disk full

## Error

    OSError: [Errno 28] No space left on device

## Cause

Nobody had told the build hosts to throw away layers older than a week.

## Fix

A timer prunes at night; until it has run once, remove by hand what is oldest.
"""


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


def known() -> dict[str, dict[str, Any]]:
    """Return by path what must outlive a rename."""
    return {
        source.path: {
            "key": source.pk,
            "address": source.slug,
            "texts": [one.text for one in source.revisions.all()],
            "entries": list(source.entries.order_by("pk").values_list("slug", "title", "archived")),
        }
        for source in Source.objects.all()
    }


def move(folder: Path, old: str, new: str, text: str | None = None) -> Path:
    """Rename a file below the folder, and write another text into it."""
    (folder / new).parent.mkdir(parents=True, exist_ok=True)
    target = (folder / old).rename(folder / new)
    if text is not None:
        target.write_text(text)
    return target


def by_path(files: Sequence[FileReport]) -> Mapping[str, FileReport]:
    """Return the reports by path."""
    return {file.path: file for file in files}


# Only the name is another


@pytest.mark.parametrize(
    "new",
    [
        "docker/full.md",
        "disk.md",
        "ops/disk.md",
        "ops/hosts/build/no space left.md",
        "docker/DISK.md",
        "docker/disk.markdown",
        "docker/disk/disk.md",
        "Größe/диск.md",
    ],
)
def test_it_keeps_everything(folder: Path, new: str) -> None:
    """Wherever it goes and however it is spelt, only the path is another, and no row is added."""
    before = known()
    count = Revision.objects.count(), Entry.objects.count()
    move(folder, "docker/disk.md", new)
    report = by_path(ingest([folder]).files)

    assert report[new].status == "updated"
    assert report[new].message == "Renamed from docker/disk.md."
    assert report.keys() == {"guide.md", new}
    assert known() == {"guide.md": before["guide.md"], new: before["docker/disk.md"]}
    assert (Revision.objects.count(), Entry.objects.count()) == count
    assert told(ingest([folder])) == dict.fromkeys(("guide.md", new), "unchanged")


def test_its_entries_are_counted(folder: Path) -> None:
    """Its line says how many stand in it, as every other line does."""
    move(folder, "guide.md", "login.md")
    report = by_path(ingest([folder]).files)

    assert {path: file.entries for path, file in report.items()} == {
        "login.md": 2,
        "docker/disk.md": 1,
    }


def test_it_goes_on_under_its_new_name(folder: Path) -> None:
    """Edited and deleted later, it is followed by the new name; its folder is noted too."""
    key = Source.objects.get(path="docker/disk.md").pk
    file = move(folder, "docker/disk.md", "full.md")
    ingest([folder])
    file.write_text(MORE)
    assert told(ingest([folder]))["full.md"] == "updated"
    source = Source.objects.get(pk=key)
    assert (source.path, source.folder, source.revision) == ("full.md", str(folder), 2)
    file.unlink()

    assert told(ingest([folder]))["full.md"] == "archived"


def test_a_guide_keeps_the_addresses_of_all_its_entries(folder: Path) -> None:
    """As many as there are."""
    before = known()["guide.md"]
    move(folder, "guide.md", "guides/login and proxy.md")
    ingest([folder])

    assert known()["guides/login and proxy.md"] == before


def test_what_was_written_in_the_wiki_stays(folder: Path, alice: User) -> None:
    """The file did not change, so the wiki's text remains the newest."""
    put(WIKI, 1, author=alice)
    before = known()["docker/disk.md"]
    move(folder, "docker/disk.md", "docker/full.md")

    assert told(ingest([folder]))["docker/full.md"] == "updated"
    assert known()["docker/full.md"] == before
    assert Source.objects.get(path="docker/full.md").newest().author == alice


@pytest.mark.parametrize("force", [False, True])
def test_what_a_person_archived_stays_so_unless_forced(folder: Path, *, force: bool) -> None:
    """A rename is no reason to bring it back; --force is."""
    archive(Source.objects.get(path="docker/disk.md"), author=None, archived=True)
    key = Source.objects.get(path="docker/disk.md").pk
    move(folder, "docker/disk.md", "docker/full.md")
    ingest([folder], force=force)
    source = Source.objects.get(pk=key)

    assert (source.path, source.archived, source.gone) == ("docker/full.md", not force, False)
    assert Entry.objects.current().filter(source=source).exists() is force
    assert Source.objects.count() == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_bytes_are_known_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    """A file that is no UTF-8 is renamed like any other, and its bytes stay."""
    raw = NOTE.replace("Old", "Ältere").encode(encoding)
    (tmp_path / "a.md").write_bytes(raw)
    ingest([tmp_path])
    before = known()["a.md"]
    move(tmp_path, "a.md", "b.md")
    ingest([tmp_path])

    assert known() == {"b.md": before}
    assert Revision.objects.get().content() == raw


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_it_may_be_edited_too_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    """Texts are compared, not bytes."""
    (tmp_path / "a.md").write_bytes(NOTE.replace("Old", "Ältere").encode(encoding))
    ingest([tmp_path])
    before = known()["a.md"]
    move(tmp_path, "a.md", "b.md").write_bytes(MORE.replace("Old", "Ältere").encode(encoding))
    ingest([tmp_path])

    assert known()["b.md"]["key"] == before["key"]
    assert Source.objects.count() == 1


def test_a_dry_run_tells_and_writes_nothing(folder: Path) -> None:
    """It says what it was, and nothing is said to be deleted."""
    move(folder, "docker/disk.md", "docker/full.md")
    before = rows()
    report = ingest([folder], dry_run=True)

    assert told(report) == {"guide.md": "unchanged", "docker/full.md": "updated"}
    assert by_path(report.files)["docker/full.md"].message == "Renamed from docker/disk.md."
    assert rows() == before


# Many at once


def test_a_folder_is_renamed_as_a_whole(tmp_path: Path) -> None:
    """Each file below it keeps what it was."""
    names = [f"docker/{n}.md" for n in range(5)] + ["docker/hosts/deep/6.md"]
    folder = lay(tmp_path / "content", {name: f"# {name}\n\nAbout {name}.\n" for name in names})
    ingest([folder])
    before = known()
    (folder / "docker").rename(folder / "containers")
    report = ingest([folder])

    assert set(told(report).values()) == {"updated"}
    assert known() == {path.replace("docker", "containers"): was for path, was in before.items()}


def test_three_hundred_are_renamed_at_once(tmp_path: Path) -> None:
    """More than a batch holds, and more than would be compared: their bytes tell."""
    texts = {f"{n}.md": f"# Trouble {n}\n\nAbout {n}.\n" for n in range(300)}
    folder = lay(tmp_path / "content", texts)
    ingest([folder])
    before = {source.path: source.pk for source in Source.objects.all()}
    for name in texts:
        move(folder, name, f"moved/{name}")
    report = ingest([folder])

    assert report.counts() == {"updated": 300}
    after = {source.path.removeprefix("moved/"): source.pk for source in Source.objects.all()}
    assert after == before


def test_twins_are_renamed_together(tmp_path: Path) -> None:
    """Files of the same bytes stay as many Sources as they were, and none is archived."""
    folder = lay(tmp_path / "content", {f"{name}/readme.md": NOTE for name in "abc"})
    ingest([folder])
    before = {source.pk for source in Source.objects.all()}
    for name in "abc":
        move(folder, f"{name}/readme.md", f"x/{name}/readme.md")
    report = ingest([folder])

    assert report.counts() == {"updated": 3}
    assert {source.pk for source in Source.objects.all()} == before


def test_a_folder_that_lies_elsewhere_is_renamed_in_too(folder: Path, tmp_path: Path) -> None:
    """A checkout at another place, in which a file has another name, loses nothing."""
    before = known()
    moved = folder.rename(tmp_path / "moved")
    move(moved, "docker/disk.md", "docker/full.md")
    report = ingest([moved])

    assert told(report)["docker/full.md"] == "updated"
    assert known() == {
        "guide.md": before["guide.md"],
        "docker/full.md": before["docker/disk.md"],
    }


# Renamed and edited


@pytest.mark.parametrize(
    "text",
    [
        MORE,
        NOTE.replace("Disk full", "No space left on a build host"),
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("Prune the images.", "Prune the images every night, with a timer."),
        MUCH_CHANGED,
    ],
    ids=["longer", "other title", "line ends", "other fix", "same title, much changed"],
)
def test_what_is_alike_is_the_same_file(folder: Path, text: str) -> None:
    """It keeps its Source and its entry, the text becomes the next revision, and nothing is gone."""
    before = known()["docker/disk.md"]
    (folder / "docker" / "disk.md").unlink()
    (folder / "full.md").write_bytes(text.encode())
    report = ingest([folder])

    assert told(report) == {"full.md": "updated", "guide.md": "unchanged"}
    assert by_path(report.files)["full.md"].message == "Renamed from docker/disk.md."
    after = known()["full.md"]
    assert (after["key"], after["address"]) == (before["key"], before["address"])
    assert [slug for slug, _, _ in after["entries"]] == ["disk-full"]
    assert after["texts"] == [text.replace("\r\n", "\n"), NOTE]
    newest = Source.objects.get(path="full.md").newest()
    assert newest.message == "ingested from the file, renamed from docker/disk.md"
    assert set(told(ingest([folder])).values()) == {"unchanged"}


def test_another_text_is_not_taken_for_it(folder: Path) -> None:
    """The old one is archived, the new one is new, though they came and went together."""
    move(folder, "docker/disk.md", "docker/tls.md", OTHER)
    report = ingest([folder])

    assert told(report) == {
        "guide.md": "unchanged",
        "docker/tls.md": "created",
        "docker/disk.md": "archived",
    }
    assert known()["docker/disk.md"]["texts"][0] == NOTE


OVERVIEWS = (
    (
        "The billing service writes one invoice a night. Two workers share a queue, and when the "
        "database restarts both of them have to be told. Ask the finance team before a replay, "
        "since customers get a mail for each invoice that is written again.\n"
    ),
    (
        "Cameras stream through a relay in each hall. The relay keeps four hours on its own disk, "
        "which is why nobody notices a broken uplink in the evening. Its lamp turns red; replace "
        "the fuse, wait for green, and note the time in the log of the porter.\n"
    ),
)
TEMPLATE = """\
# {title}

## Error

    {error}

## Cause

{cause}

## Fix

{fix}

## Lessons

{lessons}
"""
FILLED = (
    TEMPLATE.format(
        title="Queue of invoices stands still",
        error="amqp.exceptions.PreconditionFailed: (406) delivery acknowledgement timed out",
        cause="A worker kept one message for longer than thirty minutes.",
        fix="Restart the worker and raise the limit for that queue.",
        lessons="Long jobs acknowledge first and report later.",
    ),
    TEMPLATE.format(
        title="Porter's lamp stays red",
        error="relayd[211]: uplink eth1 down, carrier lost for 14400 s",
        cause="The fuse of hall 4 had blown in the storm.",
        fix="Put in a new one from the drawer below the relay.",
        lessons="Someone has to look at the lamps each evening.",
    ),
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        tuple(f"# Overview\n\n{text}" for text in OVERVIEWS),
        tuple(
            f"# Overview\n\n## Purpose\n\n{text}\n## Contact\n\nThe team.\n" for text in OVERVIEWS
        ),
        FILLED,
        tuple(text.replace(text.split("\n")[0], "# Runbook") for text in FILLED),
    ],
    ids=["prose", "prose below the same headings", "one template", "one template and title"],
)
def test_a_title_or_template_in_common_joins_nothing(tmp_path: Path, old: str, new: str) -> None:
    """Texts about different things that many teams would give the same frame stay apart."""
    folder = lay(tmp_path / "content", {"billing/overview.md": old})
    ingest([folder])
    move(folder, "billing/overview.md", "cameras/overview.md", new)

    assert told(ingest([folder])) == {
        "cameras/overview.md": "created",
        "billing/overview.md": "archived",
    }


def test_the_most_alike_of_the_new_ones_is_it(folder: Path) -> None:
    """Not the first by name that is somewhat alike."""
    key = Source.objects.get(path="docker/disk.md").pk
    (folder / "docker" / "disk.md").unlink()
    lay(folder, {"a.md": MUCH_CHANGED, "b.md": NOTE.replace("Prune", "Remove")})
    ingest([folder])

    assert Source.objects.get(pk=key).path == "b.md"
    assert Source.objects.get(path="a.md").revision == 1


def test_what_was_deleted_long_ago_does_not_stand_in_its_way(tmp_path: Path) -> None:
    """However many files were deleted before, the one that went now is still found by likeness."""
    old = {f"a/{n}.md": f"# Old {n}\n\nAbout {n} only.\n" for n in range(110)}
    folder = lay(tmp_path / "content", {**old, "keep.md": GUIDE, "z.md": NOTE})
    ingest([folder])
    key = Source.objects.get(path="z.md").pk
    shutil.rmtree(folder / "a")
    ingest([folder])
    move(folder, "z.md", "renamed.md", MORE)

    assert told(ingest([folder])) == {"keep.md": "unchanged", "renamed.md": "updated"}
    assert Source.objects.get(path="renamed.md").pk == key


@pytest.mark.parametrize("dry_run", [True, False])
def test_it_is_told_once(folder: Path, *, dry_run: bool) -> None:
    """A dry run too says `updated`, and not that the old name was deleted."""
    move(folder, "docker/disk.md", "full.md", MORE)
    report = ingest([folder], dry_run=dry_run)

    assert [(file.path, file.status) for file in report.files] == [
        ("full.md", "updated"),
        ("guide.md", "unchanged"),
    ]


def test_changes_on_both_sides_are_one_conflict(folder: Path) -> None:
    """Renamed and edited on disk, edited in the wiki: it is told once, and nothing is changed."""
    put(WIKI, 1)
    move(folder, "docker/disk.md", "full.md", MORE)
    before = rows()
    report = ingest([folder])

    assert [(file.path, file.status) for file in report.files] == [
        ("full.md", "conflict"),
        ("guide.md", "unchanged"),
    ]
    assert rows() == before


def test_force_lets_the_renamed_file_win(folder: Path) -> None:
    """The wiki's text stays in the history of the same Source."""
    put(WIKI, 1)
    key = Source.objects.get(path="docker/disk.md").pk
    move(folder, "docker/disk.md", "full.md", MORE)
    report = ingest([folder], force=True)

    assert told(report) == {"guide.md": "unchanged", "full.md": "updated"}
    assert (known()["full.md"]["key"], known()["full.md"]["texts"]) == (key, [MORE, WIKI, NOTE])


def test_one_that_cannot_be_saved_is_not_put_away(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """When the save of a renamed and edited file fails, what there was stays as it was."""
    move(folder, "docker/disk.md", "full.md", MORE)
    before = rows()

    def fail(edits: Sequence[Edit], **over: Any) -> list[Saved | StaleEdit]:
        if any(edit.path == "full.md" for edit in edits):
            raise ValueError("odd")
        return save_all(edits, **over)

    with patch.object(committing, "save_all", fail):
        report = ingest([folder])

    assert told(report) == {"guide.md": "unchanged", "full.md": "failed"}
    assert rows() == before


# Names that others had


def test_a_copy_is_a_new_file(folder: Path) -> None:
    """As long as the old one is there, run after run; and when it goes later, only it is put away."""
    before = known()
    shutil.copy(folder / "docker" / "disk.md", folder / "copy.md")
    assert told(ingest([folder]))["copy.md"] == "created"
    assert set(told(ingest([folder])).values()) == {"unchanged"}
    assert {path: was for path, was in known().items() if path != "copy.md"} == before
    (folder / "docker" / "disk.md").unlink()

    assert told(ingest([folder])) == {
        "copy.md": "unchanged",
        "guide.md": "unchanged",
        "docker/disk.md": "archived",
    }


def test_a_copy_in_a_checkout_that_moved_is_a_new_file(folder: Path, tmp_path: Path) -> None:
    """The old one is there, though not where it was read from first."""
    before = known()
    moved = folder.rename(tmp_path / "moved")
    ingest([moved])
    shutil.copy(moved / "docker" / "disk.md", moved / "docker" / "a copy.md")

    assert told(ingest([moved]))["docker/a copy.md"] == "created"
    assert known().pop("docker/disk.md") == before["docker/disk.md"]


def test_a_folder_and_one_inside_it_are_read_once(folder: Path) -> None:
    """Named together, they do not make two Sources of one new file."""
    lay(folder, {"docker/new.md": OTHER})
    ingest([folder, folder / "docker"])

    assert set(Source.objects.values_list("path", flat=True)) == {
        "guide.md",
        "docker/disk.md",
        "docker/new.md",
    }


def test_two_files_swap_their_names(tmp_path: Path) -> None:
    """Each entry stays at its address: it would lead to another trouble otherwise."""
    folder = lay(tmp_path / "content", {"a.md": NOTE, "b.md": OTHER})
    ingest([folder])
    before = known()
    lay(folder, {"a.md": OTHER, "b.md": NOTE})
    ingest([folder])

    assert known() == {"a.md": before["b.md"], "b.md": before["a.md"]}


def test_each_file_takes_the_next_ones_name(tmp_path: Path) -> None:
    """Notes that are numbered anew to make room for one stay what they were."""
    folder = lay(tmp_path / "content", {"1.md": NOTE, "2.md": OTHER})
    ingest([folder])
    before = known()
    lay(folder, {"1.md": GUIDE, "2.md": NOTE, "3.md": OTHER})
    ingest([folder])

    after = known()
    assert (after["2.md"], after["3.md"]) == (before["1.md"], before["2.md"])


@pytest.mark.parametrize("at_once", [True, False])
def test_one_takes_the_name_of_a_deleted_one(tmp_path: Path, *, at_once: bool) -> None:
    """Its entry stays at its address; the deleted one is kept in the archive with its own."""
    folder = lay(tmp_path / "content", {"a.md": NOTE, "b.md": OTHER, "c.md": GUIDE})
    ingest([folder])
    (folder / "a.md").unlink()
    if not at_once:
        ingest([folder])
    move(folder, "b.md", "a.md")
    ingest([folder])

    assert Entry.objects.get(slug="certificates-expired").source.path == "a.md"
    assert Entry.objects.get(slug="certificates-expired").archived is False
    assert Entry.objects.get(slug="disk-full").archived is True
    assert Entry.objects.get(slug="disk-full").title == "Disk full"


def other_text(tmp_path: Path, author: User, kind: str) -> None:
    """Let something that is no file of the folder have the path `taken.md`."""
    if kind == "wiki":
        put(OTHER, path="taken.md")
    elif kind == "upload":
        ingest_upload(lay(tmp_path / "up", {"taken.md": OTHER}), "notes.zip", author=author)
    else:
        ingest([lay(tmp_path / "other", {"taken.md": OTHER})])


@pytest.mark.parametrize("kind", ["wiki", "upload", "other folder"])
def test_a_name_that_is_no_files_of_the_folder_is_not_taken(
    folder: Path, tmp_path: Path, alice: User, kind: str
) -> None:
    """A wiki text, an upload or a file elsewhere has this path: it stays, and the line says so."""
    other_text(tmp_path, alice, kind)
    before = known()["taken.md"]
    move(folder, "docker/disk.md", "taken.md")
    report = ingest([folder])

    assert [file.status for file in report.files if file.path == "taken.md"] == ["conflict"]
    assert known()["taken.md"] == before
    assert not Source.objects.get(path="taken.md").gone


def test_a_fault_of_ours_costs_one_file(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Also while files are compared with what is gone, before they are read to be saved."""
    (folder / "docker" / "disk.md").unlink()
    lay(folder, {"a.md": OTHER, "b.md": MORE})
    really = following.read_here

    def fail(text: str, path: str) -> ParsedSource:
        if path == "a.md":
            raise RecursionError("deep")
        return really(text, path)

    with patch.object(following, "read_here", fail):
        report = ingest([folder])

    assert told(report)["b.md"] == "updated"
    assert told(report)["guide.md"] == "unchanged"
