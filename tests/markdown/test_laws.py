"""Laws that hold for every text: nothing is lost, nothing is doubled, nothing raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.markdown.document import Document, Heading, ParsedSection, ParsedSource, ParseError
from kb.markdown.parse import parse
from kb.markdown.repair import decode
from kb.markdown.split import split

SAMPLES = Path(__file__).parent.parent / "samples" / "markdown"

LINES = st.sampled_from(
    """# Title|## Cause|## Fix:|### Error 1: a|### Error 2: b|# Other|## What happened|Symptoms|---|===
    |**Cause:** because|**Fix:**|**Riddle:**|**Lessons:** learn|Cause: plain|Solution: plain|Problem: x
    |- **Cause:** item|- **Fix:** item|- item|  nested|1. one|```|```python|~~~|    code|> quote|| a | b |
    ||---|---||<!-- comment|-->|<details>|</details>|[ref]: http://x.y|[a][ref]|text `code` text|***|
    |First. It was caused by this. We fixed that!|ValueError: bad|{#anchor}|## Зачем {#cause}|+++|…|a: b
    |## Lessons learned|### Fix|#### Deep|\t|\u00a0|\u2028""".replace("\n    |", "|").split("|")
)  # fmt: skip
texts = st.lists(LINES, max_size=30).map("\n".join)


def parts(source: ParsedSource) -> list[ParsedSection]:
    """List all sections of a source, whoever they belong to, in the order of their lines."""
    of_entries = [part for entry in source.entries for part in entry.sections]
    return sorted([*source.sections, *of_entries], key=lambda part: part.start)


def bare(text: str) -> str:
    """Take all white space out of a text."""
    return re.sub(r"\s+", "", text)


def heading_lines(document: Document, *, labels: bool) -> set[int]:
    """Return the numbers of the lines of headings, or those of labels."""
    found = [n for n in document.nodes if isinstance(n, Heading) and n.label is labels]
    return {number for node in found for number in range(node.start, node.end)}


def body(document: Document) -> Iterator[tuple[int, str]]:
    """Yield the filled lines below the front matter."""
    for number in range(document.body_start, len(document.lines)):
        if document.lines[number].strip():
            yield number, document.lines[number]


def check_coverage(document: Document, source: ParsedSource) -> None:
    """Assert that sections hold each line once: whole, or behind its label."""
    found = [part for part in parts(source) if part.start >= document.body_start]
    whole = bare("".join(f"{part.text}" for part in found))
    headings = heading_lines(document, labels=False)
    labels = heading_lines(document, labels=True)
    lost = [
        line
        for number, line in body(document)
        if number not in headings | labels and bare(line) not in whole
    ]
    letters = sum(len(bare(line)) for number, line in body(document) if number not in headings)

    assert lost == []
    assert len(whole) <= letters + sum(
        len(bare(line)) for number, line in body(document) if number in headings
    )
    for before, after in pairwise(found):
        assert before.end <= after.start or (before.guessed and after.guessed)
    outside = [
        number
        for number, _ in body(document)
        if number not in headings and not any(p.start <= number < p.end for p in found)
    ]
    assert outside == []


@given(texts)
@example("# T\n## Cause\nx\n### Fix\ny")
@example("**Cause:** because\n- **Cause:** item\n- **Fix:** item")
def test_every_line_is_in_exactly_one_section(text: str) -> None:
    """Sections and headings together are the text: no line is lost, none stands twice."""
    try:
        document = parse(text)
    except ParseError:
        return
    check_coverage(document, split(document))


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the letters, the answer is a source or a ParseError, and nothing is lost."""
    try:
        document = parse(text)
    except ParseError:
        return
    check_coverage(document, split(document, name=text[:20]))


@given(texts)
def test_splitting_is_the_same_every_time(text: str) -> None:
    """One text gives one result, so that an unchanged file changes nothing."""
    try:
        once, twice = split(parse(text)), split(parse(text))
    except ParseError:
        return

    assert once == twice


@given(texts)
def test_line_ends_do_not_matter(text: str) -> None:
    """A file saved on Windows or an old Mac is read as its Unix twin."""
    try:
        plain = parse(text)
    except ParseError:
        return

    assert parse(text.replace("\n", "\r\n")) == plain
    assert decode(text.replace("\n", "\r").encode()).text == text


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.md")), ids=lambda path: path.stem)
def test_every_sample_is_whole(path: Path) -> None:
    """No way of writing that the samples show loses or doubles a line."""
    document = parse(decode(path.read_bytes()).text)

    check_coverage(document, split(document, name=path.name))
