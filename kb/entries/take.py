"""Take a batch of files into the base: find what each was before, read it, save what changed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from kb.entries.compare import TWICE, compare, conflict
from kb.entries.files import File, Unreadable, explain, read_bytes
from kb.entries.follow import Seen, make_way
from kb.entries.prepare import Prepared, TooLarge
from kb.entries.reading import Outcome, Task, read_file
from kb.entries.report import FileReport, Status
from kb.entries.rules import usual_dialect
from kb.entries.save import Edit, FromFile, Saved, StaleEdit, archive, bring_back, save_all
from kb.entries.workers import Workers
from kb.models import Source

log = logging.getLogger(__name__)

BACK = "Its file is back."
RENAMED = "Renamed from"
MEANWHILE = "Changed while it was read; run again."

DIFFERS = "Differs from what is here; to take it, choose to replace what was changed here."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mode:
    """How a run treats files: only tell, let files win over wiki edits, by whom, from an upload."""

    dry: bool = False
    force: bool = False
    author: User | None = None
    uploaded: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A file with its bytes, the Source it is, if known, and that one's path if it was another."""

    seen: Seen
    raw: bytes
    checksum: str
    source: Source | None

    @property
    def file(self) -> File:
        """Return the file."""
        return self.seen.file

    @property
    def path(self) -> str:
        """Return the path of its Source, which may lie below another folder than was named now."""
        return self.source.path if self.source and not self.seen.was else self.file.name


@dataclass(frozen=True, slots=True)
class _Said:
    """A file, and what came of reading it."""

    found: Found
    outcome: Outcome

    @property
    def file(self) -> File:
        """Return the file."""
        return self.found.file


@dataclass(frozen=True, slots=True)
class _Ready:
    """A file that was read and is to be saved."""

    found: Found
    report: FileReport
    text: str
    prepared: Prepared

    @property
    def file(self) -> File:
        """Return the file."""
        return self.found.file


@dataclass(slots=True)
class Taken:
    """What became of files: their reports, and the keys of their Sources by path."""

    reports: dict[File, FileReport] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """A batch of which the new and changed files are being read; `wait` gives what they say."""

    files: Sequence[File]
    taken: Taken
    changed: Sequence[Found]
    wait: Callable[[], Sequence[Outcome]]


def start(batch: Sequence[Seen], mode: Mode, workers: Workers) -> Started:
    """Begin to read those files of a batch that are new or changed."""
    taken = Taken(sources={one.file.shown: one.known.pk for one in batch if one.known})
    changed = _go_on(partial(_decide, mode=mode), _open_all(batch, mode, taken), taken)
    tasks = [
        Task(one.raw, one.file.name, one.file.shown, usual_dialect(), mode.dry) for one in changed
    ]
    files = [one.file for one in batch]
    return Started(files, taken, changed, workers.begin(read_file, tasks))


def finish(started: Started, mode: Mode) -> Taken:
    """Save what was read."""
    taken = started.taken
    pairs = [_Said(*pair) for pair in zip(started.changed, started.wait(), strict=True)]
    _save(_go_on(partial(_describe, mode=mode), pairs, taken), mode, taken)
    return taken


def _go_on(step: Callable[[Any], T | FileReport], items: Iterable[Any], taken: Taken) -> list[T]:
    """Do one step for each; a report, or any trouble, ends the way of that file and no other's."""
    going = []
    for item in items:
        file = item if isinstance(item, File) else item.file
        done = _try(step, item, file)
        if isinstance(done, FileReport):
            taken.reports[file] = done
        else:
            going.append(done)
    return going


def _try(step: Callable[[Any], T | FileReport], item: Any, file: File) -> T | FileReport:
    report = FileReport(file.shown, "failed")
    try:
        return step(item)
    except (TooLarge, Unreadable) as error:
        return replace(report, message=str(error))
    except OSError as error:
        return replace(report, message=explain(error))
    except StaleEdit:
        return replace(report, status="conflict", message=MEANWHILE)
    except Exception as error:
        log.exception("Ingesting %s", file.shown)
        return replace(report, message=f"Not taken ({type(error).__name__}); see the log for why.")


# What it is


def _open_all(batch: Sequence[Seen], mode: Mode, taken: Taken) -> list[Found]:
    """Read the bytes of all files but those that stayed as they were."""
    left = _go_on(partial(_leave_alone, mode=mode), batch, taken)
    sources = Source.objects.in_bulk([one.known.pk for one in left if one.known])
    return _go_on(partial(_open, sources=sources), left, taken)


