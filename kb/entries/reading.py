"""Read a file's bytes into what can be saved: without a database, so that any process can."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from kb.entries.prepare import Prepared, TooLarge, finish, read_document
from kb.entries.report import FileReport, describe
from kb.markdown.document import ParseError
from kb.markdown.repair import Decoded, decode

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read: its bytes, its path below the folder, and how it is shown."""

    raw: bytes
    name: str
    shown: str
    dialect: str
    dry: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says; without `prepared` it was read only to tell."""

    report: FileReport
    title: str
    text: str
    prepared: Prepared | None = None


Outcome = Reading | FileReport
"""A file that was read, or why it cannot be."""


def read_file(task: Task) -> Outcome:
    """Read one file; whatever is wrong with it is told in its report, never raised."""
    report = FileReport(task.shown, "failed")
    try:
        return _read(task, report)
    except ParseError as error:
        return replace(report, line=error.line, message=error.message)
    except TooLarge as error:
        return replace(report, message=str(error))
    except Exception as error:
        log.exception("Ingesting %s", task.shown)
        return replace(report, message=f"Not taken ({type(error).__name__}); see the log for why.")


def _read(task: Task, report: FileReport) -> Reading:
    decoded = decode(task.raw)
    document, source = read_document(decoded.text, task.name, task.dialect)
    report = replace(report, status="created", message=_note(decoded), repaired=decoded.repaired)
    report = describe(report, document, source)
    # The text goes back only where it is saved.
    prepared = None if task.dry else finish(source)
    return Reading(report, source.title, decoded.text, prepared)


def _note(decoded: Decoded) -> str:
    """Say how the bytes were read, where that was a guess; mended lines have their own field."""
    return " ".join(decoded.notes[:-1] if decoded.repaired else decoded.notes)
