"""`manage.py ingest` as people run it: a process that is stopped, killed, watched, piped and doubled."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from io import StringIO
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any
from unittest.mock import patch

import pytest
from django.conf import settings as live
from django.core.management import CommandError, call_command

from kb.entries.ingest import FileReport, Report, Stopped
from kb.management.commands import ingest as command
from kb.models import Source
from tests.entries.texts import NOTE, guide, lay, trouble

DEADLINE = 60.0
"""Seconds after which a test fails; what it waits for takes a small part of them."""
SOON = 12.0
MANY = 250
"""Files for several batches, so that there is a middle to stop in."""
ODD = "---\ndate: some day\n---\n\n# Odd\n\n## Zebra\n\nWords.\n"
BROKEN = "---\ntitle: [\n---\n# Broken\n"

Spawn = Callable[..., "Running"]


class Running:
    """A process of its own session, as a terminal starts it, whose lines can be waited for."""

    def __init__(self, *args: str, data: Path, stderr: int = subprocess.PIPE) -> None:
        env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self.data = data
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._told: Queue[str] = Queue()
        self.process = subprocess.Popen(
            [sys.executable, str(live.BASE_DIR / "manage.py"), "ingest", *args],
            env=env | {"KB_DATA_DIR": str(data)},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )
        self.pid = self.process.pid
        streams = ((self.process.stdout, self.lines), (self.process.stderr, self.errors))
        self._readers = [
            threading.Thread(target=self._read, args=(stream, kept), daemon=True)
            for stream, kept in streams
            if stream
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: IO[str], kept: list[str]) -> None:
        with stream:
            for line in stream:
                kept.append(line)
                self._told.put(line)

    def wait_line(self, pattern: str, within: float = DEADLINE) -> str:
        """Return the next line, of either kind, that the pattern is found in."""
        ends = time.monotonic() + within
        seen = []
        while (left := ends - time.monotonic()) > 0:
            with suppress(Empty):
                line = self._told.get(timeout=left)
                if re.search(pattern, line):
                    return line
                seen.append(line)
        pytest.fail(f"no line with {pattern!r} within {within} s, but: {seen}")

    def wait_until(self, true: Callable[[], object]) -> None:
        """Ask again and again until it is so."""
        if not is_soon(lambda: true() or self.process.poll() is not None):
            pytest.fail(f"it was not so in time: {self.lines[-3:]} {self.errors[-3:]}")
        assert self.process.poll() is None, f"it ended first: {self.lines[-3:]} {self.errors[-3:]}"

    def press_ctrl_c(self) -> None:
        """Do as a terminal does: everyone of the group hears of it."""
        os.killpg(self.pid, signal.SIGINT)

    def end(self) -> int:
        """Wait for its end and return its exit code; what it printed is complete then."""
        code = self.process.wait(DEADLINE)
        for reader in self._readers:
            reader.join(DEADLINE)
        return code

    def kill(self) -> None:
        """Make sure that nothing of it is left."""
        if self.process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
        self.end()

    @property
    def printed(self) -> str:
        """Return all that it printed."""
        return "".join(self.lines)

    @property
    def complaints(self) -> str:
        """Return all that it printed of its errors, however it was broken into lines."""
        return " ".join("".join(self.errors).split())


def is_soon(true: Callable[[], object], within: float = DEADLINE) -> bool:
    """Tell whether something comes true before the deadline; asks often."""
    ends = time.monotonic() + within
    pause = threading.Event()
    while not true():
        if time.monotonic() > ends:
            return False
        pause.wait(0.01)
    return True


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder with empty tables once; each test takes a copy."""
    data = tmp_path_factory.mktemp("stores") / "data"
    run = Running(str(lay(data.parent / "empty", {".x": ""})), data=data)
    assert run.end() == 0, run.errors
    return data


