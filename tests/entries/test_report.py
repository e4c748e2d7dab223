"""A report says of each heading where it went, of each entry what it lacks, and how complete it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.entries.prepare import read_document
from kb.entries.report import (
    WORTH,
    EntryReport,
    FileReport,
    Placed,
    Report,
    describe,
    measure,
)
from kb.markdown.document import (
    Document,
    Heading,
    ParsedEntry,
    ParsedSection,
    ParsedSource,
    ParseError,
    SectionKind,
)
from kb.markdown.repair import decode
from tests.entries.texts import NOTE, guide, trouble

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "markdown").glob("*.md"))
BLANK = FileReport("a.md", "created")
FULL = """\
---
tags: [docker]
products: [Docker 24]
---

# Disk full

## Error

    OSError: [Errno 28] No space left on device

## Root cause

Old images.

## Resolution

Prune them.

## Lessons learned

Watch the disk.

## How to prevent it

A timer.

## Verification

`df` shows free space.
"""


def described(text: str, report: FileReport = BLANK) -> FileReport:
    """Read a text and report on it."""
    document, source = read_document(text, "a.md")
    return describe(report, document, source)


def only_entry(text: str) -> EntryReport:
    """Return the report on the only entry of a text."""
    (entry,) = described(text).read
    return entry


def places(placed: Sequence[Placed]) -> list[tuple[int, str, str]]:
    """Return where headings went, short enough to read in a table."""
    return [(one.line, one.kind, one.heading) for one in placed]


# Which heading went where


def test_it_works() -> None:
    """Each heading stands with its line and the kind of section its text became."""
    entry = only_entry(FULL)

    assert (entry.title, entry.line) == ("Disk full", 5)
    assert places(entry.headings) == [
        (6, "title", "Disk full"),
        (8, "error", "Error"),
        (12, "cause", "Root cause"),
        (16, "fix", "Resolution"),
        (20, "lessons", "Lessons learned"),
        (24, "prevention", "How to prevent it"),
        (28, "verification", "Verification"),
    ]
    assert (entry.missing, entry.unplaced, entry.completeness) == ((), (), 100)


def test_a_file_keeps_what_is_known_of_it() -> None:
    """How it was read is added; where it stands, its trouble and its mended lines stay."""
    report = replace(BLANK, status="updated", message="Its file is back.", repaired=(3,))
    read = described(NOTE, report)

    assert (read.status, read.message, read.repaired) == ("updated", "Its file is back.", (3,))
    assert (read.entries, len(read.read), read.notes, read.chapters) == (1, 1, (), ())


def test_headings_below_others_go_where_those_went() -> None:
    """However deep they are, and whatever their own words would mean elsewhere."""
    text = (
        "# T\n\n## Fix\n\nDo:\n\n### On Linux\n\nThis.\n\n#### As root\n\nThat.\n\n## Zebra\n\nX.\n"
    )
    text += "\n### On Linux\n\nStripes.\n"

    assert places(only_entry(text).headings)[1:] == [
        (3, "fix", "Fix"),
        (7, "fix", "On Linux"),
        (11, "fix", "As root"),
        (15, "other", "Zebra"),
        (19, "other", "On Linux"),
    ]


def test_bold_labels_are_headings_too() -> None:
    """With their own lines."""
    text = "# T\n\nIt broke.\n\n**Root Cause:** the disk.\n\n**Fix:** prune.\n"
    found = places(only_entry(text).headings)

    assert (5, "cause", "Root Cause") in found
    assert (7, "fix", "Fix") in found


def test_what_was_guessed_is_marked() -> None:
    """Prose that no heading names has a place without a heading, and says it was guessed."""
    entry = only_entry("# Disk full\n\nIt broke when the disk of the build host was full.\n")

    guessed = [one for one in entry.headings if one.guessed]
    assert [(one.line, one.heading) for one in guessed] == [(3, "")]
    assert entry.unplaced == ()


def test_what_no_kind_is_known_for_is_named() -> None:
    """It is kept as `other`, and whoever wrote it can see which words were not understood."""
    text = f"{NOTE}\n## Zebra\n\nStripes.\n\n## Okapi\n\nFewer stripes.\n"

    assert places(only_entry(text).unplaced) == [(15, "other", "Zebra"), (19, "other", "Okapi")]


@pytest.mark.parametrize("key", ["lessons", "prevention", "references", "root_cause", "symptoms"])
def test_front_matter_moves_no_heading(key: str) -> None:
    """A section that the front matter fills comes from no line of the text; all others stay put."""
    text = f"---\n{key}: Look at the disk each day.\n---\n\n# T\n\n## Fix\n\nDo:\n\n"
    text += "### On Linux\n\nThis.\n\n### On Windows\n\nThat.\n"
    kinds = {one.heading: one.kind for one in only_entry(text).headings}

    assert (kinds["On Linux"], kinds["On Windows"]) == ("fix", "fix")


def test_equal_headings_each_have_their_place() -> None:
    """Two of the same words on different lines are two."""
    text = "# T\n\n## Notes\n\nOne.\n\n## Fix\n\nDo.\n\n## Notes\n\nTwo.\n"

    lines = [one.line for one in only_entry(text).headings if one.heading == "Notes"]
    assert lines == [3, 11]


def test_a_guide_has_chapters() -> None:
    """What belongs to no trouble is listed beside them, in order, and each trouble has its own."""
    text = guide(trouble("Login fails"), trouble("Proxy answers 502"))
    text += "\n## Key learnings\n\nRead logs.\n\n### Often\n\nDaily.\n"
    report = described(text)

    assert [entry.title for entry in report.read] == ["Login fails", "Proxy answers 502"]
    assert [(one.heading, one.kind) for one in report.chapters] == [
        ("About this guide", "other"),
        ("Key learnings", "lessons"),
        ("Often", "lessons"),
    ]
    for entry in report.read:
        assert [one.kind for one in entry.headings] == ["title", "error", "cause", "fix"]
        assert {one.heading for one in entry.headings} & {"Key learnings", "Often"} == set()


def test_what_the_front_matter_says_wrongly_is_noted() -> None:
    """Of the whole file, once."""
    report = described("---\ndate: some day\n---\n\n# T\n\n## Fix\n\nDo.\n")

    assert len(report.notes) == 1
    assert "date" in report.notes[0]


def find_headings(document: Document) -> Counter[tuple[int, str]]:
    """Return the headings of a text by line."""
    nodes = (node for node in document.nodes if isinstance(node, Heading) and node.text)
    return Counter((node.start + 1, node.text) for node in nodes)


def covers(sections: Sequence[ParsedSection], line: int) -> set[str]:
    """Return the kinds of the sections that a 1-based line lies in."""
    return {part.kind for part in sections if part.start < line <= part.end}


def check(text: str) -> None:
    """Check that each heading of a text is told exactly once, and as what it was read."""
    document, source = read_document(text, "a.md")
    report = describe(BLANK, document, source)
    placed = [*report.chapters, *(one for entry in report.read for one in entry.headings)]
    headings = find_headings(document)
    told = Counter((one.line, one.heading) for one in placed if one.heading)

    assert told - headings == Counter()
    # The heading that names a text of many troubles, or none, is the title, not a part of one.
    assert list(headings - told) in ([], list(headings)[:1])
    nodes = (node for node in document.nodes if isinstance(node, Heading) and not node.label)
    title = next((node.start + 1 for node in nodes), 0)
    parts: list[tuple[Sequence[Placed], Sequence[ParsedSection]]] = [
        (report.chapters, source.sections)
    ]
    parts += [
        (told.headings, entry.sections)
        for told, entry in zip(report.read, source.entries, strict=True)
    ]
    for lines, sections in parts:
        assert [one.line for one in lines] == sorted(one.line for one in lines)
        wrong = [one for one in lines if one.kind not in (covers(sections, one.line) or {"title"})]
        assert [one for one in wrong if (one.line, one.kind) != (title, "title")] == []
    for entry, was in zip(report.read, source.entries, strict=True):
        assert (entry.title, entry.line) == (was.title, was.start + 1)
        assert entry.completeness == measure(was)
        assert 0 <= entry.completeness <= 100


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_heading_of_a_sample_is_told_once(sample: Path) -> None:
    """Real shapes: guides, labels, tables, other languages, broken encodings."""
    check(decode(sample.read_bytes()).text)


PIECES = (
    "# Disk full",
    "## Error 1: Login fails",
    "## Error 2: Proxy answers 502",
    "### Error",
    "## Root cause",
    "### Fix",
    "#### On Linux",
    "## Zebra",
    "## Zebra",
    "##",
    "Lessons learned\n===",
    "**Cause:** the disk.",
    "**Fix**",
    "- **Impact:** none",
    "> ## Quoted",
    "```\nValueError: bad\n# no heading\n```",
    "It broke when the disk was full.",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "1. ## In a list",
    "## What didn't work",
    "### Resolution {#fix}",
    "###### Timeline",
    "## ❌ Ошибка",
    "<!-- ## hidden -->",
)
FRONT = (
    "",
    "---\ntitle: Another name\ntags: [a, b]\n---\n",
    "---\nlessons: [Look.]\nroot_cause: The disk.\nprevention: A timer.\nreferences: [x]\n---\n",
    "---\nsymptoms: [It broke.]\nfix: Prune.\ndate: 2024-02-30\n---\n",
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FRONT), st.lists(st.sampled_from(PIECES), min_size=1, max_size=14))
def test_every_heading_is_told_once(front: str, pieces: list[str]) -> None:
    """Whatever a text is made of, in whatever order."""
    try:
        check(front + "\n\n".join(pieces) + "\n")
    except ParseError:
        return


# How complete it is


def entry_of(*kinds: SectionKind, guessed: bool = False, **over: Any) -> ParsedEntry:
    """Make an entry of sections of these kinds."""
    sections = tuple(ParsedSection(kind, kind, "Words.", 0, 1, guessed) for kind in kinds)
    return replace(ParsedEntry("T", "T", sections, 0, 1), **over)


def test_the_weights_are_a_hundred() -> None:
    """So that the figure is a percentage."""
    assert sum(WORTH.values()) == 100


@pytest.mark.parametrize(
    ("entry", "complete"),
    [
        (entry_of(), 0),
        (entry_of("other", "impact", "timeline"), 0),
        (entry_of("error"), 20),
        (entry_of("cause"), 20),
        (entry_of("fix"), 30),
        (entry_of("lessons"), 10),
        (entry_of("error", "cause", "fix", "lessons"), 80),
        (entry_of("environment", "prevention", "verification"), 15),
        (entry_of(meta={"tags": ["docker"]}), 5),
        (entry_of(meta={"products": ["Docker 24"]}), 5),
        (entry_of("environment", meta={"products": ["Docker 24"]}), 5),
        (entry_of(meta={"tags": [], "products": []}), 0),
        (entry_of(error="OSError: no space"), 20),
        (entry_of("error", error="OSError: no space"), 20),
        (entry_of("fix", "fix", "fix"), 30),
        (entry_of("fix", guessed=True), 15),
        (entry_of("error", "cause", "fix", "lessons", guessed=True), 40),
        (entry_of("error", guessed=True, error="OSError: no space"), 20),
        (entry_of(*WORTH.keys() - {"tags"}, meta={"tags": ["docker"]}), 100),  # type: ignore[arg-type]  # keys are kinds
    ],
)
def test_completeness_is_what_its_parts_are_worth(entry: ParsedEntry, complete: int) -> None:
    """Each part counts once, guessed ones half, and an error line counts as the error."""
    assert measure(entry) == complete


def test_what_is_named_counts_more_than_what_is_guessed() -> None:
    """Of several sections of a kind the surest counts."""
    both = (*entry_of("fix", guessed=True).sections, *entry_of("fix").sections)

    assert measure(replace(entry_of(), sections=both)) == 30
    assert measure(replace(entry_of(), sections=both[::-1])) == 30


@pytest.mark.parametrize("kind", ["error", "cause", "fix", "lessons"])
def test_a_heading_without_words_is_missing(kind: SectionKind) -> None:
    """It adds nothing and is named among what is missing: both tell the same."""
    text = FULL.replace("## Error", "## Impact") if kind == "error" else FULL
    entry = ParsedEntry("T", "T", (ParsedSection(kind, kind, " \n", 0, 2),), 0, 2)
    report = describe(
        BLANK,
        read_document(text, "a.md")[0],
        ParsedSource("T", (entry,), (), {}),
    )

    assert report.read[0].completeness == 0
    assert kind in report.read[0].missing


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (NOTE, ("lessons",)),
        ("# T\n\n## Impact\n\nX.\n\n## Timeline\n\nY.\n", ("error", "cause", "fix", "lessons")),
        ("# T\n\n## Fix\n\nX.\n\n## Lessons\n\nY.\n", ("error", "cause")),
    ],
)
def test_the_main_fields_it_lacks_are_named(text: str, missing: tuple[str, ...]) -> None:
    """In the order in which people read them."""
    assert only_entry(text).missing == missing


# The whole run


def test_a_run_counts_how_its_files_ended() -> None:
    """In the order of their first, so that the same run reads the same each time."""
    states = ("unchanged", "created", "unchanged", "failed")
    files = tuple(replace(BLANK, path=str(at), status=one) for at, one in enumerate(states))  # type: ignore[arg-type]  # each is a status
    report = Report(files, 1.5, 4)

    assert list(report.counts().items()) == [("unchanged", 2), ("created", 1), ("failed", 1)]
    assert [report.count("unchanged"), report.count("archived")] == [2, 0]


@pytest.mark.parametrize(
    ("title", "missing"),
    [("FUNCTION_INVOCATION_FAILED on Vercel", False), ("ERR_REQUIRE_ESM", False), ("Odd", True)],
)
def test_a_title_may_be_the_error(title: str, *, missing: bool) -> None:
    """What is named by its code above everything need not be quoted once more."""
    document, source = read_document(f"# {title}\n\n## Fix\n\nUndo it.\n", "a.md")
    (entry,) = describe(FileReport("a.md", "created"), document, source).read

    assert ("error" in entry.missing) is missing
