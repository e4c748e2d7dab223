"""Cut the part of a text that shows why it was found, with the found words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Snippet = tuple[tuple[str, bool], ...]
"""Text in parts; True marks what was looked for."""

SIZE, BEFORE = 240, 60
MAX_TEXT = 20_000
_SHORT = 4

_FENCE = re.compile(r"^[ \t>]*+(?:`{3,}+|~{3,}+)[^\n]*+$", re.MULTILINE)
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}+[ \t]++", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*([^*\n]{1,300}+)\*\*|`([^`\n]{1,300}+)`")


def count_terms(text: str, terms: Iterable[str]) -> int:
    """Count the different `terms` that `text` holds."""
    lowered = text[:MAX_TEXT].lower()
    return sum(term in lowered for term in terms)


def cut_snippet(text: str, terms: Sequence[str]) -> Snippet:
    """Return what surrounds the most telling term, or the beginning, with all terms marked."""
    plain = read_plain(text)
    start = _begin(plain, _locate(plain.lower(), terms))
    end = _finish(plain, start + SIZE)
    parts = mark_terms(plain[start:end], terms)
    opening = (("… ", False),) if start else ()
    closing = ((" …", False),) if end < len(plain) else ()
    return (*opening, *parts, *closing)


def read_plain(text: str) -> str:
    """Return Markdown as one line of text without the marks that only shape it."""
    text = _HEADING.sub("", _FENCE.sub(" ", text[:MAX_TEXT]))
    return " ".join(_EMPHASIS.sub(lambda found: found[1] or found[2], text).split())


def mark_terms(text: str, terms: Iterable[str]) -> Snippet:
    """Split `text` into parts, True where it holds one of `terms`."""
    choices = [_pattern(term) for term in sorted({t for t in terms if t}, key=len, reverse=True)]
    if not choices or not text:
        return ((text, False),) if text else ()
    parts = re.split(f"({'|'.join(choices)})", text, flags=re.IGNORECASE)
    return tuple((part, bool(at % 2)) for at, part in enumerate(parts) if part)


def _pattern(term: str) -> str:
    # A short term inside a longer word is chance: `tag` in `stage`.
    return re.escape(term) if len(term) >= _SHORT else rf"(?<![^\W_]){re.escape(term)}"


def _locate(lowered: str, terms: Sequence[str]) -> int:
    longest_first = sorted(terms, key=len, reverse=True)
    return next((at for term in longest_first if (at := lowered.find(term)) >= 0), 0)


def _begin(text: str, at: int) -> int:
    # `lower()` may change the length of a text in rare scripts; never start behind its end.
    start = max(0, min(at, len(text)) - BEFORE)
    space = text.find(" ", start, start + BEFORE) if start else -1
    return space + 1 if space >= 0 else start


def _finish(text: str, end: int) -> int:
    space = text.rfind(" ", end - BEFORE, end) if end < len(text) else -1
    return space if space >= 0 else min(end, len(text))
