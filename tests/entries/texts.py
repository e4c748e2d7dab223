"""Small texts that the tests of writing share, and what tells that nothing changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps

from kb.entries.ingest import FileReport, Report
from kb.entries.save import Saved, save
from kb.models import Run, RunFile

NOTE = """\
# Disk full

## Error

    OSError: [Errno 28] No space left on device

## Cause

Old images were never removed.

## Fix

Prune the images.
"""
PASTE = "OSError: [Errno 28] No space left on device: '/srv/images/7'"


def put(text: str = NOTE, base: int = 0, path: str = "docker/disk.md", **over: Any) -> Saved:
    """Save a text as nobody in particular."""
    return save(text, **{"author": None, "path": path, "base": base} | over)


def trouble(title: str, error: str = "", body: str = "") -> tuple[str, str, str]:
    """Return the title, error and body of one trouble of a guide; the last two follow from the first."""
    return title, error or f"{title.replace(' ', '')}Error: it broke", body or f"About {title}."


def guide(*troubles: tuple[str, str, str]) -> str:
    """Write a guide with a chapter and these troubles; fewer than two make no guide."""
    parts = ["# Guide", "## About this guide", "Read on."]
    for number, (title, error, body) in enumerate(troubles, 1):
        parts += [f"## Error {number}: {title}", f"### Error\n\n```\n{error}\n```"]
        parts += [f"### Cause\n\n{body}", f"### Fix\n\nUndo it. {body}"]
    return "\n\n".join(parts) + "\n"


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return all that the site's tables hold, but for the diary of the runs themselves."""
    models = apps.get_app_config("kb").get_models(include_auto_created=True)
    return {
        model.__name__: list(model._base_manager.order_by("pk").values())
        for model in models
        if model not in (Run, RunFile)
    }


def lay(folder: Path, texts: dict[str, str]) -> Path:
    """Lay files below a folder, and return it."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def told(report: Report) -> dict[str, str]:
    """Return what became of each file of a run."""
    return {file.path: file.status for file in report.files}


def only(report: Report) -> FileReport:
    """Return the report on the only file of a run."""
    (file,) = report.files
    return file
