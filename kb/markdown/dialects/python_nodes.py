"""Python-Markdown's tree as a row of headings and blocks, each with its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Literal
from xml.etree.ElementTree import Element

from kb.markdown.dialects.python_lines import find_lines, find_marks, is_marked, mark_lines, unmark
from kb.markdown.dialects.python_page import HEADINGS, finish, write_tree
from kb.markdown.dialects.python_parser import PLACEHOLDER, Fence, Reading, begin, read
from kb.markdown.document import LABEL_LEVEL, Block, Heading
from kb.markdown.headings.kinds import known_kind

BlockKind = Literal["paragraph", "fence", "list", "quote", "table", "html", "rule"]

_KINDS: dict[str, BlockKind] = {
    "blockquote": "quote",
    "details": "quote",
    "div": "quote",
    "dl": "list",
    "hr": "rule",
    "ol": "list",
    "pre": "fence",
    "table": "table",
    "ul": "list",
}
_OPENING = re.compile(r"[ \t>]*+[`~]+")
_RULE = re.compile(r" {0,3}([-_*])(?: {0,2}\1){2,}\s*+")
_UNDERLINE = re.compile(r"(?:=+|-+) *+")
_TAGS = re.compile(r"<[^<>]*>")
_TAB = 4


@dataclass(frozen=True, slots=True)
class _Part:
    """An element of the tree with its lines; `title` names a box, at `stop` the next part begins."""

    element: Element
    kind: BlockKind
    lines: tuple[int, ...]
    title: str = ""
    boxed: bool = False
    stop: int = 0


def find_nodes(text: str) -> Iterator[Heading | Block]:
    """Yield a text's headings and blocks in order; lines count from 0 at the text's start."""
    lines = text.split("\n")
    reading = begin(len(text))
    root = read(reading, mark_lines(text))
    found = [part for element in root for part in _find_parts(element, reading)]
    parts = _set_stops(found, len(lines))
    names = _read_headings([p.element for p in parts if p.element.tag in HEADINGS], reading)
    return _join_html(_lay_out(parts, lines, names))


def _set_stops(parts: Sequence[_Part], stop: int) -> list[_Part]:
    """Tell each part where the next one begins, as far as that is known."""
    told: list[_Part] = []
    for part in reversed(parts):
        told.append(replace(part, stop=stop))
        stop = min(part.lines, default=stop)
    return told[::-1]


def _lay_out(
    parts: Sequence[_Part], lines: Sequence[str], names: dict[Element, Heading]
) -> Iterator[Heading | Block]:
    """Yield what the parts become, and what stands between them, in the order of lines."""
    seen = 0
    for part in parts:
        for node in _make_nodes(part, lines, seen, names):
            yield from _cover(lines, seen, node.start)
            yield node
            seen = max(seen, node.end)
    yield from _cover(lines, seen, len(lines))


def _join_html(nodes: Iterable[Heading | Block]) -> Iterator[Heading | Block]:
    """Put raw HTML together again, whose tags and words were found apart."""
    last: Heading | Block | None = None
    for node in nodes:
        if _is_html(last) and _is_html(node) and last and last.end == node.start:
            last = replace(last, end=node.end)
            continue
        if last:
            yield last
        last = node
    if last:
        yield last


def _is_html(node: Heading | Block | None) -> bool:
    return isinstance(node, Block) and node.kind == "html"


def _find_parts(element: Element, reading: Reading) -> Iterator[_Part]:
    name = element.get("class") or ""
    if name.startswith("tabbed-set"):
        tabs = list(zip(element.findall("label"), element.findall("div"), strict=False))
        if any(known_kind(unmark(label.text or "")) for label, _ in tabs):
            for label, content in tabs:
                found = (*find_marks(label.text or ""), *find_lines(content, reading))
                yield _Part(content, "quote", found, unmark(label.text or ""), boxed=True)
            return
    boxed = element.tag in ("div", "details")
    found = tuple(find_lines(element, reading))
    yield _Part(element, _kind_of(element, reading), found, _read_title(element), boxed)


def _kind_of(element: Element, reading: Reading) -> BlockKind:
    alone = PLACEHOLDER.fullmatch((element.text or "").strip())
    if element.tag == "p" and alone:
        return "fence" if isinstance(reading.stash(alone[1]), Fence) else "html"
    return _KINDS.get(element.tag, "paragraph")


def _read_title(box: Element) -> str:
    """Read the title that someone gave a box; one that only has a type is titled by the parser."""
    first = box[0] if len(box) else None
    if first is None or find_marks(box.get("class") or ""):
        return ""
    titled = first.tag == "summary" or first.get("class") == "admonition-title"
    return unmark("".join(first.itertext())) if titled else ""


def _read_headings(found: Sequence[Element], reading: Reading) -> dict[Element, Heading]:
    """Read the words of all headings as pages show them; their lines are still to be set."""
    _forget_marks(reading)
    root = Element("div")
    shown = {one: _copy(one) for one in found}
    root[:] = shown.values()
    finish(reading, root)
    return {one: _read_heading(copy, reading) for one, copy in shown.items()}


def _forget_marks(reading: Reading) -> None:
    known = reading.md.references
    clean = {unmark(k): (unmark(a), unmark(t or "")) for k, (a, t) in known.items()}
    known.clear()
    known.update(clean)
    reading.abbreviations.clear()


def _copy(heading: Element) -> Element:
    copy = Element(heading.tag)
    copy.text = unmark(heading.text or "").strip()
    return copy


def _read_heading(shown: Element, reading: Reading) -> Heading:
    for mark in shown.iter("sup"):
        if (mark.get("id") or "").startswith("fnref"):
            mark.text, mark[:] = "", []
    words = unmark(unescape(_TAGS.sub("", write_tree(reading, shown))))
    anchor = (shown.get("id") or "")[:100]
    return Heading(int(shown.tag[1]), " ".join(words.split()), 0, 0, anchor=anchor)


def _make_nodes(
    part: _Part, lines: Sequence[str], seen: int, names: dict[Element, Heading]
) -> Iterator[Heading | Block]:
    if heading := names.get(part.element):
        start, end = _place_heading(part, lines, seen)
        yield replace(heading, start=start, end=end)
        return
    if not part.lines or max(part.lines) < seen:
        return
    start = max(seen, min(part.lines))
    end = _grow(part, lines, max(part.lines) + 1)
    if part.title and known_kind(part.title):
        yield Heading(LABEL_LEVEL, part.title.strip("*_` "), start, start + 1, label=True)
        inside = _dedent(lines[start + 1 : end], _TAB)
        yield Block("quote", start, end, content=inside)
    else:
        yield _make_block(part.kind, lines, start, end)


def _place_heading(part: _Part, lines: Sequence[str], seen: int) -> tuple[int, int]:
    """Find a heading's lines; one without words, or in tags, is known by its underline alone."""
    text = (part.element.text or "").strip()
    if find_marks(text[:1]):
        return part.lines[0], part.lines[0] + 1
    bare = (n for n in range(seen, len(lines) - 1) if not is_marked(lines[n]) and lines[n].strip())
    below = (n for n in bare if _UNDERLINE.fullmatch(lines[n + 1]))
    start = part.lines[0] if part.lines else next(below, seen)
    return start, min(max(part.lines, default=start) + 2, len(lines))


