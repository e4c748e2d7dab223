"""CommonMark with tables, strikethrough and bare links: the default dialect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from kb.markdown.dialects import Quote
from kb.markdown.document import Block, Heading, ParseError
from kb.markdown.limits import MAX_NESTING, MAX_TOKENS
from kb.markdown.page.tokens import NOTE_RULES, PageRenderer, read_token, refuse_mazes, write_page

BlockKind = Literal["paragraph", "fence", "list", "quote", "table", "html", "rule"]

_KINDS: dict[str, BlockKind] = {
    "paragraph_open": "paragraph",
    "fence": "fence",
    "code_block": "fence",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "blockquote_open": "quote",
    "table_open": "table",
    "html_block": "html",
    "hr": "rule",
}
_ANCHOR = re.compile(r"\s{0,10}\{[:#]\s{0,2}#?([\w-]{1,100})[^{}]{0,100}\}\s*+$")


def _make_parser() -> MarkdownIt:
    """Build the parser; raw HTML is recognised so that comments are no text, never passed on."""
    options = {"html": True, "linkify": True, "maxNesting": MAX_NESTING}
    parser = MarkdownIt("commonmark", options, renderer_cls=PageRenderer)
    parser.enable(["table", "strikethrough", "linkify"])
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    parser.linkify.add("ftp:", None).add("//", None)
    footnote_plugin(parser, inline=False)
    for name, rule in NOTE_RULES.items():
        parser.add_render_rule(name, rule)
    parser.core.ruler.after("block", "refuse_mazes", refuse_mazes)
    return parser


PARSER = _make_parser()
REMEMBERED, REMEMBERED_CHARS = 32, 16_384
"""The blocks of so many texts of at most so many characters are kept: a section is asked for its
quotes, its facts and its words in turn."""


def tokens(text: str) -> Sequence[Token]:
    """Read a text's blocks, or raise ParseError; `read_inline` reads the words in one of them.

    The tokens are shared with whoever asks next, and so are not to be changed.
    """
    return _remember(text) if len(text) <= REMEMBERED_CHARS else _read_blocks(text)


def _read_blocks(text: str) -> list[Token]:
    found = _Bounded()
    PARSER.block.parse(text, PARSER, {}, found)
    return found


_remember = lru_cache(REMEMBERED)(_read_blocks)


class _Bounded(list[Token]):
    """A list that stops the parser when a text of few words is made of countless blocks."""

    def append(self, token: Token) -> None:
        if len(self) == MAX_TOKENS:
            raise ParseError("The text has too many small parts. Split it into smaller files.")
        super().append(token)


def find_nodes(text: str) -> Iterator[Heading | Block]:
    """Yield a text's headings and blocks in order; lines count from 0 at the text's start."""
    found = tokens(text)
    for index, token in enumerate(found):
        if token.level == 0 and token.map:
            yield _to_node(found, index)


def write_html(text: str, definitions: str) -> str:
    """Write a text as HTML for the gate; raise ParseError when it would swell beyond use."""
    return write_page(PARSER, text, definitions)


def find_quotes(text: str) -> Iterator[Quote]:
    """Yield what a text quotes from machines, at any depth, in order."""
    depth = 0
    for token in tokens(text):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type in ("fence", "code_block"):
            yield Quote("fence", token.info.strip().lower(), token.content)
        elif token.type == "inline" and depth:
            yield Quote("quote", "", token.content)
        elif token.type == "inline" and "`" in token.content:
            yield from _find_code(token.content)


def _find_code(content: str) -> Iterator[Quote]:
    for child in read_inline(content):
        if child.type == "code_inline":
            yield Quote("inline", "", child.content)


def find_definitions(text: str) -> str:
    """Write a text's link definitions anew, one a line, and its notes as they stand."""
    env: dict[str, Any] = {}
    found = _Bounded()
    PARSER.block.parse(text, PARSER, env, found)
    known = env.get("references", {})
    links = "\n".join(f"[{label}]: <{one['href']}>" for label, one in known.items())
    return "\n\n".join(filter(None, (links, *_find_notes(found, text.split("\n")))))


def _find_notes(found: Sequence[Token], lines: Sequence[str]) -> Iterator[str]:
    """Yield the notes at the edge of the page; those in a list or a quote stay where they are."""
    for token in found:
        if token.type == "footnote_reference_open" and token.level == 0 and token.map:
            yield "\n".join(lines[token.map[0] : token.map[1]]).rstrip()


def read_words(text: str, limit: int) -> str:
    """Read the words of a text, with code and markup signs dropped, up to about `limit` of them."""
    words, size = [], 0
    for token in tokens(text):
        if token.type in ("inline", "fence", "code_block") and size <= limit:
            words.append(flatten(token.content) if token.type == "inline" else token.content)
            size += len(words[-1])
    return " ".join(words)


def _to_node(found: Sequence[Token], index: int) -> Heading | Block:
    token = found[index]
    start, end = token.map or (0, 0)
    if token.type == "heading_open":
        words, anchor = _read_heading(found[index + 1].content)
        return Heading(int(token.tag[1:]), words, start, end, anchor=anchor)
    kind = _KINDS.get(token.type, "paragraph")
    return Block(kind, start, end, token.info.strip(), token.content if kind == "fence" else "")


def _read_heading(content: str) -> tuple[str, str]:
    anchor = _ANCHOR.search(content)
    if anchor is None:
        return flatten(content), ""
    return flatten(content[: anchor.start()]), anchor.group(1)


def flatten(content: str) -> str:
    """Reduce a line of Markdown to the words a reader sees."""
    if content.isalnum():
        return content
    return " ".join("".join(map(read_token, read_inline(content))).split())


def read_inline(content: str) -> list[Token]:
    """Read the words, code, links and emphasis of one block."""
    return PARSER.parseInline(content)[0].children or []
