"""Processes that write one note at once, or die while they do; run by `test_save_trials.py`.

Prints as JSON what was acknowledged and what is there in the end. Needs its own KB_DATA_DIR.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from typing import IO

import django
from django.core.management import call_command
from django.db import connection, connections

WRITERS, EDITS, KILLS = 6, 20, 10
HOLD = 0.004
"""Seconds; each kill comes so much later than the one before, at another point of a save."""


def append(token: str, *, index: bool) -> bool:
    """Add a line on top of what is newest; False when someone else was quicker."""
    from kb.entries.save import StaleEdit, save
    from kb.models import Source

    source = Source.objects.get()
    text = f"{source.newest().text}{token}\n"
    try:
        save(text, author=None, path=source.path, base=source.revision, index=index)
    except StaleEdit as stale:
        if stale.yours != text:
            raise RuntimeError("the loser did not get its own text back") from stale
        return False
    return True


def fork(write: Callable[[], Iterator[str]]) -> tuple[int, IO[str]]:
    """Start a process that writes, and return its id with what it acknowledges, line by line."""
    from kb.search import reset_index

    connections.close_all()
    reset_index()
    reads, writes = os.pipe()
    child = os.fork()
    if child:
        os.close(writes)
        return child, os.fdopen(reads)
    for token in write():
        os.write(writes, f"{token}\n".encode())
    os._exit(0)


def race() -> list[str]:
    """Let several processes edit until each has had its way so many times."""

    def write(writer: int) -> Iterator[str]:
        for edit in range(EDITS):
            token = f"token-{writer}-{edit}."
            while not append(token, index=False):
                pass
            yield token

    started = [fork(lambda writer=writer: write(writer)) for writer in range(WRITERS)]
    tokens = [line.strip() for _, acknowledged in started for line in acknowledged]
    for child, acknowledged in started:
        acknowledged.close()
        os.waitpid(child, 0)
    return tokens


def kill() -> list[str]:
    """Kill one writer after the other; each has acknowledged something by then."""

    def write(writer: int) -> Iterator[str]:
        for edit in count():
            token = f"token-{writer}-{edit}."
            append(token, index=True)
            yield token

    tokens: list[str] = []
    for writer in range(KILLS):
        child, acknowledged = fork(lambda writer=writer: write(writer))
        with acknowledged:
            tokens += [acknowledged.readline() for _ in range(2)]
            select.select([], [], [], writer * HOLD)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            tokens += list(acknowledged)
    return [token.strip() for token in tokens]


def look(tokens: list[str]) -> dict[str, object]:
    """Return what is there after all that."""
    from kb.entries.reindex import heal
    from kb.models import Entry, Revision, Source
    from kb.search import get_index

    with connection.cursor() as cursor:
        integrity = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    heal()
    source = Source.objects.get()
    return {
        "integrity": integrity,
        "acknowledged": len(tokens),
        "lost": [token for token in tokens if token not in source.newest().text],
        "unnumbered": Revision.objects.count() - source.revision,
        "revision": source.revision,
        "stale": Entry.objects.stale().count(),
        "not indexed": Entry.objects.current().count() - get_index().count(),
    }


def main(trial: Callable[[], list[str]]) -> None:
    """Make a base of one note and try."""
    django.setup()
    from kb.entries.reindex import heal
    from kb.entries.save import save

    call_command("migrate", verbosity=0)
    heal()
    save("# Note\n\nWho was here:\n\n", author=None, path="note.md", base=0)
    sys.stdout.write(json.dumps(look(trial())))


if __name__ == "__main__":
    main({"race": race, "kill": kill}[sys.argv[1]])
