"""One run at a time: the second waits or says who is at work, and a dead one holds nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as live
from django.contrib.auth.models import User

from kb.entries.alone import Busy, alone
from kb.entries.ingest import ingest, ingest_upload
from kb.models import Run, Source
from tests.entries.texts import NOTE, lay, rows, told

HOLDER = """
import sys
from django.conf import settings
from pathlib import Path
settings.configure(KB_DATA_DIR=Path(sys.argv[1]))
from kb.entries.alone import alone
with alone():
    print("held", flush=True)
    sys.stdin.read()
"""
DEADLINE = 30


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a process that holds the lock of a data folder until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(
        command, cwd=live.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Lay a folder with a note."""
    return lay(tmp_path / "content", {"disk.md": NOTE})


def test_it_works(data_dir: Path) -> None:
    """Whoever holds the lock is named in it, and it can be taken again and again."""
    for _ in range(2):
        with alone():
            words = (data_dir / "ingest.lock").read_text()
            assert re.fullmatch(
                rf"process {os.getpid()} since \d{{4}}-\d\d-\d\d \d\d:\d\d UTC", words
            )


def test_another_process_is_named(data_dir: Path) -> None:
    """Who cannot wait hears who is at work, since when, and what to do."""
    with holder(data_dir) as process, pytest.raises(Busy) as busy, alone():
        pass

    said = str(busy.value)
    assert said.startswith(f"Another run is at work (process {process.pid} since 20")
    assert said.endswith("; try again when it has ended.")


def test_it_waits_and_says_so(data_dir: Path) -> None:
    """Whoever may wait is told of it first, and goes on when the other has ended."""
    said: list[str] = []

    def wait(line: str) -> None:
        said.append(line)
        assert process.stdin
        process.stdin.close()

    with holder(data_dir) as process, alone(wait):
        assert process.wait(DEADLINE) == 0
        mine = (data_dir / "ingest.lock").read_text()

    assert len(said) == 1
    assert f"(process {process.pid} since " in said[0]
    assert said[0].endswith("; waiting for it to end.")
    assert mine.startswith(f"process {os.getpid()} since")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_dead_holder_holds_nothing(data_dir: Path, how: signal.Signals) -> None:
    """However it died, the next one need neither wait nor tidy up."""
    with holder(data_dir) as process:
        process.send_signal(how)
        process.wait(DEADLINE)
        with alone():
            pass


def test_a_failing_run_frees_it(data_dir: Path) -> None:
    """Whatever goes wrong while it is held."""
    with pytest.raises(ValueError, match="odd"), alone():
        raise ValueError("odd")
    with alone():
        pass


def test_threads_of_one_process_take_turns(data_dir: Path) -> None:
    """Two uploads to one server do not run into each other."""
    order: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        with alone(lambda _: waiting.set()):
            order.append("second")

    thread = threading.Thread(target=second)
    with alone():
        thread.start()
        assert waiting.wait(DEADLINE)
        with pytest.raises(Busy), alone():
            pass
        order.append("first")
    thread.join(DEADLINE)

    assert order == ["first", "second"]


def test_a_run_that_may_not_wait_touches_nothing(db: None, data_dir: Path, content: Path) -> None:
    """It raises before it has kept a run or read a file."""
    before = rows()
    with alone(), pytest.raises(Busy):
        ingest([content])

    assert rows() == before
    assert not Run.objects.exists()


def test_an_upload_does_not_wait(db: None, data_dir: Path, content: Path, alice: User) -> None:
    """A person at a page is told at once."""
    with alone(), pytest.raises(Busy, match="try again"):
        ingest_upload(content, "notes.zip", author=alice)

    assert not Source.objects.exists()


def test_a_dry_run_asks_nobody(db: None, data_dir: Path, content: Path) -> None:
    """What writes nothing may look on while another run writes, and leaves no lock."""
    with alone():
        assert told(ingest([content], dry_run=True)) == {"disk.md": "created"}
    (data_dir / "ingest.lock").unlink()
    ingest([content], dry_run=True)

    assert not (data_dir / "ingest.lock").exists()


def test_a_run_waits_for_another_process(db: None, data_dir: Path, content: Path) -> None:
    """And then does all that it was to do."""

    def wait(line: str) -> None:
        assert process.stdin
        process.stdin.close()

    with holder(data_dir) as process:
        report = ingest([content], wait=wait)

    assert told(report) == {"disk.md": "created"}
