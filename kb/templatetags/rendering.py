"""The one place where text becomes HTML that is not escaped again."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe

from kb.markdown.render import render

register = template.Library()

REMEMBERED, REMEMBERED_CHARS = 256, 20_000
"""So many rendered texts of at most so many characters are kept: reading repeats itself."""

_remember = lru_cache(REMEMBERED)(render)


@register.filter
def markdown(text: str, definitions: str = "") -> SafeString:
    """Render Markdown; what comes out has passed the allow-list of `kb.markdown.render`."""
    short = len(text) + len(definitions) <= REMEMBERED_CHARS
    html = (_remember if short else render)(text, definitions=definitions)
    return mark_safe(html)  # noqa: S308  # the allow-list has cleaned it
