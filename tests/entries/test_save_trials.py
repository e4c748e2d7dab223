"""Many writers at once, and writers that die: what was acknowledged is there, and nothing else is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings as live
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.entries.save import StaleEdit, save
from kb.models import Revision, Source
from tests.entries.texts import NOTE, put

pytestmark = pytest.mark.django_db(transaction=True)

sqlite = pytest.mark.skipif(
    "sqlite" not in live.DATABASES["default"]["ENGINE"], reason="is about SQLite"
)

WRITERS, EDITS = 6, 20
KILLS = 10
KILLED = f"""
import json, os, select, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection, connections
from kb.entries.reindex import heal
from kb.entries.save import save
from kb.models import Entry, Revision, Source
from kb.search import get_index, reset_index

def write(kill, out):
    number = 0
    while True:
        source = Source.objects.get()
        token = f"token-{{kill}}-{{number}}."
        text = source.newest().text + token + chr(10)
        save(text, author=None, path=source.path, base=source.revision)
        os.write(out, (token + chr(10)).encode())
        number += 1

def kill_one(kill):
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        os.close(reads)
        write(kill, writes)
    os.close(writes)
    with os.fdopen(reads) as acknowledged:
        tokens = [acknowledged.readline() for _ in range(2)]
        select.select([], [], [], kill * 0.004)  # so that each dies at another point of a save
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return [token.strip() for token in [*tokens, *acknowledged]]

call_command("migrate", verbosity=0)
heal()
save("# Note" + chr(10) * 2, author=None, path="note.md", base=0)
acknowledged = []
for kill in range({KILLS}):
    connections.close_all()
    reset_index()
    acknowledged += kill_one(kill)
text = Source.objects.get().newest().text
with connection.cursor() as cursor:
    integrity = cursor.execute("PRAGMA integrity_check").fetchone()[0]
said = heal()
print(json.dumps({{
    "integrity": integrity,
    "acknowledged": len(acknowledged),
    "lost": [token for token in acknowledged if token not in text],
    "revisions": Revision.objects.count() - Source.objects.get().revision,
    "stale": Entry.objects.stale().count(),
    "indexed": get_index().count() - Entry.objects.current().count(),
}}))
"""


@sqlite
def test_the_database_keeps_what_it_acknowledged(db: None) -> None:
    """A write-ahead log flushed at each commit survives a power cut; foreign keys hold."""
    with connection.cursor() as cursor:
        told = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


@sqlite
def test_a_save_takes_the_lock_before_it_reads(db: None) -> None:
    """A transaction that would have to turn from reading to writing fails with `locked`."""
    with CaptureQueriesContext(connection) as done:
        put(index=False)

    assert done.captured_queries[0]["sql"] == "BEGIN IMMEDIATE"


class Writer(threading.Thread):
    """Appends its tokens one by one, each on top of what it saw last."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.tokens = [f"token-{number}-{edit}." for edit in range(EDITS)]
        self.refused = 0
        self.kept = True
        self.trouble: list[Exception] = []

    def run(self) -> None:
        try:
            for token in self.tokens:
                while not self.append(token):
                    self.refused += 1
        except Exception as error:  # noqa: BLE001  # the test asserts that there was none
            self.trouble.append(error)
        finally:
            connection.close()

    def append(self, token: str) -> bool:
        source = Source.objects.get()
        text = f"{source.newest().text}{token}\n"
        try:
            save(text, author=None, path=source.path, base=source.revision, index=False)
        except StaleEdit as stale:
            self.kept &= stale.yours == text
            return False
        return True


def test_no_edit_is_lost_among_many_writers(transactional_db: None) -> None:
    """Every acknowledged edit is in the newest text; losers were told, and nobody saw a lock."""
    put("# Note\n\nWho was here:\n", index=False)
    writers = [Writer(number) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [error for writer in writers for error in writer.trouble] == []
    assert all(writer.kept for writer in writers)
    source = Source.objects.get()
    text = source.newest().text
    assert [token for writer in writers for token in writer.tokens if token not in text] == []
    assert source.revision == Revision.objects.count() == WRITERS * EDITS + 1


def test_two_tabs_of_one_person_conflict_too(transactional_db: None) -> None:
    """Whoever it is, a save from an older revision is refused: people open two tabs."""
    put(index=False)
    put(f"{NOTE}First tab.\n", base=1, index=False)

    with pytest.raises(StaleEdit):
        put(f"{NOTE}Second tab.\n", base=1, index=False)


@sqlite
def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    """The database is whole, each acknowledged edit is there, and the index catches up."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "kb.settings",
        "KB_DATA_DIR": str(tmp_path / "own"),
        "KB_LOG_LEVEL": "ERROR",
    }
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        check=False,
        cwd=live.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told.pop("acknowledged") >= 2 * KILLS
    assert told == {"integrity": "ok", "lost": [], "revisions": 0, "stale": 0, "indexed": 0}
