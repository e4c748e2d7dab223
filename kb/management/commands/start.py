"""`manage.py start`: bring everything up to date, then serve."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from kb.entries.ingest import ingest
from kb.entries.reindex import heal
from kb.invitation import first_admin_link
from kb.management.commands.ingest import summarise
from kb.management.stores import prepare_stores

BLOCKING_THREADS = 4
STOP_SECONDS = 10


class Command(BaseCommand):
    """Serve Rootnote."""

    help = "Migrate, ingest KB_CONTENT_DIR, mend the index, then serve on HOST and PORT."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        _check_port(settings.HOST, settings.PORT)
        for line in _prepare():
            self.stdout.write(line)
        self.stdout.write(f"Rootnote is at {settings.KB_URL} (Ctrl-C stops it)")
        self.stdout.flush()
        connections.close_all()
        _serve()


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(_explain_port(host, port, error)) from error


def _explain_port(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken; stop what runs there, or set PORT to another number."
    if error.errno == errno.EACCES:
        return f"Port {port} is not allowed for this account; set PORT to 1024 or more."
    return f"Cannot listen on {host}: {error.strerror}; set HOST to an address of this machine."


def _prepare() -> Iterator[str]:
    prepare_stores()
    if settings.KB_CONTENT_DIR.is_dir():
        yield from _ingest_content(settings.KB_CONTENT_DIR)
    yield heal()
    if settings.STATIC_ROOT and not _is_collected(settings.STATIC_ROOT):
        call_command("collectstatic", verbosity=0, interactive=False)
        yield f"Static files collected in {settings.STATIC_ROOT}"
    if link := first_admin_link():
        yield f"No admin yet. Open this once, within a day, to become it:\n  {link}"


def _ingest_content(folder: Path) -> Iterator[str]:
    report = ingest([folder])
    yield f"{folder}: {summarise(report)}"
    for file in report.files:
        if file.status in ("failed", "conflict"):
            yield f"  {file.status}: {file.path!a}: {file.message}"


def _is_collected(root: Path) -> bool:
    """Tell whether what was collected is as new as its sources: an update brings new ones."""
    manifest = root / "staticfiles.json"
    if not manifest.exists():
        return False
    made = manifest.stat().st_mtime
    sources = (path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*"))
    return all(path.stat().st_mtime <= made for path in sources)


def _serve() -> NoReturn:
    choices = {
        "--interface": "wsgi",
        "--host": settings.HOST,
        "--port": settings.PORT,
        "--workers": settings.KB_WORKERS,
        "--blocking-threads": BLOCKING_THREADS,
        "--workers-kill-timeout": STOP_SECONDS,
        "--working-dir": settings.BASE_DIR,
        "--log-level": "warning",
    }
    given = [str(part) for pair in choices.items() for part in pair]
    # Where one developer looks on, a crash should be seen; a team wants the others served meanwhile.
    given += ["--no-ws", f"--{'' if settings.PRODUCTION else 'no-'}respawn-failed-workers"]
    command = [sys.executable, "-m", "granian", *given, "kb.wsgi:application"]
    os.execv(sys.executable, command)  # noqa: S606  # becomes the server; no shell is wanted
