"""What goes into a save and what comes out of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from django.contrib.auth.models import User

from kb.entries.prepare import Prepared
from kb.models import Entry, Revision, Source


class StaleEdit(Exception):
    """Someone saved in between: carries the text the editor began from, theirs and the newest one."""

    def __init__(self, base: str, yours: str, theirs: str, number: int) -> None:
        super().__init__("Someone else saved this text in the meantime.")
        self.base, self.yours, self.theirs, self.number = base, yours, theirs, number


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: the Source, its newest Revision and the Entries of its text in order."""

    source: Source
    revision: Revision
    entries: tuple[Entry, ...]
    status: Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class FromFile:
    """Where a text was ingested from: the folder, and the file's exact bytes."""

    folder: str
    raw: bytes

    @property
    def checksum(self) -> str:
        """Return the checksum of its bytes."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Edit:
    """A text that was made ready to be the next Revision of the Source at `path`, after `base`."""

    text: str
    prepared: Prepared
    path: str
    base: int
    message: str = ""
    file: FromFile | None = None

    @property
    def raw(self) -> bytes | None:
        """Return the exact bytes where they are not just the text in UTF-8."""
        return self.file.raw if self.file and self.file.raw != self.text.encode() else None

    def revise(self, source: Source, author: User | None) -> Revision:
        """Return the Revision that this becomes, once the Source stands at its number."""
        raw = self.raw
        checksum = hashlib.sha256(raw if raw is not None else self.text.encode()).hexdigest()
        return Revision(
            source=source,
            number=source.revision,
            text=self.text,
            raw=raw,
            checksum=checksum,
            author=author,
            message=self.message[:300],
        )
