"""Markdown becomes what a page may show: safe HTML, or one line of plain words."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from kb.markdown.dialects import COMMONMARK, load_dialect
from kb.markdown.document import ParseError
from kb.markdown.limits import MAX_HTML, MAX_RICH_BYTES
from kb.markdown.page.highlight import LANGUAGES
from kb.markdown.page.sanitise import make_cleaner
from kb.markdown.repair import clean

# Characters that reorder a line, so that what is read is not what is run.
_BIDI = {code: f"[U+{code:04X}]" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_CLEANER = make_cleaner(LANGUAGES)
_SAMPLE = 8_000


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rest of a source says about showing one part of it."""

    definitions: str = ""
    dialect: str = COMMONMARK


def render(text: str, *, definitions: str = "", dialect: str = COMMONMARK) -> str:
    """Write Markdown as safe HTML; never raises: what is too big or too tangled is shown as typed.

    `definitions` are those that stand elsewhere in the source (see `find_definitions`).
    """
    try:
        visible = clean(text).translate(_BIDI)
        return _write_rich(visible, definitions, dialect) or _write_plain(visible)
    except Exception:  # noqa: BLE001 - a page opens whatever a text holds, at worst as typed
        return _write_plain(text.encode("utf-8", "replace").decode())


def find_definitions(text: str, dialect: str = COMMONMARK) -> str:
    """Collect a text's definitions of links and notes, so that its sections can be shown alone."""
    try:
        return load_dialect(dialect).find_definitions(clean(text))
    except ParseError:
        return ""


def plain(text: str, limit: int = 200, dialect: str = COMMONMARK) -> str:
    """Reduce Markdown to one line of words of at most `limit` characters."""
    sample = clean(text[:_SAMPLE]).translate(_BIDI)
    words = " ".join(_read_words(sample, limit, dialect).split())
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" ,.;:") + "…"


def _read_words(sample: str, limit: int, dialect: str) -> str:
    try:
        return load_dialect(dialect).read_words(sample, limit)
    except ParseError:
        return sample


def _write_rich(text: str, definitions: str, dialect: str) -> str:
    """Return nothing when the page would be too big to be worth its formatting."""
    if len(text.encode()) > MAX_RICH_BYTES:
        return ""
    html = load_dialect(dialect).write_html(text, definitions)
    return _CLEANER.clean(html) if len(html) <= MAX_HTML else ""


def _write_plain(text: str) -> str:
    return f"<pre>{escape(text, quote=False)}</pre>"
