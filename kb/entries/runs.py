"""Keep what the last runs did, for those who did not watch them, and list it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from kb.entries.pages import Page, Place, cut_page, read_place
from kb.entries.report import FileReport, Report
from kb.markdown.repair import clean
from kb.models import AnyUser, Run, RunFile, Source

KEPT = 30
"""So many runs are kept; the oldest make room."""
PAGE_SIZE = 25
STATUSES = ("failed", "conflict", "archived", "updated", "created", "skipped", "unchanged")
"""What may become of a file, in the order of interest: troubles first."""


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
            read=_describe(report),
        )
        for report in reports
        if report.status != "unchanged"
    )


def _describe(report: FileReport) -> dict[str, Any]:
    """Return how a file was read; `completeness` is that of its barest entry, if it has any."""
    read: dict[str, Any] = {
        "notes": report.notes,
        "entries": [asdict(entry) for entry in report.read],
        "chapters": [asdict(chapter) for chapter in report.chapters],
    }
    if report.read:
        read["completeness"] = min(entry.completeness for entry in report.read)
    return read


def end_run(run: Run, report: Report, *, stopped: bool = False) -> None:
    """Note how a run ended; one that was stopped has no end."""
    run.ended = None if stopped else timezone.now()
    run.counts = report.counts()
    run.entries = sum(file.entries for file in report.files)
    run.save(update_fields=["ended", "counts", "entries"])


# What pages show


def list_runs() -> list[Run]:
    """Return the runs that are kept, newest first."""
    return list(Run.objects.select_related("by"))


def sort_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts of files by status in the order of interest."""
    known = {status: counts[status] for status in STATUSES if counts.get(status)}
    return known | {status: count for status, count in counts.items() if status not in known}


def count_files(run: Run) -> dict[str, int]:
    """Return how many files became what, also of a run that did not come to count them.

    Files that were left unchanged are counted but not kept.
    """
    kept = run.files.order_by().values_list("status").annotate(count=Count("pk"))
    return sort_counts({"unchanged": run.counts.get("unchanged", 0)} | dict(kept))


def find_file(run: Run, user: AnyUser, pk: int) -> RunFile | None:
    """Return one file of a run, as `list_files` does."""
    return _with_source(run.files.filter(pk=pk), user).first()


def list_files(
    run: Run, user: AnyUser, *, status: str = "", incomplete_first: bool = False, cursor: str = ""
) -> Page[RunFile]:
    """Return a part of a run's files, troubles first, or those with entries, the barest first.

    Each brings its `source` where `user` may see it. A strange cursor is the start.
    """
    files = run.files.filter(status=status) if status else run.files.all()
    rows = files.annotate(number=_completeness() if incomplete_first else _interest())
    place = read_place(cursor)
    found = _begin(rows, place)[: PAGE_SIZE + 1]
    places = [Place(number, pk) for number, pk in found.values_list("number", "pk")]
    whole = _with_source(run.files.all(), user).in_bulk([place.pk for place in places])
    kept = [place for place in places if place.pk in whole]
    return cut_page([whole[place.pk] for place in kept], kept, place, PAGE_SIZE)


def _with_source(files: QuerySet[RunFile], user: AnyUser) -> QuerySet[RunFile]:
    return files.prefetch_related(Prefetch("source", Source.objects.visible_to(user)))


def _interest() -> Case:
    order = [When(status=status, then=Value(at)) for at, status in enumerate(STATUSES)]
    return Case(*order, default=Value(len(STATUSES)), output_field=IntegerField())


def _completeness() -> Cast:
    return Cast(KT("read__completeness"), IntegerField())


def _begin(rows: QuerySet[Any], place: Place | None) -> QuerySet[Any]:
    """Order rows by `number` and begin at a place; only those that a page shows are read whole."""
    rows = rows.exclude(number=None)
    if place is None:
        return rows.order_by("number", "pk")
    if place.backward:
        before = Q(number__lt=place.number) | Q(number=place.number, pk__lt=place.pk)
        return rows.filter(before).order_by("-number", "-pk")
    after = Q(number__gt=place.number) | Q(number=place.number, pk__gt=place.pk)
    return rows.filter(after).order_by("number", "pk")
