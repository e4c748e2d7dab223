"""Bring any text to clean lines: limits first, then characters, then what tools wrapped around the lines."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kb.errors.unit import Line

HALF_CHARS = 2_000_000
MAX_LINES = 20_000
LINE_HEAD, LINE_TAIL = 6_000, 2_000
MAX_COMBINING = 8
MAX_ROUNDS = 4
AGREE = 0.6
SAMPLE = 400


@dataclass(frozen=True, slots=True)
class Clean:
    """Clean lines with their original numbers, and in plain words what was cut or peeled off."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the lines as one text."""
        return "\n".join(line.text for line in self.lines)


class NotText(Exception):
    """The bytes are no text; the message says what to hand in instead."""


def normalise(text: str | bytes) -> Clean:
    """Return the clean lines of a paste or a document's error; raises NotText for binary bytes."""
    notes: list[str] = []
    lines = _number(_cut(_decode(text), notes), notes)
    lines = [Line(line.number, _clean_line(line.text)) for line in lines]
    lines = _peel(_whole_json(lines, notes), notes)
    return Clean(tuple(lines), tuple(notes))


# Limits


def _decode(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    sample = text[:65_536]
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return text.decode("utf-16", "replace")
    if sample.count(0) > len(sample) // 100 or text.startswith(
        (b"\x7fELF", b"PK\x03\x04", b"\x89PNG")
    ):
        raise NotText("This is not text. Paste the error or the log as text.")
    return text.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def _cut(text: str, notes: list[str]) -> str:
    if len(text) <= 2 * HALF_CHARS:
        return text
    notes.append("Only the first and last 2 MB were read.")
    middle = text.count("\n", HALF_CHARS, len(text) - HALF_CHARS)
    return text[:HALF_CHARS] + "\n" * max(middle, 1) + text[-HALF_CHARS:]


def _number(text: str, notes: list[str]) -> list[Line]:
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [Line(number, row) for number, row in enumerate(rows, 1)]
    if len(lines) > MAX_LINES:
        notes.append(
            f"Only the first and last {MAX_LINES // 2:,} of {len(lines):,} lines were read."
        )
        lines = lines[: MAX_LINES // 2] + lines[-MAX_LINES // 2 :]
    if any(len(row) > LINE_HEAD + LINE_TAIL for row in rows):
        notes.append("Very long lines were shortened in the middle.")
    return lines


# Characters

ANSI = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,1024}(?:\x07|\x1b\\)|[@-Z\\-_])"
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


def _clean_line(text: str) -> str:
    if len(text) > LINE_HEAD + LINE_TAIL:
        text = f"{text[:LINE_HEAD]} … {text[-LINE_TAIL:]}"
    if "\x1b" in text:
        text = ANSI.sub("", text)
    if text.isascii() and text.isprintable():
        return text.rstrip()
    text = CONTROL.sub("", text)
    if not text.isascii():
        text = SURROGATE.sub("\ufffd", text)
        text = unicodedata.normalize("NFC", _limit_combining(text))
        text = ODD_SPACE.sub(" ", text).translate(PLAIN)
    return text.rstrip()


def _limit_combining(text: str) -> str:
    """Drop combining marks beyond a short run: normalising long runs takes quadratic time."""
    kept, run = [], 0
    for char in text:
        run = run + 1 if char > "\u02ff" and unicodedata.combining(char) else 0
        if run <= MAX_COMBINING:
            kept.append(char)
    return "".join(kept)


# Envelopes

TIME = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
MESSAGE_KEYS = (
    "log",
    "message",
    "msg",
    "errorMessage",
    "error",
    "err",
    "exception",
    "textPayload",
    "@message",
    "detail",
)
TYPE_KEYS = ("errorType", "exc_type", "exceptionType")
LEVEL_KEYS = ("level", "severity", "levelname", "log.level")
STACK_KEYS = ("exc_info", "stack_trace", "stacktrace", "stackTrace", "stack", "traceback", "trace")
MAX_JSON = 500_000


def _prefix(pattern: str) -> Callable[[str], list[str] | None]:
    compiled = re.compile(pattern)

    def peel(text: str) -> list[str] | None:
        found = compiled.match(text)
        return [text[found.end() :]] if found else None

    return peel


