"""A section as an ordered row of small pieces: the one place where facts ask a dialect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from kb.markdown.dialects.commonmark import read_inline, tokens
from kb.markdown.document import ParseError
from kb.markdown.page.tokens import read_token

MAX_INLINE = 8_000
"""Words are read closely only in blocks up to this size; no paragraph that people write is longer."""

_DEFINITION = re.compile(
    r"^ {0,3}\[([^\[\]\n]{1,200}+)\]:[ \t]{0,9}<?([a-z]{4,6}:[^\s<>]{3,2000})", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, a fence with its language, or the Markdown of a paragraph, item or table row."""

    kind: Literal["heading", "text", "fence"]
    text: str
    info: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a paragraph: plain words, inline code, or a link with its address."""

    kind: Literal["words", "code", "link"]
    text: str
    url: str = ""


def read_pieces(text: str) -> tuple[Piece, ...]:
    """Return the headings, fences and paragraphs of a text at any depth, in order."""
    try:
        return tuple(_join_rows(tokens(text)))
    except ParseError:
        return ()


def read_spans(content: str) -> tuple[Span, ...]:
    """Return the words, inline code and links of one paragraph, in order."""
    try:
        return tuple(_join_links(read_inline(content[:MAX_INLINE])))
    except ParseError:
        return ()


def read_definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the label and the address of each link definition of a text."""
    return ((found[1], found[2]) for found in _DEFINITION.finditer(text))


def _join_rows(found: Sequence[Token]) -> Iterator[Piece]:
    """Yield a piece for each block; the cells of a table row make one."""
    cells: list[str] | None = None
    for place, token in enumerate(found):
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield Piece("text", " | ".join(cells or ()))
            cells = None
        elif token.type == "inline" and cells is not None:
            cells.append(token.content)
        elif token.type in ("inline", "fence", "code_block"):
            yield _to_piece(token, found[place - 1])


def _to_piece(token: Token, before: Token) -> Piece:
    if token.type == "inline":
        return Piece("heading" if before.type == "heading_open" else "text", token.content)
    return Piece("fence", token.content, token.info.strip().lower())


def _join_links(children: Sequence[Token]) -> Iterator[Span]:
    """Yield spans; all that stands in a link is its words."""
    address, inside = "", ""
    for token in children:
        if token.type == "link_open":
            address, inside = str(token.attrGet("href") or ""), ""
        elif token.type == "link_close":
            yield Span("link", inside, address)
            address = ""
        elif address:
            inside += read_token(token)
        else:
            yield Span("code" if token.type == "code_inline" else "words", read_token(token))
