"""Print figures: ingest, one match through the API, and the pages, at several sizes of the base."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile

from rich.console import Console

QUERIES = 60


def main() -> None:
    """Measure each size in a fresh data folder and print the tables."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="1000", help="numbers of entries, with commas between")
    parser.add_argument("--ingest", default="1000,10000", help="numbers of files, the same way")
    parser.add_argument("--queries", type=int, default=QUERIES, help="pastes of each kind")
    options = parser.parse_args()
    console = Console()
    console.print(describe_machine())
    for size in filter(None, options.sizes.split(",")):
        _run(f"from tests.bench.measure import measure; measure({int(size)}, {options.queries})")
    for count in filter(None, options.ingest.split(",")):
        _run(f"from tests.bench.ingest import measure_ingest; measure_ingest({int(count)})")


def _run(code: str) -> None:
    """Run a measurement in a process of its own, with a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"KB_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "kb.settings"}
        if os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]):
            sys.exit("A measurement failed; its error stands above.")


def describe_machine() -> str:
    """Say on what the figures were measured."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} cores, load {load}"
    )


if __name__ == "__main__":
    main()
