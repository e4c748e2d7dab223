"""What stands around an error is taken off, and the numbers of the original lines stay."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors.envelope import HALF_LINES, LINE_HEAD, LINE_TAIL, NotText, normalise

TRACE = [
    "Traceback (most recent call last):",
    '  File "/srv/app/depot.py", line 7, in pick',
    "    shelf[item]",
    "KeyError: 'ledger'",
]

ENVELOPES: dict[str, Callable[[str], str]] = {
    "compose prefixes": lambda row: f"web-1  | {row}",
    "quote marks": lambda row: f"> {row}",
    "pod prefixes": lambda row: f"[pod/shop-6f9/web] {row}",
    "container log prefixes": lambda row: f"2026-11-22T18:04:58.123456789Z stdout F {row}",
    "log stream names": lambda row: (
        f"2026-11-22T18:04:58.123000+00:00 2026/11/22/[$LATEST]5f0c {row}"
    ),
    "syslog prefixes": lambda row: f"Nov 22 18:04:58 host shop[42]: {row}",
    "times": lambda row: f"2026-11-22T18:04:58.1234567Z {row}",
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_envelope_is_peeled_off(name: str) -> None:
    """What a tool put before every line is gone, indentation and numbers stay, and a note says so."""
    clean = normalise("\n".join(map(ENVELOPES[name], TRACE)))

    assert [line.text for line in clean.lines] == TRACE
    assert [line.number for line in clean.lines] == [1, 2, 3, 4]
    assert f"Peeled off {name}." in clean.notes


def test_envelopes_are_peeled_in_turn() -> None:
    """One tool wraps what another wrapped."""
    rows = [f"> web-1  | 2026-11-22T18:04:58Z {row}" for row in TRACE]

    assert normalise("\n".join(rows)).text == "\n".join(TRACE)


def test_a_record_wears_its_prefix_once() -> None:
    """Lines that go on with a record need not wear what its first line wears."""
    rows = [f"2026-11-22T18:04:58Z {row}" for row in ["ready", *TRACE[:1]]] + TRACE[1:3]

    assert normalise("\n".join(rows)).lines[1].text == TRACE[0]


def test_where_most_lines_disagree_nothing_is_peeled() -> None:
    """A table in a text is no container prefix."""
    text = "one\ntwo\nthree\nname | price\nfour"

    assert normalise(text).text == text
    assert normalise(text).notes == ()


@pytest.mark.parametrize("row", ["##[error]it broke", "::error file=a.py,line=1::it broke"])
def test_annotations_of_a_build_are_taken_off(row: str) -> None:
    """What a build server marks is the message alone."""
    assert normalise(row).text == "it broke"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("\x1b[31mError\x1b[0m: no", "Error: no"),
        ("\x1b]8;;http://x\x07Error\x1b]8;;\x07", "Error"),
        ("Err\x00or\x07", "Error"),
        ("Err\u200bor\ufeff", "Error"),
        ("Error:\u00a0no", "Error: no"),
        ("can\u2019t find \u201cx\u201d", 'can\'t find "x"'),
        ("lone \ud800 half", "lone \ufffd half"),
        ("cafe\u0301", "caf\u00e9"),
        ("kept\ttab   ", "kept\ttab"),
    ],
)
def test_characters_are_made_plain(raw: str, expected: str) -> None:
    """Colours, controls, odd spaces and typographer's quotes do not hide an error."""
    assert normalise(raw).text == expected


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_are_unified(end: str) -> None:
    """Windows, old and plain line ends give the same lines."""
    assert [line.text for line in normalise(end.join(["a", "b", "c"])).lines] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\xef\xbb\xbfError", "Error"),
        ("Error: \u00e9".encode("utf-16"), "Error: \u00e9"),
        ("Error: \u00e9".encode(), "Error: \u00e9"),
        (b"Error: \xe9", "Error: \ufffd"),
    ],
)
def test_bytes_become_text(raw: bytes, expected: str) -> None:
    """Marks of order and encodings are understood; what is broken is shown so."""
    assert normalise(raw).text == expected


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04....", b"\x7fELF...", bytes(500)]
)
def test_binary_is_refused_in_words(raw: bytes) -> None:
    """A picture or an archive is not text, and the message says what to paste."""
    with pytest.raises(NotText, match="Paste the error or the log as text"):
        normalise(raw)


