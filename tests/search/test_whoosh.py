"""What only the Whoosh backend must see to itself: disk, segments and what others left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kb.search.index import Query
from kb.search.whoosh import WhooshIndex
from tests.search.conftest import doc


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Tell where the index lives."""
    return tmp_path / "whoosh"


@pytest.fixture
def index(folder: Path) -> WhooshIndex:
    """Open an index that is built and empty."""
    index = WhooshIndex(folder)
    index.rebuild([])
    return index


def test_a_commit_is_on_the_disk_before_it_counts(
    index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Segment and table of contents are synced, then renamed into place, then the folder synced."""
    done: list[str] = []
    sync, rename = os.fsync, os.rename

    def note_sync(descriptor: int) -> None:
        done.append("sync " + Path(f"/proc/self/fd/{descriptor}").readlink().suffix)
        sync(descriptor)

    def note_rename(old: str, new: str) -> None:
        done.append("rename " + Path(new).suffix)
        rename(old, new)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "rename", note_rename)
    index.put([doc(1, title="word")])
    at = done.index("rename .toc")
    assert "sync .seg" in done[:at]
    assert len(done[:at]) == 2
    assert done[at:] == ["rename .toc", "sync "]


def test_saves_one_by_one_leave_few_segments(index: WhooshIndex, folder: Path) -> None:
    """Small segments are taken together, and those without live documents dropped."""
    for key in range(40):
        index.put([doc(key, title="word")])
    for _ in range(20):
        index.put([doc(7, title="word again")])
    assert len(list(folder.glob("*/*.seg"))) <= 6
    assert index.frequencies(["again"])["again"] <= 2
    assert len(index.search(Query(("word",)), 100)) == 40


def test_what_a_killed_commit_left_is_swept(index: WhooshIndex, folder: Path) -> None:
    """The next commit removes half a table of contents and segments nobody refers to."""
    (build,) = (path for path in folder.iterdir() if path.is_dir())
    for name in ("_kb_9.toc.123", "kb_orphan.trm"):
        (build / name).touch()
    index.put([doc(1, title="word")])
    assert sorted(path.suffix for path in build.iterdir()) == [".seg", ".toc"]


def test_many_commits_hold_no_files_open(index: WhooshIndex) -> None:
    """Readers of segments that are gone are let go."""
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # a count of open files
    for key in range(12):
        index.put([doc(key, title="word")])
        index.search(Query(("word",)), 5)
    assert len(os.listdir("/proc/self/fd")) <= before + 6  # noqa: PTH208


def test_terms_of_old_commits_are_forgotten_in_time(
    index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Remembered frequencies are bounded, and right after they were dropped."""
    monkeypatch.setattr("kb.search.whoosh.MAX_REMEMBERED", 2)
    index.put([doc(1, title="a b c d")])
    terms = ["a", "b", "c", "x", "d", "a"]
    assert index.frequencies(terms) == {"a": 1, "b": 1, "c": 1, "x": 0, "d": 1}
