"""Many writers at once, and writers that die: what was acknowledged is there, and nothing else is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.entries.save import StaleEdit
from tests.entries.texts import NOTE, put
from tests.entries.writers import EDITS, KILLS, WRITERS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite"),
]


def test_the_database_keeps_what_it_acknowledged(db: None) -> None:
    """A write-ahead log flushed at each commit survives a power cut; foreign keys hold."""
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with connection.cursor() as cursor:
        told = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_a_save_takes_the_lock_before_it_reads(db: None) -> None:
    """A transaction that would have to turn from reading to writing fails with `locked`."""
    with CaptureQueriesContext(connection) as done:
        put(index=False)

    assert done.captured_queries[0]["sql"] == "BEGIN IMMEDIATE"


def test_two_tabs_of_one_person_conflict_too(db: None) -> None:
    """Whoever it is, a save from an older revision is refused: people open two tabs."""
    put(index=False)
    put(f"{NOTE}First tab.\n", base=1, index=False)

    with pytest.raises(StaleEdit):
        put(f"{NOTE}Second tab.\n", base=1, index=False)


def run(trial: str, folder: Path) -> dict[str, Any]:
    """Run a trial in processes of its own, with its own data; nothing may go to its log."""
    own = {
        "DJANGO_SETTINGS_MODULE": "kb.settings",
        "KB_DATA_DIR": str(folder / "own"),
        "PYTHONPATH": str(live.BASE_DIR),
    }
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("writers.py"), trial],
        check=False,
        cwd=folder,
        env=os.environ | own,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_no_edit_is_lost_among_many_writers(tmp_path: Path) -> None:
    """Every acknowledged edit is in the newest text; losers were told, and nobody saw a lock."""
    assert run("race", tmp_path) == {
        "integrity": "ok",
        "acknowledged": WRITERS * EDITS,
        "lost": [],
        "unnumbered": 0,
        "revision": WRITERS * EDITS + 1,
        "stale": 0,
        "not indexed": 0,
    }


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    """The database is whole, each acknowledged edit is there, and the index catches up."""
    told = run("kill", tmp_path)

    assert told.pop("acknowledged") >= 2 * KILLS
    assert told.pop("revision") > 2 * KILLS
    assert told == {"integrity": "ok", "lost": [], "unnumbered": 0, "stale": 0, "not indexed": 0}
