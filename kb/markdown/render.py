"""Markdown becomes what a page may show: safe HTML, or one line of plain words."""

from __future__ import annotations

from html import escape

from kb.markdown.dialects import commonmark
from kb.markdown.document import ParseError
from kb.markdown.highlight import LANGUAGES
from kb.markdown.limits import MAX_HTML, MAX_RICH_BYTES
from kb.markdown.repair import clean
from kb.markdown.sanitise import make_cleaner

# Characters that reorder a line, so that what is read is not what is run.
_BIDI = {code: f"[U+{code:04X}]" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_CLEANER = make_cleaner(LANGUAGES)
_SAMPLE = 8_000


def render(text: str, *, definitions: str = "") -> str:
    """Write Markdown as safe HTML; never raises: what is too big or too tangled is shown as typed.

    `definitions` are link definitions that stand elsewhere in the source (see `find_definitions`).
    """
    try:
        visible = clean(text).translate(_BIDI)
        return _write_rich(visible, definitions) or _write_plain(visible)
    except Exception:  # noqa: BLE001 - a page opens whatever a text holds, at worst as typed
        return _write_plain(text.encode("utf-8", "replace").decode())


def find_definitions(text: str) -> str:
    """Collect a text's link definitions, so that its sections can be shown one by one."""
    try:
        return commonmark.find_definitions(clean(text))
    except ParseError:
        return ""


def plain(text: str, limit: int = 200) -> str:
    """Reduce Markdown to one line of words of at most `limit` characters."""
    sample = clean(text[:_SAMPLE]).translate(_BIDI)
    words = " ".join(commonmark.read_words(sample, limit).split())
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" ,.;:") + "…"


def _write_rich(text: str, definitions: str) -> str:
    """Return nothing when the page would be too big to be worth its formatting."""
    if len(text.encode()) > MAX_RICH_BYTES:
        return ""
    html = commonmark.write_html(text, definitions)
    return _CLEANER.clean(html) if len(html) <= MAX_HTML else ""


def _write_plain(text: str) -> str:
    return f"<pre>{escape(text, quote=False)}</pre>"
