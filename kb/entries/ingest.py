"""Read Markdown files into the knowledge base; a bad file never stops the others, and each gets its line."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.contrib.auth.models import User

from kb.entries.alone import alone
from kb.entries.files import File, find_files
from kb.entries.known import Lost, find_lost, read_lost
from kb.entries.reindex import catch_up
from kb.entries.report import FileReport, Report, Status
from kb.entries.runs import begin_run, end_run, keep_files
from kb.entries.save import StaleEdit, put_away
from kb.entries.take import MEANWHILE, Mode, Started, finish, start
from kb.entries.workers import Workers
from kb.entries.write import entries_of
from kb.models import Run, Source

__all__ = ["FileReport", "Mode", "Report", "Status", "Stopped", "ingest"]

BATCH = 200
"""Files that are read and written together: a transaction costs far more than a row."""
BATCH_BYTES = 4_000_000
MANY = 10
"""When so many files are gone and none is left, the folder is more likely missing than emptied."""
MOST_COMPARED = 200
"""So many new files are compared with what is lost; of more, none is the same under another name."""

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
    files: Sequence[File]
    progress: Progress | None
    run: Run | None
    began: float = field(default_factory=time.perf_counter)
    lost: dict[int, Lost] = field(default_factory=dict)
    reports: list[FileReport] = field(default_factory=list)

    def report(self) -> Report:
        """Sum up what was done."""
        return Report(tuple(self.reports), time.perf_counter() - self.began, len(self.files))

    def note(self, reports: Sequence[FileReport], sources: dict[str, int]) -> None:
        """Keep reports, here and in the database, and tell whoever waits."""
        if self.run:
            keep_files(self.run, reports, sources)
        for report in reports:
            self.reports.append(report)
            if self.progress:
                self.progress(report, len(self.files))


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
        run = None if dry_run else begin_run(paths, author)
        work = _Work(mode, list(find_files(paths)), progress, run)
        _lose(work, [Path(os.path.realpath(path)) for path in paths])
        return _work(work)


def ingest_upload(folder: Path, name: str, *, author: User, force: bool = False) -> Report:
    """Ingest what was unpacked into `folder`; it has no place on this machine that stays.

    Raises Busy when another run is at work.
    """
    with alone():
        mode = Mode(force=force, author=author, uploaded=True)
        return _work(_Work(mode, list(find_files([folder])), None, begin_run([name], author)))


def _work(work: _Work) -> Report:
    try:
        with Workers(alone=work.mode.uploaded) as workers:
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
    held = _take(work, work.files, workers, hold_new=bool(work.lost))
    # Only now is it known which files are nowhere else; the new ones may be those.
    _take(work, held, workers, hold_new=False)
    for key in work.lost:
        report = _forget(key, work.mode)
        work.note([report] if report else [], {})


def _take(work: _Work, files: Sequence[File], workers: Workers, *, hold_new: bool) -> list[File]:
    """Take files in batch by batch, each read while the one before is saved; return those held."""
    lost = {} if hold_new or len(files) > MOST_COMPARED else read_lost(work.lost)
    held: list[File] = []
    ahead: Started | None = None
    for batch in _batches(files):
        following = start(batch, work.mode, workers, hold_new=hold_new)
        if ahead:
            held += _end(work, ahead, lost)
        ahead = following
    return held + _end(work, ahead, lost) if ahead else held


def _end(work: _Work, started: Started, lost: dict[int, Lost]) -> list[File]:
    taken = finish(started, work.mode, lost)
    work.note(
        [taken.reports[file] for file in started.files if file in taken.reports], taken.sources
    )
    for key in taken.sources.values():
        work.lost.pop(key, None)
    return taken.later


def _batches(files: Sequence[File]) -> Iterator[list[File]]:
    """Cut files into batches that neither number nor size makes too large for the memory."""
    batch: list[File] = []
    size = 0
    for file in files:
        size += file.size
        if batch and (len(batch) == BATCH or size > BATCH_BYTES):
            yield batch
            batch, size = [], file.size
        batch.append(file)
    if batch:
        yield batch


# Files that are gone


def _lose(work: _Work, folders: Sequence[Path]) -> None:
    """Note which Sources have lost their file, but for folders that lost them all at once."""
    present = {file.path.as_posix() for file in work.files}
    for folder in folders:
        if not os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir raises where it may not look
            continue
        lost = find_lost(folder, present)
        found = any(file.folder == folder for file in work.files)
        if len(lost) >= MANY and not found and not work.mode.force:
            work.note([FileReport(str(folder), "failed", message=EMPTIED.format(len(lost)))], {})
        else:
            work.lost |= lost


def _forget(key: int, mode: Mode) -> FileReport | None:
    """Archive a Source whose file is gone; None when it was archived before."""
    source = Source.objects.get(pk=key)
    report = FileReport(source.path, "archived", entries_of(source).count(), message=DELETED)
    if source.gone:
        return None
    if source.newest().checksum != source.file_checksum and not mode.force:
        return FileReport(source.path, "conflict", message=EDITED)
    try:
        if not mode.dry:
            put_away(source)
    except StaleEdit:
        return FileReport(source.path, "conflict", message=MEANWHILE)
    return report
