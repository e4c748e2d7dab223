"""The same laws on the real documents beside this checkout, where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.markdown.document import Document, Heading, ParsedSource
from kb.markdown.parse import parse
from kb.markdown.render import render
from kb.markdown.repair import decode
from kb.markdown.split import split

SHARED = Path(__file__).resolve().parents[3] / "shared"
SEEDS = SHARED / "seeds"
FOLDERS = ("seeds", "corpora/postmortems", "corpora/runbooks")
FILES = [
    path
    for folder in FOLDERS
    for path in sorted((SHARED / folder).rglob("*"))
    if path.is_file() and path.name != "LICENSE"
]

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the documents of ../shared are not part of this repository"
)


def read(path: Path) -> tuple[Document, ParsedSource]:
    """Read a file as ingest does."""
    document = parse(decode(path.read_bytes()).text)
    return document, split(document, name=path.stem)


def test_every_broken_line_of_the_guide_is_mended() -> None:
    """All 44 lines are repaired, and none is left with a letter that nobody wrote."""
    decoded = decode((SEEDS / "troubleshooting-guide.md").read_bytes())

    assert len(decoded.repaired) == 44
    assert not set("‚ùåüêÄ∫√") & set(decoded.text)


def test_the_guide_is_seventeen_entries() -> None:
    """Each numbered error is an entry with error, fix and lessons, and cause where it has one."""
    _, source = read(SEEDS / "troubleshooting-guide.md")
    kinds = [{part.kind for part in entry.sections} for entry in source.entries]

    assert len(source.entries) == 17
    assert all(found >= {"error", "fix", "lessons"} for found in kinds)
    assert [n for n, found in enumerate(kinds, 1) if "cause" not in found] == [16]
    assert all("chapter" in entry.meta for entry in source.entries)
    assert [part.kind for part in source.sections].count("lessons") == 2


@pytest.mark.parametrize("name", ["django", "fastapi"])
def test_the_other_seeds_are_one_entry_each(name: str) -> None:
    """Error line, cause, fix and lessons are filled."""
    _, source = read(SEEDS / f"function-invocation-failed-{name}.md")
    (entry,) = source.entries

    assert "FUNCTION_INVOCATION_FAILED" in entry.error
    assert {part.kind for part in entry.sections} >= {"cause", "fix", "lessons", "detection"}
    assert source.sections == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
def test_no_line_of_a_real_document_is_lost(path: Path) -> None:
    """Every filled line is a heading or in exactly one section, and the page can be shown."""
    document, source = read(path)
    headings = {
        number
        for node in document.nodes
        if isinstance(node, Heading)
        for number in range(node.start, node.end)
    }
    parts = [*source.sections, *(part for entry in source.entries for part in entry.sections)]
    times = [
        sum(part.start <= number < part.end for part in parts)
        for number in range(document.body_start, len(document.lines))
        if document.lines[number].strip() and number not in headings
    ]

    assert all(times)
    assert all(count == 1 for count in times) or any(part.guessed for part in parts)
    assert not render(document.text).startswith("<pre>")


@pytest.mark.parametrize(
    "path", [p for p in FILES if "postmortems/PM" in p.as_posix()], ids=lambda path: path.stem[:30]
)
def test_post_mortems_are_understood(path: Path) -> None:
    """Each is one entry whose headings all have a kind."""
    _, source = read(path)
    (entry,) = source.entries

    assert {"symptoms", "timeline", "lessons", "prevention"} <= {p.kind for p in entry.sections}
    assert [part.heading for part in entry.sections if part.kind == "other"] == []
