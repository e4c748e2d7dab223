"""What the base knows of the files in a folder: which Source each was, and which files are gone."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from django.db.models import Count, F, Q
from django.db.models.functions import Left
from rapidfuzz import fuzz

from kb.entries.files import File
from kb.models import Revision, Source

ALIKE = 70
"""From this likeness on, 0..100, a new file is taken for one that is gone, under another name."""
NAMESAKE = 55
"""The same for one with the same title; unrelated prose of one language is alike by 50."""
MOST_COMPARED = 100
COMPARED_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class Lost:
    """A Source whose file is not where it was."""

    pk: int
    path: str
    title: str
    text: str = ""


def find_sources(files: Sequence[File]) -> list[Source | None]:
    """Return the Source each file was read into before, whichever folder was named then.

    Each has `standing`, the number of entries in its text.
    """
    paths = {path for file in files for path in _paths(file)}
    standing = Count("entries", filter=Q(entries__end__gt=0))
    rows = Source.objects.filter(path__in=paths).annotate(standing=standing)
    found = {source.path: source for source in rows}
    return [_choose(file, found) for file in files]


def _paths(file: File) -> list[str]:
    """Return the paths that the file has below each of the folders it lies in."""
    parts = file.path.parts
    return ["/".join(parts[at:]) for at in range(1, len(parts))]


def _choose(file: File, found: Mapping[str, Source]) -> Source | None:
    whole = file.path.as_posix()
    near = (found[path] for path in _paths(file) if path in found)
    own = (source for source in near if source.folder and place_of(source) == whole)
    return next(own, found.get(file.name))


def place_of(source: Source) -> str:
    """Return where the file of a Source was."""
    return f"{source.folder.rstrip('/')}/{source.path}"


def find_lost(folder: Path, present: Collection[str]) -> dict[int, Lost]:
    """Return the Sources that were read from `folder` and whose files are not there any more."""
    root = f"{folder.as_posix().rstrip('/')}/"
    known = Source.objects.exclude(folder="").only("path", "folder", "title").iterator()
    return {
        source.pk: Lost(source.pk, source.path, source.title)
        for source in known
        if (place := place_of(source)).startswith(root) and place not in present and is_gone(place)
    }


def is_gone(place: str) -> bool:
    """Tell whether there is no file; one that we may not see is not gone."""
    try:
        os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def find_moved(checksums: Iterable[str]) -> dict[str, Source]:
    """Return by checksum the Sources that were read from the same bytes in a file now gone."""
    same = Source.objects.filter(file_checksum__in=checksums).exclude(folder="").order_by("-pk")
    return {s.file_checksum: s for s in same if is_gone(place_of(s))}


def find_alike(text: str, title: str, lost: Collection[Lost]) -> Lost | None:
    """Return which lost Source most likely goes on as `text` under another name, if any does."""
    ours = title[:300].casefold()
    scores = [
        (fuzz.ratio(text[:COMPARED_CHARS], one.text, score_cutoff=cutoff), at)
        for at, one in enumerate(lost)
        if (cutoff := NAMESAKE if one.title.casefold() == ours else ALIKE)
    ]
    score, at = max(scores, default=(0, 0))
    return list(lost)[at] if score else None


def read_lost(lost: Mapping[int, Lost]) -> dict[int, Lost]:
    """Return the first of what is lost with the beginning of each text, to be compared."""
    some = dict(islice(lost.items(), MOST_COMPARED))
    newest = Revision.objects.filter(source__in=some, number=F("source__revision"))
    texts = newest.annotate(begin=Left("text", COMPARED_CHARS)).values_list("source_id", "begin")
    return {pk: replace(some[pk], text=begin) for pk, begin in texts}
