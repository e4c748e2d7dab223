"""Measure ingest of one folder: new, unchanged and changed files, and the memory it takes."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Self

import django

from tests.bench.folders import make_folder

PAGE = 4_096
MEGABYTE = 1_048_576


def measure_ingest(count: int) -> None:
    """Ingest a folder of `count` files three times, the last time with a tenth of them changed."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    folder = Path(tempfile.mkdtemp())
    try:
        make_folder(folder, count)
        size = sum(path.stat().st_size for path in folder.rglob("*.md"))
        print(f"\ningest of {count:,} files, {size / count / 1_000:.1f} kB each")
        _run("new", folder, count)
        _run("unchanged", folder, count)
        changed = sorted(folder.rglob("*.md"))[::10]
        for path in changed:
            path.write_text(f"{path.read_text(encoding='utf-8')}\nMore.\n", encoding="utf-8")
        _run("a tenth changed", folder, count)
    finally:
        shutil.rmtree(folder)


def _run(what: str, folder: Path, count: int) -> None:
    from kb.entries.ingest import ingest

    with Meter() as meter:
        report = ingest([folder])
    statuses = ", ".join(f"{number:,} {status}" for status, number in report.counts().items())
    assert not report.count("failed")
    print(
        f"  {what:16} {count / report.seconds:8.0f} files/s  {report.seconds:7.1f} s  "
        f"{meter.peak / MEGABYTE:5.0f} MB with its readers  ({statuses})",
        flush=True,
    )


class Meter:
    """Watches how much memory this process and those it started hold together, at most."""

    def __enter__(self) -> Self:
        self.peak = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(0.1):
            self.peak = max(self.peak, resident(os.getpid()))


def resident(process: int) -> int:
    """Return how many bytes a process and its children hold."""
    try:
        own = int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0
    return own + sum(resident(int(child)) for child in children)
