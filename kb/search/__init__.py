"""The full-text index of the entries, behind one protocol: see `index.py`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from kb.search.index import Index

_BACKENDS = {
    "whoosh": ("kb.search.whoosh", "WhooshIndex"),
    "tantivy": ("kb.search.tantivy", "TantivyIndex"),
}
_healers: list[Callable[[], None]] = []


def get_index() -> Index:
    """Return this process's index, of the kind KB_INDEX_URL names, under KB_DATA_DIR."""
    return _open_index(settings.KB_INDEX_URL, Path(settings.KB_DATA_DIR))


def on_damage(heal: Callable[[], None]) -> None:
    """Say what to call when a reader meets an index that cannot answer; servers set it at start."""
    _healers[:] = [heal]


def report_damage() -> None:
    """Ask for the index to be healed; readers call it when they had to do without."""
    for heal in _healers:
        heal()


def reset_index() -> None:
    """Forget the indexes opened so far; for tests that remove their folders."""
    _open_index.cache_clear()


@cache
def _open_index(url: str, data_dir: Path) -> Index:
    name, colon, rest = url.partition(":")
    if name not in _BACKENDS or not colon or rest:
        known = " or ".join(f"{backend}:" for backend in _BACKENDS)
        raise ImproperlyConfigured(f"KB_INDEX_URL is {url!r}; set it to {known}")
    module, backend = _BACKENDS[name]
    try:
        index: Index = getattr(import_module(module), backend)(data_dir / "index" / name)
    except ModuleNotFoundError as error:
        raise ImproperlyConfigured(str(error)) from error
    return index
