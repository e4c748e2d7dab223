"""Take in a ZIP archive that someone sends: unpack it with care, then read it as a folder is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings
from django.contrib.auth.models import User

from kb.entries.ingest import ingest_upload
from kb.entries.report import Report
from kb.entries.zips import unpack
from kb.models import Run, Source

LOOKED_UP = 500
"""So many paths tell whether those of an archive are known here."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of an archive: its run with the report, and the names of what is no Markdown."""

    run: Run
    report: Report
    left_out: tuple[str, ...]


def take_zip(file: IO[bytes], name: str, *, author: User, force: bool = False) -> Upload:
    """Ingest the Markdown in an archive; raises BadZip, and Busy while another run is at work."""
    with TemporaryDirectory(prefix="upload-", dir=settings.KB_DATA_DIR) as folder:
        unpacked = unpack(file, Path(folder), known=_are_known)
        run, report = ingest_upload(Path(folder), name, author=author, force=force)
    return Upload(run, report, unpacked.left_out)


def _are_known(paths: Sequence[str]) -> bool:
    return Source.objects.filter(path__in=paths[:LOOKED_UP]).exists()
