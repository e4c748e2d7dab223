"""Single lines that report an error."""

from __future__ import annotations

import pytest

from kb.errors.dialects.log import CUES, find, find_all
from kb.errors.unit import ErrorUnit, Line

UUID = "908ad625-a80e-4bdb-b3d2-6f93531cbd3f"
LOGGED = [
    ("ERROR order lost", "order lost"),
    ("ERROR: order lost", "order lost"),
    ("[ERROR] order lost", "order lost"),
    ("[error] order lost", "order lost"),
    ("<ERROR> order lost", "order lost"),
    ("Error: order lost", "order lost"),
    ("FATAL - order lost", "order lost"),
    ("npm ERR! order lost", "order lost"),
    ("panic: order lost", "order lost"),
    ("[18:00:01 ERR] order lost", "order lost"),
    ("ERROR:root:order lost", "order lost"),
    ("ERROR:shop.orders:order lost", "order lost"),
    ("ERROR in app: order lost", "order lost"),
    ("18:00:01.120 [main] ERROR shop.Orders - order lost", "order lost"),
    ("2026-11-22 18:00:01,120 ERROR [main] shop.Orders: order lost", "order lost"),
    ("2026-11-22T18:00:01Z ERROR 7 --- [nio-1] shop.Orders     : order lost", "order lost"),
    ("[2026-11-22 18:00:01,120: ERROR/MainProcess] order lost", "order lost"),
    ("[2026-11-22 18:00:01 +0000] [7] [ERROR] order lost", "order lost"),
    ("E, [2026-11-22T18:00:01 #7] ERROR -- : order lost", "order lost"),
    (f"[ERROR]\t2026-11-22T18:00:01.120Z\t{UUID}\torder lost", "order lost"),
    ("level=error order lost", "order lost"),
    ('severity="critical" order lost', "order lost"),
    ("E1122 15:04:05.123456       7 sync.go:12] order lost", "order lost"),
    ("F1122 15:04:05.1 7 sync.go:12] order lost", "order lost"),
    (
        '2026/11/22 18:00:01 [error] 7#7: *1 order lost, client: 10.0.0.1, server: x, request: "GET /"',
        "order lost",
    ),
    ("2026/11/22 18:00:01 [crit] 7#7: order lost, client: 10.0.0.1", "order lost"),
    ("2026-11-22 18:00:01.120 UTC [7] ERROR:  order lost", "order lost"),
    ("ERROR [Errno 30] order lost", "[Errno 30] order lost"),
    ("ERROR [SSL: CERTIFICATE_VERIFY_FAILED] lost", "[SSL: CERTIFICATE_VERIFY_FAILED] lost"),
    ("ERROR [ORDER_LOST] x", "[ORDER_LOST] x"),
    ("ERROR Exception on /photos [POST]", "Exception on /photos [POST]"),
    ("ERROR [main]", "[main]"),
]
WARNED = [
    ("WARN order is late", "order is late"),
    ("WARNING:root:order is late", "order is late"),
    ("[warn] order is late", "order is late"),
    ("W1122 15:04:05.1 7 sync.go:12] order is late", "order is late"),
    ("level=warning order is late", "order is late"),
]
TYPED = [
    ("KeyError: 'x'", "KeyError", "'x'"),
    ("KeyError", "KeyError", ""),
    (
        "json.decoder.JSONDecodeError: Expecting value",
        "json.decoder.JSONDecodeError",
        "Expecting value",
    ),
    ("ERROR shop.NotStoredException: order 7", "shop.NotStoredException", "order 7"),
    ("order lost (requests.ReadTimeout: 5 s)", "requests.ReadTimeout", "5 s)"),
    ("Error Type: Runtime.ExitError", "Runtime.ExitError", ""),
    (
        "Runtime.ImportModuleError: Unable to import module 'x': No module named 'y'",
        "Runtime.ImportModuleError",
        "Unable to import module 'x': No module named 'y'",
    ),
    ("E   AssertionError: x", "AssertionError", "x"),
    ("shop.models.Order.DoesNotExist: none", "shop.models.Order.DoesNotExist", "none"),
]
SPOKEN = [
    ("depot: permission denied", "depot: permission denied"),
    ("503 Service Unavailable", "503 Service Unavailable"),
    ("x-vercel-error: GONE", "x-vercel-error: GONE"),
    ("Code: FUNCTION_INVOCATION_TIMEOUT", "Code: FUNCTION_INVOCATION_TIMEOUT"),
    ("LIMIT_EXCEEDED", "LIMIT_EXCEEDED"),
    ("bash: foo: command not found", "bash: foo: command not found"),
    ("app.js:13 live feed failed", "live feed failed"),
    ("(index):1 live feed failed", "live feed failed"),
    ("src/App.vue:13:5 live feed failed", "src/App.vue:13:5 live feed failed"),
    ("18:00:01 live feed failed", "live feed failed"),
    ("[pool-1] live feed failed", "live feed failed"),
    ("C:\\shop\\app.exe cannot start", "C:\\shop\\app.exe cannot start"),
]
GOOD = """INFO all failed orders were stored
[info] retry after error
2026-11-22 18:00:01 DEBUG [main] timeout is 7
level=info msg="failed 0"
I1122 15:04:05.1 7 f.go:12] error
LOG:  could not be better
0 errors found
no errors, no warnings
errors: 0, failed=0
ERROR SUMMARY: 0 errors from 0 contexts
The above exception was the direct cause of the following exception:
During handling of the above exception, another exception occurred:
Traceback (most recent call last):
all is well
GET /errors 200
203.0.113.7 - - [22/Nov/2026:18:04:58 +0000] "GET /v2/items HTTP/1.1" 200 12
order 500 is stored
mirror, terror and merry""".split("\n")