def _grow(part: _Part, lines: Sequence[str], end: int) -> int:
    """Take in the lines without words that still belong to a block: `>`, `- [ ]`, a closing tag."""
    for number in range(end, part.stop):
        line = lines[number]
        inside = part.boxed and (not line.strip() or line.startswith((" " * _TAB, "\t")))
        if is_marked(line) or not (inside or _continues(part, line)):
            break
        end = number + 1 if line.strip() else end
    return end


def _continues(part: _Part, line: str) -> bool:
    open_ended = part.kind in ("paragraph", "list", "quote", "table", "html")
    return open_ended and _guess_kind(line) in ("paragraph", part.kind)


def _make_block(kind: BlockKind, lines: Sequence[str], start: int, end: int) -> Block:
    if kind != "fence":
        return Block(kind, start, end)
    opening = _OPENING.match(lines[start])
    if opening is None:
        return Block(kind, start, end, content=_dedent(lines[start:end], _TAB) + "\n")
    width = len(lines[start]) - len(lines[start].lstrip())
    code = "".join(f"{line}\n" for line in _strip(lines[start + 1 : end - 1], width))
    return Block(kind, start, end, lines[start][opening.end() :].strip(), code)


def _dedent(lines: Sequence[str], width: int) -> str:
    return "\n".join(_strip(lines, width)).strip("\n")


def _strip(lines: Sequence[str], width: int) -> Iterator[str]:
    for line in lines:
        if width and line.startswith("\t"):
            yield line[1:]
        else:
            yield line[min(width, len(line) - len(line.lstrip(" "))) :]


def _cover(lines: Sequence[str], start: int, end: int) -> Iterator[Block]:
    """Give lines that are nowhere in the tree (definitions, rules, tags) blocks of their own."""
    block: Block | None = None
    for number in range(start, end):
        kind = _guess_kind(lines[number])
        together = block and block.end == number and kind == "paragraph" and block.kind != "rule"
        if block and together:
            block = replace(block, end=number + 1)
        elif kind:
            yield from filter(None, (block,))
            block = Block(kind, number, number + 1)
    yield from filter(None, (block,))


def _guess_kind(line: str) -> BlockKind | None:
    if not line.strip():
        return None
    if _RULE.fullmatch(line):
        return "rule"
    return "html" if line.lstrip().startswith("<") else "paragraph"
