"""The only writer: one text becomes a Revision, its Entries and what identifies them, or nothing changes."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from kb.entries.prepare import MAX_CHARS, Prepared, TooLarge, prepare, read
from kb.entries.reindex import index_stale
from kb.entries.write import entries_of, free_slug, write_entries
from kb.markdown.repair import clean
from kb.models import Entry, Revision, Source

__all__ = [
    "MAX_CHARS",
    "FromFile",
    "Saved",
    "StaleEdit",
    "TooLarge",
    "archive",
    "new_path",
    "read",
    "save",
]

WIKI = "wiki"
"""The folder of texts that were born in the wiki."""


class StaleEdit(Exception):
    """Someone saved in between: carries the text the editor began from, theirs and the newest one."""

    def __init__(self, base: str, yours: str, theirs: str, number: int) -> None:
        super().__init__("Someone else saved this text in the meantime.")
        self.base, self.yours, self.theirs, self.number = base, yours, theirs, number


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: the Source, its newest Revision and the Entries of its text in order."""

    source: Source
    revision: Revision
    entries: tuple[Entry, ...]
    status: Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class FromFile:
    """Where a text was ingested from: the folder, and the file's exact bytes."""

    folder: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class _By:
    author: User | None
    message: str
    file: FromFile | None


def save(  # noqa: PLR0913  # the one door to writing: what, who, where, since when, why
    text: str,
    *,
    author: User | None,
    path: str,
    base: int,
    message: str = "",
    file: FromFile | None = None,
    index: bool = True,
) -> Saved:
    """Save `text` as the next Revision of the Source at `path`, in one transaction, and index it.

    `base` is the number of the Revision the editor began from, 0 for a new text; without `index`
    the entries stay stale until `index_stale` takes many at once.
    Raises TooLarge, ParseError (with its line) or StaleEdit (with all texts); then nothing changed.
    """
    text = clean(text)
    prepared = prepare(text, path)
    with transaction.atomic():
        source = _find_or_make(path, prepared.title)
        saved = _save(source, prepared, text, base, _By(author, clean(message), file))
        if file:
            checksum = hashlib.sha256(file.raw).hexdigest()
            Source.objects.filter(pk=source.pk).update(folder=file.folder, file_checksum=checksum)
        if index:
            _index_later()
    return saved


def new_path(title: str) -> str:
    """Return a free path for a text born in the wiki."""
    stem = slugify(title)[:80] or "entry"
    taken = set(
        Source.objects.filter(path__startswith=f"{WIKI}/{stem}").values_list("path", flat=True)
    )
    return next(path for path in _paths(stem) if path not in taken)


def archive(source: Source, *, author: User | None, archived: bool) -> None:
    """Archive a Source with its Entries, or bring them back; the history notes who did it.

    Raises StaleEdit when someone saved since `source` was loaded: they may have meant to keep it.
    """
    if source.archived == archived:
        return
    newest = source.newest()
    prepared = prepare(newest.text, source.path)
    with transaction.atomic():
        if not _advance(source, newest.number, prepared):
            raise _stale(source, newest.number, newest.text)
        raw = bytes(newest.raw) if newest.raw is not None else None
        message = "archived" if archived else "brought back"
        _add_revision(source, newest.text, raw, _By(author, message, None))
        Source.objects.filter(pk=source.pk).update(archived=archived)
        source.archived = archived
        write_entries(source, prepared)
        _index_later()


def _index_later() -> None:
    # Robust: whatever becomes of the index, the text is saved by then and must be acknowledged.
    transaction.on_commit(index_stale, robust=True)


def _paths(stem: str) -> Iterator[str]:
    yield f"{WIKI}/{stem}.md"
    yield from (f"{WIKI}/{stem}-{number}.md" for number in itertools.count(2))


def _save(source: Source, prepared: Prepared, text: str, base: int, by: _By) -> Saved:
    raw = by.file.raw if by.file and by.file.raw != text.encode() else None
    newest = source.revisions.first()
    if newest and newest.text == text and (by.file is None or newest.content() == by.file.raw):
        return Saved(source, newest, tuple(entries_of(source)), "unchanged")
    if not _advance(source, base, prepared):
        raise _stale(source, base, text)
    revision = _add_revision(source, text, raw, by)
    entries = write_entries(source, prepared)
    return Saved(source, revision, entries, "updated" if newest else "created")


def _advance(source: Source, base: int, text: Prepared) -> bool:
    """Move the Source from Revision `base` to the next; False when it is no longer at `base`."""
    said = {"title": text.title[:300], "retired": text.retired, "changed": timezone.now()}
    rows = Source.objects.filter(pk=source.pk, revision=base)
    # Added by the database: a made-up base may be the largest number it can hold.
    if not rows.update(revision=F("revision") + 1, **said):
        return False
    for name, value in {"revision": base + 1, **said}.items():
        setattr(source, name, value)
    return True


def _add_revision(source: Source, text: str, raw: bytes | None, by: _By) -> Revision:
    return Revision.objects.create(
        source=source,
        number=source.revision,
        text=text,
        raw=raw,
        checksum=hashlib.sha256(raw if raw is not None else text.encode()).hexdigest(),
        author=by.author,
        message=by.message[:300],
    )


def _stale(source: Source, base: int, yours: str) -> StaleEdit:
    newest = source.revisions.first()
    if newest is None:
        return StaleEdit("", yours, "", 0)
    began = source.revisions.filter(number=base).first()
    return StaleEdit(began.text if began else "", yours, newest.text, newest.number)


def _find_or_make(path: str, title: str) -> Source:
    if source := Source.objects.filter(path=path).first():
        return source
    # On other databases than SQLite another process may be here as well; one of us makes it.
    made = {"slug": free_slug(Source, title), "title": title[:300], "changed": timezone.now()}
    return Source.objects.get_or_create(path=path, defaults=made)[0]
