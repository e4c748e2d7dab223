"""Every sample trace beside its expected units."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kb.errors.envelope import normalise
from kb.errors.segment import segment
from kb.errors.unit import ErrorUnit

RUNTIMES = ("python", "java", "node", "browser", "log")
SAMPLES = Path(__file__).parents[1] / "samples"
TEXTS = sorted(path for runtime in RUNTIMES for path in (SAMPLES / runtime).glob("*.txt"))


def as_json(unit: ErrorUnit) -> dict[str, Any]:
    """Return a unit as the expectation files spell it: own frames wear a star."""
    return {
        "runtime": unit.runtime,
        "role": unit.role,
        "type": unit.type,
        "message": unit.message,
        "codes": list(unit.codes),
        "frames": [f"{f.module}.{f.function}{'*' if f.own else ''}" for f in unit.frames],
        "lines": [unit.start, unit.end],
    }


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_gives_its_expected_units(path: Path) -> None:
    """What a real program printed is read as a careful person would read it."""
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))

    units = segment(normalise(path.read_bytes()).lines)

    assert [as_json(unit) for unit in units] == expected


def test_every_runtime_has_samples() -> None:
    """A dialect without a real trace is not known to work."""
    assert {path.parent.name for path in TEXTS} == set(RUNTIMES)
