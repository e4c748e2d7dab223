"""What the last runs did: the list of them, and one of them file by file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from kb.entries.runs import (
    KEPT,
    STATUSES,
    count_files,
    find_file,
    list_files,
    list_runs,
    sort_counts,
)
from kb.models import Run, RunFile
from kb.web.access import writer
from kb.web.partial import answer

MOST_ROWS = 200
"""So many entries and headings of one file are shown where there are many files."""
ALL = 2**31
MOST_LINES = 12
LEAST_FIRST = "completeness"

Row = Mapping[str, Any]
"""An entry or a heading as `kb.entries.report` describes it."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as it is listed: how many files became what, how long it took, and if it has not ended."""

    run: Run
    counts: Mapping[str, int]
    seconds: float | None
    state: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """How one entry was read; `others` are the headings whose text is kept as it stands."""

    title: str
    line: int
    completeness: int
    missing: Sequence[str]
    headings: Sequence[Row]
    others: Sequence[str]


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a run: what became of it, how it was read, and how many rows are not shown."""

    file: RunFile
    notes: Sequence[str]
    entries: Sequence[EntryLine]
    chapters: Sequence[Row]
    more: int

    @property
    def repaired(self) -> str:
        """Return the numbers of its repaired lines, the first of them where there are many."""
        lines = self.file.repaired
        return ", ".join(map(str, lines[:MOST_LINES])) + (" …" if len(lines) > MOST_LINES else "")


@writer
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    found = list_runs()
    lines = [describe_run(run, sort_counts(run.counts), found[0]) for run in found]
    return answer(request, "runs/runs.html", {"lines": lines, "kept": KEPT})


@writer
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Run.objects.select_related("by"), pk=pk)
    counts = count_files(found)
    asked = request.GET.get("status", "")
    status = asked if asked in STATUSES else ""
    least_first = request.GET.get("order") == LEAST_FIRST
    at = request.GET.get("at", "")
    page = list_files(found, request.user, status=status, incomplete_first=least_first, cursor=at)
    context = {
        "line": describe_run(found, counts, Run.objects.first()),
        "listed": sum(count for name, count in counts.items() if name != "unchanged"),
        "status": status,
        "least_first": least_first,
        "page": page,
        "files": [describe_file(file) for file in page.items],
    }
    return answer(request, "runs/run.html", context)


@writer
@require_safe
def run_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    run = get_object_or_404(Run, pk=pk)
    found = find_file(run, request.user, file)
    if found is None:
        raise Http404
    context = {"run": run, "line": describe_file(found, most=ALL)}
    return answer(request, "runs/file.html", context)


def describe_run(run: Run, counts: Mapping[str, int], newest: Run | None) -> RunLine:
    """Sum up a run; one that has not ended may be at work as long as none came after it."""
    if run.ended:
        return RunLine(run, counts, (run.ended - run.started).total_seconds(), "")
    under_way = run == newest and not run.counts
    return RunLine(run, counts, None, "under way, or cut short" if under_way else "stopped")


def describe_file(file: RunFile, most: int = MOST_ROWS) -> FileLine:
    """Say how a file was read, in so many rows."""
    read = file.read or {}
    entries = [[entry, *entry["headings"]] for entry in read.get("entries", ())]
    every = [*entries, read.get("chapters", [])]
    *shown, chapters = _share_out(every, most)
    return FileLine(
        file=file,
        notes=read.get("notes", []),
        entries=[_describe_entry(entry, headings) for entry, *headings in filter(None, shown)],
        chapters=chapters,
        more=sum(map(len, every)) - sum(map(len, (*shown, chapters))),
    )


def _share_out(every: Sequence[Sequence[Row]], most: int) -> list[list[Row]]:
    """Return the first `most` of all rows, still parted as they were."""
    shown = []
    for rows in every:
        shown.append(list(rows[:most]))
        most -= len(shown[-1])
    return shown


def _describe_entry(entry: Row, headings: Sequence[Row]) -> EntryLine:
    return EntryLine(
        title=entry["title"],
        line=entry["line"],
        completeness=entry["completeness"],
        missing=entry["missing"],
        headings=headings,
        others=[row["heading"] for row in headings if row["kind"] == "other" and row["heading"]],
    )
