"""Messages of browser consoles: cross-origin refusals, sockets, failed loads, uncaught errors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.errors.unit import ErrorUnit, Line

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
MESSAGES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (name, lead, re.compile(rest))
    for name, lead, rest in (
        (
            "CORS",
            "Access to ",
            r"(?>.{1,1000}? from origin ).{1,300}? has been blocked by CORS policy.*",
        ),
        ("CORS", "Cross-Origin Request Blocked: ", r".*"),
        ("CORS", "Origin ", r"\S{1,300} is not allowed by Access-Control-Allow-Origin.*"),
        ("WebSocket", "WebSocket connection to ", r".{1,1000}? failed.*"),
        ("WebSocket", "Firefox can", r".t establish a connection to the server at wss?://.*"),
        ("MixedContent", "Mixed Content: ", r".*"),
        ("ContentSecurityPolicy", "Refused to ", r"(?:load|execute|connect|apply|frame|run) .*"),
        ("FailedLoad", "Failed to load resource: ", r".*"),
        *(
            ("FailedLoad", f"{method} http", r"s?://\S{1,1000} (?:net::ERR_\w{1,60}|[45]\d\d.*)")
            for method in METHODS
        ),
        ("Uncaught", "Uncaught ", r"(?:\(in promise\) )?\S.*"),
    )
)
"""Ordered: the type, how the message begins, and how it goes on, whatever the console put before it."""

LINE_SIZE = 4_000


def find(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each console message."""
    return [unit for line in lines if (unit := _read(line.text[:LINE_SIZE], line.number))]


def _read(text: str, number: int) -> ErrorUnit | None:
    for name, lead, rest in MESSAGES:
        at = text.find(lead)
        if at >= 0 and (found := rest.match(text, at + len(lead))):
            return ErrorUnit("browser", name, text[at : found.end()], number, number)
    return None
