"""Find how long a trouble lasted, as a text says it; never how long something waited or was set to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        "zero|a,an,one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve".split("|")
    )
    for word in words.split(",")
} | {"half an": 0.5}
_WORD = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_UNIT = r"(?:d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![A-Za-z])"
_STEP = rf"(?:\d{{1,6}}(?:[.,]\d{{1,3}})?[ -]?|(?:{_WORD})[ -]){_UNIT}"
_LONG = re.compile(
    rf"(?:(?P<digits>\d{{1,6}}(?:[.,]\d{{1,3}})?)[ -]?|\b(?P<word>{_WORD})[ -])(?P<unit>[dhms])",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,3}):(\d\d)(?::(\d\d))?(?: ?(?:h|hrs?|hours?)\b)?")
_SPAN = (
    rf"(?P<span>{_STEP}(?:,? (?:and )?{_STEP}|{_STEP}){{0,3}}|\d{{1,3}}:\d\d:\d\d"
    r"|\d{1,3}:\d\d ?(?:h|hrs?|hours?)\b)"
)
_ABOUT = (
    r"(?:(?:for|about|around|approximately|approx\.?|roughly|nearly|almost|over|some|just|under"
    r"|a total of|more than|less than|~|\u2248|ca\.?) ?){0,3}"
)
_TROUBLE = (
    r"(?:outage|incident|downtime|disruption|degradation|interruption|problem|issue|impact|failure"
    r"|unavailability|event)"
)
_LABEL = (
    rf"(?:(?:total|full|overall|estimated|approximate|service|production|customer|user|{_TROUBLE}) ){{0,2}}"
    rf"(?:duration(?: of (?:the )?{_TROUBLE})?|downtime|outage time|length of (?:the )?{_TROUBLE}|dauer)"
)
_RECOVERY = (
    r"(?:mean )?time to (?:recover(?:y)?|resol(?:ve|ution)|restore|mitigate|mitigation|repair)|mttr"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:^|[|\n;.])[\s*_|>-]{{0,9}}{_LABEL}\s{{0,3}}[*_]{{0,2}}\s{{0,3}}(?:[:|=]|[\u2013\u2014-]|was|of)[*_\s|:]{{0,9}}{_ABOUT}{_SPAN}",
        rf"(?:^|\n|\b(?:{_TROUBLE}|it|which|this|that) (?:[\w,-]+ ){{0,8}}?)last(?:ed|ing) {_ABOUT}{_SPAN}",
        rf"\b{_TROUBLE} (?:of|for) {_ABOUT}{_SPAN}",
        rf"\b{_SPAN}(?: long|-long)? (?:outage|downtime|disruption|of downtime|of degradation)\b",
        rf"\b(?:down|unavailable|offline|degraded|unreachable|inaccessible) for {_ABOUT}{_SPAN}",
        rf"(?:^|[|\n;.])[\s*_|>-]{{0,9}}(?:{_RECOVERY})\s{{0,3}}[*_]{{0,2}}\s{{0,3}}[:|=][*_\s|:]{{0,9}}{_ABOUT}{_SPAN}",
    )
)
"""The most explicit first."""
_HINTS = (
    "duration|dauer|downtime|outage|lasted|lasting|time to re|time to mit|mttr|able for |down for "
    "|line for |graded for |disruption|degradation|interruption|incident of|incident for"
).split("|")
_WAITS = re.compile(
    r"time[sd]?[ -]?out|retr(?:y|ies)|interval|billed|ttl\b|grace|cache|sla\b|per (?:day|month|year)",
    re.IGNORECASE,
)
_STARTS = ("start_time", "start", "started", "started_at", "incident_start", "begin", "from")
_ENDS = ("end_time", "end", "ended", "ended_at", "incident_end", "resolved", "resolved_at", "to")
MAX_TEXT = 20_000
MAX_LABEL = 100
MAX_SECONDS = 400 * 86_400


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a trouble lasted, in seconds, and the words that say so."""

    seconds: int
    text: str


def find_duration(texts: Sequence[str]) -> Duration | None:
    """Return the duration that the texts tell most explicitly, if any does."""
    if not _may_tell("\n".join(texts)):
        return None
    found = [told for text in texts if _may_tell(text) and (told := _search(text[:MAX_TEXT]))]
    return min(found, key=itemgetter(0))[1] if found else None


def _may_tell(text: str) -> bool:
    small = text.lower()
    return any(hint in small for hint in _HINTS)


def read_duration(meta: Mapping[str, Any]) -> Duration | None:
    """Return the duration that front matter tells, in words or by a start and an end."""
    extra = meta.get("extra", {})
    told = {str(key).lower().replace("-", "_"): str(value) for key, value in extra.items()}
    told |= {key: str(meta[key]) for key in ("duration", "start", "end", "date") if key in meta}
    for key in ("duration", "downtime", "outage_duration"):
        if seconds := measure(told.get(key, "")[:MAX_LABEL]):
            return Duration(seconds, told[key])
    return _read_times(told)


def measure(text: str) -> int:
    """Return the seconds that words such as `2h15m` or `an hour and 5 minutes` are; 0 if none."""
    if clock := _CLOCK.fullmatch(text.strip()):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3_600 + minutes * 60 + seconds
    total = sum(_count(one) for one in _LONG.finditer(text))
    return int(total) if total <= MAX_SECONDS else 0


def _count(step: re.Match[str]) -> float:
    word = step["word"]
    amount = _NUMBERS[word.lower()] if word else float(step["digits"].replace(",", "."))
    return amount * _UNITS[step["unit"].lower()]


def _search(text: str) -> tuple[int, Duration] | None:
    for rank, pattern in enumerate(_PATTERNS):
        for found in pattern.finditer(text):
            around = text[max(0, found.start() - 60) : found.end() + 30]
            seconds = 0 if _WAITS.search(around) else measure(found["span"])
            if seconds:
                return rank, Duration(seconds, " ".join(found["span"].split()))
    return None


def _read_times(values: Mapping[str, str]) -> Duration | None:
    """Return the time between a start and an end that both name the minute."""
    start = next(
        (time for key in (*_STARTS, "date") if (time := _read_time(values.get(key, "")))), None
    )
    end = next((time for key in _ENDS if (time := _read_time(values.get(key, "")))), None)
    if start is None or end is None or (start.tzinfo is None) != (end.tzinfo is None):
        return None
    seconds = int((end - start).total_seconds())
    if not 0 < seconds <= MAX_SECONDS:
        return None
    return Duration(seconds, f"{start.isoformat(sep=' ')} to {end.isoformat(sep=' ')}")


def _read_time(text: str) -> dt.datetime | None:
    if ":" not in text:
        return None
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