@pytest.fixture
def spawn(stores: Path, tmp_path: Path) -> Iterator[Spawn]:
    """Return a function that starts the command on a data folder of the test's own."""
    shutil.copytree(stores, tmp_path / "own")
    (tmp_path / "own" / "ingest.lock").unlink()
    started: list[Running] = []

    def start(*args: Path | str, stderr: int = subprocess.PIPE) -> Running:
        started.append(Running(*map(str, args), data=tmp_path / "own", stderr=stderr))
        return started[-1]

    yield start
    for running in started:
        running.kill()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Lay so many files that they take several batches."""
    texts = {
        f"{n:03}.md": f"# Trouble {n}\n\n## Error\n\n    Odd{n}Error: it broke\n\n## Fix\n\nUndo {n}.\n"
        for n in range(MANY)
    }
    return lay(tmp_path / "many", texts)


def ask(data: Path, question: str) -> list[tuple[Any, ...]]:
    """Ask the database of a process, from outside."""
    with closing(sqlite3.connect(data / "rootnote.sqlite3", timeout=10)) as database:
        return database.execute(question).fetchall()


def paths(data: Path) -> set[str]:
    """Return the paths of the Sources that are in."""
    return {path for (path,) in ask(data, "SELECT path FROM kb_source")}


def is_whole(data: Path) -> bool:
    """Tell whether the database is sound and each Source has its revision, entry and sections."""
    half = """
        SELECT s.path FROM kb_source s WHERE s.revision <> (
            SELECT count(*) FROM kb_revision r WHERE r.source_id = s.id
        ) OR NOT EXISTS (
            SELECT 1 FROM kb_entry e JOIN kb_section p ON p.entry_id = e.id
            JOIN kb_signaturekey k ON k.entry_id = e.id WHERE e.source_id = s.id
        )"""
    sound = ask(data, "PRAGMA integrity_check") == [("ok",)]
    return sound and ask(data, "PRAGMA foreign_key_check") == ask(data, half) == []


def is_at_work(data: Path) -> bool:
    """Tell whether a run holds the lock."""
    lock = data / "ingest.lock"
    return lock.exists() and "process" in lock.read_text()


def listed(printed: str) -> set[str]:
    """Return the files that a report lists as created."""
    return set(re.findall(r"^created +\d+  (\S+)$", printed, re.MULTILINE))


def stop_in_the_middle(running: Running) -> None:
    """Press Ctrl-C when some files are in and told, and the rest is still to be done."""
    running.wait_until(lambda: ask(running.data, "SELECT 1 FROM kb_runfile LIMIT 1"))
    os.kill(running.pid, signal.SIGSTOP)
    assert ask(running.data, "SELECT ended FROM kb_run ORDER BY id DESC LIMIT 1") == [(None,)]
    running.press_ctrl_c()
    os.kill(running.pid, signal.SIGCONT)


# Stopped and killed


def test_ctrl_c_says_where_it_stopped(spawn: Spawn, many: Path) -> None:
    """What is listed is in and whole, nobody sees a traceback, and the next run does the rest.

    In a pipe neither shows a bar or colours.
    """
    running = spawn(many)
    stop_in_the_middle(running)

    assert running.end() == 130
    done = paths(running.data)
    told = re.search(r"^Stopped after (\S+), (\d+) of (\d+): ", running.printed, re.MULTILINE)
    assert told, running.printed[-500:]
    assert told.groups() == (
        max(listed(running.printed)),
        str(len(listed(running.printed))),
        str(MANY),
    )
    assert listed(running.printed) <= done
    assert is_whole(running.data)
    assert "Traceback" not in running.complaints

    following = spawn(many)
    assert following.end() == 0, following.complaints
    assert (following.errors, "\x1b" in following.printed) == ([], False)
    assert f"{len(done)} unchanged" in following.printed
    assert len(listed(following.printed)) == MANY - len(done)
    assert len(paths(running.data)) == MANY
    assert is_whole(running.data)
    assert ask(running.data, "SELECT count(*) FROM kb_entry WHERE stale") == [(0,)]


def test_ctrl_c_leaves_json_that_programs_can_read(db: None, tmp_path: Path) -> None:
    """It says that it was stopped, what is in, and how many files there are."""
    out = StringIO()
    report = Report((FileReport("a.md", "created", 1),), 0.5, MANY, stopped=True)
    with (
        patch.object(command, "ingest", side_effect=Stopped(report)),
        pytest.raises(SystemExit) as ended,
    ):
        call_command("ingest", str(tmp_path), "--json", stdout=out)

    assert ended.value.code == 130
    told = json.loads(out.getvalue())
    assert (told["stopped"], told["total"], len(told["files"])) == (True, MANY, 1)


def test_ctrl_c_at_once_is_no_traceback(spawn: Spawn, many: Path) -> None:
    """Other processes may just be starting to read; they leave it to the one that was started."""
    running = spawn(many)
    alone = len(os.sched_getaffinity(0)) < 2
    running.wait_until(lambda: is_at_work(running.data) and (alone or readers(running.pid)))
    running.press_ctrl_c()

    assert running.end() == 130
    assert running.errors == []
    assert is_whole(running.data)


def readers(pid: int) -> list[int]:
    """Return the processes that were started to read for one."""
    with suppress(OSError):
        return [
            child
            for child in children(pid)
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
        ]
    return []


def test_kill_leaves_a_whole_base(spawn: Spawn, many: Path) -> None:
    """Nothing can be told then, but nothing is half, nothing is held, and the next run does the rest.

    Processes that read for it end by themselves; they would stay for ever.
    """
    running = spawn(many)
    running.wait_until(lambda: paths(running.data))
    started = children(running.pid)
    os.kill(running.pid, signal.SIGKILL)
    assert running.process.wait(DEADLINE) == -signal.SIGKILL
    done = paths(running.data)
    assert is_whole(running.data)

    following = spawn(many)
    assert following.end() == 0, following.complaints
    assert f"{len(done)} unchanged" in following.printed
    assert len(paths(running.data)) == MANY
    assert is_whole(running.data)
    left = [] if is_soon(lambda: not any(map(is_alive, started)), SOON) else started
    for pid in filter(is_alive, left):
        os.kill(pid, signal.SIGKILL)
    assert left == []


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """Tell whether a process does something still."""
    with suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
        return state not in "ZX"
    return False


# Two at once


def test_two_at_once_take_turns(spawn: Spawn, many: Path) -> None:
    """The second says who it waits for; both end well, and no file is read twice."""
    both = spawn(many), spawn(many)

    assert [running.end() for running in both] == [0, 0], [running.complaints for running in both]
    waited = [running for running in both if running.errors]
    assert len(waited) == 1
    (first,) = [running for running in both if running not in waited]
    who = rf"process {first.pid} since \S+ \S+ UTC|just started"
    said = rf"Another run is at work \(({who})\); waiting for it to end\."
    assert re.fullmatch(said, waited[0].complaints)
    assert f"{MANY} created" in first.printed
    assert f"{MANY} unchanged" in waited[0].printed
    assert is_whole(first.data)


def test_two_at_once_begin_with_nothing(tmp_path: Path) -> None:
    """Even where neither has tables yet."""
    folder = lay(tmp_path / "content", {"disk.md": NOTE})
    both = [Running(str(folder), data=tmp_path / "new") for _ in range(2)]

    assert [running.end() for running in both] == [0, 0], [running.complaints for running in both]
    assert paths(tmp_path / "new") == {"disk.md"}


def test_who_waits_says_so_and_can_be_stopped(spawn: Spawn, tmp_path: Path) -> None:
    """In one line, where no terminal breaks it; Ctrl-C ends the waiting without a traceback."""
    folder = lay(tmp_path / "content", {"disk.md": NOTE})
    held = "process 1 since 2020-01-01 00:00 UTC"
    with (tmp_path / "own" / "ingest.lock").open("w") as lock:
        lock.write(held)
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        running = spawn(folder)
        said = running.wait_line("Another run is at work")
        running.press_ctrl_c()
        code = running.end()

    assert (code, "Traceback" in running.complaints) == (130, False)
    assert paths(running.data) == set()
    assert said == f"Another run is at work ({held}); waiting for it to end.\n"


# For programs


def test_json_is_all_that_is_printed(spawn: Spawn, tmp_path: Path) -> None:
    """One object with a record for each file; a failed one gives exit code 1."""
    texts = guide(trouble("Login fails"), trouble("Proxy answers 502"))
    folder = lay(tmp_path / "content", {"a.md": texts, "b.md": BROKEN, "c.md": ODD})
    running = spawn(folder, "--json")

    assert running.end() == 1
    assert running.errors == []
    report = json.loads(running.printed)
    assert report.keys() == {"files", "seconds", "total", "stopped"}
    assert (report["total"], report["stopped"]) == (3, False)
    files = {file["path"]: file for file in report["files"]}
    assert {path: file["status"] for path, file in files.items()} == {
        "a.md": "created",
        "b.md": "failed",
        "c.md": "created",
    }
    for file in files.values():
        assert file.keys() == {
            "path",
            "status",
            "entries",
            "line",
            "message",
            "repaired",
            "notes",
            "read",
            "chapters",
        }
    assert (files["b.md"]["line"] > 0, files["b.md"]["message"] != "") == (True, True)
    entry = files["a.md"]["read"][0]
    assert entry.keys() >= {"title", "line", "completeness", "missing", "headings"}
    assert entry["headings"][0].keys() >= {"heading", "line", "kind", "guessed"}
    assert files["a.md"]["chapters"][0]["heading"] == "About this guide"
    assert files["c.md"]["notes"]
    fell_through = [one for one in files["c.md"]["read"][0]["headings"] if one["kind"] == "other"]
    assert [(one["heading"], one["line"]) for one in fell_through] == [("Zebra", 7)]


# For people


def table(folder: Path, verbosity: int) -> list[str]:
    """Run the command in this process and return the lines of its table."""
    out = StringIO()
    with suppress(SystemExit):
        call_command("ingest", str(folder), stdout=out, verbosity=verbosity)
    return out.getvalue().splitlines()


@pytest.fixture
def mixed(db: None, tmp_path: Path) -> Path:
    """Lay a guide, an odd note and a broken file."""
    texts = guide(trouble("Login fails"), trouble("Proxy answers 502"))
    return lay(tmp_path / "mixed", {"a.md": texts, "b.md": BROKEN, "c.md": ODD})


def test_v0_tells_only_trouble(mixed: Path) -> None:
    """And the sum."""
    broken, last = table(mixed, 0)

    assert re.match(r"failed +0  b\.md  line \d+: ", broken)
    assert re.match(r"2 created, 1 failed; 3 entries in 3 files, \d+\.\d s$", last)


def test_v1_tells_of_each_file_and_entry(mixed: Path) -> None:
    """How complete it is, what it lacks, and which words were not understood."""
    lines = table(mixed, 1)

    assert [line.split()[:3] for line in lines if line[0] != " "][1:4] == [
        ["created", "2", "a.md"],
        ["failed", "0", "b.md"],
        ["created", "1", "c.md"],
    ]
    details = [line.strip() for line in lines if line[0] == " "]
    assert details == [
        "70%  Login fails  no lessons",
        "70%  Proxy answers 502  no lessons",
        "0%  Odd  no error, no cause, no fix, no lessons; kept as other: Zebra (line 7)",
    ]


def test_v2_tells_of_each_heading(mixed: Path) -> None:
    """With its line and kind, chapters included."""
    details = [line.strip() for line in table(mixed, 2) if line[0] == " "]

    assert details[:5] == [
        "70%  Login fails  no lessons",
        "7  title: Error 1: Login fails",
        "9  error: Error",
        "15  cause: Cause",
        "19  fix: Fix",
    ]
    assert "3  chapter, other: About this guide" in details
    assert details[-1] == "7  other: Zebra"


def test_a_second_run_repeats_no_details(mixed: Path) -> None:
    """What was left alone is one line each."""
    table(mixed, 1)
    lines = table(mixed, 1)

    assert [line.split()[0] for line in lines] == [
        "status",
        "unchanged",
        "failed",
        "unchanged",
        "2",
    ]


def test_the_bar_is_for_terminals(spawn: Spawn, tmp_path: Path) -> None:
    """On one it shows how far the run is and is wiped away; the report is plain all the same."""
    folder = lay(tmp_path / "content", {"disk.md": NOTE})
    ours, theirs = pty.openpty()
    running = spawn(folder, stderr=theirs)
    os.close(theirs)
    seen = b""
    with suppress(OSError):  # Linux ends a terminal whose last process ended with an error
        while chunk := os.read(ours, 4096):
            seen += chunk
    os.close(ours)

    assert running.end() == 0
    assert b"reading" in seen
    assert b"\x1b[" in seen
    assert "\x1b" not in running.printed


# Watched


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    """Lay a folder to be watched."""
    return lay(tmp_path / "watched", {"docker/disk.md": NOTE, "guide.md": "# Guide\n\nWords.\n"})


def is_watching(running: Running) -> bool:
    """Tell whether the process has asked the system to be told of changes below it."""
    told = Path(f"/proc/{running.pid}/fdinfo")
    with suppress(OSError):
        return any("inotify wd:" in file.read_text() for file in told.iterdir())
    return False


def begin_to_watch(spawn: Spawn, folder: Path) -> Running:
    """Start it, and wait until it is ready."""
    running = spawn(folder, "--watch")
    running.wait_line("2 created")
    running.wait_until(lambda: is_watching(running))
    return running


def test_watch_follows_each_change(spawn: Spawn, watched: Path) -> None:
    """Made, edited, renamed and deleted files are followed soon, one after the other, until Ctrl-C.

    Each change has its lines and a time; files that stayed as they were have none.
    """
    running = begin_to_watch(spawn, watched)
    before = len(running.lines)
    new = watched / "new.md"

    lay(watched, {"new.md": "# Proxy answers 502\n\n## Fix\n\nRestart it.\n"})
    running.wait_line(r"^created +1  new\.md", SOON)
    new.write_text("# Proxy answers 502\n\n## Fix\n\nRestart it twice.\n")
    running.wait_line(r"^updated +1  new\.md", SOON)
    new.rename(watched / "proxy.md")
    running.wait_line(r"^updated +\d  proxy\.md  Renamed from new\.md\.", SOON)
    (watched / "proxy.md").unlink()
    running.wait_line(r"^archived +1  proxy\.md", SOON)
    running.wait_line(r"^\d\d:\d\d:\d\d  2 unchanged, 1 archived; 2 entries in 3 files, ", SOON)
    running.press_ctrl_c()

    assert running.end() in (0, 130)
    assert not [line for line in running.lines[before:] if line.startswith("unchanged")]
    assert "Traceback" not in running.complaints
    assert ask(running.data, "SELECT path, gone FROM kb_source ORDER BY path") == [
        ("docker/disk.md", 0),
        ("guide.md", 0),
        ("proxy.md", 1),
    ]


def test_watch_misses_nothing_at_its_start(spawn: Spawn, watched: Path) -> None:
    """What is written while the first report is printed is followed too.

    A program reads each run as one JSON object in a line, when it ends and not when a buffer is full.
    """
    running = spawn(watched, "--watch", "--json")
    first = json.loads(running.wait_line(r"^\{"))
    lay(watched, {"early.md": "# Early\n\n## Fix\n\nWait.\n"})
    second = json.loads(running.wait_line(r"^\{", SOON))

    assert [file["status"] for file in first["files"]] == ["created", "created"]
    assert ("early.md", "created") in [(file["path"], file["status"]) for file in second["files"]]


def test_watch_follows_folders(spawn: Spawn, watched: Path) -> None:
    """A folder that is renamed, or moved away, is as good as all its files."""
    running = begin_to_watch(spawn, watched)
    (watched / "docker").rename(watched / "containers")
    running.wait_line(r"^updated +\d  containers/disk\.md", SOON)
    (watched / "containers").rename(watched.parent / "away")
    running.wait_line(r"^archived +1  containers/disk\.md", SOON)


def test_ctrl_c_in_the_first_run_ends_the_watch(db: None, watched: Path) -> None:
    """Nobody has to press it twice."""
    runs: list[object] = []

    def stop(*args: object, **over: object) -> Report:
        runs.append(args)
        raise Stopped(Report((), 0.0, 2, stopped=True))

    change = {(1, str(watched / "guide.md"))}
    with (
        patch.object(command, "ingest", stop),
        patch("watchfiles.watch", return_value=iter([change, change])),
        suppress(SystemExit),
    ):
        call_command("ingest", str(watched), "--watch", stdout=StringIO())

    assert len(runs) == 1


def test_a_folder_that_is_not_there_cannot_be_watched(db: None, tmp_path: Path) -> None:
    """It is said in a line, and nothing waits for ever."""
    with pytest.raises(CommandError, match="name a folder to watch"):
        call_command("ingest", str(tmp_path / "nowhere"), "--watch", stdout=StringIO())
    assert not Source.objects.exists()
