"""Our names for what front matter says, whatever dialect it was written in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kb.markdown.repair import clean

# One row a field of ours: how it is read, then the keys other dialects use for it.
_FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "title": ("text", ("title", "name", "short_description", "headline")),
    "error": ("text", ("error", "error_message", "message", "exception")),
    "tags": ("list", ("tags", "tag", "categories", "category", "keywords", "labels", "topics")),
    "date": ("date", ("date", "created", "created_at", "start_time", "published", "incident_date")),
    "review_by": ("date", ("review_by", "review", "valid_to", "expires", "expirydate")),
    "severity": ("text", ("severity", "priority", "sev")),
    "status": ("status", ("status", "state", "workflow", "confidence", "draft")),
    "products": (
        "list",
        (
            "products",
            "product",
            "environment",
            "applies_to",
            "applications",
            "component",
            "components",
            "module",
            "company",
            "versions",
        ),
    ),
    "symptoms": ("list", ("symptoms", "symptom", "issue", "problem")),
    "root_cause": ("text", ("root_cause", "cause", "rootcause", "reason")),
    "fix": ("text", ("fix", "solution", "resolution", "workaround", "mitigation")),
    "owner": ("text", ("owner", "author", "authors", "team", "maintainer", "assignee")),
    "aliases": ("list", ("aliases", "alias", "redirect_from", "old_slugs")),
    "slug": ("text", ("slug", "permalink")),
    "summary": ("text", ("summary", "description", "abstract", "tldr")),
    "dialect": ("text", ("dialect", "markdown")),
    "match": ("list", ("match", "matches", "signature", "signatures")),
    "not_match": ("list", ("not_match", "negate", "exclude")),
    "samples": ("list", ("samples", "sample", "examples", "logs")),
}
_OURS = {key: field for field, (_, keys) in _FIELDS.items() for key in keys}
# A comma is part of these values, so only a real list splits them.
_WHOLE = frozenset({"symptoms", "match", "not_match", "samples"})
_STATUS = {
    "draft": (
        "draft",
        "wip",
        "work in progress",
        "in progress",
        "proposed",
        "true",
        "open",
        "not validated",
    ),
    "validated": (
        "validated",
        "published",
        "final",
        "done",
        "closed",
        "resolved",
        "fixed",
        "active",
        "complete",
        "completed",
        "approved",
        "verified",
        "false",
    ),
    "archived": ("archived", "archive", "obsolete", "deprecated", "retired", "superseded"),
}
_STATUSES = {word: status for status, words in _STATUS.items() for word in words}
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_DATES = ("%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
_MAX_ITEMS = 200


class _Misfit(Exception):
    """A value that is not of the kind its field asks for."""


def name_fields(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Sort values under our names; what has no name, or not the right shape, goes to `extra`."""
    meta: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    notes: list[str] = []
    for raw_key, raw in values.items():
        key, value = clean(str(raw_key)), _to_plain(raw)
        field = _OURS.get(re.sub(r"[\s-]", "_", key.strip().lower()))
        if field is None or value in ("", [], {}) or not _put(meta, field, value, notes, key):
            extra[key] = value
    return meta | {name: kept for name, kept in (("extra", extra), ("notes", notes)) if kept}


def _put(meta: dict[str, Any], field: str, value: Any, notes: list[str], key: str) -> bool:
    """Store one value under our name; lists of two keys are joined, a second text is not."""
    kind = _FIELDS[field][0]
    try:
        ours = _READERS[kind](value, field)
    except _Misfit as misfit:
        notes.append(f"`{key}` was left as it is: {misfit}")
        return False
    if field in meta and kind == "list":
        ours = list(dict.fromkeys([*meta[field], *ours]))
    elif field in meta:
        return False
    meta[field] = ours
    return True


def _to_plain(value: Any) -> Any:
    """Turn a loader's value into clean text, lists and mappings of text, nothing else."""
    if isinstance(value, Mapping):
        return {clean(str(key)): _to_plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_plain(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    text = "" if value is None else clean(str(value)).strip()
    return "" if text in _EMPTY else text


def _read_text(value: Any, _field: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    raise _Misfit("a line of text is expected.")


def _read_list(value: Any, field: str) -> list[str]:
    if isinstance(value, str):
        parts: Iterable[Any] = [value] if field in _WHOLE else re.split(r"[,;]", value)
    elif isinstance(value, list):
        parts = value
    else:
        parts = [{"name": name, "version": version} for name, version in value.items()]
    items = [text for part in parts if (text := _read_item(part, field))]
    if len(items) > _MAX_ITEMS:
        raise _Misfit(f"a list may have {_MAX_ITEMS} items.")
    return list(dict.fromkeys(items))


def _read_item(part: Any, field: str) -> str:
    """Read `{name: django, version: 5.2}` as `django 5.2`; other mappings are no list items."""
    if isinstance(part, str):
        return part.strip()
    if field == "products" and isinstance(part, dict):
        words = [part.get("name") or part.get("product") or "", part.get("version") or ""]
        if words[0] and all(isinstance(word, str) for word in words):
            return " ".join(filter(None, words))
    raise _Misfit("a list of plain texts is expected.")


def _read_date(value: Any, field: str) -> str:
    text = _read_text(value, field)
    try:
        return dt.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return _read_written_date(text)


def _read_written_date(text: str) -> str:
    for form in _DATES:
        try:
            return dt.datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day only
        except ValueError:
            continue
    raise _Misfit("a date such as 2025-03-31 is expected.")


def _read_status(value: Any, field: str) -> str:
    word = re.sub(r"[\s_-]+", " ", _read_text(value, field).lower())
    if word not in _STATUSES:
        raise _Misfit("draft, validated or archived is expected.")
    return _STATUSES[word]


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "text": _read_text,
    "list": _read_list,
    "date": _read_date,
    "status": _read_status,
}
