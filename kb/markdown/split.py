"""A document becomes a source: its entries, and the chapters that belong to none of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from kb.markdown.document import (
    MAIN_KINDS,
    Block,
    Document,
    Heading,
    ParsedEntry,
    ParsedSection,
    ParsedSource,
    SectionKind,
)
from kb.markdown.guide import find_troubles
from kb.markdown.headings import clear_kind, known_kind
from kb.markdown.outline import Branch
from kb.markdown.prose import guess_sections
from kb.markdown.sections import cut_sections, join_lines
from kb.markdown.titles import clean_title, find_error_line, title_from_name, title_from_text

Node = Heading | Block

# What front matter says of the whole file holds for each of its entries.
_SHARED = ("tags", "date", "severity", "status", "products", "owner", "review_by")
_META_SECTIONS: tuple[tuple[str, SectionKind], ...] = (
    ("symptoms", "symptoms"),
    ("root_cause", "cause"),
    ("fix", "fix"),
)
_INDEX_NAMES = frozenset({"readme", "index", "_index", "license", "changelog", "contributing"})
# A guide's own summary or problem statement is about the guide, not about one trouble.
_NO_TROUBLE: frozenset[SectionKind] = frozenset({"error", "symptoms"})


def split(document: Document, *, name: str = "") -> ParsedSource:
    """Split a document into its entries; `name` is the file's name, the last resort for a title."""
    troubles = find_troubles(document)
    if troubles:
        return _split_guide(document, troubles, name)
    return _split_single(document, name)


def _split_single(document: Document, name: str) -> ParsedSource:
    heading = _find_title(document)
    title = _read_title(document, heading, name)
    nodes = [node for node in document.nodes if node is not heading]
    sections = _read_entry(nodes, document, document.body_start, len(document.lines))
    if not nodes or (_is_index(name) and not _tells_trouble(sections)):
        return ParsedSource(title, (), tuple(sections), document.meta)
    sections = [*_fill_from_meta(sections, document), *sections]
    entry = ParsedEntry(
        title=title,
        error=_read_error(document, sections, heading) or title,
        sections=tuple(sections),
        start=document.body_start,
        end=len(document.lines),
        meta=document.meta,
    )
    return ParsedSource(title, (entry,), (), document.meta)


def _split_guide(document: Document, troubles: Sequence[Branch], name: str) -> ParsedSource:
    heading = _find_title(document)
    if heading is not None and heading.start >= troubles[0].heading.start:
        heading = None
    entries: list[ParsedEntry] = []
    sections: list[ParsedSection] = []
    chapter, start = "", document.body_start
    for trouble in troubles:
        between = _read_chapters(document, heading, start, trouble.heading.start)
        chapter = next((part.heading for part in reversed(between) if part.heading), chapter)
        sections += between
        entries.append(_read_trouble(document, trouble, chapter))
        start = trouble.end
    sections += _read_chapters(document, heading, start, len(document.lines))
    title = _read_title(document, heading, name)
    return ParsedSource(title, tuple(entries), tuple(sections), document.meta)


def _read_trouble(document: Document, trouble: Branch, chapter: str) -> ParsedEntry:
    heading = trouble.heading
    nodes = _within(document, heading.start + 1, trouble.end)
    sections = _read_entry(nodes, document, heading.end, trouble.end)
    shared = {key: document.meta[key] for key in _SHARED if key in document.meta}
    title = clean_title(heading.text)
    return ParsedEntry(
        title=title,
        error=find_error_line(sections) or title,
        sections=tuple(sections),
        start=heading.start,
        end=trouble.end,
        meta=shared | ({"chapter": clean_title(chapter)} if chapter else {}),
    )


