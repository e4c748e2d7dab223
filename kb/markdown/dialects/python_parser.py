"""Python-Markdown with the extensions of MkDocs sites: from a text to the blocks of its tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown

from kb.markdown.dialects.python_limits import Work, watch
from kb.markdown.limits import MAX_TITLE, MAX_URL

_EXTENSIONS = (
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "pymdownx.details",
    "pymdownx.superfences",
    "pymdownx.tabbed",
    "sane_lists",
    "tables",
)
PLACEHOLDER = re.compile("\x02wzxhzdk:([0-9]{1,9})\x03")
_ALONE = re.compile(f"^ *({PLACEHOLDER.pattern}) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence's language and code, as they wait in the library's stash."""

    info: str
    code: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One text being read: the library's state, its budget, and the lines of each stashed fence."""

    md: Markdown
    work: Work
    fences: dict[int, range]
    footnotes: Any
    abbreviations: dict[str, str]

    def stash(self, place: int | str) -> Any:
        """Return what stands for a placeholder: a Fence, or raw HTML."""
        return self.md.htmlStash.rawHtmlBlocks[int(place)]

    def keep(self, fence: Fence) -> str:
        """Put a fence aside and return its placeholder."""
        store: Any = self.md.htmlStash.store
        return str(store(fence))


def begin(size: int) -> Reading:
    """Build a parser for one text of `size` letters; parsers keep state, so none is used twice."""
    md = Markdown(extensions=list(_EXTENSIONS), extension_configs=_CONFIGS)
    work = Work(size)
    footnote: Any = md.inlinePatterns["footnote"]
    abbreviation: Any = md.treeprocessors["abbr"]
    reading = Reading(md, work, {}, footnote.footnotes, abbreviation.abbrs)
    fencing: Any = md.preprocessors["fenced_code_block"]
    fencing.reassemble = partial(_put_fences, fencing, reading.fences)
    for name in ("footnote", "footnote-reorder", "footnote-duplicate"):
        md.treeprocessors.deregister(name)
    md.postprocessors.deregister("raw_html")
    watch(md, work)
    return reading


def read(reading: Reading, text: str) -> Element:
    """Read the blocks of a text; the words inside them stay as typed."""
    lines = text.split("\n")
    for step in reading.md.preprocessors:
        lines = step.run(lines)
    root = reading.md.parser.parseDocument(lines).getroot()
    assert root is not None
    part_paragraphs(root)
    _shorten(reading)
    return root


def _keep_fence(
    source: str, language: str | None, _class: str, _options: Any, _md: Any, **_: Any
) -> Fence:
    return Fence(language or "", f"{source}\n" if source else "")


_CONFIGS: dict[str, dict[str, Any]] = {
    "footnotes": {"USE_DEFINITION_ORDER": False},
    "pymdownx.superfences": {
        "relaxed_headers": True,
        "custom_fences": [
            {"name": "*", "class": "", "format": _keep_fence, "validator": lambda *_: True}
        ],
    },
}


def _put_fences(fencing: Any, spans: dict[int, range], lines: Sequence[str]) -> list[str]:
    """Put placeholders where fences were, in one go, and note the lines that each fence took."""
    kept: list[str] = []
    seen = 0
    for placeholder, start, end in fencing.stack:
        if found := PLACEHOLDER.search(placeholder):
            spans[int(found[1])] = range(start, end)
        kept += [*lines[seen:start], placeholder]
        seen = end
    fencing.stack.clear()
    return [*kept, *lines[seen:]]


def part_paragraphs(root: Element) -> None:
    """Give a fence or raw HTML that stands amid the lines of a paragraph a place of its own."""
    for parent in list(root.iter()):
        for place, child in reversed(list(enumerate(parent))):
            if child.tag == "p" and "\x02" in (child.text or ""):
                parent[place : place + 1] = _part(child.text or "")


def _part(text: str) -> list[Element]:
    pieces = _ALONE.split(text)
    texts = [piece.strip("\n") for place, piece in enumerate(pieces) if place % 3 < 2]
    return [_make_paragraph(piece) for piece in texts if piece.strip()]


def _make_paragraph(text: str) -> Element:
    made = Element("p")
    made.text = text
    return made


def _shorten(reading: Reading) -> None:
    """Shorten what a few letters could repeat without end, and count what they are looked for."""
    reading.work.spend(len(reading.abbreviations) ** 2 * 64)
    for name, meaning in reading.abbreviations.items():
        reading.abbreviations[name] = meaning[:MAX_TITLE]
    known: dict[str, Any] = reading.md.references
    for name, (address, title) in known.items():
        known[name] = (address if len(address) <= MAX_URL else "", (title or "")[:MAX_TITLE])
