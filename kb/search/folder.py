"""Keep an index's builds in one folder: a lock, meta.json that names the build in use, and the builds."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kb.search.index import SCHEMA, IndexBlocked, IndexBusy, IndexUnavailable

META = "meta.json"
LOCK = "lock"
RETRY_SECONDS = 0.02
OPEN_TRIES = 3

MISSING = "There is no search index yet. Build it with: manage.py reindex"
FOREIGN = "The search index was made by another version. Rebuild it with: manage.py reindex"
DAMAGED = "The search index is damaged. Rebuild it with: manage.py reindex"
BLOCKED = "The search index cannot be used: {}. Check the disk and the owner of its folder."
BUSY = "Another process is writing the search index. The change is kept; try again soon."

Opened = TypeVar("Opened")
_BUILD = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one backend's builds, and how long a writer waits there for another."""

    path: Path
    backend: str
    timeout: float = 5.0


def find_build(home: Home) -> Path:
    """Return the folder of the build in use; raises IndexUnavailable when there is none of ours."""
    meta = _read_meta(home)
    if (meta.get("backend"), meta.get("schema")) != (home.backend, SCHEMA):
        raise IndexUnavailable(FOREIGN)
    return home.path / _name_build(meta)


def open_build(home: Home, opener: Callable[[Path], Opened]) -> Opened:
    """Return what `opener` makes of the build in use.

    It gets a few tries, as a commit or a rebuild elsewhere may remove a file it is about to open.
    """
    for _ in range(OPEN_TRIES - 1):
        with suppress(Exception):
            return opener(find_build(home))
    return opener(find_build(home))


@contextmanager
def hold_writer(home: Home) -> Iterator[None]:
    """Be the only writer over all processes and threads; raises IndexBusy after `home.timeout`."""
    home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home.path / LOCK).open("ab") as lock:
        _wait_for(lock.fileno(), home.timeout)
        _sweep(home)
        yield


@contextmanager
def replace_build(home: Home) -> Iterator[Path]:
    """Yield an empty folder, and make it the build in use if the block ends without an error."""
    with hold_writer(home):
        build = home.path / uuid.uuid4().hex
        build.mkdir(mode=0o700)
        try:
            yield build
            sync_folder(build)
            _write_meta(home, build.name)
        except BaseException:
            if _build_in_use(home) != build.name:
                shutil.rmtree(build, ignore_errors=True)
            raise
        _sweep(home)


@contextmanager
def explain_errors() -> Iterator[None]:
    """Turn what an engine raises over an unreadable index into this room's own errors."""
    try:
        with explain_system_errors():
            yield
    except (IndexUnavailable, IndexBusy):
        raise
    except Exception as error:
        # Damaged bytes raise nearly anything inside an engine, even MemoryError; it all means the same.
        raise IndexUnavailable(DAMAGED) from error


@contextmanager
def explain_system_errors() -> Iterator[None]:
    """Turn errors of the file system into IndexUnavailable (file gone) or IndexBlocked (the rest)."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise IndexUnavailable(DAMAGED) from error
    except OSError as error:
        raise IndexBlocked(BLOCKED.format(error.strerror or error)) from error


def sync_folder(folder: Path) -> None:
    """Flush the files of `folder`, then the folder itself, to the disk."""
    for path in folder.iterdir():
        if path.is_file():
            sync_path(path)
    sync_path(folder)


def sync_path(path: Path) -> None:
    """Flush one file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, timeout: float) -> None:
    until = time.monotonic() + timeout
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise IndexBusy(BUSY) from None
        time.sleep(RETRY_SECONDS)


def _read_meta(home: Home) -> dict[str, object]:
    try:
        meta = json.loads((home.path / META).read_bytes())
    except FileNotFoundError as error:
        raise IndexUnavailable(MISSING) from error
    except OSError as error:
        raise IndexBlocked(BLOCKED.format(error.strerror or error)) from error
    except ValueError as error:
        raise IndexUnavailable(DAMAGED) from error
    if not isinstance(meta, dict):
        raise IndexUnavailable(DAMAGED)
    return meta


def _name_build(meta: dict[str, object]) -> str:
    name = str(meta.get("build"))
    if not _BUILD.fullmatch(name):
        raise IndexUnavailable(DAMAGED)
    return name


def _write_meta(home: Home, build: str) -> None:
    fresh = home.path / f"{META}.new"
    fresh.write_text(json.dumps({"backend": home.backend, "schema": SCHEMA, "build": build}))
    sync_path(fresh)
    fresh.replace(home.path / META)
    sync_path(home.path)


def _build_in_use(home: Home) -> str:
    try:
        return _name_build(_read_meta(home))
    except IndexUnavailable:
        return ""


def _sweep(home: Home) -> None:
    kept = _build_in_use(home)
    if not kept:
        return
    for path in home.path.iterdir():
        if _BUILD.fullmatch(path.name) and path.name != kept:
            shutil.rmtree(path, ignore_errors=True)
