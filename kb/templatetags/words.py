"""Numbers, times and names as people read them."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

AGES = (
    (60, 1, "just now"),
    (3_600, 60, "{} min ago"),
    (86_400, 3_600, "{} h ago"),
    (14 * 86_400, 86_400, "{} d ago"),
    (60 * 86_400, 7 * 86_400, "{} weeks ago"),
    (730 * 86_400, 30 * 86_400, "{} months ago"),
)
"""Below so many seconds, count in units of so many, and say so."""

SURE = ("a guess", "weak", "fair", "strong", "very strong")


def say_age(then: datetime, now: datetime) -> str:
    """Say in a word or two how long ago `then` was; a clock that went back gives "just now"."""
    seconds = max(int((now - then).total_seconds()), 0)
    for limit, unit, words in AGES:
        if seconds < limit:
            return words.format(seconds // unit)
    return f"{seconds // (365 * 86_400)} years ago"


@register.filter
def ago(then: datetime | None) -> str | SafeString:
    """Say how long ago, with the exact time behind it."""
    if then is None:
        return ""
    exact = then.strftime("%Y-%m-%d %H:%M UTC")
    age = say_age(then, timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', then.isoformat(), exact, age)


@register.filter
def counted(number: int, noun: str) -> str:
    """Say how many, with the noun's number right: "1 entry", "2,300 entries"."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}"


@register.filter
def grouped(number: int) -> str:
    """Return a number with its thousands parted: "12,300"."""
    return f"{number:,}"


CODE_NAMES = {"exit": "exit code", "http": "HTTP", "grpc": "gRPC", "sqlstate": "SQLSTATE"}
"""What to call the kinds of codes that a bare number does not tell."""


@register.filter
def bare_code(code: str) -> str:
    """Say a code such as `errno:EROFS` or `exit:137` as people write it: "EROFS", "exit code 137"."""
    kind, _, name = code.partition(":")
    return f"{CODE_NAMES[kind]} {name}" if kind in CODE_NAMES else name or kind


@register.filter
def level(confidence: float) -> int:
    """Return the step, 1 to 5, that a confidence of 0..1 stands on."""
    return min(max(int(confidence * 5) + 1, 1), 5)


@register.filter
def sure(confidence: float) -> str:
    """Say a confidence of 0..1 in words."""
    return SURE[level(confidence) - 1]
