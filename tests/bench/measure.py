"""Measure one base of generated entries: in a process of its own, with a data folder of its own."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.test import Client

from tests.bench.troubles import bury, make_trouble, print_error, write_entry

LINES = {"the error alone": 0, "in 200 log lines": 200, "in 5,000 log lines": 5_000}
PAGES = ("/", "/entries/", "/search/?q=invoice+worker", "/tags/")


def measure(size: int, queries: int) -> None:
    """Ingest `size` generated entries, match `queries` pastes of each length, and print the figures."""
    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    print(f"\n{size:,} entries")
    print(f"  ingest and index      {_ingest(size):8.0f} files/s")
    client = Client(SERVER_NAME="127.0.0.1")
    _match(client, 0, size, min(queries, 10))  # warms caches, as a running server's are
    for kind, lines in LINES.items():
        found, sure, times = _match(client, lines, size, queries)
        print(
            f"  match, {kind:18} {_show(times)}  entry first {found}/{queries}, called a match {sure}"
        )
    strangers, times = _match_strangers(client, size, queries)
    print(f"  match, unknown error      {_show(times)}  called a match {strangers}/{queries}")
    for page in PAGES:
        times = [_time(lambda page=page: client.get(page)) for _ in range(20)]
        print(f"  GET {page:26} {_show(times)}  {_count_queries(client, page)} queries")


def _ingest(size: int) -> float:
    from kb.entries.ingest import ingest

    with tempfile.TemporaryDirectory() as folder:
        for number in range(size):
            text = write_entry(make_trouble(number))
            Path(folder, f"case-{number:06d}.md").write_text(text, encoding="utf-8")
        report = ingest([Path(folder)])
    assert report.count("created") == size, [f for f in report.files if f.status != "created"][:3]
    return size / report.seconds


def _match(client: Client, lines: int, size: int, queries: int) -> tuple[int, int, list[float]]:
    dice = random.Random(lines)
    found = sure = 0
    times = []
    for number in dice.sample(range(size), queries):
        paste = bury(print_error(make_trouble(number), seed=number + 1_000_000), lines, seed=number)
        answer, took = _ask(client, paste)
        times.append(took)
        found += bool(answer["matches"]) and answer["matches"][0]["path"] == f"case-{number:06d}.md"
        sure += answer["verdict"] == "match"
    return found, sure, times


def _match_strangers(client: Client, size: int, queries: int) -> tuple[int, list[float]]:
    """Ask for errors that no entry documents."""
    answers = [
        _ask(client, print_error(make_trouble(number), seed=number))
        for number in range(10_000_000, 10_000_000 + queries)
    ]
    return sum(answer["verdict"] == "match" for answer, _ in answers), [took for _, took in answers]


def _ask(client: Client, paste: str) -> tuple[dict[str, object], float]:
    began = time.perf_counter()
    answer = client.post("/api/v1/match", {"text": paste}, content_type="application/json")
    took = time.perf_counter() - began
    assert answer.status_code == 200, answer.content[:300]
    return answer.json(), took


def _time(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _count_queries(client: Client, page: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return len(queries)


def _show(times: Sequence[float]) -> str:
    ordered = sorted(times)
    high = ordered[int(len(ordered) * 0.95) - 1]
    return f"p50 {statistics.median(ordered) * 1000:6.1f} ms  p95 {high * 1000:6.1f} ms"
