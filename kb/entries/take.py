"""Take a batch of files into the base: find what each was before, read it, save what changed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from django.contrib.auth.models import User

from kb.entries.compare import TWICE, compare, conflict
from kb.entries.files import File, Unreadable, explain, read_bytes
from kb.entries.known import Lost, find_alike, find_moved, find_sources
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

    file: File
    raw: bytes
    checksum: str
    source: Source | None = None
    was: str = ""

    @property
    def path(self) -> str:
        """Return the path of its Source, which may lie below another folder than was named now."""
        return self.source.path if self.source and not self.was else self.file.name


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
    """What became of files: their reports, the keys of their Sources by path, and who must wait."""

    reports: dict[File, FileReport] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    later: list[File] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Started:
    """A batch of which the new and changed files are being read; `wait` gives what they say."""

    files: Sequence[File]
    taken: Taken
    changed: Sequence[Found]
    wait: Callable[[], Sequence[Outcome]]


def start(files: Sequence[File], mode: Mode, workers: Workers, *, hold_new: bool) -> Started:
    """Look files up and begin to read those that are new or changed; new ones may be held back."""
    taken = Taken()
    found = _recognise(_go_on(_open, files, taken), mode)
    if hold_new:
        taken.later = [one.file for one in found if one.source is None]
        found = [one for one in found if one.source]
    taken.sources = {one.file.shown: one.source.pk for one in found if one.source}
    changed = _go_on(partial(_decide, mode=mode), found, taken)
    tasks = [
        Task(one.raw, one.file.name, one.file.shown, usual_dialect(), mode.dry) for one in changed
    ]
    return Started(files, taken, changed, workers.begin(read_file, tasks))


def finish(started: Started, mode: Mode, lost: dict[int, Lost]) -> Taken:
    """Save what was read; a new file that says what a `lost` Source said goes on as that one."""
    taken = started.taken
    pairs = [_Said(*pair) for pair in zip(started.changed, started.wait(), strict=True)]
    ready = _go_on(partial(_settle_on, lost=lost, mode=mode), pairs, taken)
    _save(ready, mode, taken)
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


def _open(file: File) -> Found | FileReport:
    if file.is_left_out:
        return FileReport(file.shown, "skipped", message=file.trouble)
    raw = read_bytes(file)
    return Found(file, raw, hashlib.sha256(raw).hexdigest())


def _recognise(found: Sequence[Found], mode: Mode) -> list[Found]:
    """Find the Source of each file: by its path, or by its bytes where the file had another path."""
    sources = find_sources([one.file for one in found])
    new = [one.checksum for one, source in zip(found, sources, strict=True) if source is None]
    moved = find_moved(new) if new and not mode.uploaded else {}
    known = []
    for one, source in zip(found, sources, strict=True):
        if source is None and (other := moved.pop(one.checksum, None)):
            known.append(replace(one, source=other, was=other.path))
        else:
            known.append(replace(one, source=source))
    return known


def _decide(found: Found, mode: Mode) -> Found | FileReport:
    """End what is unchanged or in conflict, let what is new or changed go on."""
    source = found.source
    if source is None or (mode.force and source.archived):
        return found
    report = compare(source, found.file, found.checksum)
    if report.status == "updated" or (report.status == "conflict" and mode.force):
        return found
    if report.status == "unchanged" and (found.was or source.gone):
        told = _tell(found)
        _settle(found, mode)
        return replace(report, status="updated", message=told)
    return report


def _settle(found: Found, mode: Mode) -> None:
    """Give a Source the path of its file, and show it again if it was thought gone."""
    source = found.source
    if source is None or mode.dry:
        return
    if found.was:
        source.path, source.folder = found.file.name, found.file.folder.as_posix()
        source.save(update_fields=["path", "folder"])
    if source.gone:
        bring_back(source)


def _tell(found: Found) -> str:
    if found.was:
        return f"{RENAMED} {found.was}."
    return BACK if found.source and found.source.gone else ""


# What it says


def _settle_on(said: _Said, lost: dict[int, Lost], mode: Mode) -> _Ready | FileReport:
    """Tell what is to be saved of a file, now that it is known what it says."""
    found, outcome = said.found, said.outcome
    if isinstance(outcome, FileReport):
        return outcome
    if found.source is None and (other := find_alike(outcome.text, outcome.title, lost.values())):
        del lost[other.pk]
        found = replace(found, source=Source.objects.get(pk=other.pk), was=other.path)
        ended = _decide(found, mode)
        if isinstance(ended, FileReport):
            return ended
    told = " ".join(filter(None, (_tell(found), outcome.report.message)))
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
    for one in ready:
        _settle(one.found, mode)
    edits = [_edit(one, mode) for one in ready]
    saved = save_all(edits, author=mode.author, index=False)
    return [_end(one, end, mode) for one, end in zip(ready, saved, strict=True)]


def _edit(one: _Ready, mode: Mode) -> Edit:
    found = one.found
    folder = "" if mode.uploaded else _folder_of(found)
    was = f", renamed from {found.was}" if found.was else ""
    return Edit(
        text=one.text,
        prepared=one.prepared,
        path=found.path,
        base=found.source.revision if found.source else 0,
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
