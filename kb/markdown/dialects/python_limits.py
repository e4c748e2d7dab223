"""A budget of work for Python-Markdown, spent where it is known to be slow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import Match
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import (
    BacktickInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    Pattern,
)
from markdown.preprocessors import Preprocessor
from markdown.util import Registry

from kb.markdown.document import ParseError
from kb.markdown.limits import (
    MAX_FENCE_QUOTES,
    MAX_NOTE_MARKS,
    MAX_PYTHON_BLOCKS,
    MAX_PYTHON_BYTES,
    MAX_WORK,
    WORK_PER_LETTER,
)

OPENER = re.compile(r"[ \t>]*+(?:`{3}|~{3})")
_MARKUP = re.compile(r"<(?=[a-zA-Z/!?])")
_CLOSERS = (("<!--", "-->"), ("<![", "]]>"), ("<?", "?>"), ("<", ">"))
_GRID = re.compile(r"[-:| ]++")
# A step costs some time however short its text is; a table's cell does, too.
_STEP, _CELL = 200, 100


class Work:
    """What may still be done for one text, in letters looked at."""

    def __init__(self, size: int) -> None:
        if size > MAX_PYTHON_BYTES:
            raise ParseError("The text is over 512 kB, too long for Python-Markdown. Split it.")
        self.left = MAX_WORK + WORK_PER_LETTER * size

    def spend(self, cost: int) -> None:
        """Take some work off the budget; raise ParseError when it is used up."""
        self.left -= cost
        if self.left < 0:
            raise ParseError(
                "The text is too tangled for Python-Markdown. Split it into smaller files."
            )


def watch(md: Markdown, work: Work) -> None:
    """Make every part of a parser pay for what it does."""
    md.preprocessors.register(_OpenerWatch(md), "openers", 27)
    md.preprocessors.register(_LineWatch(md, work), "lines", 22)
    md.parser.blockprocessors.register(_BlockWatch(md, work), "blocks", 1000)
    patterns: Registry[Any] = Registry()
    for place, pattern in enumerate(md.inlinePatterns):
        patterns.register(_Watched(pattern, md, work), str(place), -place)
    inline: Any = md.treeprocessors["inline"]
    inline.inlinePatterns = patterns


class _OpenerWatch(Preprocessor):
    """Refuses fences whose options take the library for ever to read."""

    def run(self, lines: list[str]) -> list[str]:
        for line in lines:
            quotes = line.count('"') + line.count("'")
            if quotes > MAX_FENCE_QUOTES and OPENER.match(line):
                raise ParseError("A code fence has too many options.")
        return lines


class _LineWatch(Preprocessor):
    """Counts long lines, tags that are never closed and marks of notes, outside of fences."""

    def __init__(self, md: Markdown, work: Work) -> None:
        super().__init__(md)
        self.work = work

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if text.count("[^") > MAX_NOTE_MARKS:
            raise ParseError("The text has too many footnotes.")
        if text.count("\n\n") > MAX_PYTHON_BLOCKS:
            raise ParseError("The text has too many small parts. Split it into smaller files.")
        for line in lines:
            self.work.spend(len(line) * len(line) // 256)
        for distance in _measure_tags(text):
            self.work.spend(distance)
        return lines


def _measure_tags(text: str) -> Iterator[int]:
    """Yield how far the library looks for the end of each tag; a lost one costs it the text."""
    ends: dict[str, int] = {}
    for found in _MARKUP.finditer(text):
        start = found.start()
        opener, closer = next(pair for pair in _CLOSERS if text.startswith(pair[0], start))
        if ends.get(closer, -1) < start:
            place = text.find(closer, start)
            ends[closer] = len(text) if place < 0 else place
        weight = 20 if opener == "<![" else 1
        yield (ends[closer] - start) * weight + _STEP


class _BlockWatch(BlockProcessor):
    """Counts each step of the parser by the size of the text it looks at; claims no block."""

    def __init__(self, md: Markdown, work: Work) -> None:
        super().__init__(md.parser)
        self.work = work

    def test(self, parent: Element, block: str) -> bool:
        marks = block.count("*[") // 8
        self.work.spend(_STEP + len(block) * (1 + marks) + _CELL * _count_cells(block))
        return False


def _count_cells(block: str) -> int:
    head, _, rest = block.partition("\n")
    rule, _, rows = rest.partition("\n")
    return head.count("|") * rows.count("\n") if rule and _GRID.fullmatch(rule) else 0


class _Watched(InlineProcessor):
    """Stands before a pattern and counts how much of the text each of its matches looks at."""

    def __init__(self, inner: Pattern, md: Markdown, work: Work) -> None:
        super().__init__("", md)
        self.inner = inner
        self.work = work
        self.far = isinstance(inner, LinkInlineProcessor | BacktickInlineProcessor)

    def getCompiledRegExp(self) -> re.Pattern[str]:  # noqa: N802 - the library's name
        return self.inner.getCompiledRegExp()

    def handleMatch(self, m: Match[str], data: str) -> Any:  # type: ignore[override]  # noqa: N802 - the library's name
        seen = len(data) - m.start() if self.far else len(data) // 16
        self.work.spend(_STEP // 4 + seen)
        inner: Any = self.inner
        return inner.handleMatch(m, data)

    def type(self) -> str:
        return self.inner.type()
