"""What the base knows of files: which Source each was read into, and which files are gone."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count, Q, QuerySet

from kb.entries.files import File
from kb.models import Source


@dataclass(frozen=True, slots=True)
class Known:
    """A Source as far as its file goes; `standing` is how many entries are in its text."""

    pk: int
    path: str
    folder: str
    title: str
    checksum: str
    archived: bool
    gone: bool
    standing: int = 0

    @property
    def place(self) -> str:
        """Return where its file was."""
        return join(self.folder, self.path)

    @property
    def is_lost(self) -> bool:
        """Tell whether it was read from a file that is gone."""
        return bool(self.folder) and is_gone(self.place)

    @property
    def name(self) -> str:
        """Return the last part of its path."""
        return self.path.rpartition("/")[2]


FIELDS = ("pk", "path", "folder", "title", "file_checksum", "archived", "gone")


MOST_ASKED = 10_000
"""So many values go into one question; some databases take no more than three times that."""


def join(folder: str, path: str) -> str:
    """Return where the file of a Source is."""
    return f"{folder.rstrip('/')}/{path}"


def is_gone(place: str) -> bool:
    """Tell whether there is no file; one that we may not see is not gone."""
    try:
        os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def find_known(files: Sequence[File]) -> list[Known | None]:
    """Return the Source each file was read into before, whichever folder was named then."""
    # What may not be read was never known, and its path may be none that a database can hold.
    paths = sorted({path for file in files if not file.trouble for path in _paths(file)})
    parts = (paths[at : at + MOST_ASKED] for at in range(0, len(paths), MOST_ASKED))
    found = {one.path: one for part in parts for one in _read(Source.objects.filter(path__in=part))}
    return [_choose(file, found) for file in files]


def _paths(file: File) -> list[str]:
    """Return the paths that the file has below each of the folders it lies in."""
    parts = file.path.parts
    return ["/".join(parts[at:]) for at in range(1, len(parts))]


def _choose(file: File, found: Mapping[str, Known]) -> Known | None:
    whole = file.path.as_posix()
    near = (found[path] for path in _paths(file) if path in found)
    own = (one for one in near if one.folder and one.place == whole)
    return next(own, found.get(file.name))


def find_lost(folder: Path, present: Collection[str]) -> list[Known]:
    """Return the Sources that were read from `folder` and whose files are not there any more."""
    root = join(folder.as_posix(), "")
    known = Source.objects.exclude(folder="").values_list("pk", "folder", "path").iterator()
    keys = [
        pk
        for pk, above, path in known
        if (place := join(above, path)).startswith(root) and place not in present and is_gone(place)
    ]
    return _read_many(keys)


def find_same(checksums: Sequence[str]) -> list[Known]:
    """Return the Sources that were read from the same bytes, in a file that is gone now."""
    same = Source.objects.filter(file_checksum__in=checksums).exclude(folder="")
    return [one for one in _read(same) if is_gone(one.place)]


def _read_many(keys: Sequence[int], size: int = 5_000) -> list[Known]:
    parts = (keys[at : at + size] for at in range(0, len(keys), size))
    return [one for part in parts for one in _read(Source.objects.filter(pk__in=part))]


def _read(sources: QuerySet[Source]) -> Iterable[Known]:
    standing = Count("entries", filter=Q(entries__end__gt=0))
    rows = sources.annotate(standing=standing).order_by("pk").values_list(*FIELDS, "standing")
    return (Known(*row) for row in rows)
