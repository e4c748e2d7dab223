"""Export writes back what came in, to the byte, and nowhere else than into its folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kb.entries.export import UnsafePath, export
from kb.entries.ingest import ingest
from kb.entries.save import archive
from kb.models import OPERATOR, Source
from tests.entries.texts import NOTE, put

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[1] / "samples" / "markdown"


def files(folder: Path) -> dict[str, bytes]:
    """Return what lies below a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_it_works(tmp_path: Path) -> None:
    """Every Source is a file at its path, made of the newest text."""
    put(path="docker/disk.md")
    put(f"{NOTE}More.\n", 1)
    put("# Note\n\nWords.\n", path="wiki/note.md")

    assert export(tmp_path / "out", OPERATOR) == 2
    assert files(tmp_path / "out") == {
        "docker/disk.md": f"{NOTE}More.\n".encode(),
        "wiki/note.md": b"# Note\n\nWords.\n",
    }


@pytest.mark.parametrize(
    "raw",
    [
        NOTE.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + NOTE.encode(),
        NOTE.encode("utf-16"),
        NOTE.encode("utf-16-be"),
        f"{NOTE}Stra\xdfe\n".encode("cp1252"),
        f"{NOTE}caf\u221a\u00a9, na\u221a\u00d8ve\n".encode(),
        NOTE.rstrip("\n").encode(),
        f"{NOTE}\n\n\t \r\r\n".encode(),
        f"{NOTE}a\0b\n".encode(),
    ],
)
def test_a_file_comes_out_as_it_went_in(tmp_path: Path, raw: bytes) -> None:
    """Line ends, byte-order marks, encodings and garbled letters are all as they were."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_bytes(raw)
    assert ingest([tmp_path / "in"]).count("created") == 1
    export(tmp_path / "out", OPERATOR)

    assert files(tmp_path / "out") == {"a.md": raw}


def test_the_samples_make_the_round_trip(tmp_path: Path) -> None:
    """What the parsers were tried on comes out to the byte."""
    ingest([SAMPLES])
    export(tmp_path / "out", OPERATOR)
    written = files(tmp_path / "out")

    assert len(written) >= 15
    assert written == {path: (SAMPLES / path).read_bytes() for path in written}


def test_exporting_again_writes_the_newest(tmp_path: Path) -> None:
    """A folder that was exported to before is brought up to date."""
    put()
    export(tmp_path / "out", OPERATOR)
    put(f"{NOTE}More.\n", 1)
    export(tmp_path / "out", OPERATOR)

    assert files(tmp_path / "out") == {"docker/disk.md": f"{NOTE}More.\n".encode()}


@pytest.mark.parametrize("path", ["../out.md", "/tmp/out.md", "a/../../out.md", "..", ".", ""])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    """Nothing at all is written when one Source would go elsewhere; the message names it."""
    put(path="a.md")
    put("# Note\n\nWords.\n", path="z.md")
    Source.objects.filter(path="z.md").update(path=path)

    with pytest.raises(UnsafePath, match="rename it first"):
        export(tmp_path / "out", OPERATOR)
    assert files(tmp_path) == {}


def test_a_link_in_the_folder_does_not_lead_out(tmp_path: Path) -> None:
    """A folder that is a link to elsewhere is no part of the folder."""
    put(path="docker/disk.md")
    for folder in ("out", "elsewhere"):
        (tmp_path / folder).mkdir()
    (tmp_path / "out" / "docker").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UnsafePath, match=r"docker/disk\.md"):
        export(tmp_path / "out", OPERATOR)
    assert files(tmp_path / "elsewhere") == {}


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    """Who names a link means what it leads to."""
    put(path="a.md")
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")

    assert export(tmp_path / "out", OPERATOR) == 1
    assert files(tmp_path / "real") == {"a.md": NOTE.encode()}


def test_it_writes_what_the_reader_may_see(
    tmp_path: Path, alice: User, bob: User, charlie: AnonymousUser, settings: Settings
) -> None:
    """What is archived is for writers; where reading is closed a stranger gets nothing."""
    settings.KB_OPEN_READING = False
    put(path="a.md")
    archive(put("# Note\n\nWords.\n", path="z.md").source, author=None, archived=True)

    counts = {user: export(tmp_path / str(user), user) for user in (alice, bob, charlie, OPERATOR)}
    assert list(counts.values()) == [2, 1, 0, 2]


def test_queries_do_not_grow_with_sources(tmp_path: Path) -> None:
    """Twenty files cost as much as one."""

    def count() -> int:
        with CaptureQueriesContext(connection) as done:
            export(tmp_path, OPERATOR)
        return len(done)

    put(path="a.md")
    few = count()
    for number in range(20):
        put(f"# Note {number}\n\nWords.\n", path=f"{number}.md")

    assert count() == few
