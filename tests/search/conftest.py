"""Both backends, each in a folder of its own; a law of the contract is proved on both."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kb.search.index import Doc, Index

ROOT = Path(__file__).parents[2]
BACKENDS = {"whoosh": "WhooshIndex", "tantivy": "TantivyIndex"}

Open = Callable[..., Index]


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Name a backend; tantivy is an extra that may not be installed."""
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path, backend: str) -> Path:
    """Tell where the index under test lives."""
    return tmp_path / "index" / backend


@pytest.fixture
def open_index(folder: Path, backend: str) -> Open:
    """Open the index under test once more, as another process would find it."""
    kind: Any = getattr(import_module(f"kb.search.{backend}"), BACKENDS[backend])
    return lambda **options: kind(folder, **options)


@pytest.fixture
def index(open_index: Open) -> Index:
    """Open an index that is built and empty."""
    index = open_index()
    index.rebuild([])
    return index


def doc(key: int, **fields: str) -> Doc:
    """Make a document of these fields."""
    return Doc(key, fields)


@contextmanager
def run_beside(backend: str, folder: Path, script: str) -> Iterator[subprocess.Popen[str]]:
    """Run `script` in a process of its own, with `index` opened there."""
    lines = [
        "import sys",
        "from pathlib import Path",
        f"from kb.search.{backend} import {BACKENDS[backend]} as Backend",
        "from kb.search.index import Doc, Query",
        "index = Backend(Path(sys.argv[1]))",
        script,
    ]
    command = [sys.executable, "-c", "\n".join(lines), str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()
