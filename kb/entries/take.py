"""Take a batch of files into the base: tell what each is by now, read what changed, save it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from kb.entries.batch import Found, Mode, Ready, Taken, go_on
from kb.entries.commit import save_batch, settle, tell
from kb.entries.compare import compare, conflict
from kb.entries.files import File, read_bytes
from kb.entries.reading import Outcome, Task, read_file
from kb.entries.report import FileReport, Status
from kb.entries.rules import usual_dialect
from kb.entries.seen import Seen
from kb.entries.workers import Workers
from kb.models import Source

FOREIGN = "{} had this path and is gone; rename this file, or use --force to let it go on as that."
DIFFERS = "Differs from what is here; to take it, choose to replace what was changed here."


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
class Started:
    """A batch of which the new and changed files are being read; `wait` gives what they say."""

    files: Sequence[File]
    taken: Taken
    changed: Sequence[Found]
    wait: Callable[[], Sequence[Outcome]]


def start(batch: Sequence[Seen], mode: Mode, workers: Workers) -> Started:
    """Begin to read those files of a batch that are new or changed."""
    taken = Taken(sources={one.file.shown: one.known.pk for one in batch if one.known})
    changed = go_on(partial(_decide, mode=mode), _open_all(batch, mode, taken), taken)
    tasks = [
        Task(one.raw, one.file.name, one.file.shown, usual_dialect(), mode.dry) for one in changed
    ]
    files = [one.file for one in batch]
    return Started(files, taken, changed, workers.begin(read_file, tasks))


def finish(started: Started, mode: Mode) -> Taken:
    """Save what was read."""
    taken = started.taken
    pairs = [_Said(*pair) for pair in zip(started.changed, started.wait(), strict=True)]
    save_batch(go_on(partial(_describe, mode=mode), pairs, taken), mode, taken)
    return taken


# What it is


def _open_all(batch: Sequence[Seen], mode: Mode, taken: Taken) -> list[Found]:
    """Read the bytes of all files but those that stayed as they were."""
    left = go_on(partial(_leave_alone, mode=mode), batch, taken)
    sources = Source.objects.in_bulk([one.known.pk for one in left if one.known])
    return go_on(partial(_open, sources=sources), left, taken)


def _leave_alone(seen: Seen, mode: Mode) -> Seen | FileReport:
    """End what is as it was, and what nobody expects to be read."""
    known = seen.known
    if seen.file.is_left_out:
        return FileReport(seen.file.shown, "skipped", message=seen.file.trouble)
    if known is None or not seen.is_same or known.gone or (mode.force and known.archived):
        return seen
    if seen.was:
        return FileReport(seen.file.shown, "updated", known.standing, message=tell(seen))
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
    if found.seen.foreign and not mode.force and not mode.uploaded:
        report = FileReport(found.file.shown, "conflict", known.standing)
        return conflict(report, FOREIGN.format(known.place))
    report = compare(source, known.standing, found.file, found.checksum, uploaded=mode.uploaded)
    if report.status == "conflict" and mode.uploaded:
        report = replace(report, message=DIFFERS)
    if report.status == "updated" or (report.status == "conflict" and mode.force):
        return found
    if report.status == "unchanged" and (found.seen.was or source.gone):
        told = tell(found.seen)
        settle(found, mode)
        return replace(report, status="updated", message=told)
    return report


# What it says


def _describe(said: _Said, mode: Mode) -> Ready | FileReport:
    """Tell what is to be saved of a file, now that it is known what it says."""
    found, outcome = said.found, said.outcome
    if isinstance(outcome, FileReport):
        return outcome
    told = " ".join(filter(None, (tell(found.seen), outcome.report.message)))
    status: Status = "updated" if found.source else "created"
    report = replace(outcome.report, status=status, message=told)
    if outcome.prepared is None:
        return report
    return Ready(found, report, outcome.text, outcome.prepared)
