"""`manage.py export` and `manage.py reindex`."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from kb.management.commands import reindex
from kb.models import Entry, Source
from kb.search import get_index
from kb.search.index import IndexBusy, IndexUnavailable

MakeEntry = Callable[..., Entry]


def run(*args: str | Path) -> str:
    """Run a command and return what it printed."""
    out = StringIO()
    call_command(*map(str, args), stdout=out)
    return out.getvalue()


def test_export_gives_back_the_bytes(db: None, tmp_path: Path) -> None:
    """What was ingested comes out as it went in."""
    raw = b"# Disk full\r\n\r\n## Fix\r\n\r\nPrune.\r\n"
    (tmp_path / "in" / "docker").mkdir(parents=True)
    (tmp_path / "in" / "docker" / "disk.md").write_bytes(raw)
    run("ingest", tmp_path / "in")

    assert run("export", tmp_path / "out") == f"1 files written to {tmp_path / 'out'}\n"
    assert (tmp_path / "out" / "docker" / "disk.md").read_bytes() == raw


def test_export_stays_in_its_folder(make_entry: MakeEntry, tmp_path: Path) -> None:
    """A path that climbs out is refused by name."""
    make_entry()
    Source.objects.update(path="../outside.md")

    with pytest.raises(CommandError, match="outside"):
        run("export", tmp_path / "out")
    assert not (tmp_path / "outside.md").exists()


def test_export_explains_what_cannot_be_written(make_entry: MakeEntry, tmp_path: Path) -> None:
    """A file in the way of the folder is named."""
    make_entry()
    (tmp_path / "out").write_text("in the way")

    with pytest.raises(CommandError, match="choose another folder"):
        run("export", tmp_path / "out")


def test_reindex_works(make_entry: MakeEntry) -> None:
    """The index is built anew from the database."""
    make_entry()

    assert run("reindex") == "1 entries indexed\n"
    assert get_index().count() == 1


def test_reindex_of_what_is_stale(make_entry: MakeEntry) -> None:
    """With --stale only what waits is taken."""
    make_entry(path="a.md")
    make_entry(path="b.md")
    run("reindex")
    Entry.objects.filter(source__path="a.md").update(stale=True)

    assert run("reindex", "--stale") == "1 entries indexed\n"


@pytest.mark.parametrize("error", [IndexBusy("Another run writes."), IndexUnavailable("No room.")])
def test_reindex_explains_what_stops_it(db: None, error: Exception) -> None:
    """A busy or blocked index is an explained failure."""
    with (
        patch.object(reindex, "reindex", side_effect=error),
        pytest.raises(CommandError, match=str(error)),
    ):
        run("reindex")
