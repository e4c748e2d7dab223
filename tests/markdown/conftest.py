"""The samples that the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kb.markdown.document import Document
from kb.markdown.parse import parse
from kb.markdown.repair import decode

SAMPLES = Path(__file__).parent.parent / "samples" / "markdown"


@pytest.fixture
def read() -> Callable[[str], Document]:
    """Return a reader of samples: bytes to document, as ingest does it."""
    return lambda name: parse(decode((SAMPLES / name).read_bytes()).text)
