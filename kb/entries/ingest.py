"""Read Markdown files into the knowledge base; a bad file never stops the others, and each gets its line."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.contrib.auth.models import User

from kb.entries.alone import alone
from kb.entries.batch import MEANWHILE, Mode
from kb.entries.files import File, find_files
from kb.entries.follow import follow
from kb.entries.known import Known, find_lost
from kb.entries.reindex import catch_up
from kb.entries.report import FileReport, Report, Status
from kb.entries.runs import begin_run, end_run, keep_files
from kb.entries.save import StaleEdit, put_away
from kb.entries.seen import Seen, look
from kb.entries.settle import settle_folders, settle_paths
from kb.entries.take import Started, finish, start
from kb.entries.workers import Workers, seldom_collecting
from kb.markdown.repair import clean
from kb.models import Run, Source

__all__ = ["FileReport", "Mode", "Report", "Status", "Stopped", "ingest"]

log = logging.getLogger(__name__)

BATCH = 200
"""Files that are read and written together: a transaction costs far more than a row."""
BATCH_BYTES = 4_000_000
MANY = 10
"""When so many files are gone and none is left, the folder is more likely missing than emptied."""

MOST_QUIET = 10_000
"""So many are noted at once; no database takes any number of values in one question."""

DETAILED = 5_000
"""Of so many files a report tells how each was read; a larger run keeps the rest in the database."""

EMPTIED = "Holds none of the {:,} files that were read from it. If they were deleted, use --force."
DELETED = "Its file was deleted; its entries are kept in the archive."
EDITED = "Its file was deleted, its text changed in the wiki. Archive it there, or use --force."

Progress = Callable[[FileReport, int], None]


class Stopped(KeyboardInterrupt):
    """A run that was cut short by Ctrl-C; carries what it did until then."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


@dataclass(slots=True)
class _Work:
    """What a run is to do, and what it has done so far."""

    mode: Mode
    paths: Sequence[Path]
    progress: Progress | None
    run: Run | None
    began: float = field(default_factory=time.perf_counter)
    total: int = 0
    reports: list[FileReport] = field(default_factory=list)

    def report(self) -> Report:
        """Sum up what was done."""
        total = max(self.total, len(self.reports))
        return Report(tuple(self.reports), time.perf_counter() - self.began, total)

    def note(self, reports: Sequence[FileReport], sources: dict[str, int]) -> None:
        """Keep reports, here and in the database, and tell whoever waits."""
        detailed = len(self.reports) < DETAILED or not self.run
        self.reports += reports if detailed else map(_shorten, reports)
        if self.run:
            keep_files(self.run, reports, sources)
        for report in reports:
            if self.progress:
                self.progress(report, self.total)


def _shorten(report: FileReport) -> FileReport:
    return replace(report, read=(), chapters=())


def ingest(  # noqa: PLR0913  # what, how, by whom, and who is told
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    force: bool = False,
    author: User | None = None,
    progress: Progress | None = None,
    wait: Callable[[str], None] | None = None,
) -> Report:
    """Ingest files and folders of Markdown and report on every file; one run at a time.

    `dry_run` only reads; `force` lets a file win over what was done in the wiki since: a changed
    file over an edit, any file over its Source having been archived. `progress` hears of each file
    and how many there are, `wait` that another run has to end first; without it that raises Busy.
    Raises Stopped on Ctrl-C, with what is in by then.
    """
    mode = Mode(dry_run, force, author)
    with nullcontext() if dry_run else alone(wait):
        return _run(_Work(mode, paths, progress, None if dry_run else begin_run(paths, author)))


def ingest_upload(
    folder: Path, name: str, *, author: User, force: bool = False
) -> tuple[Run, Report]:
    """Ingest what was unpacked into `folder`; it has no place on this machine that stays.

    Raises Busy when another run is at work.
    """
    with alone():
        mode, run = Mode(force=force, author=author, uploaded=True), begin_run([name], author)
        return run, _run(_Work(mode, [folder], None, run))


