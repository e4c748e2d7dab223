"""Read Markdown files into the knowledge base; a bad file never stops the others, and each gets its line."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from kb.entries.files import File, Unreadable, explain, find_files, read_bytes
from kb.entries.reindex import index_stale
from kb.entries.save import FromFile, StaleEdit, TooLarge, archive, read, save
from kb.entries.write import entries_of
from kb.markdown.document import ParseError
from kb.markdown.repair import Decoded, decode
from kb.models import Source

log = logging.getLogger(__name__)

INDEX_EVERY = 500
"""Files after which the index catches up: a commit costs far more than an entry."""

Status = Literal["created", "updated", "unchanged", "failed", "conflict"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: where it stands, its entries, and for trouble the line and what to do."""

    path: str
    status: Status
    entries: int = 0
    line: int = 0
    message: str = ""
    repaired: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did, file by file in order, and how long it took."""

    files: tuple[FileReport, ...]
    seconds: float

    def count(self, status: Status) -> int:
        """Return how many files ended so."""
        return sum(file.status == status for file in self.files)


@dataclass(frozen=True, slots=True)
class _Run:
    """How this run treats files."""

    dry: bool
    force: bool


def ingest(
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    force: bool = False,
    progress: Callable[[FileReport], None] | None = None,
) -> Report:
    """Ingest files and folders of Markdown and report on every file.

    `dry_run` only reads; `force` lets a file win over what was done in the wiki since: a changed
    file over an edit, any file over its Source having been archived.
    """
    began = time.perf_counter()
    reports: list[FileReport] = []
    for file in find_files(paths):
        reports.append(_ingest_file(file, _Run(dry_run, force)))
        if progress:
            progress(reports[-1])
        if not dry_run and len(reports) % INDEX_EVERY == 0:
            index_stale()
    if not dry_run:
        index_stale()
    return Report(tuple(reports), time.perf_counter() - began)


def _ingest_file(file: File, run: _Run) -> FileReport:
    report = FileReport(file.shown, "failed")
    try:
        return _read_file(file, report, run)
    except ParseError as error:
        return replace(report, line=error.line, message=error.message)
    except (TooLarge, Unreadable) as error:
        return replace(report, message=str(error))
    except OSError as error:
        return replace(report, message=explain(error))
    except StaleEdit:
        return replace(report, status="conflict", message="Changed while it was read; run again.")
    except Exception as error:
        log.exception("Ingesting %s", report.path)
        return replace(report, message=f"Not taken ({type(error).__name__}); see the log for why.")


def _read_file(file: File, report: FileReport, run: _Run) -> FileReport:
    raw = read_bytes(file)
    source = _find_source(file)
    if source and not (run.force and source.archived):
        found = _compare(source, file, hashlib.sha256(raw).hexdigest(), report)
        if found.status == "unchanged" or (found.status == "conflict" and not run.force):
            return found
    decoded = decode(raw)
    report = replace(report, repaired=decoded.repaired, message=_note(decoded))
    if run.dry:
        parsed = read(decoded.text, file.name)
        status: Status = "updated" if source else "created"
        return replace(report, status=status, entries=len(parsed.entries))
    path = source.path if source else file.name
    saved = save(
        decoded.text,
        author=None,
        path=path,
        base=source.revision if source else 0,
        message="ingested from the file",
        file=FromFile(_folder_of(file, path), raw),
        index=False,
    )
    report = replace(report, status=saved.status, entries=len(saved.entries))
    if run.force and saved.source.archived:
        archive(saved.source, author=None, archived=False)
        return replace(report, status="updated")
    return report


def _note(decoded: Decoded) -> str:
    """Say how the bytes were read, where that was a guess; mended lines have their own field."""
    return " ".join(decoded.notes[:-1] if decoded.repaired else decoded.notes)


def _find_source(file: File) -> Source | None:
    """Return the Source this file was read into before, whichever folder was named then."""
    parts = file.path.parts
    paths = ["/".join(parts[at:]) for at in range(1, len(parts))]
    found = {source.path: source for source in Source.objects.filter(path__in=paths)}
    own = (s for s in found.values() if s.folder and Path(s.folder, s.path) == file.path)
    return next(own, found.get(file.name))


def _folder_of(file: File, path: str) -> str:
    """Return the folder below which the file has the path of its Source, whatever was named now."""
    return file.path.as_posix().removesuffix(f"/{path}") or "/"


def _compare(source: Source, file: File, checksum: str, report: FileReport) -> FileReport:
    """Tell whether a known file is unchanged, updated or in conflict with what was saved since."""
    unchanged = replace(report, status="unchanged", entries=entries_of(source).count())
    if checksum == source.file_checksum:
        return unchanged
    newest = source.newest().checksum
    if trouble := _find_other(source, file):
        return unchanged if checksum == newest else _conflict(report, trouble)
    if newest not in (source.file_checksum, checksum):
        return _conflict(
            report,
            "Changed here and in the wiki; merge the wiki's text into the file, then use --force.",
        )
    return replace(report, status="updated")


def _find_other(source: Source, file: File) -> str:
    """Say what else the Source at this path was read from, or nothing."""
    if not source.folder:
        return "A wiki text has this path; rename the file, or use --force to make it the next revision."
    before = Path(source.folder, source.path)
    if before != file.path and os.path.exists(before):  # noqa: PTH110  # Path.exists may raise
        return f"{before} already has this path; rename one of them."
    return ""


def _conflict(report: FileReport, trouble: str) -> FileReport:
    return replace(report, status="conflict", message=trouble)
