"""CommonMark tokens, brought into the shape our pages want before they are written as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from kb.markdown.document import ParseError
from kb.markdown.limits import MAX_BRACKETS, MAX_HTML, MAX_INLINE_DEPTH, MAX_PAGE_TOKENS
from kb.markdown.page.highlight import write_code
from kb.markdown.page.raw import RawWriter, is_linkable, is_remote, tick

# The page itself owns h1 and h2.
_TOP = 3


class PageRenderer(RendererHTML):
    """Writes tokens as HTML; raw HTML in a text is escaped or dropped, never passed on."""

    def fence(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """Write a fenced code block."""
        return write_code(tokens[idx].content, tokens[idx].info)

    def code_block(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """Write an indented code block."""
        return write_code(tokens[idx].content, "")

    def html_block(self, tokens: Sequence[Token], idx: int, _options: Any, env: Any) -> str:
        """Write a block of raw HTML as text."""
        return str(env["raw"].write(tokens[idx].content))

    def html_inline(self, tokens: Sequence[Token], idx: int, _options: Any, env: Any) -> str:
        """Write one raw tag as text."""
        return str(env["raw"].write(tokens[idx].content))


def _write_note_number(_: Any, tokens: Sequence[Token], idx: int, *__: Any) -> str:
    return f"<sup>[{tokens[idx].meta['id'] + 1}]</sup>"


# No note is a link: the sections of one page would share its address.
NOTE_RULES: dict[str, Callable[..., str]] = {
    "footnote_ref": _write_note_number,
    "footnote_block_open": lambda *_: '<div class="footnotes">\n<ol>\n',
    "footnote_block_close": lambda *_: "</ol>\n</div>\n",
    "footnote_open": lambda *_: "<li>",
    "footnote_close": lambda *_: "</li>\n",
    "footnote_anchor": lambda *_: "",
}


def write_page(parser: MarkdownIt, text: str, definitions: str = "") -> str:
    """Write a text as HTML that still has to pass the gate; raise ParseError when it would swell."""
    env: dict[str, Any] = {"raw": RawWriter()}
    found = _trim_rules(_read(parser, text, definitions, env))
    _refuse_bombs(found)
    _shift_headings(found)
    for place, token in enumerate(found):
        if token.type == "inline":
            token.children = list(_tidy(token.children or []))
            _mark_task(found, place)
        elif token.type in ("th_open", "td_open"):
            _align(token)
    return str(parser.renderer.render(found, parser.options, env))


def _read(parser: MarkdownIt, text: str, definitions: str, env: dict[str, Any]) -> list[Token]:
    """Read a text with the notes it refers to, which may stand among the definitions."""
    state = StateCore(text, parser, env)
    parser.block.parse(definitions, parser, env, state.tokens)
    if "[^" not in text:
        state.tokens.clear()
    parser.core.process(state)
    return state.tokens


def _trim_rules(found: list[Token]) -> list[Token]:
    """Drop the rules around a section: they parted it from others that are not on the page."""
    start, end = 0, len(found)
    while start < end and found[start].type == "hr":
        start += 1
    while end > start and found[end - 1].type == "hr":
        end -= 1
    return found[start:end]


def refuse_mazes(state: StateCore) -> None:
    """Stop before words are read when blocks or brackets are so many that it takes seconds."""
    if len(state.tokens) > MAX_PAGE_TOKENS or state.src.count("[") > MAX_BRACKETS:
        raise ParseError("The text has too many small parts to be shown with formatting.")


def _refuse_bombs(found: Sequence[Token]) -> None:
    """Stop link references that repeat a long address, and emphasis nested beyond any sense."""
    size = 0
    for token in found:
        depth = 0
        for child in token.children or []:
            depth += child.nesting
            size += sum(len(str(value)) for value in child.attrs.values())
            if depth > MAX_INLINE_DEPTH or size > MAX_HTML:
                raise ParseError("The text is too tangled to be shown with formatting.")


def _shift_headings(found: Sequence[Token]) -> None:
    headings = [token for token in found if token.type in ("heading_open", "heading_close")]
    shift = _TOP - min((int(token.tag[1:]) for token in headings), default=_TOP)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1:]) + shift)}"


def _tidy(children: Sequence[Token]) -> Iterator[Token]:
    """Keep links that lead out of the page, show images as links or words, drop the rest."""
    kept: list[bool] = []
    for token in children:
        if token.type == "link_open":
            kept.append(is_linkable(str(token.attrGet("href") or "")))
        elif token.type == "image":
            yield from _show_image(token, inside_link=any(kept))
            continue
        if token.type not in ("link_open", "link_close") or kept[-1]:
            yield token
        if token.type == "link_close":
            kept.pop()


def _show_image(token: Token, *, inside_link: bool) -> Iterator[Token]:
    """Show a remote image as a link to it, for no page may load it; any other by its words."""
    address = str(token.attrGet("src") or "")
    remote = is_remote(address) and not inside_link
    said = read_token(token)
    words = Token("text", "", 0, content=said or ("image" if remote else ""))
    if not remote:
        yield words
        return
    yield Token("link_open", "a", 1, attrs={"href": address})
    yield words
    yield Token("link_close", "a", -1)


def read_token(token: Token) -> str:
    """Read the words that a reader sees of one inline token."""
    if token.type == "image":
        return "".join(map(read_token, token.children or []))
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return "" if token.type == "html_inline" else token.content


def _mark_task(found: Sequence[Token], place: int) -> None:
    """Show `[x]` at the start of a list item as a ticked box."""
    first = (found[place].children or [Token("", "", 0)])[0]
    if first.type == "text" and place >= 2 and found[place - 2].type == "list_item_open":
        first.content = tick(first.content)


def _align(token: Token) -> None:
    """Say a table cell's side by class: a strict page has no style attributes."""
    style = str(token.attrs.pop("style", ""))
    if style.startswith("text-align:"):
        token.attrs["class"] = style.removeprefix("text-align:")
