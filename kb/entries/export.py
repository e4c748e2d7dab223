"""Write every Source back as files, byte for byte as it was saved."""

from __future__ import annotations

from pathlib import Path

from kb.models import AnyUser, Source


class UnsafePath(Exception):
    """A Source whose path would leave the folder that is exported to."""


def export(folder: Path, user: AnyUser) -> int:
    """Write the newest Revision of every Source that `user` may read below `folder`; return how many."""
    root = folder.resolve()
    count = 0
    for source in Source.objects.visible_to(user).order_by("path"):
        target = (root / source.path).resolve()
        if not target.is_relative_to(root):
            raise UnsafePath(f"{source.path} would be written outside {root}; rename it first.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.newest().content())
        count += 1
    return count
