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
from kb.markdown.entry.leads import keep_lead, read_entry
from kb.markdown.entry.sections import cut_sections
from kb.markdown.entry.titles import clean_title, find_error_line, title_from_name, title_from_text
from kb.markdown.headings.kinds import clear_kind, known_kind
from kb.markdown.outline import Branch
from kb.markdown.troubles.chapters import lists_links
from kb.markdown.troubles.complaints import complains, drop_lead, quoted_message, unquote
from kb.markdown.troubles.guide import find_troubles

Node = Heading | Block

# What front matter says of the whole file holds for each of its entries.
_SHARED = ("tags", "date", "severity", "status", "products", "owner", "review_by")
_META_SECTIONS: tuple[tuple[str, SectionKind], ...] = (
    ("symptoms", "symptoms"),
    ("impact", "impact"),
    ("root_cause", "cause"),
    ("fix", "fix"),
    ("workaround", "fix"),
    ("lessons", "lessons"),
    ("prevention", "prevention"),
    ("references", "resources"),
)
# These close an entry, all others open it.
_LAST: tuple[SectionKind, ...] = ("lessons", "prevention", "resources")
_TROUBLE_FIELDS = frozenset({"symptoms", "root_cause", "fix", "workaround", "error"})
_MAX_TITLE = 120
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
    sections = read_entry(nodes, document, len(document.lines))
    lists = _is_index(name) or lists_links(nodes, document.lines)
    trouble = _TROUBLE_FIELDS.intersection(document.meta) or _tells_trouble(sections)
    if not trouble and (not nodes or lists):
        return ParsedSource(title, (), tuple(sections), document.meta, document.dialect)
    entry = ParsedEntry(
        title=title,
        error=_read_error(document, sections, heading) or title,
        sections=tuple(_fill_from_meta(sections, document)),
        start=document.body_start,
        end=len(document.lines),
        meta=document.meta,
    )
    return ParsedSource(title, (entry,), (), document.meta, document.dialect)


def _split_guide(document: Document, troubles: Sequence[Branch], name: str) -> ParsedSource:
    heading = _find_title(document)
    if heading is not None and heading.start >= troubles[0].heading.start:
        heading = None
    entries: list[ParsedEntry] = []
    sections: list[ParsedSection] = []
    start = document.body_start
    for trouble in troubles:
        sections += _read_chapters(document, heading, start, trouble.heading.start)
        entries.append(_read_trouble(document, trouble, heading))
        start = trouble.end
    sections += _read_chapters(document, heading, start, len(document.lines))
    title = _read_title(document, heading, name)
    return ParsedSource(title, tuple(entries), tuple(sections), document.meta, document.dialect)


def _read_trouble(document: Document, trouble: Branch, title: Heading | None) -> ParsedEntry:
    heading = trouble.heading
    written = heading.text if heading.label else document.lines[heading.start]
    nodes = _within(document, heading.start + 1, trouble.end)
    complaint = heading if complains(written) else None
    sections = tuple(read_entry(nodes, document, trouble.end, complaint))
    shared = {key: document.meta[key] for key in _SHARED if key in document.meta}
    chapter = _find_chapter(document, heading, title)
    name = unquote(drop_lead(clean_title(heading.text)))
    return ParsedEntry(
        title=name,
        error=find_error_line(sections) or quoted_message(written) or _find_guess(sections) or name,
        sections=sections,
        start=heading.start,
        end=trouble.end,
        meta=shared | ({"chapter": clean_title(chapter)} if chapter else {}),
    )


def _find_guess(sections: Sequence[ParsedSection]) -> str:
    """Find the error line in what was taken for the error by its looks."""
    guesses = [replace(part, kind="symptoms") for part in sections if part.kind == "error"]
    return find_error_line(guesses)


def _find_chapter(document: Document, trouble: Heading, title: Heading | None) -> str:
    """Return the words of the heading right above a trouble's, unless it names the whole text."""
    place = bisect_left(document.nodes, trouble.start, key=_start_of)
    for node in reversed(document.nodes[:place]):
        if isinstance(node, Heading) and node.level < trouble.level:
            return "" if node is title else node.text
    return ""


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
    return [*keep_lead(lead, document, stop, "other"), *sections]


def _fill_from_meta(sections: Sequence[ParsedSection], document: Document) -> list[ParsedSection]:
    """Add, from the front matter, the sections that the text itself does not have."""
    have = {section.kind for section in sections if not section.guessed}
    told = [
        ParsedSection(kind, "", _write_value(document.meta[key]), 0, document.body_start)
        for key, kind in _META_SECTIONS
        if key in document.meta and kind not in have
    ]
    after = [section for section in told if section.kind in _LAST]
    return [*(section for section in told if section not in after), *sections, *after]


def _write_value(value: str | list[str]) -> str:
    if isinstance(value, list) and len(value) == 1:
        return value[0]
    return value if isinstance(value, str) else "\n".join(f"- {item}" for item in value)


def _read_error(
    document: Document, sections: Sequence[ParsedSection], heading: Heading | None
) -> str:
    found = document.meta.get("error") or find_error_line(sections)
    return str(found or _find_quoted(document) or (clean_title(heading.text) if heading else ""))


def _find_quoted(document: Document) -> str:
    """Return the first message that a heading quotes."""
    headings = (node for node in document.nodes if isinstance(node, Heading) and not node.label)
    return next(filter(None, (quoted_message(document.lines[one.start]) for one in headings)), "")


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
    found = told or _read_symptom(document) or title_from_name(name)
    return str(found or title_from_text(document.nodes, document.lines))


def _read_symptom(document: Document) -> str:
    """Take a symptom that reads like a title: articles of some dialects have no other name."""
    first = str(next(iter(document.meta.get("symptoms", ())), ""))
    return first if 0 < len(first) <= _MAX_TITLE and "\n" not in first else ""


def _is_index(name: str) -> bool:
    return PurePosixPath(name).stem.lower() in _INDEX_NAMES


def _tells_trouble(sections: Sequence[ParsedSection]) -> bool:
    kinds = {part.kind for part in sections if not part.guessed}
    return len(kinds.intersection(MAIN_KINDS)) >= 2


def _within(document: Document, start: int, end: int) -> list[Node]:
    first = bisect_left(document.nodes, start, key=_start_of)
    return list(document.nodes[first : bisect_left(document.nodes, end, key=_start_of)])


def _start_of(node: Node) -> int:
    return node.start
