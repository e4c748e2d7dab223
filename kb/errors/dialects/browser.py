"""Messages of browser consoles: cross-origin refusals, sockets, failed loads, uncaught errors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.errors.unit import ErrorUnit, Line

MESSAGES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("CORS", r"Access to .{1,1000} from origin .{1,300} has been blocked by CORS policy.*"),
        ("CORS", r"Cross-Origin Request Blocked: .*"),
        ("CORS", r"Origin \S{1,300} is not allowed by Access-Control-Allow-Origin.*"),
        ("WebSocket", r"WebSocket connection to .{1,1000} failed.*"),
        ("WebSocket", r"Firefox can.t establish a connection to the server at wss?://.*"),
        ("MixedContent", r"Mixed Content: .*"),
        ("ContentSecurityPolicy", r"Refused to (?:load|execute|connect|apply|frame|run) .*"),
        ("FailedLoad", r"Failed to load resource: .*"),
        (
            "FailedLoad",
            r"(?:GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD) https?://\S{1,1000} "
            r"(?:net::ERR_\w{1,60}|[45]\d\d.*)",
        ),
        ("Uncaught", r"Uncaught (?:\(in promise\) )?\S.*"),
    )
)
"""Ordered, named patterns; what is matched is the message, whatever the console put before it."""

LINE_SIZE = 4_000


def find(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each console message."""
    return [unit for line in lines if (unit := _read(line))]


def _read(line: Line) -> ErrorUnit | None:
    for name, pattern in MESSAGES:
        if found := pattern.search(line.text[:LINE_SIZE]):
            return ErrorUnit("browser", name, found[0], line.number, line.number)
    return None
