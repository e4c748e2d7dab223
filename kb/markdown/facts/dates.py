"""Find the days that a text names, written as numbers or with the month in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

MOST_YEARS = 500
WINDOW = 30

_MONTHS = {
    name[:3]: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(),
        1,
    )
} | {"m\u00e4r": 3, "mai": 5, "okt": 10, "dez": 12}
# What stands before is looked at last: first would be at every letter of a text.
_YEAR = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?<![\w/.:-]\d\d\d\d)"
    r"(?:(?P<sign>[-/.])(?P<month>\d\d)(?P=sign)(?P<day>\d\d)(?![\d.]|-\w)|(?![\w-]|\.\d))"
)
_MONTH = r"(?P<month>[A-Z][a-z\u00e4]{2,8})\.?"
_OURS = ("date", "start", "end")
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_WRITTEN = (
    re.compile(rf"(?<![\w.]){_DAY}[ -](?:of )?{_MONTH},?[ -]$"),
    re.compile(rf"(?<!\w){_MONTH} (?:the )?{_DAY},? $"),
)


def find_dates(text: str) -> Iterator[str]:
    """Yield the days that a text names, as 2024-03-05, in its order."""
    for found in islice(_YEAR.finditer(text), MOST_YEARS):
        if found["day"]:
            day = _make(found["year"], found["month"], found["day"])
        else:
            before = text[max(0, found.start() - WINDOW) : found.start()]
            day = _read_written(before, found["year"])
        if day:
            yield day


def read_dates(meta: Mapping[str, Any]) -> Iterator[str]:
    """Yield the days that front matter names, its own date first."""
    values = [*(meta.get(key) for key in _OURS), *meta.get("extra", {}).values()]
    yield from (
        day for value in values if isinstance(value, str) for day in find_dates(value[:100])
    )


def _read_written(before: str, year: str) -> str:
    """Read the day and the month in front of a year."""
    for pattern in _WRITTEN:
        if found := pattern.search(before.replace("\n", " ")):
            month = _MONTHS.get(found["month"][:3].lower(), 0)
            return _make(year, str(month), found["day"])
    return ""


def _make(year: str, month: str, day: str) -> str:
    """Write a day as 2024-03-05; empty when there is no such day."""
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
