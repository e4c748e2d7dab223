"""A paste is hostile: time stays bounded whatever it holds."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

import kb.errors
from kb.errors.envelope import normalise
from kb.errors.segment import segment
from kb.errors.signature import signatures_of

SECONDS = 2.0 if sys.gettrace() is None else 6.0
"""The law says two; a tracer that counts branches makes every line cost some times as much."""
LINES = 20_000
SOME = 5_000
"""Lines of what could be slow in one line only."""
TRACE = ["Traceback (most recent call last):", '  File "/a.py", line 3, in f', "V{at}Error: x {at}"]


def rows(*shapes: str, count: int = LINES) -> str:
    """Return so many lines, in turn of each shape, with their number at `{at}`."""
    return "\n".join(shapes[at % len(shapes)].replace("{at}", str(at)) for at in range(count))


def wide(shape: str) -> str:
    """Return lines that repeat a shape over 250 characters."""
    return "\n".join([shape * (250 // len(shape))] * SOME)


PASTES: dict[str, Callable[[], str]] = {
    "one line": lambda: "a" * 5_000_000,
    "one line of words": lambda: "error failed " * 400_000,
    "one line of names": lambda: "a.a." * 1_250_000,
    "spaces": lambda: " " * 5_000_000,
    "line ends": lambda: "\r\n" * 2_500_000,
    "carriage returns": lambda: "\r" * 4_000_000,
    "combining marks": lambda: "\u0300\u0323" * 100_000,
    "one accent": lambda: "e" + "\u0300" * 200_000,
    "surrogates": lambda: "\ud800" * 500_000,
    "NUL": lambda: "\0" * 2_000_000,
    "colours": lambda: "\x1b[" * 1_000_000,
    "unclosed titles": lambda: ("\x1b]" + "a" * 1_000) * 2_000,
    **{
        f"{shape!r}": (partial(wide, shape))
        for shape in [
            "a.a.a.",
            "[",
            '{"',
            "at ",
            "(",
            'File "',
            "error ",
            "Ab",
            "a| ",
            "/",
            "1",
            "E1",
        ]
    },
    "warnings": lambda: rows("WARN something {at} odd", count=SOME),
    "warnings of other letters": lambda: rows(
        *(
            f"WARN {chr(97 + at % 26)}{chr(97 + at // 26)}oven /x/{at}/y 0x{at:x}9ab7f"
            for at in range(676)
        ),
        count=SOME,
    ),
    "exceptions, each another": lambda: rows("my.mod{at}.Weird{at}Error: thing {at} failed"),
    "trace headers": lambda: rows(TRACE[0]),
    "trace headers and frames": lambda: rows(*TRACE[:2]),
    "traces": lambda: rows(*TRACE),
    "one endless trace": lambda: "\n".join([TRACE[0], rows(TRACE[1]), "KeyError: 1"]),
    "causes": lambda: rows("Caused by: java.lang.X{at}Exception: m {at}"),
    "headers without a stack": lambda: rows("java.lang.X{at}Exception: m", "X{at}Error: m"),
    "Java frames of slashes": lambda: rows(
        "a.b.CException: x", "\tat " + "a.a/" * 50 + "(", count=SOME
    ),
    "JavaScript frames of brackets": lambda: rows(
        "AError: x", *["    at " + "( " * 100] * 5, count=SOME
    ),
    "JavaScript prefixes": lambda: rows("a " * 100 + "Error", count=SOME),
    "half a CORS message": lambda: rows(
        "Access to x from origin " * 10 + "has been blocked", count=SOME
    ),
    "loggers": lambda: rows("ERROR " + "a.b.c - " * 30, count=SOME),
    "threads": lambda: rows("ERROR " + "[a] " * 60, count=SOME),
    "nginx tails": lambda: rows("ERROR x" + ", client: a, client" * 12, count=SOME),
    "quotes": lambda: rows("WARN " + "'a" * 120, count=SOME),
    "JSON lines": lambda: rows(
        '{"level":"error","message":"x {at} failed","stack":"a\\nb"}', count=SOME
    ),
    "JSON that unfolds": lambda: "\n".join([json.dumps({"message": "a\n" * 1_000})] * 1_000),
    "JSON with many keys": lambda: json.dumps({f"k{at}": at for at in range(19_000)}, indent=0),
    "deep JSON": lambda: '{"a":' * 100_000 + "1" + "}" * 100_000,
    "deep JSON lines": lambda: '{"a":\n' * 15_000 + "1" + "}\n" * 4_000,
}


@pytest.mark.parametrize("make", PASTES.values(), ids=PASTES.keys())
def test_a_hostile_paste_takes_two_seconds_at_most(make: Callable[[], str]) -> None:
    """From text to signatures in bounded time: no shape of paste is quadratic."""
    text = make()

    began = time.process_time()
    units = segment(normalise(text).lines)
    keys = [signature.search_keys() for signature in signatures_of(units)]
    took = time.process_time() - began

    assert len(keys) <= len(units)
    assert took <= SECONDS


# Patterns

SCANS = {"codes.CODES"}
"""Tables whose patterns look anywhere in a text; any other use is read from the code."""
TOKENS = {"mask.MASKS"}
"""Tables whose patterns must cover all of a text."""
SHAPES = [
    "a",
    "A",
    "1",
    " ",
    "/",
    "\\",
    "-",
    "_",
    ":",
    "[",
    "(",
    "{",
    "<",
    "'",
    "a.",
    "A.",
    "a/",
    "a:",
]
SHAPES += ["A_", "a1", "1.", "0:", "a@", "a ", ": a", ":1", "\x1b[", "Error: ", ", client: a", "é"]
WORDS = re.compile(r"[A-Za-z:]{3,}")
ESCAPES = re.compile(r"\\.|\(\?.")


def patterns(value: Any) -> Iterator[re.Pattern[str]]:
    """Yield the patterns inside a table."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from patterns(inner)


