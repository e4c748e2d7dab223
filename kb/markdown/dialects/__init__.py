"""The ways of writing Markdown that are understood; each is one file and one row here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from kb.markdown.document import Block, Heading, ParseError

COMMONMARK = "commonmark"


@dataclass(frozen=True, slots=True)
class Quote:
    """One quoted piece: how it is set, its language if named, and what it says."""

    kind: Literal["fence", "quote", "inline"]
    info: str
    text: str


class Dialect(Protocol):
    """What every dialect can do; all of it may raise ParseError, and nothing else."""

    def find_nodes(self, text: str) -> Iterator[Heading | Block]:
        """Yield headings and blocks in order, with lines that count from 0."""

    def write_html(self, text: str, definitions: str) -> str:
        """Write HTML for the gate; `definitions` are what `find_definitions` found elsewhere."""

    def find_definitions(self, text: str) -> str:
        """Write a text's definitions of links and notes anew, for its parts to be shown alone."""

    def find_quotes(self, text: str) -> Iterator[Quote]:
        """Yield what a text quotes from machines."""

    def read_words(self, text: str, limit: int) -> str:
        """Read the words of a text, up to about `limit` characters of them."""


def _load_commonmark() -> Dialect:
    import kb.markdown.dialects.commonmark

    return kb.markdown.dialects.commonmark


def _load_python_markdown() -> Dialect:
    import kb.markdown.dialects.python_markdown

    return kb.markdown.dialects.python_markdown


# A dialect is imported when the first text asks for it: each brings a parser of its own.
DIALECTS: dict[str, Callable[[], Dialect]] = {
    COMMONMARK: _load_commonmark,
    "python-markdown": _load_python_markdown,
}
_OTHER_NAMES = {"mkdocs": "python-markdown", "gfm": COMMONMARK, "github": COMMONMARK}


def name_dialect(name: str) -> str:
    """Return our name of a dialect, however it is spelled; raise ParseError when there is none."""
    plain = name.strip().lower().replace("_", "-")
    ours = _OTHER_NAMES.get(plain, plain)
    if ours not in DIALECTS:
        known = " or ".join(DIALECTS)
        raise ParseError(
            f"There is no Markdown dialect {name[:40]!r}. Write {known}, or leave it out."
        )
    return ours


def load_dialect(name: str) -> Dialect:
    """Return a dialect by any of its names; raise ParseError when there is none."""
    return DIALECTS[name_dialect(name)]()
