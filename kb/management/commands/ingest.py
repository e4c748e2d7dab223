"""`manage.py ingest`: read Markdown files and folders."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kb.entries.ingest import FileReport, Report, ingest
from kb.management.stores import migrate_when_needed, prepare_stores

LINE = "{:<10}{:>7}  {}"


class Command(BaseCommand):
    """Read Markdown into the knowledge base."""

    help = "Read Markdown files and folders (default: KB_CONTENT_DIR) and report on each file."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would happen")
        parser.add_argument("--force", action="store_true", help="let files win over wiki edits")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = options["paths"] or [settings.KB_CONTENT_DIR]
        if options["dry_run"]:
            migrate_when_needed()
        else:
            prepare_stores()
        report = ingest(paths, dry_run=options["dry_run"], force=options["force"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            _print_report(report, options)
        if report.count("failed"):
            raise SystemExit(1)


def _print_report(report: Report, options: dict[str, Any]) -> None:
    from kb.management.terminal import COLOURS, console_for, show

    console = console_for(options)
    console.print(show(LINE.format("status", "entries", "file"), "dim"))
    for file in report.files:
        line = show(LINE.format(file.status, file.entries, file.path) + _remark(file))
        line.stylize(COLOURS.get(file.status, ""), 0, len(file.status))
        console.print(line)
    console.print(show(summarise(report)))


def _remark(file: FileReport) -> str:
    trouble = f"line {file.line}: {file.message}" if file.line else file.message
    mended = f"{len(file.repaired)} garbled lines repaired" if file.repaired else ""
    told = "; ".join(filter(None, (trouble, mended)))
    return f"  {told}" if told else ""


def summarise(report: Report) -> str:
    """Say in one line what a run did."""
    statuses = dict.fromkeys(file.status for file in report.files)
    counts = [f"{report.count(status):,} {status}" for status in statuses]
    entries = sum(file.entries for file in report.files)
    told = ", ".join(counts) or "nothing to read"
    return f"{told}; {entries:,} entries in {len(report.files):,} files, {report.seconds:.1f} s"
