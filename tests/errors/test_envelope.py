"""Clean lines: what tools wrap around log lines is peeled off."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors.envelope import Clean, NotText, normalise

LOG = """\
2026-11-22 18:00:01 shop started
order 4711 is stored
OSError: [Errno 30] Read-only file system: 'a.jpg'
  tried twice

order 4712 is stored""".split("\n")

ANY_TEXT = st.text(st.characters(), max_size=400)
WRAPS = st.lists(
    st.sampled_from(
        [
            *LOG,
            "> ",
            "api-1  | ",
            "\x1b[31mred\x1b[0m",
            '{"level": "error", "msg": "x\\ny"}',
            '{"err": {"type": "Odd", "message": "\\ud800\\u0000"}, "stack": ["a", 1]}',
            "{",
            '"message": "y"',
            "}",
            "\r",
            "\u00a0\u200b\u0301",
            "2026-11-22T18:00:00Z ",
        ]
    )
    | ANY_TEXT,
    max_size=30,
).map("\n".join)


def texts(clean: Clean) -> list[str]:
    """Return the texts of the lines."""
    return [line.text for line in clean.lines]


ID = "0f7c2a91d3b84e26a1c9e07b42d86f3a"
ENVELOPES = {
    "compose": "api-1  | {row}",
    "two services": "{service}    | {row}",
    "pods": "[pod/shop-7d9f-x2/web] {row}",
    "CRI": "2026-11-22T{clock}.123456789+01:00 stderr F {row}",
    "cloudwatch": "2026-11-22T{clock}.120000+00:00 shop/web/{id} {row}",
    "cloudwatch lambda": "2026-11-22T{clock}.120000+00:00 2026/11/22/[$LATEST]{id} {row}",
    "cloudwatch export": "2026-11-22T{clock}.120Z\t{row}",
    "syslog": "Nov 22 {clock} host7 shop[812]: {row}",
    "syslog with priority": "<34>Nov  2 {clock} host7 shop/web: {row}",
    "GitHub Actions": "2026-11-22T{clock}.1234567Z {row}",
    "times in brackets": "[2026-11-22 {clock},120] {row}",
    "times with slashes": "2026/11/22 {clock} {row}",
    "quoted": "> {row}",
    "quoted twice": "> > {row}",
    "colours": "\x1b[3{at}m{row}\x1b[0m",
    "docker JSON": '{{"log": {quoted}, "stream": "stderr"}}',
    "compose over times": "api-1  | 2026-11-22T{clock}Z {row}",
    "quoted compose over JSON": '> api-1  | {{"msg": {quoted}}}',
    "JSON over times": '{{"log": {timed}}}',
}


def wrap(envelope: str, at: int, row: str) -> str:
    """Return the row inside the envelope, as number `at` of a text."""
    return envelope.format(
        at=at % 8,
        row=row,
        quoted=json.dumps(row),
        timed=json.dumps(f"2026-11-22T18:00:00Z {row}\n"),
        clock=f"18:{at // 60:02}:{at % 60:02}",
        service="web" if at % 2 else "worker_7",
        id=ID,
    )


@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=ENVELOPES.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_envelope_is_peeled_and_the_numbers_stay(envelope: str, end: str) -> None:
    """Inside any envelope stand the same lines under the same numbers, also where it is doubled."""
    rows = list(enumerate(LOG[1:] * 5, 1))

    clean = normalise(end.join(wrap(envelope, at, row) for at, row in rows))

    assert [(line.number, line.text) for line in clean.lines] == rows


@pytest.mark.parametrize("name", [name for name in ENVELOPES if "JSON" not in name])
def test_an_envelope_is_not_peeled_where_most_lines_disagree(name: str) -> None:
    """Two lines of five that happen to look wrapped are the text's own; only colours never are."""
    rows = ["order 1 is stored", "order 2 is stored", "order 3 is stored"]
    odd = [wrap(ENVELOPES[name], at, "is it wrapped?") for at in (1, 2)]
    expected = ["is it wrapped?"] * 2 if name == "colours" else odd

    clean = normalise("\n".join([*rows, *odd]))

    assert (texts(clean), clean.notes) == ([*rows, *expected], ())


def test_what_was_peeled_is_said_once() -> None:
    """The notes name each envelope, outermost first."""
    clean = normalise("\n".join("> > api-1  | 2026-11-22T18:00:00Z x failed" for _ in range(5)))

    assert clean.notes == (
        "Peeled off quote marks.",
        "Peeled off compose prefixes.",
        "Peeled off times.",
    )


