"""Messages of browser consoles."""

from __future__ import annotations

import pytest

from kb.errors.dialects.browser import MESSAGES, find
from kb.errors.unit import ErrorUnit, Line

SAID = {
    "Access to fetch at 'http://a' from origin 'http://b' has been blocked by CORS policy: x": "CORS",
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading": "CORS",
    "Origin http://a is not allowed by Access-Control-Allow-Origin. Status: 200": "CORS",
    "WebSocket connection to 'ws://a' failed: no": "WebSocket",
    "Firefox can't establish a connection to the server at wss://a/b.": "WebSocket",
    "Mixed Content: The page at 'https://a' was loaded over HTTPS": "MixedContent",
    "Refused to load the script 'https://a' because": "ContentSecurityPolicy",
    "Failed to load resource: net::ERR_FAILED": "FailedLoad",
    "GET https://a/b net::ERR_FAILED": "FailedLoad",
    "POST http://a/b 500 (Internal Server Error)": "FailedLoad",
    "Uncaught (in promise) TypeError: no": "Uncaught",
    "Uncaught Error: x": "Uncaught",
}


def read(*rows: str) -> list[ErrorUnit]:
    """Return the errors of some rows."""
    return find([Line(number, row) for number, row in enumerate(rows, 1)])


@pytest.mark.parametrize(
    "before", ["", "(index):1 ", "app-4f1c.js:3:17 ", "console.error  ", "[1:ERROR] "]
)
@pytest.mark.parametrize(("message", "kind"), SAID.items())
def test_a_message_is_found_whatever_the_console_put_before_it(
    before: str, message: str, kind: str
) -> None:
    """The message starts where the browser's own words start."""
    (unit,) = read("all is well", before + message)

    assert (unit.runtime, unit.type, unit.message) == ("browser", kind, message)
    assert (unit.start, unit.end) == (2, 2)


@pytest.mark.parametrize(
    "row",
    [
        "",
        "Access to the kitchen from origin is free",
        "Origin unknown",
        "WebSocket connection to 'ws://a' is open",
        "Refused to eat",
        "GET https://a/b 200",
        "GET /b 500",
        "Uncaught ",
        "Firefox cannot",
    ],
)
def test_words_that_only_begin_like_a_message_are_none(row: str) -> None:
    """A message is known by its whole shape."""
    assert read(row) == []


def test_every_type_has_an_example() -> None:
    """A message without an example is not known to work."""
    assert {name for name, _, _ in MESSAGES} == set(SAID.values())