def read(*rows: str) -> list[ErrorUnit]:
    """Return the errors of some rows."""
    return find([Line(number, row) for number, row in enumerate(rows, 1)])


@pytest.mark.parametrize(("row", "message"), LOGGED)
def test_a_line_logged_as_an_error_gives_its_message(row: str, message: str) -> None:
    """Level, time, thread, logger, process and request are not the message."""
    (unit,) = read("all is well", row)

    assert (unit.runtime, unit.type, unit.message, unit.warning) == ("log", "", message, False)
    assert (unit.start, unit.end) == (2, 2)


@pytest.mark.parametrize(("row", "message"), WARNED)
def test_a_warning_is_an_error_of_lesser_weight(row: str, message: str) -> None:
    """It is read the same, and marked."""
    (unit,) = read(row)

    assert (unit.runtime, unit.message, unit.warning) == ("log", message, True)


@pytest.mark.parametrize(("row", "kind", "message"), TYPED)
def test_a_line_that_names_a_type_gives_type_and_message(row: str, kind: str, message: str) -> None:
    """The type counts more than the level it was logged at."""
    (unit,) = read(row)

    assert (unit.runtime, unit.type, unit.message) == ("", kind, message)


def test_a_type_that_was_only_a_warning_is_marked() -> None:
    """The level still tells how bad it was."""
    assert read("WARN shop.SlowException: x")[0].warning


@pytest.mark.parametrize(("row", "message"), SPOKEN)
def test_a_line_that_speaks_of_an_error_is_one(row: str, message: str) -> None:
    """Without a level the words must say it; only a console's place is taken off."""
    (unit,) = read(row)

    assert (unit.runtime, unit.message) == ("text", message)


@pytest.mark.parametrize("cue", CUES)
def test_each_cue_speaks_of_an_error(cue: str) -> None:
    """A cue is known in any case, as a word of its own."""
    assert read(f"the oven: {cue.capitalize()} now")
    assert not read(f"x{cue}x".replace(" ", ""))


@pytest.mark.parametrize("row", GOOD)
def test_a_line_of_a_healthy_log_is_none(row: str) -> None:
    """INFO lines, counts of nothing and ordinary words are no errors, whatever words they use."""
    assert read(row) == []


def test_a_typed_message_that_ends_with_a_colon_goes_on_indented() -> None:
    """What follows indented says what the colon promised; other lines do not."""
    rows = ["shop.NotStoredError: refused:", "  no stock", "  no price", "ERROR next", "  indented"]

    assert [(unit.message, unit.start, unit.end) for unit in read(*rows)] == [
        ("refused:\nno stock\nno price", 1, 3),
        ("next", 4, 4),
    ]


def test_rows_of_one_record_are_all_read() -> None:
    """Rows that a JSON record unfolded into share a number, and each may be an error."""
    units = find([Line(1, "ERROR not stored"), Line(1, "ERROR disk full")])

    assert [unit.message for unit in units] == ["not stored", "disk full"]


def test_every_line_with_letters_is_an_error_where_the_author_says_so() -> None:
    """Texts that are known to be errors need no sign."""
    rows = ["the page stays white", "ERROR x", "42", "---", "INFO: well"]

    units = find_all([Line(number, row) for number, row in enumerate(rows, 1)])

    assert [(unit.runtime, unit.message) for unit in units] == [
        ("text", "the page stays white"),
        ("log", "x"),
        ("text", "INFO: well"),
    ]


def test_only_the_beginning_of_a_line_is_read() -> None:
    """What stands beyond 2,000 characters is not looked at."""
    assert read("a" * 2_000 + " ERROR failed") == []
