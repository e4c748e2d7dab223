"""One run at a time: a lock on a file in the data folder, freed by the system if we die."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO

from django.conf import settings


class Busy(Exception):
    """Another run is at work; the message says which."""


@contextmanager
def alone(wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock of ingest runs; when another has it, tell `wait` and wait, or raise Busy."""
    settings.KB_DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.KB_DATA_DIR / "ingest.lock").open("a+", encoding="utf-8") as file:
        _take(file, wait)
        file.truncate(0)
        file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
        file.flush()
        yield


def _take(file: IO[str], wait: Callable[[str], None] | None) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        message = f"Another run is at work ({file.read(100) or 'just started'})"
        if wait is None:
            raise Busy(f"{message}; try again when it has ended.") from None
        wait(f"{message}; waiting for it to end.")
        fcntl.flock(file, fcntl.LOCK_EX)
