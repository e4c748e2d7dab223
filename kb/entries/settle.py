"""Write where files lie by now: Sources take the paths and folders of the files they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from pathlib import PurePosixPath

from django.db import transaction

from kb.entries.files import MAX_PATH
from kb.entries.seen import BATCH, Seen
from kb.models import Source


def settle_paths(seen: Iterable[Seen]) -> None:
    """Give Sources the paths of their files, also where they take each other's."""
    moved = {one.known.pk: one for one in seen if one.known and one.was and one.is_same}
    paths = sorted({one.file.name for one in moved.values()})
    with transaction.atomic():
        for at in range(0, len(paths), BATCH):
            for source in Source.objects.filter(path__in=paths[at : at + BATCH]):
                if source.pk not in moved:
                    make_way(source)
                else:
                    Source.objects.filter(pk=source.pk).update(path=f"moving/{source.pk}")
        for pk, one in moved.items():
            folder = one.file.folder.as_posix()
            Source.objects.filter(pk=pk).update(path=one.file.name, folder=folder)


def make_way(source: Source) -> None:
    """Give a Source whose file is gone a path of its own, for another file has its path now."""
    path = PurePosixPath(source.path)
    stem = source.path.removesuffix(path.suffix)[: MAX_PATH - 20]
    numbered = (f"{stem}-{number}{path.suffix[:10]}" for number in count(2))
    free = next(path for path in numbered if not Source.objects.filter(path=path).exists())
    Source.objects.filter(pk=source.pk).update(path=free)


def settle_folders(seen: Iterable[Seen]) -> None:
    """Note that a whole folder lies elsewhere by now, so that its files are looked for there."""
    elsewhere: dict[str, list[int]] = defaultdict(list)
    for one in seen:
        if one.known and one.lies_elsewhere and not (one.was or one.foreign):
            elsewhere[one.folder].append(one.known.pk)
    for folder, keys in elsewhere.items():
        for at in range(0, len(keys), BATCH):
            Source.objects.filter(pk__in=keys[at : at + BATCH]).update(folder=folder)
