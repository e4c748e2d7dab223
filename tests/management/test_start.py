"""`manage.py start`: from any state to a served site."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings as live
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from kb.management.commands import start
from kb.management.stores import migrate_when_needed
from kb.models import Entry

NOTE = "# Disk full\n\n## Error\n\n    No space left on device\n\n## Fix\n\nPrune the images.\n"


def find_free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def content(tmp_path: Path, settings: Any) -> Path:
    """Give the site a content folder of one file and a free port."""
    settings.KB_CONTENT_DIR = tmp_path / "content"
    settings.KB_CONTENT_DIR.mkdir()
    settings.HOST, settings.PORT = "127.0.0.1", find_free_port()
    (settings.KB_CONTENT_DIR / "disk.md").write_text(NOTE)
    return tmp_path / "content"


def run() -> tuple[str, list[str]]:
    """Run the command up to the moment when it becomes the server; return its lines and arguments."""
    out = StringIO()
    with patch.object(start.connections, "close_all"), patch.object(start.os, "execv") as execv:
        call_command("start", stdout=out)
    return out.getvalue(), list(execv.call_args.args[1])


def test_it_works(transactional_db: None, content: Path, settings: Any) -> None:
    """It ingests, mends the index, prints the link for the first admin and becomes the server."""
    printed, command = run()

    assert Entry.objects.get().title == "Disk full"
    assert f"{content}: 1 created" in printed
    assert "Index ready: 1 entries." in printed
    assert "/welcome/" in printed
    assert f"Rootnote is at {settings.KB_URL}" in printed
    assert command[0] == sys.executable
    assert command[-1] == "kb.wsgi:application"
    assert command[command.index("--port") + 1] == str(settings.PORT)


def test_the_link_is_shown_until_there_is_an_admin(transactional_db: None, content: Path) -> None:
    """Once someone administers, nothing is printed that could make another."""
    User.objects.create_superuser("erin", password="a long phrase for tests")

    assert "/welcome/" not in run()[0]


def test_a_bad_file_does_not_stop_it(transactional_db: None, content: Path) -> None:
    """What could not be read is named with its reason, and the site starts."""
    (content / "ä.md").write_bytes(b"---\ntitle: [\n---\n# Broken\n")
    printed, _ = run()

    assert r"failed: '\xe4.md': " in printed
    assert "1 created" in printed


def test_it_starts_without_content(transactional_db: None, content: Path, settings: Any) -> None:
    """A team may keep everything in the wiki."""
    settings.KB_CONTENT_DIR = content / "nothing"

    assert "Index ready: 0 entries." in run()[0]


@pytest.mark.parametrize(
    ("age", "called"),
    [(None, True), (+60, False), (-(10**9), True)],
    ids=["none", "newer", "older"],
)
def test_production_collects_static_files_when_needed(
    transactional_db: None, content: Path, settings: Any, *, age: int | None, called: bool
) -> None:
    """They are collected where there are none or the sources are newer; an image brings its own."""
    settings.PRODUCTION, settings.STATIC_ROOT = True, content / "static"
    settings.STATIC_ROOT.mkdir()
    if age is not None:
        manifest = settings.STATIC_ROOT / "staticfiles.json"
        manifest.touch()
        when = time.time() + age
        os.utime(manifest, (when, when))
    with patch.object(start, "call_command") as collect:
        _, command = run()

    assert collect.called is called
    assert "--respawn-failed-workers" in command


def test_a_taken_port_is_explained(content: Path, settings: Any) -> None:
    """Nothing is begun that could not be served."""
    with socket.socket() as other:
        other.bind((settings.HOST, settings.PORT))
        other.listen()
        with pytest.raises(CommandError, match=rf"Port {settings.PORT} is taken; stop what runs"):
            call_command("start")


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (PermissionError(13, "Permission denied"), "set PORT to 1024 or more"),
        (OSError(99, "Cannot assign requested address"), "set HOST to an address of this machine"),
    ],
)
def test_an_address_that_cannot_be_had_is_explained(error: OSError, hint: str) -> None:
    """Whatever stands against the address, the message says what to set."""
    assert hint in start._explain_port("192.0.2.1", 80, error)


@pytest.mark.parametrize("command", [["match", os.devnull], ["export"], ["invite"], ["reindex"]])
def test_every_command_comes_before_the_first_start(command: list[str], tmp_path: Path) -> None:
    """Without any data yet, each makes its tables and does what it can."""
    given = [*command, str(tmp_path / "out")] if command == ["export"] else command
    env = {**os.environ, "KB_DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": ""}
    program = [sys.executable, "manage.py", *given]
    done = subprocess.run(
        program, check=False, cwd=live.BASE_DIR, env=env, capture_output=True, timeout=60
    )

    assert (done.returncode, done.stderr) == (0, b"")


def test_migrations_run_when_they_wait(db: None) -> None:
    """Only a database that is behind costs the time to migrate."""
    with patch("kb.management.stores.call_command") as migrate:
        migrate_when_needed()
        assert not migrate.called
        with patch("kb.management.stores.MigrationExecutor") as executor:
            executor.return_value.migration_plan.return_value = ["one"]
            migrate_when_needed()

    migrate.assert_called_once_with("migrate", verbosity=0, interactive=False)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Return a function that starts the site in a process of its own, with its own data."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "disk.md").write_text(NOTE)
    port = find_free_port()
    env = os.environ | {
        "KB_DATA_DIR": str(tmp_path / "own"),
        "KB_CONTENT_DIR": str(tmp_path / "content"),
        "PORT": str(port),
    }
    started: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "manage.py", "start"]
        process = subprocess.Popen(
            command, cwd=live.BASE_DIR, env=env, text=True, stdout=subprocess.PIPE
        )
        started.append(process)
        assert process.stdout
        for line in process.stdout:
            if line.startswith("Rootnote is at"):
                return process
        raise AssertionError("the site did not start")

    begin.port = port  # type: ignore[attr-defined]  # the test needs it beside the process
    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(served: Any, sign: signal.Signals) -> None:
    """From an empty folder to an answer over HTTP; Ctrl-C and SIGTERM end it cleanly."""
    process = served()
    assert ask(served.port, "/healthz") == 200
    assert ask(served.port, "/api/v1/entries") == 200
    process.send_signal(sign)

    assert process.wait(timeout=20) == 0


def ask(port: int, path: str) -> int:
    """Return the status of a page, asked again while the server comes up."""
    patience = time.monotonic() + 30
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.05)
        finally:
            connection.close()