def _run(work: _Work) -> Report:
    try:
        with seldom_collecting(), Workers(alone=work.mode.uploaded) as workers:
            _take_all(work, workers)
            if work.run:
                catch_up(workers.map)
    except KeyboardInterrupt:
        if work.run:
            end_run(work.run, work.report(), stopped=True)
        raise Stopped(replace(work.report(), stopped=True)) from None
    if work.run:
        end_run(work.run, work.report())
    return work.report()


def _take_all(work: _Work, workers: Workers) -> None:
    files = _list_files(work.paths)
    seen = look(files)
    lost = [] if work.mode.uploaded else follow(seen, _find_lost(work, seen))
    lost = _leave_archived(work, lost)
    work.total = len(files) + len(lost)
    if not (work.mode.dry or work.mode.uploaded):
        settle_folders(seen)
        settle_paths(seen)
    ahead: Started | None = None
    for batch in _batches(seen):
        following = start(batch, work.mode, workers)
        if ahead:
            _end(work, ahead)
        ahead = following
    if ahead:
        _end(work, ahead)
    for known in lost:
        _forget(work, known)


def _end(work: _Work, started: Started) -> None:
    taken = finish(started, work.mode)
    reports = [taken.reports[file] for file in started.files]
    work.note(reports, taken.sources)


def _list_files(paths: Sequence[Path]) -> list[File]:
    """List every file once, below the outermost of the folders that were named."""
    files: dict[str, File] = {}
    for file in find_files(paths):
        other = files.setdefault(file.path.as_posix(), file)
        if len(file.folder.parts) < len(other.folder.parts):
            files[file.path.as_posix()] = file
    return list(files.values())


def _batches(seen: Sequence[Seen]) -> Iterator[list[Seen]]:
    """Cut files into batches that neither number nor size makes too large for the memory."""
    batch: list[Seen] = []
    size = 0
    for one in seen:
        more = 0 if one.is_same else one.file.size
        if batch and (len(batch) == BATCH or size + more > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += more
    if batch:
        yield batch


# Files that are gone


def _find_lost(work: _Work, seen: Sequence[Seen]) -> list[Known]:
    """Return the Sources that lost their file, but not those of a folder that lost all at once."""
    present = {one.place for one in seen}
    lost: dict[int, Known] = {}
    for folder in (Path(os.path.realpath(path)) for path in work.paths):
        if not os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir raises where it may not look
            continue
        found = [one for one in find_lost(folder, present) if one.pk not in lost]
        standing = [one for one in found if not one.gone]
        empty = not any(one.file.path.is_relative_to(folder) for one in seen)
        if len(found) >= MANY and 2 * len(standing) >= len(found) and empty and not work.mode.force:
            told = EMPTIED.format(len(standing))
            work.note([FileReport(clean(str(folder)), "failed", message=told)], {})
        else:
            lost |= {one.pk: one for one in found}
    return list(lost.values())


def _leave_archived(work: _Work, lost: Sequence[Known]) -> list[Known]:
    """Note that those are gone which a person had archived; of these there is nothing to tell."""
    quiet = [known.pk for known in lost if known.archived and not known.gone]
    if quiet and work.run:
        Source.objects.filter(pk__in=quiet[:MOST_QUIET]).update(gone=True)
    return [known for known in lost if not (known.gone or known.archived)]


def _forget(work: _Work, known: Known) -> None:
    """Archive a Source whose file is gone, unless it was edited in the wiki."""
    try:
        report = _put_away(known, work.mode)
    except Exception as error:
        log.exception("Archiving %s", known.path)
        told = f"Not archived ({type(error).__name__}); see the log for why."
        report = FileReport(known.path, "failed", message=told)
    work.note([report], {known.path: known.pk})


def _put_away(known: Known, mode: Mode) -> FileReport:
    source = Source.objects.get(pk=known.pk)
    if source.newest().checksum != source.file_checksum and not mode.force:
        return FileReport(known.path, "conflict", known.standing, message=EDITED)
    try:
        if not mode.dry:
            put_away(source)
    except StaleEdit:
        return FileReport(known.path, "conflict", known.standing, message=MEANWHILE)
    return FileReport(known.path, "archived", known.standing, message=DELETED)
