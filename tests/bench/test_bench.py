"""The bench runs, and what it makes is what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kb.errors.envelope import normalise
from kb.errors.segment import segment
from kb.errors.signature import signature_of
from tests.bench.troubles import SHAPES, bury, make_trouble, print_error, write_entry

ROOT = Path(__file__).parents[2]


def test_the_bench_prints_its_figures() -> None:
    """On a tiny base, every error is found first and every figure is printed."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--sizes", "20", "--queries", "5", "--ingest", "120"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr[-2_000:]
    assert result.stdout.count("entry first 5/5") == 3
    assert "120 unchanged" in result.stdout
    assert "12 updated" in result.stdout


def test_the_same_trouble_recurs_with_other_values() -> None:
    """Two occasions of one trouble differ as texts and are alike as signatures."""
    for number in range(30):
        trouble = make_trouble(number)
        first, second = (print_error(trouble, seed) for seed in (1, 2))
        signs = [signature_of(segment(normalise(text).lines)[0]) for text in (first, second)]

        assert first != second
        assert (signs[0].type, signs[0].frames) == (signs[1].type, signs[1].frames)


def test_every_runtime_is_made() -> None:
    """The base is mixed, as a team's is."""
    assert {make_trouble(number).runtime for number in range(50)} == set(SHAPES)


def test_entries_and_logs_have_their_size() -> None:
    """An entry is as long as a short post-mortem, a buried error keeps all its lines."""
    error = print_error(make_trouble(1), 1)

    assert 1_500 < len(write_entry(make_trouble(1))) < 8_000
    assert error in bury(error, 50, 1)
    assert len(bury(error, 50, 1).split("\n")) == 50 + len(error.split("\n"))
