"""An index that cannot be read says so, in words that tell what to do, and a rebuild heals it."""

from __future__ import annotations

import json
import os
import pickle
import random
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from kb.search import folder as folders
from kb.search.index import SCHEMA, Index, IndexBlocked, IndexUnavailable, Query
from tests.search.conftest import Open, doc

DOCS = [
    doc(key, title=f"Error number {key}", body="the same words in all " * 20) for key in range(9)
]
WORDS = Query(("same", "error"))


def write_meta(folder: Path, **changes: object) -> None:
    """Change some of what meta.json says."""
    path = folder / "meta.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def list_files(folder: Path) -> list[Path]:
    """List the files of the builds, biggest first."""
    return sorted(folder.glob("*/*"), key=lambda path: (-path.stat().st_size, path.name))


def replace_file(path: Path, content: bytes) -> None:
    """Put another file in its place: one that is mapped must not be cut short under its reader."""
    path.unlink()
    path.write_bytes(content)


def cut_files(folder: Path) -> None:
    """Leave half of each file."""
    for path in list_files(folder):
        replace_file(path, path.read_bytes()[: path.stat().st_size // 2])


def empty_files(folder: Path) -> None:
    """Leave nothing in any file, as a power cut may."""
    for path in list_files(folder):
        replace_file(path, b"")


def remove_files(folder: Path) -> None:
    """Leave the folders without their files."""
    for path in list_files(folder):
        path.unlink()


def turn_build_into_file(folder: Path) -> None:
    """Put a file where the build should be."""
    remove_files(folder)
    (build,) = (path for path in folder.iterdir() if path.is_dir())
    build.rmdir()
    build.write_text("not a folder")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no meta": lambda folder: (folder / "meta.json").unlink(),
    "empty meta": lambda folder: (folder / "meta.json").write_text(""),
    "meta of bytes": lambda folder: (folder / "meta.json").write_bytes(b"\xff\x00"),
    "meta of a list": lambda folder: (folder / "meta.json").write_text("[]"),
    "meta without a build": lambda folder: write_meta(folder, build=None),
    "meta with a path": lambda folder: write_meta(folder, build="../whoosh"),
    "build gone": lambda folder: write_meta(folder, build="0" * 32),
    "older schema": lambda folder: write_meta(folder, schema=SCHEMA - 1),
    "newer schema": lambda folder: write_meta(folder, schema=SCHEMA + 1),
    "other engine": lambda folder: write_meta(folder, backend="other"),
    "files cut": cut_files,
    "files empty": empty_files,
    "files gone": remove_files,
    "build is a file": turn_build_into_file,
}


def call_all(index: Index) -> Iterator[Callable[[], object]]:
    """List what one may ask of an index, but for a rebuild."""
    yield index.count
    yield lambda: index.frequencies(["same"])
    yield lambda: index.search(WORDS, 5)
    yield lambda: index.put(DOCS[:1])
    yield lambda: index.remove([1])


def test_a_missing_index_says_how_to_build_it(open_index: Open) -> None:
    """Without an index every call tells the command that makes one, and none makes half of one."""
    index = open_index()
    for call in call_all(index):
        with pytest.raises(IndexUnavailable, match=r"manage\.py reindex"):
            call()
    assert index.rebuild(DOCS) == len(DOCS)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_unavailable_until_rebuilt(
    index: Index, open_index: Open, folder: Path, damage: Callable[[Path], object]
) -> None:
    """Whatever is broken, each call raises IndexUnavailable, and after a rebuild all is well."""
    index.put(DOCS)
    damage(folder)
    broken = open_index()
    for call in call_all(broken):
        with pytest.raises(IndexUnavailable, match=r"manage\.py reindex") as raised:
            call()
        assert not isinstance(raised.value, IndexBlocked)
    assert broken.rebuild(DOCS) == len(DOCS)
    for healed in (broken, index, open_index()):
        assert len(healed.search(WORDS, 50)) == len(DOCS)


def test_a_flipped_bit_never_escapes(index: Index, open_index: Open, folder: Path) -> None:
    """With any one bit flipped there is an answer or IndexUnavailable, never another error."""
    index.rebuild(DOCS)
    dice = random.Random(11)  # noqa: S311  # repeatable, no secret
    files = [path for path in list_files(folder) if path.stat().st_size]
    for _ in range(40):
        path = dice.choice(files)
        whole = path.read_bytes()
        at = dice.randrange(len(whole))
        flipped = bytes([whole[at] ^ 1 << dice.randrange(8)])
        replace_file(path, whole[:at] + flipped + whole[at + 1 :])
        broken = open_index()
        for call in list(call_all(broken))[:3]:
            with suppress(IndexUnavailable):
                call()
        replace_file(path, whole)
    assert len(open_index().search(WORDS, 50)) == len(DOCS)


class Trap:
    """Touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_a_folder_that_is_not_ours_is_not_unpickled(open_index: Open, folder: Path) -> None:
    """An index laid there by somebody else is not loaded, as loading may run what it holds."""
    build = folder / ("0" * 32)
    build.mkdir(parents=True)
    trap = pickle.dumps(Trap(folder / "sprung"))
    (build / "_kb_1.toc").write_bytes(trap)
    for call in call_all(open_index()):
        with pytest.raises(IndexUnavailable):
            call()
    assert not (folder / "sprung").exists()


def test_no_permission_is_no_damage(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system forbids is said as such, and nothing is swept or rebuilt."""
    index.put(DOCS)
    kept = sorted(folder.rglob("*"))

    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        for call in call_all(index):
            with pytest.raises(IndexBlocked, match="Permission denied"):
                call()
    assert sorted(folder.rglob("*")) == kept
    assert index.count() == len(DOCS)


def test_a_forbidden_build_is_no_damage(
    index: Index, open_index: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same holds for the files of the engine, and for a rebuild."""
    index.put(DOCS)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        patch.setattr(Path, "iterdir", refuse)
        patch.setattr(Path, "stat", refuse)
        for call in (open_index().count, lambda: index.rebuild([])):
            with pytest.raises(IndexBlocked, match="Permission denied"):
                call()
    assert index.count() == len(DOCS)


@contextmanager
def fill_disk() -> Iterator[None]:
    """Let no file of this process grow beyond a few bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_stops_writing_only(index: Index, folder: Path) -> None:
    """When nothing can be written, searching goes on, and writing again once there is room."""
    index.put(DOCS)
    for write in (lambda: index.put([doc(50)]), lambda: index.rebuild([doc(50)])):
        with fill_disk(), pytest.raises(IndexBlocked):
            write()
        assert len(index.search(WORDS, 50)) == len(DOCS)
    index.put([doc(50, title="room again")])
    assert [hit.id for hit in index.search(Query(("room",)), 5)] == [50]
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def test_a_failed_write_leaves_no_lock(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that breaks in the middle frees the writer for the next."""

    def break_off(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(folders, "find_build", break_off)
        patch.setattr(f"{type(index).__module__}.find_build", break_off, raising=False)
        with pytest.raises(IndexBlocked, match="Input/output"):
            index.put(DOCS)
    index.put(DOCS)
    assert index.count() == len(DOCS)
