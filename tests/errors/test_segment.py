"""From clean lines to errors, the most telling first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors.envelope import NotText, normalise
from kb.errors.segment import MOST, EveryLine, segment
from kb.errors.signature import KEY_SIZE, Signature, signature_of
from kb.errors.unit import ErrorUnit

HEALTHY = sorted((Path(__file__).parents[1] / "samples" / "pastes" / "healthy").glob("*.txt"))
ROWS = [
    "Traceback (most recent call last):",
    '  File "/srv/app/shop.py", line 3, in store',
    "    raise KeyError(1)",
    "KeyError: 1",
    "The above exception was the direct cause of the following exception:",
    "During handling of the above exception, another exception occurred:",
    "[ERROR] OSError: [Errno 30] Read-only file system",
    "INFO: all well",
    "java.lang.IllegalStateException: no",
    "\tat shop.Depot.pick(Depot.java:5)",
    "Caused by: a.b.CException",
    "\tSuppressed: a.b.DException: x",
    "Wrapped by: a.b.EException: x",
    "\t... 2 more",
    "TypeError: no",
    "    at send (/srv/app/app.js:3:5)",
    "    at async Promise.all (index 0) {",
    "  [cause]: Error: ENOENT: no such file",
    "    code: 'ENOENT',",
    "  }",
    "/srv/app/app.js:3",
    "Access to fetch at 'x' from origin 'y' has been blocked by CORS policy: no",
    "Uncaught Error: x",
    "18:00:01 ERROR [main] shop.Orders - order 7 not stored",
    "E1122 15:04:05.1 7 f.go:12] no",
    "2026/11/22 18:00:01 [error] 7#7: *1 connect() failed, client: 10.0.0.1, server: x",
    "504: GATEWAY_TIMEOUT",
    '{"level": "error", "msg": "x", "stack": "Error: x\\n    at y (z.js:1:2)"}',
    "",
]
ANY = st.lists(st.sampled_from(ROWS) | st.text(st.characters(), max_size=60), max_size=30)


def read(text: str, every_line: EveryLine = "if short") -> tuple[ErrorUnit, ...]:
    """Return the errors of a text."""
    return segment(normalise(text).lines, every_line)


@pytest.mark.parametrize("path", HEALTHY, ids=lambda path: path.stem)
def test_a_healthy_log_has_no_error(path: Path) -> None:
    """What real programs print when all is well is no error."""
    assert read(path.read_text(encoding="utf-8")) == ()


def test_there_are_healthy_logs() -> None:
    """The law above is not empty."""
    assert len(HEALTHY) >= 5


def test_roots_come_first_and_warnings_after_errors_and_late_before_early() -> None:
    """What explains most stands first: traces by role, then consoles, then logs."""
    text = """\
ERROR early
WARN late
ERROR middle
disk is broken
WebSocket connection to 'ws://x' failed: no
Traceback (most recent call last):
KeyError: 1

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
LookupError: 2"""

    assert [unit.message for unit in read(text)] == [
        "1",
        "2",
        "WebSocket connection to 'ws://x' failed: no",
        "middle",
        "early",
        "late",
        "disk is broken",
    ]


def test_errors_that_say_the_same_are_one_and_the_last_stays() -> None:
    """Retries that differ in times, ids and paths are one error."""
    text = "\n".join(f"ERROR order {at}0 not stored in /srv/{at}/x" for at in range(1, 9))

    assert [(unit.start, unit.message[:9]) for unit in read(text)] == [(8, "order 80 ")]


def test_warnings_never_crowd_out_an_error() -> None:
    """Of many errors the MOST telling stay, also where thousands of warnings follow."""
    words = [f"{a}{b}{c}" for a in "abcdef" for b in "ghijkl" for c in "mnop"]
    text = "\n".join(["ERROR the oven is cold", *(f"WARN slow {word}" for word in words)])

    units = read(text)

    assert (len(units), units[0].message) == (MOST, "the oven is cold")


def test_a_line_belongs_to_one_error() -> None:
    """What a trace has claimed is not read again as a log line."""
    text = """\
Traceback (most recent call last):
  File "/srv/app/shop.py", line 3, in store
    raise OSError("error: failed to open")
OSError: error: failed to open
ERROR order not stored"""

    assert [(unit.runtime, unit.start, unit.end) for unit in read(text)] == [
        ("python", 1, 4),
        ("log", 5, 5),
    ]


@pytest.mark.parametrize(
    ("text", "every_line", "messages"),
    [
        ("the page stays white", "if short", ["the page stays white"]),
        ("the page stays white", "always", ["the page stays white"]),
        ("the page stays white", "never", []),
        ("the page stays white\nKeyError: 1", "if short", ["1"]),
        ("the page stays white\nKeyError: 1", "always", ["1", "the page stays white"]),
        ("\n\n---\n42\n", "always", []),
        ("\n".join(f"line {word}" for word in "abcdefg"), "if short", []),
        ("", "always", []),
    ],
)
def test_a_line_without_a_sign_is_an_error_only_where_someone_says_so(
    text: str, every_line: EveryLine, messages: list[str]
) -> None:
    """A short paste is taken for an error, a long one only where it shows signs."""
    assert [unit.message for unit in read(text, every_line)] == messages


def test_codes_are_read_from_type_and_message() -> None:
    """The codes of an error stand with it, the runtime's own first."""
    assert read("ERROR [Errno 13] Permission denied, exit status 2")[0].codes == (
        "errno:EACCES",
        "exit:2",
    )


def holds(unit: ErrorUnit, text: str) -> bool:
    """Tell whether the unit is one that any store and page can hold."""
    signature = signature_of(unit)
    facts = json.dumps(signature.facts())
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    return (
        1 <= unit.start <= unit.end <= lines
        and "\\u0000" not in facts
        and bool(facts.encode())
        and Signature.of_facts(json.loads(facts)) == signature
        and all(0 < len(key) <= KEY_SIZE for key in signature.search_keys())
        and all(unit.start <= frame.line <= unit.end for frame in unit.frames)
    )


@settings(deadline=None)
@given(ANY.map("\n".join), st.sampled_from(["always", "if short", "never"]))
def test_any_text_gives_sound_errors(text: str, every_line: EveryLine) -> None:
    """Whatever the text: at most MOST errors, inside it, that can be stored and found."""
    units = read(text, every_line)
    assert len(units) <= MOST
    assert all(holds(unit, text) for unit in units)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_sound_errors(data: bytes) -> None:
    """Bytes are errors, none, or refused; never a failure of ours."""
    try:
        lines = normalise(data).lines
    except NotText:
        return
    assert len(segment(lines, "always")) <= MOST