def test_a_json_log_is_opened() -> None:
    """A record gives its message with level or type, then its stack, all at the record's line."""
    rows = [
        json.dumps({"level": "info", "message": "ready"}),
        json.dumps(
            {"level": 50, "msg": "it broke", "stack": "Error: it broke\n    at pick (a.js:1:2)"}
        ),
        json.dumps(
            {"errorType": "KeyError", "errorMessage": "'ledger'", "stackTrace": ["  File x\n"]}
        ),
    ]

    clean = normalise("\n".join(rows))

    assert [(line.number, line.text) for line in clean.lines] == [
        (1, "INFO ready"),
        (2, "ERROR it broke"),
        (2, "Error: it broke"),
        (2, "    at pick (a.js:1:2)"),
        (3, "KeyError: 'ledger'"),
        (3, "  File x"),
    ]
    assert "Peeled off JSON." in clean.notes


def test_one_record_over_many_lines_is_opened() -> None:
    """A pretty-printed record is read as one; its parts point at the lines of their keys."""
    text = json.dumps({"id": 7, "errorType": "KeyError", "errorMessage": "'ledger'"}, indent=2)

    clean = normalise(text)

    assert [(line.number, line.text) for line in clean.lines] == [(4, "KeyError: 'ledger'")]


def test_an_error_inside_a_record_is_read_too() -> None:
    """Some loggers keep the error as a record of its own."""
    text = json.dumps({"msg": "failed", "err": {"type": "DepotError", "message": "no gasket"}})

    assert normalise(text).text.split("\n") == ["failed", "DepotError: no gasket"]


@pytest.mark.parametrize("text", ['{"a": 1}', "{broken}", "{" * 50_000 + "}" * 50_000, "[1, 2]"])
def test_other_json_is_left_alone(text: str) -> None:
    """What is no log record stays as it was pasted."""
    assert normalise(text).text[:100] == text[:100]


def test_a_long_text_keeps_both_ends() -> None:
    """Of a huge paste the head and the tail are read, numbers unchanged, and a note says so."""
    rows = [f"line {number} of the log" for number in range(1, 300_001)]

    clean = normalise("\n".join(rows))

    assert clean.lines[0].text == rows[0]
    assert (clean.lines[-1].number, clean.lines[-1].text) == (300_000, rows[-1])
    assert len(clean.lines) <= 2 * HALF_LINES
    assert any("were read" in note for note in clean.notes)


def test_a_long_line_keeps_both_ends() -> None:
    """Of a huge line the head and the tail are read."""
    clean = normalise("a" * 20_000 + "KeyError: 'ledger'")

    assert len(clean.lines[0].text) < LINE_HEAD + LINE_TAIL + 10
    assert clean.lines[0].text.endswith("KeyError: 'ledger'")
    assert "Very long lines were shortened in the middle." in clean.notes


def test_records_do_not_multiply_without_bound() -> None:
    """Records that each hold many lines are opened up to the limit only."""
    record = json.dumps({"message": "\n".join(["x"] * 300)})

    assert len(normalise("\n".join([record] * 200)).lines) <= 2 * HALF_LINES


HOSTILE = {
    "one line of 5 MB": "a" * 5_000_000,
    "5 MB without an end": "a.a." * 1_250_000,
    "combining marks": "\u0300\u0323" * 100_000,
    "spaces": " " * 3_000_000,
    "escapes": "\x1b[" * 500_000,
    "brackets": "[" * 500_000,
    "deep records": ('{"message": ' * 3_000) + "1" + "}" * 3_000,
    "times": "2026-11-22 18:00:00 " * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_bounded_time(name: str) -> None:
    """No text keeps a reader waiting, or has more than the limits left of it."""
    began = time.process_time()

    clean = normalise(HOSTILE[name])

    assert time.process_time() - began < 2
    assert sum(len(line.text) for line in clean.lines) < 4_100_000


@given(st.one_of(st.text(), st.binary()))
def test_it_raises_nothing_but_not_text(text: str | bytes) -> None:
    """Whatever comes in, lines come out, or a word on why not."""
    try:
        clean = normalise(text)
    except NotText:
        return
    assert all("\n" not in line.text for line in clean.lines)
    assert [line.number for line in clean.lines] == sorted(line.number for line in clean.lines)
