"""The knowledge bases that pastes are matched against."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.entries.ingest import ingest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def content_base(db: None) -> None:
    """Fill the base with the project's own content."""
    ingest([ROOT / "content"])
