"""Tell whether a known file is unchanged, changed, or in conflict with what was done since."""

from __future__ import annotations

from dataclasses import replace

from kb.entries.files import File
from kb.entries.known import is_gone, join
from kb.entries.report import FileReport
from kb.models import Source

EDITED = "Changed here and in the wiki; merge the wiki's text into the file, then use --force."
WIKI_TEXT = (
    "A wiki text has this path, or an uploaded one; rename the file, or use --force to make it the "
    "next revision."
)
TWICE = "{} already has this path; rename one of them."


def compare(
    source: Source, standing: int, file: File, checksum: str, *, uploaded: bool
) -> FileReport:
    """Return a report `unchanged`, `updated` or `conflict`; `standing` entries are in its text."""
    report = FileReport(file.shown, "unchanged", entries=standing)
    if checksum == source.file_checksum:
        return report
    newest = source.newest().checksum
    if trouble := _find_other(source, file, uploaded=uploaded):
        return report if checksum == newest else conflict(report, trouble)
    if newest not in (source.file_checksum, checksum):
        return conflict(report, EDITED)
    return replace(report, status="updated")


def conflict(report: FileReport, trouble: str) -> FileReport:
    """Return a report that says what else lays claim to the Source."""
    return replace(report, status="conflict", message=trouble)


def _find_other(source: Source, file: File, *, uploaded: bool) -> str:
    """Say what else the Source at this path was read from, or nothing."""
    if not source.folder:
        return "" if uploaded and source.file_checksum else WIKI_TEXT
    place = join(source.folder, source.path)
    if place != file.path.as_posix() and not is_gone(place):
        return TWICE.format(place)
    return ""
