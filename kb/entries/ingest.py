"""Read Markdown files into the knowledge base; a bad file never stops the others, and each gets its line."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from kb.entries.reindex import index_stale
from kb.entries.save import FromFile, StaleEdit, TooLarge, read, save
from kb.markdown.document import ParseError
from kb.markdown.limits import MAX_BYTES
from kb.markdown.repair import clean, decode
from kb.models import Source

SUFFIXES = (".md", ".markdown")
HIDDEN = ("_", ".")
"""Files and folders whose name begins so are not read: templates, drafts, version control."""

MAX_PATH = 500
"""Characters of a path, and of a folder, that the database holds."""

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
class _File:
    folder: Path
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(self.folder).as_posix()


def ingest(
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    force: bool = False,
    progress: Callable[[FileReport], None] | None = None,
) -> Report:
    """Ingest files and folders of Markdown and report on every file.

    `dry_run` only reads; `force` lets a changed file win over an edit made in the wiki since.
    """
    began = time.perf_counter()
    reports: list[FileReport] = []
    for file in _find(paths):
        reports.append(_ingest_file(file, dry_run=dry_run, force=force))
        if progress:
            progress(reports[-1])
        if len(reports) % INDEX_EVERY == 0:
            index_stale()
    index_stale()
    return Report(tuple(reports), time.perf_counter() - began)


def _find(paths: Sequence[Path]) -> Iterator[_File]:
    for path in (path.resolve() for path in paths):
        if path.is_dir():
            yield from (_File(path, found) for found in _walk(path))
        else:
            yield _File(path.parent, path)


def _walk(folder: Path) -> Iterator[Path]:
    """Return the Markdown files below `folder` in order; links to folders are not followed."""
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith(HIDDEN))
        for name in sorted(files):
            if name.lower().endswith(SUFFIXES) and not name.startswith(HIDDEN):
                yield Path(root, name)


def _ingest_file(file: _File, *, dry_run: bool, force: bool) -> FileReport:
    report = FileReport(clean(file.name), "failed")
    try:
        _check_name(file)
        return _read_file(file, report, dry_run=dry_run, force=force)
    except ParseError as error:
        return replace(report, line=error.line, message=error.message)
    except TooLarge as error:
        return replace(report, message=str(error))
    except OSError as error:
        return replace(report, message=f"Cannot be read: {error.strerror or error}.")
    except StaleEdit:
        return replace(report, status="conflict", message="Changed while it was read; run again.")


def _check_name(file: _File) -> None:
    """Refuse what the database cannot hold; names in other encodings arrive as lone surrogates."""
    folder = str(file.folder)
    if clean(file.name) != file.name or clean(folder) != folder:
        raise ParseError("The name is not readable as UTF-8; rename the file or folder.", line=0)
    if max(len(file.name), len(folder)) > MAX_PATH:
        raise TooLarge(f"The path is too long; keep it under {MAX_PATH} characters.")


def _read_file(file: _File, report: FileReport, *, dry_run: bool, force: bool) -> FileReport:
    if file.path.stat().st_size > MAX_BYTES:
        raise TooLarge(f"Larger than {MAX_BYTES // 1_000_000} MB; split it into several files.")
    raw = file.path.read_bytes()
    checksum = hashlib.sha256(raw).hexdigest()
    source = _find_source(file, checksum)
    if source and source.file_checksum == checksum and not (source.archived and force):
        return replace(report, status="unchanged", entries=source.entries.current().count())
    if source and (trouble := _conflict(source, file)) and not force:
        return replace(report, status="conflict", message=trouble)
    decoded = decode(raw)
    report = replace(report, repaired=decoded.repaired)
    if dry_run:
        parsed = read(decoded.text, file.name)
        status: Status = "updated" if source else "created"
        return replace(report, status=status, entries=len(parsed.entries))
    saved = save(
        decoded.text,
        author=None,
        path=source.path if source else file.name,
        base=source.revision if source else 0,
        message="ingested from the file",
        file=FromFile(str(file.folder), raw),
        index=False,
    )
    return replace(report, status=saved.status, entries=len(saved.entries))


def _find_source(file: _File, checksum: str) -> Source | None:
    """Return the Source this file was read into before, whichever folder was named then."""
    for source in Source.objects.filter(path__endswith=file.path.name):
        if source.folder and Path(source.folder, source.path) == file.path:
            return source
    return Source.objects.filter(path=file.name).first()


def _conflict(source: Source, file: _File) -> str:
    """Say what stands against taking the file, or nothing."""
    before = Path(source.folder, source.path)
    if not source.folder:
        return "A wiki text has this path; rename the file, or use --force to make it the next revision."
    if before != file.path and before.exists():
        return f"{before} already has this path; rename one of them."
    if source.newest().checksum != source.file_checksum:
        return "Changed here and in the wiki; export the wiki's text and merge, or use --force."
    return ""
