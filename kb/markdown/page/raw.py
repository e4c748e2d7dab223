"""What becomes of raw HTML, links and images that a text brings along, in every dialect."""

from __future__ import annotations

import re
from html import escape

from kb.markdown.limits import MAX_BARE_TAGS, MAX_URL

_REMOTE = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_LINKABLE = re.compile(r"(?:https?://[^/\s]|mailto:[^\s])", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\]\s")
_BARE = re.compile(
    r"</?(?:br|kbd|sub|sup|mark|ins|del|details|summary)[ \t]{0,3}/?>",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"</?(?:div|p|center|span|font|b|i|u|em|strong|small)(?:[ \t\n][^<>]{0,500})?>|</a>"
    r"|<a[ \t]{1,3}(?:name|id)=[^<>\s]{1,200}[ \t]{0,3}/?>",
    re.IGNORECASE,
)
_TAG = re.compile(f"({_BARE.pattern}|{_SILENT.pattern})", re.IGNORECASE)


class RawWriter:
    """Writes the raw HTML of one page; it counts, for deep nests of tags make the gate slow."""

    def __init__(self) -> None:
        self.bare = 0

    def write(self, content: str) -> str:
        """Drop comments and layout tags, pass a few bare harmless tags, show all else as typed."""
        parts = _TAG.split(_drop_comments(content))
        return "".join(
            self._write_tag(part) if place % 2 else escape(part) for place, part in enumerate(parts)
        )

    def _write_tag(self, tag: str) -> str:
        if not _BARE.fullmatch(tag):
            return ""
        self.bare += 1
        return tag if self.bare <= MAX_BARE_TAGS else escape(tag)


def is_linkable(address: str) -> bool:
    """Tell whether a link may lead there: to the web or to a mailbox, never into this site."""
    return len(address) <= MAX_URL and bool(_LINKABLE.match(address))


def is_remote(address: str) -> bool:
    """Tell whether an image lies on the web, so that a page shows a link to it."""
    return len(address) <= MAX_URL and bool(_REMOTE.match(address))


def tick(words: str) -> str:
    """Show `[x]` at the start of a list item as a ticked box."""
    task = _TASK.match(words)
    return ("☐ " if task[1] == " " else "☑ ") + words[task.end() :] if task else words


def _drop_comments(content: str) -> str:
    kept, start = [], 0
    while (opened := content.find("<!--", start)) >= 0:
        closed = content.find("-->", opened + 4)
        if closed < 0:
            break
        kept.append(content[start:opened])
        start = closed + 3
    return "".join(kept) + content[start:]
