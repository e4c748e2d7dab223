"""A Markdown text becomes a flat row of headings and blocks, each with the lines it covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from kb.markdown.dialects import COMMONMARK, DIALECTS, name_dialect
from kb.markdown.document import Block, Document, Heading, ParseError
from kb.markdown.frontmatter.block import read_front_matter
from kb.markdown.headings.labels import split_labels
from kb.markdown.limits import MAX_BYTES, MAX_HEADINGS
from kb.markdown.repair import clean

Node = Heading | Block


def parse(text: str, *, dialect: str = COMMONMARK) -> Document:
    """Read a Markdown text; raise ParseError when its front matter is broken or it is too big.

    `dialect` is the usual one of such texts; what front matter says goes before it.
    """
    text = clean(text)
    if len(text.encode()) > MAX_BYTES:
        raise ParseError("The text is over 1 MB. Split it into smaller files.")
    lines = tuple(text.split("\n"))
    front = read_front_matter(lines)
    meta, named = _choose_dialect(front.meta, name_dialect(dialect))
    nodes_of = DIALECTS[named]().find_nodes
    found = (_shift(node, front.lines) for node in nodes_of("\n".join(lines[front.lines :])))
    whole = list(_fill_gaps(_refuse_flood(found), lines, front.lines))
    nodes = tuple(_refuse_flood(split_labels(whole, lines)))
    return Document(text, lines, meta, nodes, front.lines, named)


def _choose_dialect(meta: dict[str, Any], usual: str) -> tuple[dict[str, Any], str]:
    """Return the dialect that front matter names; another tool's is noted, and the usual one taken."""
    try:
        return meta, name_dialect(meta.get("dialect") or usual)
    except ParseError as error:
        return meta | {"notes": [*meta.get("notes", ()), error.message]}, usual


def _shift(node: Node, offset: int) -> Node:
    return replace(node, start=node.start + offset, end=node.end + offset) if offset else node


def _fill_gaps(nodes: Iterable[Node], lines: Sequence[str], start: int) -> Iterator[Node]:
    """Give lines that no node covers (link definitions) a block of their own: nothing is lost."""
    for node in nodes:
        yield from _cover(lines, start, node.start)
        yield node
        start = max(start, node.end)
    yield from _cover(lines, start, len(lines))


def _cover(lines: Sequence[str], start: int, end: int) -> Iterator[Block]:
    filled = [number for number in range(start, end) if lines[number].strip()]
    if filled:
        yield Block("paragraph", filled[0], filled[-1] + 1)


def _refuse_flood(nodes: Iterable[Node]) -> Iterator[Node]:
    count = 0
    for node in nodes:
        count += isinstance(node, Heading)
        if count > MAX_HEADINGS:
            message = f"The text has over {MAX_HEADINGS:,} headings. Split it into smaller files."
            raise ParseError(message, node.start + 1)
        yield node