def _read_entry(
    nodes: Sequence[Node], document: Document, start: int, end: int
) -> list[ParsedSection]:
    """Read one trouble's sections; without any label, its sentences are all there is to go by."""
    sections = cut_sections(nodes, document.lines, end)
    lead = [node for node in nodes if not sections or node.start < sections[0].start]
    error, lead = _take_error(lead, document)
    if not sections and any(_is_prose(node) for node in lead):
        return [*error, *guess_sections(lead, document.lines)]
    told = any(section.kind == "symptoms" for section in sections)
    kind: SectionKind = "symptoms" if not told and any(map(_is_telling, lead)) else "other"
    stop = sections[0].start if sections else end
    return [*error, *_read_lead(lead, document, stop, kind), *sections]


def _take_error(lead: list[Node], document: Document) -> tuple[list[ParsedSection], list[Node]]:
    """Take the code block right below the entry's heading: there people paste the error."""
    if lead and isinstance(lead[0], Block) and lead[0].kind == "fence":
        first = lead[0]
        text = join_lines(document.lines[first.start : first.end])
        return [ParsedSection("error", "", text, first.start, first.end)], lead[1:]
    return [], lead


def _read_lead(
    lead: Sequence[Node], document: Document, stop: int, kind: SectionKind
) -> list[ParsedSection]:
    if not lead:
        return []
    text = join_lines(document.lines[lead[0].start : stop])
    return [ParsedSection(kind, "", text, lead[0].start, stop, guessed=True)]


def _read_chapters(
    document: Document, title: Heading | None, start: int, end: int
) -> list[ParsedSection]:
    """Read what stands between a guide's troubles."""
    nodes = [node for node in _within(document, start, end) if node is not title]
    sections = [
        replace(section, kind="other") if section.kind in _NO_TROUBLE else section
        for section in cut_sections(nodes, document.lines, end)
    ]
    lead = [node for node in nodes if not sections or node.start < sections[0].start]
    stop = sections[0].start if sections else end
    return [*_read_lead(lead, document, stop, "other"), *sections]


def _fill_from_meta(sections: Sequence[ParsedSection], document: Document) -> list[ParsedSection]:
    """Turn front matter into the sections that the text itself does not have."""
    have = {section.kind for section in sections if not section.guessed}
    return [
        ParsedSection(kind, "", _write_value(document.meta[key]), 0, document.body_start)
        for key, kind in _META_SECTIONS
        if key in document.meta and kind not in have
    ]


def _write_value(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "\n".join(f"- {item}" for item in value)


def _read_error(
    document: Document, sections: Sequence[ParsedSection], heading: Heading | None
) -> str:
    found = document.meta.get("error") or find_error_line(sections)
    return str(found or (clean_title(heading.text) if heading else ""))


def _find_title(document: Document) -> Heading | None:
    """Return the heading that names the whole text: the first, if it stands above all others."""
    headings = [node for node in document.nodes if isinstance(node, Heading) and not node.label]
    if not headings:
        return None
    first, others = headings[0], headings[1:]
    if all(other.level > first.level for other in others):
        return first if others or known_kind(first.text) is None else None
    named = first.level == 1 or "title" not in document.meta
    return first if named and clear_kind(first.text) is None else None


def _read_title(document: Document, heading: Heading | None, name: str) -> str:
    told = document.meta.get("title") or (clean_title(heading.text) if heading else "")
    found = told or title_from_name(name)
    return str(found or title_from_text(document.nodes, document.lines))


def _is_index(name: str) -> bool:
    return PurePosixPath(name).stem.lower() in _INDEX_NAMES


def _tells_trouble(sections: Sequence[ParsedSection]) -> bool:
    kinds = {part.kind for part in sections if not part.guessed}
    return len(kinds.intersection(MAIN_KINDS)) >= 2


def _is_prose(node: Node) -> bool:
    return isinstance(node, Block) and node.kind == "paragraph"


def _is_telling(node: Node) -> bool:
    return isinstance(node, Block) and node.kind not in ("rule", "html")


def _within(document: Document, start: int, end: int) -> list[Node]:
    first = bisect_left(document.nodes, start, key=_start_of)
    return list(document.nodes[first : bisect_left(document.nodes, end, key=_start_of)])


def _start_of(node: Node) -> int:
    return node.start