def _leave_alone(seen: Seen, mode: Mode) -> Seen | FileReport:
    """End what is as it was, and what nobody expects to be read."""
    known = seen.known
    if seen.file.is_left_out:
        return FileReport(seen.file.shown, "skipped", message=seen.file.trouble)
    if known is None or not seen.is_same or known.gone or (mode.force and known.archived):
        return seen
    if seen.was:
        return FileReport(seen.file.shown, "updated", known.standing, message=_tell(seen))
    return FileReport(seen.file.shown, "unchanged", known.standing)


def _open(seen: Seen, sources: Mapping[int, Source]) -> Found:
    raw = read_bytes(seen.file)
    source = sources.get(seen.known.pk) if seen.known else None
    return Found(seen, raw, hashlib.sha256(raw).hexdigest(), source)


def _decide(found: Found, mode: Mode) -> Found | FileReport:
    """End what is unchanged or in conflict, let what is new or changed go on."""
    source, known = found.source, found.seen.known
    if source is None or known is None or (mode.force and source.archived):
        return found
    report = compare(source, known.standing, found.file, found.checksum)
    if report.status == "conflict" and mode.uploaded:
        report = replace(report, message=DIFFERS)
    if report.status == "updated" or (report.status == "conflict" and mode.force):
        return found
    if report.status == "unchanged" and (found.seen.was or source.gone):
        told = _tell(found.seen)
        _settle(found, mode)
        return replace(report, status="updated", message=told)
    return report


def _settle(found: Found, mode: Mode) -> Source | None:
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


def _tell(seen: Seen) -> str:
    if seen.was:
        return f"{RENAMED} {seen.was}."
    return BACK if seen.known and seen.known.gone else ""


# What it says


def _describe(said: _Said, mode: Mode) -> _Ready | FileReport:
    """Tell what is to be saved of a file, now that it is known what it says."""
    found, outcome = said.found, said.outcome
    if isinstance(outcome, FileReport):
        return outcome
    told = " ".join(filter(None, (_tell(found.seen), outcome.report.message)))
    status: Status = "updated" if found.source else "created"
    report = replace(outcome.report, status=status, message=told)
    if outcome.prepared is None:
        return report
    return _Ready(found, report, outcome.text, outcome.prepared)


# What is kept


def _save(ready: Sequence[_Ready], mode: Mode, taken: Taken) -> None:
    """Save all together; when that fails, one by one, so that only the culprit stays out."""
    single = _go_on(_refuse_twins(ready), ready, taken)
    try:
        saved = _save_together(single, mode)
    except Exception:  # noqa: BLE001  # what it was is found out, and told, one by one
        saved = [
            pair
            for one in _go_on(lambda one: _save_together([one], mode), single, taken)
            for pair in one
        ]
    for file, report, key in saved:
        taken.reports[file] = report
        if key:
            taken.sources[file.shown] = key


def _refuse_twins(ready: Sequence[_Ready]) -> Callable[[_Ready], _Ready | FileReport]:
    """Let the first of several files of one path go on."""
    first = {one.found.path: one for one in reversed(ready)}

    def refuse(one: _Ready) -> _Ready | FileReport:
        other = first[one.found.path]
        if other is one:
            return one
        return conflict(one.report, TWICE.format(other.file.path))

    return refuse


def _save_together(ready: Sequence[_Ready], mode: Mode) -> list[tuple[File, FileReport, int]]:
    with transaction.atomic():
        edits = [_edit(one, _settle(one.found, mode), mode) for one in ready]
        saved = save_all(edits, author=mode.author, index=False)
    return [_end(one, end, mode) for one, end in zip(ready, saved, strict=True)]


def _edit(one: _Ready, source: Source | None, mode: Mode) -> Edit:
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


def _end(one: _Ready, end: Saved | StaleEdit, mode: Mode) -> tuple[File, FileReport, int]:
    report = one.report
    if isinstance(end, StaleEdit):
        key = one.found.source.pk if one.found.source else 0
        return one.file, conflict(report, MEANWHILE), key
    if mode.force and end.source.archived:
        archive(end.source, author=mode.author, archived=False)
    elif not report.message.startswith((BACK, RENAMED)):
        report = replace(report, status=end.status)
    return one.file, report, end.source.pk
