"""The only writer: texts become Revisions, their Entries and what identifies them, or nothing changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from kb.entries.edit import Edit, FromFile, Saved, StaleEdit
from kb.entries.prepare import MAX_CHARS, Prepared, TooLarge
from kb.entries.reindex import index_stale
from kb.entries.rules import prepare_here, present_rules
from kb.entries.slugs import free_slugs
from kb.entries.write import Text, entries_of, write_all, write_entries
from kb.markdown.repair import clean
from kb.models import Revision, Source

__all__ = [
    "MAX_CHARS",
    "Edit",
    "FromFile",
    "Saved",
    "StaleEdit",
    "TooLarge",
    "archive",
    "bring_back",
    "new_path",
    "put_away",
    "save",
    "save_all",
]

WIKI = "wiki"
"""The folder of texts that were born in the wiki."""
TRIES = 3
"""So often a save is tried when other processes take the same path or slug; SQLite needs one."""


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
    edit = Edit(text, prepare_here(text, path), path, base, clean(message), file)
    (saved,) = save_all([edit], author=author, index=index)
    if isinstance(saved, StaleEdit):
        raise saved
    return saved


def save_all(edits: Sequence[Edit], *, author: User | None, index: bool) -> list[Saved | StaleEdit]:
    """Save texts of different paths in one transaction; one that came too late changes nothing."""
    for last in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                saved = _save_all(edits, author)
                if index:
                    _index_later()
            break
        except IntegrityError:
            if not last:
                raise
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

    What is brought back though its file is gone has no file from now on.
    Raises StaleEdit when someone saved since `source` was loaded: they may have meant to keep it.
    """
    if source.hidden == archived:
        return
    state: dict[str, bool | str] = {"archived": archived}
    if source.gone:
        state |= {"gone": False, "folder": "", "file_checksum": ""}
    _mark(source, state, author, "archived" if archived else "brought back", index=True)


def put_away(source: Source) -> None:
    """Archive a Source whose file was deleted, for `catch_up` to be indexed; raises StaleEdit."""
    _mark(source, {"gone": True}, None, "its file was deleted", index=False)


def bring_back(source: Source) -> None:
    """Show a Source again whose file is back, for `catch_up` to be indexed; raises StaleEdit."""
    _mark(source, {"gone": False}, None, "its file is back", index=False)


def _mark(
    source: Source,
    state: Mapping[str, bool | str],
    by: User | None,
    message: str,
    *,
    index: bool,
) -> None:
    """Change what hides a Source, as a Revision of the same text."""
    newest = source.newest()
    prepared = prepare_here(newest.text, source.path)
    with transaction.atomic():
        if not _advance(source, newest.number, prepared, state):
            raise _stale(source, newest.number, newest.text)
        newest.pk, newest.number = None, source.revision
        newest.author, newest.message = by, message
        newest.save(force_insert=True)
        write_entries(source, prepared)
        if index:
            _index_later()


def _index_later() -> None:
    # Robust: whatever becomes of the index, the text is saved by then and must be acknowledged.
    transaction.on_commit(index_stale, robust=True)


def _paths(stem: str) -> Iterator[str]:
    yield f"{WIKI}/{stem}.md"
    yield from (f"{WIKI}/{stem}-{number}.md" for number in itertools.count(2))


# Many texts in few queries: what is new is made together, what is known goes on one by one.


def _save_all(edits: Sequence[Edit], author: User | None) -> list[Saved | StaleEdit]:
    known = {source.path: source for source in Source.objects.filter(path__in=_paths_of(edits))}
    newest = _newest(known.values())
    made = _make([edit for edit in edits if edit.path not in known and not edit.base])
    sources = known | made
    ended = {edit.path: _advance_one(edit, sources, newest) for edit in edits}
    moved = [edit for edit in edits if ended[edit.path] is None]
    revisions = Revision.objects.bulk_create(
        edit.revise(sources[edit.path], author) for edit in moved
    )
    written = write_all(
        [Text(sources[edit.path], edit.prepared, edit.path in made) for edit in moved]
    )
    for edit, revision, entries in zip(moved, revisions, written, strict=True):
        status: Literal["created", "updated"] = "updated" if revision.number > 1 else "created"
        ended[edit.path] = Saved(sources[edit.path], revision, entries, status)
    return [end for end in ended.values() if end is not None]


def _advance_one(
    edit: Edit, sources: Mapping[str, Source], newest: Mapping[str, Revision]
) -> Saved | StaleEdit | None:
    """Move a Source on to the next Revision, or tell why not; one just made stands there already."""
    if edit.path not in sources:
        return StaleEdit("", edit.text, "", 0)
    source, now = sources[edit.path], newest.get(edit.path)
    if now is None:
        return None
    if now.text == edit.text and (edit.file is None or now.content() == edit.file.raw):
        _note_file(source, edit.file)
        return Saved(source, now, tuple(entries_of(source)), "unchanged")
    if not _advance(source, edit.base, edit.prepared, _file_of(edit.file)):
        return _stale(source, edit.base, edit.text)
    return None


def _advance(source: Source, base: int, text: Prepared, state: Mapping[str, bool | str]) -> bool:
    """Move the Source from Revision `base` to the next; False when it is no longer at `base`."""
    said = {**_said(text), **state}
    rows = Source.objects.filter(pk=source.pk, revision=base)
    # Added by the database: a made-up base may be the largest number it can hold.
    if not rows.update(revision=F("revision") + 1, **said):
        return False
    for name, value in {"revision": base + 1, **said}.items():
        setattr(source, name, value)
    return True


def _said(text: Prepared) -> dict[str, Any]:
    """Return what a Source's row repeats of its text."""
    return {
        "title": text.title[:300],
        "retired": text.retired,
        "dialect": text.dialect,
        "read_by": present_rules(),
        "changed": timezone.now(),
    }


def _file_of(file: FromFile | None) -> dict[str, str]:
    return {"folder": file.folder, "file_checksum": file.checksum} if file else {}


def _note_file(source: Source, file: FromFile | None) -> None:
    if file:
        Source.objects.filter(pk=source.pk).update(**_file_of(file))


def _stale(source: Source, base: int, yours: str) -> StaleEdit:
    newest = source.revisions.first()
    if newest is None:
        return StaleEdit("", yours, "", 0)
    began = source.revisions.filter(number=base).first()
    return StaleEdit(began.text if began else "", yours, newest.text, newest.number)


def _paths_of(edits: Sequence[Edit]) -> list[str]:
    return [edit.path for edit in edits]


def _make(edits: Sequence[Edit]) -> dict[str, Source]:
    """Make the Sources of new texts, at their first Revision."""
    slugs = free_slugs(Source, [edit.prepared.title for edit in edits])
    made = Source.objects.bulk_create(
        Source(path=edit.path, slug=slug, revision=1, **_said(edit.prepared), **_file_of(edit.file))
        for edit, slug in zip(edits, slugs, strict=True)
    )
    return {source.path: source for source in made}


def _newest(sources: Iterable[Source]) -> dict[str, Revision]:
    keys = [source.pk for source in sources]
    found = Revision.objects.filter(source__in=keys, number=F("source__revision"))
    return {revision.source.path: revision for revision in found.select_related("source")}
