"""What JSON log records say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors.records import open_record

KEYS = st.sampled_from(
    ["message", "msg", "log", "error", "err", "exception", "level", "type", "stack", "trace", "x"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("record", "rows"),
    [
        ({"message": "disk full"}, "disk full"),
        ({"log": "disk full\n", "stream": "stderr"}, "disk full"),
        ({"msg": "disk full", "level": "error"}, "ERROR disk full"),
        ({"msg": "disk full", "level": 50}, "ERROR disk full"),
        ({"msg": "all well", "level": 30}, "INFO all well"),
        ({"msg": "all well", "level": 7}, "all well"),
        ({"event": "disk full", "level": "warning"}, "WARNING disk full"),
        ({"severity": "ERROR", "textPayload": "disk full"}, "ERROR disk full"),
        ({"errorType": "OSError", "errorMessage": "disk full"}, "OSError: disk full"),
        ({"type": "log", "message": "disk full"}, "disk full"),
        ({"level": "error", "msg": "not stored", "error": "no"}, "ERROR not stored\nERROR no"),
        ({"message": "lost", "stack_trace": "a.B: x\n\tat c"}, "lost\na.B: x\n\tat c"),
        ({"message": "lost", "stackTrace": ["  one\n", 2]}, "lost\n  one\n2"),
        (
            {"msg": "lost", "err": {"type": "TypeError", "message": "x", "stack": "y"}},
            "lost\nTypeError: x\ny",
        ),
        ({"error": {"error": {"message": "too deep"}}, "msg": "lost"}, "lost"),
        ({"message": {"text": "no text"}, "msg": "two\nrows"}, "two\nrows"),
    ],
    ids=str,
)
def test_a_record_says_message_error_and_stack(record: dict[str, Any], rows: str) -> None:
    """The message comes with its level or type, then the error it names, then the stack."""
    assert [row for _, row in open_record(json.dumps(record))] == rows.split("\n")


@pytest.mark.parametrize(
    "text",
    ["", "disk full", "{", "{}", "[]", '"message"', '{"id": 7}', '{"message": 7}', "{disk: full}"],
)
def test_what_is_no_record_says_nothing(text: str) -> None:
    """Only an object with a message, an error or a stack is a log record."""
    assert open_record(text) == []


def test_each_row_names_the_key_it_stands_under() -> None:
    """The key leads back to the line of a printed record, inner ones through the outer."""
    record = {"msg": "a\nb", "err": {"message": "c"}}

    assert open_record(json.dumps(record)) == [("msg", "a"), ("msg", "b"), ("err.message", "c")]


@pytest.mark.parametrize(("size", "opened"), [(499_900, True), (500_001, False)])
def test_a_record_is_opened_up_to_half_a_megabyte(size: int, *, opened: bool) -> None:
    """A larger one stays text."""
    assert bool(open_record(json.dumps({"message": "a" * size}))) == opened


def test_a_record_gives_four_hundred_rows_at_most() -> None:
    """One record does not drown the others."""
    assert len(open_record(json.dumps({"message": "a\n" * 1_000}))) == 400


@settings(deadline=None)
@given(JSON)
def test_any_json_is_opened_or_left(value: Any) -> None:
    """No shape of record is a failure of ours."""
    rows = open_record(json.dumps(value))
    assert not any("\n" in key + row for key, row in rows)
