"""Write every Source back, byte for byte as it was saved: into a folder or a ZIP archive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from django.db.models import F

from kb.entries.members import question_name
from kb.entries.zips import pack, wrap
from kb.models import AnyUser, Revision, Source


class UnsafePath(Exception):
    """A Source whose path would leave the folder that is exported to."""


def export(folder: Path, user: AnyUser) -> int:
    """Write the newest Revision of every Source that `user` may read below `folder`; return how many.

    Raises UnsafePath before anything is written, OSError with the file that cannot be.
    """
    root = Path(os.path.realpath(folder))
    count = 0
    for path, raw in _read_all(user, lambda path: _place(root, path)):
        target = _place(root, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
        count += 1
    return count


def export_zip(target: IO[bytes], user: AnyUser) -> int:
    """Write the same as an archive, which `kb.entries.upload` takes as it is; return how many files.

    Raises UnsafePath.
    """
    return pack(_read_all(user, _check_name), target)


def _read_all(user: AnyUser, check: Callable[[str], object]) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each Source in order; `check` sees all paths before the first."""
    sources = Source.objects.visible_to(user)
    for path in sources.values_list("path", flat=True):
        check(path)
    newest = Revision.objects.filter(source__in=sources, number=F("source__revision"))
    for revision in newest.select_related("source").order_by("source__path").iterator():
        yield revision.source.path, revision.content()


def _place(root: Path, path: str) -> Path:
    """Return where `path` is written, with all links in it followed."""
    target = Path(os.path.realpath(root / path))
    if target == root or not target.is_relative_to(root):
        raise UnsafePath(f"{path} would be written outside {root}; rename it first.")
    return target


def _check_name(path: str) -> None:
    """Refuse a path under which nobody could unpack the text safely."""
    if trouble := question_name(wrap(path)):
        raise UnsafePath(f"The archive cannot be made: {path} {trouble}. Rename it first.")
