"""The one place where text becomes HTML that is not escaped again."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe

from kb.markdown.render import Setting, render

register = template.Library()

REMEMBERED, REMEMBERED_CHARS = 256, 20_000
"""So many rendered texts of at most so many characters are kept: reading repeats itself."""

_remember = lru_cache(REMEMBERED)(render)


@register.filter
def markdown(text: str, setting: str | Setting = "") -> SafeString:
    """Render Markdown as its source sets it; what comes out has passed the allow-list of `render`.

    `setting` says which definitions and which dialect; a string is definitions alone.
    """
    chosen = setting if isinstance(setting, Setting) else Setting(setting)
    short = len(text) + len(chosen.definitions) <= REMEMBERED_CHARS
    write = _remember if short else render
    html = write(text, definitions=chosen.definitions, dialect=chosen.dialect)
    return mark_safe(html)  # noqa: S308  # the allow-list has cleaned it
