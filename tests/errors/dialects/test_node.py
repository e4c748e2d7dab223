"""JavaScript errors as V8 prints them."""

from __future__ import annotations

import pytest

from kb.errors.dialects.node import find
from kb.errors.unit import ErrorUnit, Line

AT = "    at send (/srv/app/app.js:3:5)"


def read(*rows: str) -> list[ErrorUnit]:
    """Return the errors of some rows."""
    return find([Line(number, row) for number, row in enumerate(rows, 1)])


@pytest.mark.parametrize(
    ("header", "kind", "message", "codes"),
    [
        ("TypeError: no", "TypeError", "no", ()),
        ("Error", "Error", "", ()),
        ("AxiosError: x: y", "AxiosError", "x: y", ()),
        ("Error [ERR_MODULE_NOT_FOUND]: no", "Error", "no", ("name:ERR_MODULE_NOT_FOUND",)),
        ("DOMException: x", "DOMException", "x", ()),
        ("Uncaught TypeError: no", "TypeError", "no", ()),
        ("Uncaught (in promise) TypeError: no", "TypeError", "no", ()),
        ("app.js:3 Uncaught TypeError: no", "TypeError", "no", ()),
        ("(index):1 Uncaught Error: no", "Error", "no", ()),
        ("order not stored: TypeError: no", "TypeError", "no", ()),
        ("18:00:01 ERROR [main] RangeError: no", "RangeError", "no", ()),
        ("Error: at TypeError: no", "Error", "at TypeError: no", ()),
    ],
)
def test_a_header_with_a_stack_is_an_error(
    header: str, kind: str, message: str, codes: tuple[str, ...]
) -> None:
    """The type and message are found whatever a console or a logger put before them."""
    (unit,) = read("starting", header, AT)

    assert (unit.type, unit.message, unit.codes) == (kind, message, codes)
    assert (unit.start, unit.end) == (2, 3)


@pytest.mark.parametrize(
    "rows",
    [
        ["TypeError: no"],
        ["TypeError: no", "1", "2", "3", "4", "5", "6", AT],
        ["TypeError: no", "    at the end of the day"],
        ["TypeError: no", "    at "],
        ["no error here", AT],
        ["An error: x", AT],
        ["xTypeError", AT],
    ],
)
def test_without_a_stack_or_a_type_there_is_no_error(rows: list[str]) -> None:
    """Prose about errors is left to others."""
    assert read(*rows) == []


def test_the_nearest_header_owns_the_stack() -> None:
    """Of two headers in a row the second has the calls."""
    assert [unit.type for unit in read("AError: x", "BError: y", AT)] == ["BError"]


def test_an_error_begins_with_the_excerpt_and_ends_with_its_properties() -> None:
    """Node prints the place and the source above, and properties below in braces."""
    (unit,) = read(
        "starting",
        "/srv/app/app.js:3",
        "  throw new Error('x')",
        "        ^",
        "Error: x",
        "with more to say",
        AT + " {",
        "  code: 'ENOENT',",
        "  syscall: 'open'",
        "}",
        "Node.js v20.20.2",
    )

    assert (unit.start, unit.end, unit.codes) == (2, 10, ("errno:ENOENT",))


@pytest.mark.parametrize(
    ("rows", "roles"),
    [
        (["Error: a", AT + " {", "  [cause]: Error: b", AT, "}"], "wrapper root"),
        (["  [cause]: Error: b", AT], "single"),
        (["Error: a", AT, "Error: b", AT], "single single"),
        (["Error: a", AT, "    Error: b", AT], "single single"),
    ],
)
def test_a_cause_is_the_root(rows: list[str], roles: str) -> None:
    """The error in `[cause]` explains the one it stands in."""
    assert " ".join(unit.role for unit in read(*rows)) == roles


@pytest.mark.parametrize(
    ("call", "module", "function", "own"),
    [
        ("send (/srv/app/app.js:3:5)", "app", "send", True),
        ("async send (/srv/app/app.js:3:5)", "app", "send", True),
        ("new Cart (/srv/app/cart.ts:3:5)", "cart", "Cart", True),
        ("Cart.add [as sum] (/srv/app/cart.mjs:3:5)", "cart", "add", True),
        ("/srv/app/app.js:3:5", "app", "<anonymous>", True),
        ("file:///srv/app/app.js:3:5,", "app", "<anonymous>", True),
        ("send (C:\\shop\\app.js:3:5)", "app", "send", True),
        ("send (file:///C:/shop/new app.js:3:5)", "new app", "send", True),
        ("button.onclick ((index):14:43)", "(index)", "onclick", True),
        ("send (https://shop.example/assets/app-4f1c.js?v=17:3:5)", "app", "send", True),
        ("send (https://shop.example/assets/app.DkT9x2aB.js:3:5)", "app", "send", True),
        ("send (/srv/app/read-feed.js:3:5)", "read-feed", "send", True),
        ("eval (eval at send (/srv/a.js:1:1), <anonymous>:1:1)", "<anonymous>", "eval", False),
        ("async Promise.all (index 0)", "index", "all", False),
        ("Array.map (<anonymous>)", "<anonymous>", "map", False),
        ("Array.sort (native)", "native", "sort", False),
        ("run (node:internal/modules/run_main:164:12)", "run_main", "run", False),
        ("x (/srv/app/node_modules/ws/lib/websocket.js:9:1)", "websocket", "x", False),
    ],
)
def test_a_frame_loses_what_varies(call: str, module: str, function: str, *, own: bool) -> None:
    """Places, versions and what builds put into file names change; file and function stay."""
    frame = read("Error: x", f"    at {call}")[0].frames[0]

    assert (frame.module, frame.function, frame.own) == (module, function, own)
