"""Keep what the last runs did, for those who did not watch them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from django.contrib.auth.models import User
from django.utils import timezone

from kb.entries.report import FileReport, Report
from kb.markdown.repair import clean
from kb.models import Run, RunFile

KEPT = 30
"""So many runs are kept; the oldest make room."""


def begin_run(what: Sequence[Path | str], by: User | None) -> Run:
    """Note that a run has begun, and forget the oldest ones."""
    old = list(Run.objects.values_list("pk", flat=True)[KEPT - 1 :])
    Run.objects.filter(pk__in=old).delete()
    return Run.objects.create(started=timezone.now(), what=clean(", ".join(map(str, what))), by=by)


def keep_files(run: Run, reports: Sequence[FileReport], sources: Mapping[str, int]) -> None:
    """Keep what became of files, but for those left alone; `sources` are the keys by path."""
    RunFile.objects.bulk_create(
        RunFile(
            run=run,
            source_id=sources.get(report.path),
            path=report.path,
            status=report.status,
            line=report.line,
            message=clean(report.message),
            repaired=report.repaired,
            entries=report.entries,
            read={
                "notes": report.notes,
                "entries": [asdict(entry) for entry in report.read],
                "chapters": [asdict(chapter) for chapter in report.chapters],
            },
        )
        for report in reports
        if report.status != "unchanged"
    )


def end_run(run: Run, report: Report, *, stopped: bool = False) -> None:
    """Note how a run ended; one that was stopped has no end."""
    run.ended = None if stopped else timezone.now()
    run.counts = report.counts()
    run.entries = sum(file.entries for file in report.files)
    run.save(update_fields=["ended", "counts", "entries"])
