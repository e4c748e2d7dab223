"""Find what a text quotes from machines: fences, block quotes and inline code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kb.markdown.dialects.commonmark import read_inline, tokens


@dataclass(frozen=True, slots=True)
class Quote:
    """One quoted piece: how it is set, its language if named, and what it says."""

    kind: Literal["fence", "quote", "inline"]
    info: str
    text: str


def find_quotes(text: str) -> tuple[Quote, ...]:
    """Return everything quoted in `text` at any depth, in order."""
    found: list[Quote] = []
    depth = 0
    for token in tokens(text):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type in ("fence", "code_block"):
            found.append(Quote("fence", token.info.strip().lower(), token.content))
        elif token.type == "inline" and depth:
            found.append(Quote("quote", "", token.content))
        elif token.type == "inline" and "`" in token.content:
            found += _find_code(token.content)
    return tuple(found)


def _find_code(content: str) -> Iterator[Quote]:
    for child in read_inline(content):
        if child.type == "code_inline":
            yield Quote("inline", "", child.content)
