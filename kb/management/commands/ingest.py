"""`manage.py ingest`: read Markdown files and folders."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kb.entries.files import HIDDEN, SUFFIXES
from kb.entries.ingest import Report, Stopped, ingest
from kb.entries.report import TROUBLE, EntryReport, FileReport
from kb.management.stores import migrate_when_needed, prepare_stores

if TYPE_CHECKING:
    from rich.console import Console

INTERRUPTED = 130
"""What a shell expects of a program that was stopped by Ctrl-C."""
DEBOUNCE = 400
"""Milliseconds in which changes are gathered, for a checkout changes many files."""
LINE = "{:<10}{:>7}  {}"
INSIDE = "{:>16}%  {}"
MOST_LINES = 12
"""Of so many mended lines the numbers are told one by one."""


class Command(BaseCommand):
    """Read Markdown into the knowledge base."""

    help = "Read Markdown files and folders (default: KB_CONTENT_DIR) and report on each file."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would happen")
        parser.add_argument("--force", action="store_true", help="let files win over wiki edits")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--watch", action="store_true", help="stay, and follow every change")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = options["paths"] or [settings.KB_CONTENT_DIR]
        read = partial(_read, paths, options)
        try:
            _prepare(options)
            report = _watch(paths, read) if options["watch"] else read()
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None
        if report.stopped:
            raise SystemExit(INTERRUPTED)
        if report.count("failed"):
            raise SystemExit(1)


def _prepare(options: dict[str, Any]) -> None:
    if options["dry_run"]:
        migrate_when_needed()
    else:
        prepare_stores()


def _read(paths: Sequence[Path], options: dict[str, Any], *, only_news: bool = False) -> Report:
    """Do one run and print its report."""
    from kb.management.terminal import console_for, progress_bar

    console = console_for(options)
    with progress_bar(shown=not options["json"]) as (say, advance):
        report = _ingest(paths, options, say, advance)
    if options["json"]:
        console.file.write(f"{json.dumps(asdict(report))}\n")
        console.file.flush()
    else:
        _print_report(console, report, options["verbosity"], only_news=only_news)
    return report


def _ingest(
    paths: Sequence[Path],
    options: dict[str, Any],
    say: Callable[[str], None],
    advance: Callable[[FileReport, int], None],
) -> Report:
    try:
        return ingest(
            paths,
            dry_run=options["dry_run"],
            force=options["force"],
            progress=advance,
            wait=say,
        )
    except Stopped as stopped:
        return stopped.report


def _watch(paths: Sequence[Path], read: Callable[..., Report]) -> Report:
    """Read once, and again whenever a Markdown file changes, until Ctrl-C."""
    from watchfiles import watch

    missing = [path for path in paths if not path.exists()]
    if missing:
        raise CommandError(f"{missing[0]} is not there; name a folder to watch.")
    report = None
    # It yields when nothing happened too, so that we listen before we read for the first time.
    for changes in watch(
        *paths,
        watch_filter=partial(_concerns, [path.resolve() for path in paths]),
        debounce=DEBOUNCE,
        rust_timeout=DEBOUNCE,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    ):
        if report is None or changes:
            report = read(only_news=report is not None)
        if report.stopped:
            break
    return report or read()


def _concerns(roots: Sequence[Path], _change: object, name: str) -> bool:
    """Tell whether what happened to a path may change what ingest reads; a folder may hold texts."""
    path = Path(name)
    root = next((root for root in roots if path.is_relative_to(root)), path.parent)
    if any(part.startswith(HIDDEN) for part in path.relative_to(root).parts):
        return False
    return path.name.lower().endswith(SUFFIXES) or not path.is_file()


# The report, for people


def _print_report(console: Console, report: Report, verbosity: int, *, only_news: bool) -> None:
    from kb.management.terminal import COLOURS, show

    if verbosity and not only_news:
        console.print(show(LINE.format("status", "entries", "file"), "dim"))
    for file in report.files:
        if (only_news and file.status == "unchanged") or (
            verbosity == 0 and file.status not in TROUBLE
        ):
            continue
        line = show(LINE.format(file.status, file.entries, file.path) + _remark(file))
        line.stylize(COLOURS.get(file.status, ""), 0, len(file.status))
        console.print(line)
        for detail in _details(file, verbosity):
            console.print(show(detail, "dim"))
    if only_news and report.counts().keys() <= {"unchanged"}:
        return
    when = f"{datetime.now().astimezone():%H:%M:%S}  " if only_news else ""
    for text in f"{when}{summarise(report)}".split("\n"):
        console.print(show(text))


def _remark(file: FileReport) -> str:
    trouble = f"line {file.line}: {file.message}" if file.line else file.message
    told = "; ".join(filter(None, (trouble, _tell_repaired(file.repaired), *file.notes)))
    return f"  {told}" if told else ""


def _tell_repaired(lines: Sequence[int]) -> str:
    if not lines:
        return ""
    numbers = ", ".join(map(str, lines[:MOST_LINES])) + (" …" if len(lines) > MOST_LINES else "")
    return f"{len(lines)} garbled lines repaired ({numbers})"


def _details(file: FileReport, verbosity: int) -> Iterator[str]:
    """Yield a line for each entry: how complete it is, what it lacks, what no kind was known for."""
    for entry in file.read if verbosity else ():
        yield INSIDE.format(entry.completeness, entry.title) + _lacks(entry)
        if verbosity > 1:
            for one in entry.headings:
                guessed = ", guessed" if one.guessed else ""
                yield f"{one.line:>24}  {one.kind}{guessed}: {one.heading or '(no heading)'}"
    for one in file.chapters if verbosity > 1 else ():
        yield f"{one.line:>24}  chapter, {one.kind}: {one.heading or '(no heading)'}"


def _lacks(entry: EntryReport) -> str:
    missing = f"no {', no '.join(entry.missing)}" if entry.missing else ""
    unplaced = ", ".join(f"{one.heading} (line {one.line})" for one in entry.unplaced)
    told = "; ".join(filter(None, (missing, f"kept as other: {unplaced}" if unplaced else "")))
    return f"  {told}" if told else ""


def summarise(report: Report) -> str:
    """Say in one line what a run did, and where it stopped if it did."""
    counts = [f"{count:,} {status}" for status, count in report.counts().items()]
    entries = sum(file.entries for file in report.files if file.status != "archived")
    told = ", ".join(counts) or "nothing to read"
    line = f"{told}; {entries:,} entries in {len(report.files):,} files, {report.seconds:.1f} s"
    if not report.stopped:
        return line
    after = f" after {report.files[-1].path}" if report.files else " before the first file"
    return (
        f"{line}\nStopped{after}, {len(report.files):,} of {report.total:,}: "
        "what is listed is in. Run it again to go on."
    )
