"""One index a process, chosen by the settings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from kb.search import get_index, on_damage, report_damage, reset_index
from kb.search.whoosh import WhooshIndex


def test_it_works(settings: Settings, data_dir: Path) -> None:
    """The index lies under the data folder, and a process opens it once."""
    settings.KB_INDEX_URL = "whoosh:"
    index = get_index()
    index.rebuild([])
    assert isinstance(index, WhooshIndex)
    assert (data_dir / "index" / "whoosh" / "meta.json").exists()
    assert get_index() is index


def test_other_settings_give_another_index(settings: Settings, tmp_path: Path) -> None:
    """A changed folder takes effect at once, and a reset opens anew."""
    first = get_index()
    settings.KB_DATA_DIR = tmp_path / "other"
    second = get_index()
    reset_index()
    assert len({first, second, get_index()}) == 3


def test_tantivy_is_chosen_by_its_name(settings: Settings) -> None:
    """KB_INDEX_URL=tantivy: gives the other engine."""
    pytest.importorskip("tantivy")
    settings.KB_INDEX_URL = "tantivy:"
    assert type(get_index()).__name__ == "TantivyIndex"


@pytest.mark.parametrize("url", ["", "whoosh", "whoosh:/tmp", "lucene:", "Whoosh:"])
def test_it_refuses_an_unknown_index(settings: Settings, url: str) -> None:
    """A wrong KB_INDEX_URL is named together with what would be right."""
    settings.KB_INDEX_URL = url
    with pytest.raises(ImproperlyConfigured, match=r"KB_INDEX_URL is .* whoosh: or tantivy:"):
        get_index()


def test_it_says_how_to_get_a_missing_engine(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package the error tells what to install."""
    settings.KB_INDEX_URL = "tantivy:"
    monkeypatch.setitem(sys.modules, "tantivy", None)
    monkeypatch.delitem(sys.modules, "kb.search.tantivy", raising=False)
    with pytest.raises(ImproperlyConfigured, match=r"pip install .*requirements-tantivy"):
        get_index()


def test_damage_is_reported_to_the_last_healer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader's report reaches who heals the index, once; without one it is no error."""
    monkeypatch.setattr("kb.search._healers", [])
    calls: list[str] = []
    report_damage()
    on_damage(lambda: calls.append("first"))
    on_damage(lambda: calls.append("second"))
    report_damage()
    assert calls == ["second"]
