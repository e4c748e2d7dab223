"""What is seen of each file before any is read to be saved: its bytes' checksum, the Source it was."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from kb.entries.files import File, Unreadable, read_bytes
from kb.entries.known import Known, find_known
from kb.entries.prepare import TooLarge

BATCH = 500


@dataclass(slots=True)
class Seen:
    """A file with the checksum of its bytes ("" when it cannot be read) and the Source it is.

    `was` is the path that Source had until now, if it was another; a `foreign` file has only its
    path from a Source that was read elsewhere and whose file is gone.
    """

    file: File
    checksum: str
    known: Known | None
    was: str = ""
    foreign: bool = False

    @property
    def place(self) -> str:
        """Return where the file is."""
        return self.file.path.as_posix()

    @property
    def folder(self) -> str:
        """Return the folder below which it has the path of its Source."""
        return self.place.removesuffix(f"/{self.known.path}") if self.known else ""

    @property
    def lies_elsewhere(self) -> bool:
        """Tell whether its Source was read from another folder, in which its file is gone."""
        known = self.known
        return bool(known and known.folder and known.place != self.place and known.is_lost)

    @property
    def is_same(self) -> bool:
        """Tell whether its bytes are those its Source was read from."""
        return bool(self.checksum and self.known and self.checksum == self.known.checksum)

    @property
    def is_loose(self) -> bool:
        """Tell whether it may be another Source than the one at its path, if there is any.

        A wiki text, or a file elsewhere, keeps its path: that is a conflict to be told.
        """
        if not self.checksum or self.is_same or self.foreign:
            return False
        known = self.known
        return not known or (bool(known.folder) and self.place == known.place) or known.is_lost

    def take(self, known: Known) -> None:
        """Go on as this Source."""
        self.known, self.was = known, known.path


def look(files: Sequence[File]) -> list[Seen]:
    """Look each file up by its path and take the checksum of its bytes."""
    seen = []
    for at in range(0, len(files), BATCH):
        batch = files[at : at + BATCH]
        for file, known in zip(batch, find_known(batch), strict=True):
            seen.append(Seen(file, _sum_up(file), known))
    return seen


def _sum_up(file: File) -> str:
    try:
        return hashlib.sha256(read_bytes(file)).hexdigest()
    except (OSError, TooLarge, Unreadable):
        return ""
