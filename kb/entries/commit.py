"""Save a batch of files that were read, all together where that goes well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db import transaction

from kb.entries.batch import MEANWHILE, Found, Mode, Ready, Taken, go_on
from kb.entries.compare import TWICE, conflict
from kb.entries.files import File
from kb.entries.report import FileReport
from kb.entries.save import Edit, FromFile, Saved, StaleEdit, archive, bring_back, save_all
from kb.entries.seen import Seen
from kb.entries.settle import make_way
from kb.models import Source

BACK = "Its file is back."
RENAMED = "Renamed from"


def save_batch(ready: Sequence[Ready], mode: Mode, taken: Taken) -> None:
    """Save all together; when that fails, one by one, so that only the culprit stays out."""
    single = go_on(_refuse_twins(ready), ready, taken)
    try:
        saved = _save_together(single, mode)
    except Exception:  # noqa: BLE001  # what it was is found out, and told, one by one
        saved = [
            pair
            for one in go_on(lambda one: _save_together([one], mode), single, taken)
            for pair in one
        ]
    for file, report, key in saved:
        taken.reports[file] = report
        if key:
            taken.sources[file.shown] = key


def _refuse_twins(ready: Sequence[Ready]) -> Callable[[Ready], Ready | FileReport]:
    """Let the first of several files of one path go on."""
    first = {one.found.path: one for one in reversed(ready)}

    def refuse(one: Ready) -> Ready | FileReport:
        other = first[one.found.path]
        if other is one:
            return one
        return conflict(one.report, TWICE.format(other.file.path))

    return refuse


def _save_together(ready: Sequence[Ready], mode: Mode) -> list[tuple[File, FileReport, int]]:
    with transaction.atomic():
        edits = [_edit(one, settle(one.found, mode), mode) for one in ready]
        saved = save_all(edits, author=mode.author, index=False)
        return [_end(one, end, mode) for one, end in zip(ready, saved, strict=True)]


def _edit(one: Ready, source: Source | None, mode: Mode) -> Edit:
    found = one.found
    folder = "" if mode.uploaded else _folder_of(found)
    was = f", renamed from {found.seen.was}" if found.seen.was else ""
    return Edit(
        text=one.text,
        prepared=one.prepared,
        path=found.path,
        base=source.revision if source else 0,
        message=f"{'uploaded' if mode.uploaded else 'ingested from the file'}{was}",
        file=FromFile(folder, found.raw),
    )


def _folder_of(found: Found) -> str:
    """Return the folder below which the file has the path of its Source, whatever was named now."""
    return found.file.path.as_posix().removesuffix(f"/{found.path}") or "/"


def _end(one: Ready, end: Saved | StaleEdit, mode: Mode) -> tuple[File, FileReport, int]:
    report = one.report
    if isinstance(end, StaleEdit):
        key = one.found.source.pk if one.found.source else 0
        return one.file, conflict(report, MEANWHILE), key
    if mode.force and end.source.archived:
        archive(end.source, author=mode.author, archived=False)
    elif not report.message.startswith((BACK, RENAMED)):
        report = replace(report, status=end.status)
    return one.file, report, end.source.pk


def settle(found: Found, mode: Mode) -> Source | None:
    """Give a Source the path of its file, show it again if it was thought gone, and return it."""
    source = found.source
    if source is None or mode.dry or not (found.seen.was or source.gone):
        return source
    source = Source.objects.get(pk=source.pk)
    if found.seen.was and source.path != found.file.name:
        for other in Source.objects.filter(path=found.file.name):
            make_way(other)
        source.path, source.folder = found.file.name, found.file.folder.as_posix()
    if mode.uploaded:
        source.folder = ""  # from now on it has no file here that might be missed
    source.save(update_fields=["path", "folder"])
    if source.gone:
        bring_back(source)
    return source


def tell(seen: Seen) -> str:
    """Say what a file was, where that is not what it is: under another name, or gone."""
    if seen.was:
        return f"{RENAMED} {seen.was}."
    return BACK if seen.known and seen.known.gone else ""
