"""A batch of files on its way into the base: what is known of each, and what ends its way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.contrib.auth.models import User

from kb.entries.files import File, Unreadable, explain
from kb.entries.prepare import Prepared, TooLarge
from kb.entries.report import FileReport
from kb.entries.save import StaleEdit
from kb.entries.seen import Seen
from kb.models import Source

log = logging.getLogger(__name__)

MEANWHILE = "Changed while it was read; run again."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mode:
    """How a run treats files: only tell, let files win over wiki edits, by whom, from an upload."""

    dry: bool = False
    force: bool = False
    author: User | None = None
    uploaded: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A file with its bytes, the Source it is, if known, and that one's path if it was another."""

    seen: Seen
    raw: bytes
    checksum: str
    source: Source | None

    @property
    def file(self) -> File:
        """Return the file."""
        return self.seen.file

    @property
    def path(self) -> str:
        """Return the path of its Source, which may lie below another folder than was named now."""
        return self.source.path if self.source and not self.seen.was else self.file.name


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that was read and is to be saved."""

    found: Found
    report: FileReport
    text: str
    prepared: Prepared

    @property
    def file(self) -> File:
        """Return the file."""
        return self.found.file


@dataclass(slots=True)
class Taken:
    """What became of files: their reports, and the keys of their Sources by path."""

    reports: dict[File, FileReport] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)


def go_on(step: Callable[[Any], T | FileReport], items: Iterable[Any], taken: Taken) -> list[T]:
    """Do one step for each; a report, or any trouble, ends the way of that file and no other's."""
    going = []
    for item in items:
        file = item if isinstance(item, File) else item.file
        done = _try(step, item, file)
        if isinstance(done, FileReport):
            taken.reports[file] = done
        else:
            going.append(done)
    return going


def _try(step: Callable[[Any], T | FileReport], item: Any, file: File) -> T | FileReport:
    report = FileReport(file.shown, "failed")
    try:
        return step(item)
    except (TooLarge, Unreadable) as error:
        return replace(report, message=str(error))
    except OSError as error:
        return replace(report, message=explain(error))
    except StaleEdit:
        return replace(report, status="conflict", message=MEANWHILE)
    except Exception as error:
        log.exception("Ingesting %s", file.shown)
        return replace(report, message=f"Not taken ({type(error).__name__}); see the log for why.")
