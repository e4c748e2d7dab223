"""Find what a text quotes from machines: fences, block quotes and inline code."""

from __future__ import annotations

from kb.markdown.dialects import COMMONMARK, Quote, load_dialect

__all__ = ["Quote", "find_quotes"]


def find_quotes(text: str, dialect: str = COMMONMARK) -> tuple[Quote, ...]:
    """Return everything quoted in `text` at any depth, in order."""
    return tuple(load_dialect(dialect).find_quotes(text))