def all_patterns() -> dict[str, tuple[str, re.Pattern[str]]]:
    """Return each pattern of kb/errors by name and number, with how the code uses it."""
    found = {}
    for module in pkgutil.walk_packages(kb.errors.__path__, "kb.errors."):
        source = inspect.getsource(loaded := importlib.import_module(module.name))
        for name in filter(str.isupper, vars(loaded)):
            full = f"{module.name.removeprefix('kb.errors.')}.{name}"
            scans = full in SCANS or re.search(rf"\b{name}\.(?:search|sub|findall)\(", source)
            use = "scan" if scans else "fullmatch" if full in TOKENS else "match"
            for at, pattern in enumerate(patterns(getattr(loaded, name))):
                found[f"{full}-{at}"] = (use, pattern)
    return found


PATTERNS = all_patterns()


def is_slow(use: str, pattern: re.Pattern[str], shape: str) -> bool:
    """Tell whether 100 kB of the shape take more than 0.1 s."""
    text = (shape * (100_000 // len(shape) + 1))[:100_000] + "!"
    began = time.process_time()
    if use == "scan":
        pattern.sub("", text)
    else:
        getattr(pattern, use)(text)
    return time.process_time() - began > 0.1


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_linear_time_over_100_kb(name: str) -> None:
    """Each pattern meets 100 kB of each shape, and of its own words, which lead deepest into it."""
    use, pattern = PATTERNS[name]
    own = [f"{word} " for word in WORDS.findall(ESCAPES.sub("", pattern.pattern))[:6]]

    slow = [shape for shape in SHAPES + own if is_slow(use, pattern, shape)]

    assert [shape for shape in slow if is_slow(use, pattern, shape)] == []


def test_every_pattern_is_found() -> None:
    """The law above speaks of all tables and single patterns."""
    assert {name.rpartition("-")[0] for name in PATTERNS} >= SCANS | TOKENS | {
        "envelope.ANSI",
        "envelope.ENVELOPES",
        "dialects.browser.MESSAGES",
        "dialects.log.LEADS",
        "dialects.python.FRAME",
    }
