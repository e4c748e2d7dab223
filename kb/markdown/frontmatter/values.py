"""The values of front matter, brought to one shape each; what does not fit says why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kb.markdown.frontmatter.aliases import STATUSES, Kind
from kb.markdown.repair import clean

# A comma is part of these values, so only a real list splits them.
_WHOLE = frozenset({"symptoms", "match", "not_match", "samples", "references"})
_PATTERNS = frozenset({"match", "not_match"})
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
# Of days written with slashes the month comes first, as in the documents that write them so.
_DATES = (
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%B %d %Y",
    "%Y-%m-%d",
)
_DAY_WORDS = re.compile(r"^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? |(?<=\d)(?:st|nd|rd|th)\b")
_DAY = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?=[T ]\d)")
_COMMAS = re.compile(r"[,;](?![^()]{0,200}\))")
_SNAKE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+(?:, ?[a-z0-9]+(?:_[a-z0-9]+)*)*")
_PLACEHOLDER = re.compile(r":[a-z_]{2,20}\b|\{")
_MAX_ITEMS = 200


class Misfit(Exception):
    """A value that is not of the kind its field asks for."""


def to_plain(value: Any) -> Any:
    """Turn a loader's value into clean text, lists and mappings of text, nothing else."""
    if isinstance(value, Mapping):
        return {clean(str(key)): to_plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    text = "" if value is None else clean(str(value)).strip()
    return "" if text in _EMPTY else text


def read_value(kind: Kind, value: Any, field: str) -> Any:
    """Read a plain value as its field wants it; raise Misfit with the reason when it cannot be."""
    return _READERS[kind](value, field)


def _read_text(value: Any, _field: str) -> str:
    if isinstance(value, str):
        return value
    parts = value if isinstance(value, list) else [value]
    names = [part.get("name", "") if isinstance(part, dict) else part for part in parts]
    if names and all(name and isinstance(name, str) for name in names):
        return ", ".join(names)
    raise Misfit("a line of text is expected.")


def _read_prose(value: Any, field: str) -> str:
    """Read what becomes a section: a list is written as one, `logic_error` as words."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "\n".join(f"- {item}" for item in value)
    if not isinstance(value, str):
        raise Misfit("a text or a list of texts is expected.")
    return value.replace("_", " ") if _SNAKE.fullmatch(value) else value


def _read_list(value: Any, field: str) -> list[str]:
    if isinstance(value, str):
        parts: Iterable[Any] = [value] if field in _WHOLE else _COMMAS.split(value)
    elif isinstance(value, list):
        parts = value
    else:
        parts = _open_mapping(value, field)
    items = [text for part in parts if (text := _read_item(part, field))]
    if len(items) > _MAX_ITEMS:
        raise Misfit(f"a list may have {_MAX_ITEMS} items.")
    return list(dict.fromkeys(items))


def _open_mapping(value: dict[str, Any], field: str) -> list[Any]:
    """Read `{django: "5.2"}` as one product each, and `{regex: a}` as one pattern."""
    if field in _PATTERNS | {"references"}:
        return [value]
    return [{"name": name, "version": version} for name, version in value.items()]


def _read_item(part: Any, field: str) -> str:
    if isinstance(part, str):
        return _shorten_folder(part.strip()) if field == "tags" else part.strip()
    reader = _ITEMS.get(field)
    text = reader(part) if reader and isinstance(part, dict) else ""
    if text:
        return text
    raise Misfit("a list of plain texts is expected.")


def _shorten_folder(tag: str) -> str:
    """Take the last part of a tag that is the path of a folder."""
    return tag.rstrip("/").rsplit("/", 1)[-1] if tag.count("/") > 1 or tag.endswith("/") else tag


def _read_product(part: dict[str, Any]) -> str:
    """Read `{name: django, version: 5.2}` as `django 5.2`."""
    words = [part.get("name") or part.get("product") or "", part.get("version") or ""]
    plain = words[0] and all(isinstance(word, str) for word in words)
    return " ".join(filter(None, words)) if plain else ""


def _read_pattern(part: dict[str, Any]) -> str:
    """Read `{regex: a}` as `/a/` and `{value: a}` as `a`."""
    for key, form in (("regex", "/{}/"), ("value", "{}"), ("string", "{}"), ("text", "{}")):
        if part.get(key) and isinstance(part[key], str):
            return form.format(part[key])
    return ""


def _read_link(part: dict[str, Any]) -> str:
    """Read `{title: a, url: b}` as a link."""
    words = [part.get("title") or part.get("name") or "", part.get("url") or part.get("link") or ""]
    if not all(isinstance(word, str) for word in words):
        return ""
    return f"[{words[0]}]({words[1]})" if all(words) else "".join(words)


_ITEMS: dict[str, Callable[[dict[str, Any]], str]] = {
    "products": _read_product,
    "versions": _read_product,
    "match": _read_pattern,
    "not_match": _read_pattern,
    "references": _read_link,
}


def _read_date(value: Any, field: str) -> str:
    text = _read_text(value, field)
    try:
        return dt.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return _read_written_date(text)


def _read_written_date(text: str) -> str:
    day = _DAY.match(text)
    written = _DAY_WORDS.sub("", day.group() if day else text).strip()
    for form in _DATES:
        try:
            return dt.datetime.strptime(written, form).date().isoformat()  # noqa: DTZ007 - a day only
        except ValueError:
            continue
    raise Misfit("a date such as 2025-03-31 is expected.")


def _read_time(value: Any, field: str) -> str:
    """Read a moment, or at least its day."""
    text = _read_text(value, field)
    try:
        return (
            dt.datetime.fromisoformat(text).isoformat()
            if len(text) > 10
            else _read_date(text, field)
        )
    except ValueError:
        return _read_date(text, field)


def _read_status(value: Any, field: str) -> str:
    word = re.sub(r"[\s_-]+", " ", _read_text(value, field).lower().replace("\u2019", "'")).strip()
    if word not in STATUSES:
        raise Misfit("draft, validated or archived is expected.")
    return STATUSES[word]


def _read_slug(value: Any, field: str) -> str:
    text = _read_text(value, field)
    if _PLACEHOLDER.search(text):
        raise Misfit("a written-out address is expected, not a pattern for one.")
    return text


_READERS: dict[Kind, Callable[[Any, str], Any]] = {
    "text": _read_text,
    "prose": _read_prose,
    "list": _read_list,
    "date": _read_date,
    "time": _read_time,
    "status": _read_status,
    "slug": _read_slug,
}