def _json_line(text: str) -> list[str] | None:
    if not (text.startswith("{") and text.rstrip().endswith("}")):
        return None
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    found = _read_record(record)
    return [line for value in found.values() for line in value.split("\n")] if found else None


def _read_record(record: dict[str, Any]) -> dict[str, str]:
    """Return what a log record says, by key: its message with level and type, then its stack."""
    said = {key: str(record[key]) for key in MESSAGE_KEYS if isinstance(record.get(key), str)}
    found = dict(list(said.items())[:1])
    kind = next((record[key] for key in TYPE_KEYS if isinstance(record.get(key), str)), "")
    level = next((record[key] for key in LEVEL_KEYS if isinstance(record.get(key), str)), "")
    before = f"{kind}: " if kind else f"{level.upper()} "[:20].lstrip()
    found = {key: before + value.rstrip("\n") for key, value in found.items()}
    for key in [key for key in STACK_KEYS if record.get(key)][:1]:
        stack = record[key]
        lines = stack if isinstance(stack, list) else [stack]
        found[key] = "\n".join(str(line).rstrip("\n") for line in lines)
    return found


def _whole_json(lines: list[Line], notes: list[str]) -> list[Line]:
    """Open a paste that is one JSON record over many lines; each part stands where its key does."""
    text = "\n".join(line.text for line in lines)
    if len(lines) < 2 or not text.lstrip().startswith("{") or len(text) > MAX_JSON:
        return lines
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return lines
    notes.append("Peeled off JSON.")
    at = {key: next((x.number for x in lines if f'"{key}"' in x.text), 1) for key in record}
    found = _read_record(record)
    return [
        Line(at[key], part) for key, value in found.items() for part in value.split("\n")
    ] or lines


ENVELOPES: tuple[tuple[str, Callable[[str], list[str] | None]], ...] = (
    ("quote marks", _prefix(r"(?:> ?){1,8}")),
    ("compose prefixes", _prefix(r"[A-Za-z0-9][\w./-]{0,80} {0,40}\| ?")),
    ("pod prefixes", _prefix(r"\[?pod/[\w.-]{1,128}(?:/[\w.-]{1,128})?\]? ")),
    ("container log prefixes", _prefix(rf"{TIME} std(?:out|err) [FP] ")),
    ("log stream names", _prefix(rf"{TIME}[ \t]+[\w$.\[\]-]{{0,80}}/[\w$.\[\]/-]{{1,200}}[ \t]")),
    (
        "syslog prefixes",
        _prefix(
            r"(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,80} [\w./-]{1,80}(?:\[\d{1,10}\])?: "
        ),
    ),
    ("times", _prefix(rf"\[?{TIME}\]?[ \t](?:- )?")),
)
"""What tools wrap around log lines, tried in this order; each is peeled only where most lines agree."""

ANNOTATION = re.compile(
    r"^(?:##\[(?:error|warning|notice|debug|command|group|endgroup)\]|::(?:error|warning|notice)[^:]{0,300}::)"
)


CONTINUED = re.compile(
    r"\s|Traceback \(most recent|Caused by: |The above exception|During handling|[}\])]+[,;]?$"
)
"""Lines that go on with the record above, so they need not wear what it wears."""


def _peel(lines: list[Line], notes: list[str]) -> list[Line]:
    for _ in range(MAX_ROUNDS):
        for name, peel in ENVELOPES:
            if _agreed(lines, peel):
                lines = [part for line in lines for part in _open(line, peel)]
                notes.append(f"Peeled off {name}.")
                break
        else:
            break
    opened = [part for line in lines for part in _open(line, _json_line)]
    if len(opened) != len(lines):
        notes.append("Peeled off JSON.")
    return [Line(line.number, ANNOTATION.sub("", line.text)) for line in opened]


def _agreed(lines: Sequence[Line], peel: Callable[[str], list[str] | None]) -> bool:
    full = [line.text for line in lines if line.text and not CONTINUED.match(line.text)]
    sample = full[:: max(1, len(full) // SAMPLE)]
    return bool(sample) and sum(peel(text) is not None for text in sample) >= AGREE * len(sample)


def _open(line: Line, peel: Callable[[str], list[str] | None]) -> list[Line]:
    return [Line(line.number, text) for text in (peel(line.text) or [line.text])]