def test_lines_that_go_on_need_not_wear_the_envelope() -> None:
    """A trace whose rows lack the prefix is no disagreement: only its first line was logged."""
    rows = [
        "2026-11-22 18:00:01 ERROR order 4711 not stored",
        "Traceback (most recent call last):",
        '  File "/srv/app/shop.py", line 3, in store',
        "    raise KeyError(1)",
        "}",
    ]

    assert texts(normalise("\n".join(rows)))[:2] == ["ERROR order 4711 not stored", rows[1]]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("##[error]Process completed with exit code 1.", "Process completed with exit code 1."),
        ("##[group]Run make test", "Run make test"),
        ("::error file=app.js,line=3::it broke", "it broke"),
        ("::warning::it bent", "it bent"),
        ("std::error::Error", "std::error::Error"),
    ],
)
def test_workflow_marks_are_taken_off(row: str, expected: str) -> None:
    """What a build server marks for its own page is no part of the message."""
    assert normalise(row).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LOG),
        "Cannot find module 'left-pad'",
        "a -> b\nc -> d",
        "| id | name |\n|----|------|\n| 1  | oven |",
        "if a > b:\n    pass\n> is larger",
        '{"id": 7, "state": "cold"}',
        '{"message":',
        "[1, 2]\n[3, 4]",
        '{"message": 7}',
        "src/app.py:12: error: no",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    """What wears no envelope stays as it was written."""
    clean = normalise(text)

    assert (clean.text, clean.notes) == (text, ())


# JSON


def test_records_inside_a_mixed_log_are_opened_where_they_stand() -> None:
    """A JSON line among plain ones says what it says, under its own number."""
    record = json.dumps(
        {"level": "error", "msg": "order not stored", "stack": "Error: x\n    at y"}
    )

    clean = normalise(f"shop started\n{record}\nshop stopped")

    assert [(line.number, line.text) for line in clean.lines] == [
        (1, "shop started"),
        (2, "ERROR order not stored"),
        (2, "Error: x"),
        (2, "    at y"),
        (3, "shop stopped"),
    ]
    assert clean.notes == ("Peeled off JSON.",)


def test_one_printed_record_over_many_lines_is_opened() -> None:
    """Each part stands under the number of its key."""
    record = {"statusCode": 500, "errorType": "OSError", "errorMessage": "disk\nfull"}
    record |= {"error": {"message": "inner"}, "stackTrace": ["  one", "  two"]}

    clean = normalise(json.dumps(record, indent=2))

    assert [(line.number, line.text) for line in clean.lines] == [
        (4, "OSError: disk"),
        (4, "full"),
        (5, "inner"),
        (8, "  one"),
        (8, "  two"),
    ]


def test_a_printed_record_is_opened_inside_an_envelope() -> None:
    """Compose wraps every line of a printed record."""
    rows = json.dumps({"message": "disk full"}, indent=2).split("\n")

    assert normalise("\n".join(f"api-1  | {row}" for row in rows)).text == "disk full"


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        '{"a":\n' * 9_000 + "1" + "}\n" * 9_000,
        '{"message": ' + "9" * 5_000 + "}",
        "{" * 3_000 + "\n" + "}" * 3_000,
        '{"message": NaN}\n{"msg": Infinity}',
    ],
    ids=["deep line", "deep lines", "long number", "braces", "not quite JSON"],
)
def test_json_that_no_one_can_read_stays_text(text: str) -> None:
    """A record too deep, too large or broken is not an error of ours."""
    assert "Peeled off JSON." not in normalise(text).notes


def test_what_a_record_hides_is_cleaned_as_well() -> None:
    """Escapes inside JSON bring back characters that the text itself was cleaned of."""
    clean = normalise('{"msg": "a\\u0000b \\ud800 \\u001b[31mred\\u00a0\\u200b"}')

    assert clean.text == "ab \ufffd red"


# Any text


@settings(deadline=None)
@given(ANY_TEXT | WRAPS)
def test_any_text_becomes_clean_lines(text: str) -> None:
    """Whatever the text, there are lines, in order, that any store and page can hold."""
    clean = normalise(text)

    rows = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert clean.lines
    assert {line.number for line in clean.lines} <= set(range(1, rows + 1))
    assert not {"\x00", "\n", "\r", "\x1b"} & set("".join(texts(clean)))
    assert clean.text.encode().decode() == clean.text


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_become_clean_lines_or_are_refused(data: bytes) -> None:
    """Bytes give lines or the one refusal, never another failure."""
    try:
        clean = normalise(data)
    except NotText:
        return
    assert clean.text.encode().decode() == clean.text
