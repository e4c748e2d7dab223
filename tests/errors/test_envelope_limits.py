"""Clean lines: limits, bytes and characters."""

from __future__ import annotations

import json

import pytest

from kb.errors.envelope import NotText, normalise

# Limits


def test_a_text_at_the_limits_is_kept_whole() -> None:
    """What is not too long is not cut, and nothing is said."""
    most_lines = "\n".join(f"line {at}" for at in range(20_000))
    most_chars = "\n".join(["a" * 7_999] * 500)

    assert normalise(most_lines).text == most_lines
    assert normalise(most_chars).text == most_chars
    assert normalise(most_lines).notes == normalise(most_chars).notes == ()


def test_of_too_many_lines_both_ends_stay_with_their_numbers() -> None:
    """The first and last 10,000 lines stay, and the answer says so."""
    clean = normalise("\n".join(f"line {at}" for at in range(1, 20_002)))

    assert [line.number for line in clean.lines] == [*range(1, 10_001), *range(10_002, 20_002)]
    assert all(line.text == f"line {line.number}" for line in clean.lines)
    assert clean.notes == ("Only the first and last 10,000 of 20,001 lines were read.",)


def test_of_too_many_characters_both_ends_stay_with_their_numbers() -> None:
    """The first and last 2 MB stay; a line of the end still has the number it had."""
    text = "\n".join(f"line {at} {'x' * 489}" for at in range(1, 10_001))

    clean = normalise(text)

    last = clean.lines[-1]
    assert (last.number, last.text[:10]) == (10_000, "line 10000")
    assert clean.lines[0].text[:6] == "line 1"
    assert sum(len(line.text) for line in clean.lines) <= 4_000_000
    assert clean.notes == ("Only the first and last 2 MB were read.",)


def test_one_endless_line_is_cut_and_stays_one_line() -> None:
    """A file without line ends moves no line number."""
    clean = normalise("a" * 5_000_000 + "\nKeyError: 'x'")

    assert [line.number for line in clean.lines] == [1, 2]
    assert clean.lines[1].text == "KeyError: 'x'"


@pytest.mark.parametrize(("length", "cut"), [(8_000, False), (8_001, True)])
def test_a_long_line_keeps_head_and_tail(length: int, cut: bool) -> None:  # noqa: FBT001  # a table's column
    """Of a line over 8 kB the first 6 kB and the last 2 kB stay."""
    line = ("head" * length)[: length - 4] + "tail"

    clean = normalise(line)

    assert clean.text == (f"{line[:6_000]} … {line[-2_000:]}" if cut else line)
    assert clean.notes == (("Very long lines were shortened in the middle.",) if cut else ())


def test_records_that_open_into_too_many_lines_keep_both_ends() -> None:
    """What JSON unfolds into is limited as well."""
    record = json.dumps({"message": "\n".join(["a row"] * 300)})

    clean = normalise("\n".join([record] * 100))

    assert (len(clean.lines), clean.lines[0].number, clean.lines[-1].number) == (20_000, 1, 100)
    assert "Only the first and last 10,000 lines were read." in clean.notes


# Bytes and characters


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01",
        b"PK\x03\x04 and so on",
        b"\x89PNG\r\n",
        b"a\x00b\x00" * 50,
        "no mark".encode("utf-16-le"),
    ],
)
def test_binary_files_are_refused_with_what_to_do(data: bytes) -> None:
    """The refusal says what to hand in instead."""
    with pytest.raises(NotText, match="Paste the error or the log as text"):
        normalise(data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ""),
        ("größe".encode(), "größe"),
        (b"\xef\xbb\xbfKeyError", "KeyError"),
        ("KeyError ß".encode("utf-16"), "KeyError ß"),
        ("KeyError".encode("utf-16-be"), None),
        (b"gr\xf6\xdfe", "gr\ufffd\ufffde"),
        (b"one \x00 lonely NUL in a long enough line " + b"x" * 100, None),
    ],
)
def test_bytes_are_read_as_what_they_are(data: bytes, expected: str | None) -> None:
    """UTF-8 and marked UTF-16 are read; a broken letter or a lone NUL spoils nothing else."""
    if expected is None:
        expected = data.decode("latin-1").replace("\x00", "")
        data = data if b"lonely" in data else b"\xfe\xff" + data
    assert normalise(data).text == expected


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\u00a0b\u202fc\u3000d", "a b c d"),
        ("Key\u200bError\ufeff: \u2060x", "KeyError: x"),
        ("\u2018x\u2019 \u201cy\u201d", "'x' \"y\""),
        ("a\x00b\x08c\x7fd", "abcd"),
        ("tab\tstays", "tab\tstays"),
        ("trailing space \t ", "trailing space"),
        ("\ud800 lone", "\ufffd lone"),
        ("e\u0301", "é"),
        ("日本語", "日本語"),
        ("\x1b[31;1mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x1b\\ \x1bM", "red link"),
        ("\x1b", ""),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_characters_that_do_not_show_are_gone(raw: str, clean: str) -> None:
    """Odd spaces, marks, quotes and colours do not hide an error."""
    assert normalise(raw).text == clean


def test_long_runs_of_combining_marks_are_cut_to_eight() -> None:
    """A few accents are language; thousands are an attack on Unicode normalising."""
    assert len(normalise("q" + "\u0323" * 20_000 + "q" + "\u0323" * 3).text) == 1 + 8 + 1 + 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_system_count_the_same(end: str) -> None:
    """Windows, Unix and old terminals number their lines alike."""
    assert normalise(end.join("abcd")).text == "a\nb\nc\nd"
