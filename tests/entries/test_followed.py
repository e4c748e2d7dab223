"""Whatever is done to files between two runs, each trouble stays at its address."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.entries import reindex as indexing
from kb.entries.ingest import ingest
from kb.models import Source

pytestmark = pytest.mark.django_db

NAMES = ("a.md", "b.md", "c.md", "x/a.md", "x/b.md", "y/z/a.md")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
Files = dict[str, str]
"""The text of each file by its path."""
Step = tuple[str, str, str]


@pytest.fixture(autouse=True)
def no_index() -> Iterator[None]:
    """Build no index: these laws are about rows."""
    with patch.object(indexing, "reindex"):
        yield


def write(number: int) -> str:
    """Write about one trouble; no two have anything in common."""
    dice = random.Random(number)  # noqa: S311  # the same text for the same number is the point
    letters = dice.sample(LETTERS, 12)
    words = ["".join(dice.choices(letters, k=dice.randint(3, 9))) for _ in range(60)]
    return f"# {words[0]} {words[1]}\n\n## Fix\n\n{' '.join(words)}.\n"


def change(files: Files, step: Step, number: int) -> Files:
    """Do one thing to the files of a folder, as `mv`, `cp`, `rm` and an editor would."""
    deed, one, other = step
    files = dict(files)
    if deed == "write":
        files[one] = write(number)
    elif one not in files:
        return files
    elif deed == "delete":
        del files[one]
    elif deed == "edit":
        files[one] += f"Seen again, {number}.\n"
    elif deed == "copy":
        files[other] = files[one]
    elif deed == "move":
        files[other] = files.pop(one)
    elif other in files:
        files[one], files[other] = files[other], files[one]
    return files


def lay_out(folder: Path, files: Files) -> None:
    """Make a folder hold just these files."""
    for path in folder.rglob("*.md"):
        path.unlink()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def trouble_of(text: str) -> str:
    """Return what a text is about, whatever was added to it."""
    return text.partition("\n")[0]


def find_once(files: Files) -> dict[str, str]:
    """Return the troubles that stand in one file only, with its path."""
    about: dict[str, list[str]] = {}
    for path, text in files.items():
        about.setdefault(trouble_of(text), []).append(path)
    return {trouble: paths[0] for trouble, paths in about.items() if len(paths) == 1}


def find_stayed(before: Files, files: Files) -> dict[str, str]:
    """Return the paths that one file had and has: of the same text, or of the same name."""
    then, now = find_once(before), find_once(files)
    return {
        then[trouble]: path
        for trouble, path in now.items()
        if trouble in then and (then[trouble] == path or before[then[trouble]] == files[path])
    }


def check_rows(files: Files) -> dict[str, tuple[int, str]]:
    """Check that the base says what the files say, and return by path who says it, and where."""
    sources = {one.path: one for one in Source.objects.filter(gone=False)}
    assert {path: one.newest().text for path, one in sources.items()} == files
    assert not Source.objects.filter(gone=True, entries__archived=False).exists()
    entries = {path: one.entries.filter(end__gt=0).get() for path, one in sources.items()}
    assert not [entry for entry in entries.values() if entry.archived]
    return {path: (sources[path].pk, entries[path].slug) for path in files}


steps = st.tuples(
    st.sampled_from(("write", "move", "move", "swap", "copy", "delete", "edit")),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
)
runs = st.lists(st.lists(steps, min_size=1, max_size=4), min_size=2, max_size=4)


@settings(max_examples=12, deadline=None)
@given(runs)
def test_each_trouble_stays_at_its_address(runs: list[list[Step]]) -> None:
    """As long as one file tells of it, before a run and after it, whatever that is called."""
    with TemporaryDirectory() as name, transaction.atomic():
        folder = Path(name)
        files: Files = {"a.md": write(1), "b.md": write(2), "x/a.md": write(3)}
        lay_out(folder, files)
        ingest([folder])
        at = check_rows(files)
        for number, run in enumerate(runs):
            before, was = files, at
            for place, step in enumerate(run):
                files = change(files, step, 10 + 10 * number + place)
            lay_out(folder, files)
            report = ingest([folder])
            at = check_rows(files)
            assert not report.count("conflict"), report.files
            assert [(path, at[path]) for path in find_stayed(before, files).values()] == [
                (path, was[old]) for old, path in find_stayed(before, files).items()
            ]
        assert set(ingest([folder]).counts()) <= {"unchanged"}
        transaction.set_rollback(True)
