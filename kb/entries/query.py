"""Read what a person types into the box: words, "phrases", -not and filters such as tag:aws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from kb.markdown.document import SectionKind

MAX_CHARS, MAX_WORDS = 512, 32
SECTIONS: tuple[str, ...] = ("title", "tags", *get_args(SectionKind))

_BARRED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ITEM = re.compile(
    r"""
    (?P<minus>-(?=[\w"]))?
    (?:(?P<field>tag|in|status|severity|type|code|path|before|after):(?=[^\s:]))?
    (?:"(?P<phrase>[^"]*+)(?P<close>"?)|(?P<word>\S++))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SPACED = re.compile(r"(?:^|\s)-?(tag|in|status|severity|type|code|path|before|after):(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a field of an Entry, such as its tag; `barred` turns it round."""

    field: str
    value: str
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query, read; `typing`: its last word may be unfinished, `notes`: what was ignored."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    barred_phrases: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    sections: tuple[str, ...] = ()
    typing: bool = False
    notes: tuple[str, ...] = ()

    def says_what(self) -> bool:
        """Tell whether there is something to look for, not only something to leave out."""
        return bool(self.words or self.phrases or any(not f.barred for f in self.filters))

    def has_parts(self) -> bool:
        """Tell whether some of it could be found where all of it is not."""
        return len(self.words) + sum(len(phrase.split()) for phrase in self.phrases) > 1


def read_query(text: str) -> Wanted:
    """Read `text`; whatever it holds, the answer is a query, and its notes say what was ignored."""
    notes = list(_explain_length(text)) + list(_explain_spaces(text))
    clean = _BARRED.sub(" ", text[:MAX_CHARS])
    found = [item for item in _ITEM.finditer(clean) if item["word"] or item["phrase"].strip()]
    if len(found) > MAX_WORDS:
        notes.append(f"Only the first {MAX_WORDS} words were searched.")
    if found and found[-1]["close"] == "":
        notes.append("The quote was left open, so the phrase runs to the end.")
    return _sort(found[:MAX_WORDS], typing=not clean[-1:].isspace(), notes=notes)


def _sort(items: list[re.Match[str]], *, typing: bool, notes: list[str]) -> Wanted:
    plain = [item for item in items if not item["field"]]
    filters = [_filter_of(item) for item in items if item["field"]]
    wrong = {f: complaint for f in filters if (complaint := _complain(f))}
    filters = [f for f in filters if f not in wrong]
    last = items[-1] if items else None
    return Wanted(
        words=tuple(_pick(plain, "word", barred=False)),
        phrases=tuple(_pick(plain, "phrase", barred=False)),
        barred=tuple(_pick(plain, "word", barred=True)),
        barred_phrases=tuple(_pick(plain, "phrase", barred=True)),
        filters=tuple(f for f in filters if f.field != "in"),
        sections=tuple(f.value for f in filters if f.field == "in"),
        typing=bool(typing and last and last["word"] and last in plain and not last["minus"]),
        notes=tuple(dict.fromkeys([*notes, *wrong.values()])),
    )


def _pick(items: list[re.Match[str]], group: str, *, barred: bool) -> Iterator[str]:
    for item in items:
        if item[group] and bool(item["minus"]) == barred:
            yield " ".join(item[group].split())


def _filter_of(item: re.Match[str]) -> Filter:
    value = item["word"] or " ".join((item["phrase"] or "").split())
    field = item["field"].lower()
    return Filter(field, value.lower() if field == "in" else value, bool(item["minus"]))


def _complain(found: Filter) -> str:
    check = _CHECKS.get(found.field)
    return check(found) if check else ""


def _check_section(found: Filter) -> str:
    if found.barred:
        return f"-in:{found.value} is not understood; use in:{found.value} to say where to look."
    if found.value in SECTIONS:
        return ""
    return f"in:{found.value} is not a section; use one of {', '.join(SECTIONS)}."


def _check_date(found: Filter) -> str:
    try:
        date.fromisoformat(found.value)
    except ValueError:
        return f"{found.field}:{found.value} is not a date; write it as {found.field}:2026-01-31."
    return ""


_CHECKS: Mapping[str, Callable[[Filter], str]] = {
    "in": _check_section,
    "before": _check_date,
    "after": _check_date,
}


def _explain_length(text: str) -> Iterator[str]:
    if len(text) > MAX_CHARS:
        yield f"Only the first {MAX_CHARS} characters were searched; paste longer text to match it."


def _explain_spaces(text: str) -> Iterator[str]:
    for field in dict.fromkeys(_SPACED.findall(text[:MAX_CHARS])):
        yield f"To filter, write {field}: and its value without a space between."
