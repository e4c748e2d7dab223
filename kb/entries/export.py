"""Write every Source back as files, byte for byte as it was saved."""

from __future__ import annotations

import os
from pathlib import Path

from django.db.models import F

from kb.models import AnyUser, Revision, Source


class UnsafePath(Exception):
    """A Source whose path would leave the folder that is exported to."""


def export(folder: Path, user: AnyUser) -> int:
    """Write the newest Revision of every Source that `user` may read below `folder`; return how many.

    Raises UnsafePath before anything is written, OSError with the file that cannot be.
    """
    root = Path(os.path.realpath(folder))
    sources = Source.objects.visible_to(user)
    for path in sources.values_list("path", flat=True):
        _place(root, path)
    newest = Revision.objects.filter(source__in=sources, number=F("source__revision"))
    count = 0
    for revision in newest.select_related("source").order_by("source__path").iterator():
        target = _place(root, revision.source.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(revision.content())
        count += 1
    return count


def _place(root: Path, path: str) -> Path:
    """Return where `path` is written, with all links in it followed."""
    target = Path(os.path.realpath(root / path))
    if target == root or not target.is_relative_to(root):
        raise UnsafePath(f"{path} would be written outside {root}; rename it first.")
    return target
