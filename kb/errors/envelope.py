"""Bring any text to clean lines: limits first, then characters, then what tools wrapped around the lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from kb.errors.records import open_record
from kb.errors.unit import Line

HALF_CHARS = 2_000_000
HALF_LINES = 10_000
LINE_HEAD, LINE_TAIL = 6_000, 2_000
MAX_COMBINING = 8
MAX_ROUNDS = 4
AGREE = 0.6
SAMPLE = 400
CUT = " … "

Notes = dict[str, None]
"""What was cut or peeled off, said once each."""


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
    notes: Notes = {}
    lines = _number(_cut(_decode(text), notes), notes)
    lines = _peel([Line(line.number, _clean(line.text)) for line in lines], notes)
    lines = [_shorten(line, notes) for line in _open_whole(lines, notes)]
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


def _cut(text: str, notes: Notes) -> str:
    """Unify line ends, then keep both ends of a long text and, for the numbers, the lines between."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= 2 * HALF_CHARS:
        return text
    notes["Only the first and last 2 MB were read."] = None
    middle = text.count("\n", HALF_CHARS, len(text) - HALF_CHARS)
    return text[:HALF_CHARS] + ("\n" * middle or CUT) + text[-HALF_CHARS:]


def _number(text: str, notes: Notes) -> list[Line]:
    count = text.count("\n") + 1
    if count <= 2 * HALF_LINES:
        return [Line(number, row) for number, row in enumerate(text.split("\n"), 1)]
    notes[f"Only the first and last {HALF_LINES:,} of {count:,} lines were read."] = None
    head, tail = text.split("\n", HALF_LINES), text.rsplit("\n", HALF_LINES)
    lines = [Line(number, row) for number, row in enumerate(head[:-1], 1)]
    return lines + [
        Line(number, row) for number, row in enumerate(tail[1:], count - HALF_LINES + 1)
    ]


def _shorten(line: Line, notes: Notes) -> Line:
    if len(line.text) <= LINE_HEAD + LINE_TAIL:
        return line
    notes["Very long lines were shortened in the middle."] = None
    return Line(line.number, f"{line.text[:LINE_HEAD]}{CUT}{line.text[-LINE_TAIL:]}")


# Characters

ANSI = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,1024}(?:\x07|\x1b\\)|[@-Z\\-_])"
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
MAYBE_COMBINING = re.compile(rf"[\u0300-\U0010ffff]{{{MAX_COMBINING + 1}}}")
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


def _clean(text: str) -> str:
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
    if not MAYBE_COMBINING.search(text):
        return text
    kept, run = [], 0
    for char in text:
        run = run + 1 if char > "\u02ff" and unicodedata.combining(char) else 0
        if run <= MAX_COMBINING:
            kept.append(char)
    return "".join(kept)


# Envelopes

TIME = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
SYSLOG = r"(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
END = r"(?:[ \t]|$)"
"""An empty line inside an envelope has lost the space after the prefix."""
ENVELOPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("quote marks", r"(?:> ?){1,8}"),
        ("compose prefixes", r"[A-Za-z0-9][\w./-]{0,80} {0,40}\| ?"),
        ("pod prefixes", rf"\[?pod/[\w.-]{{1,128}}(?:/[\w.-]{{1,128}})?\]?{END}"),
        ("container log prefixes", rf"{TIME} std(?:out|err) [FP]{END}"),
        ("log stream names", rf"{TIME}[ \t]+[\w$.-]{{1,80}}/[\w$.\[\]/-]{{1,200}}{END}"),
        ("syslog prefixes", rf"{SYSLOG} \S{{1,80}} [\w./-]{{1,80}}(?:\[\d{{1,10}}\])?:{END}"),
        ("times", rf"\[?{TIME}\]?{END}(?:- )?"),
    )
)
"""What tools put before log lines, tried in this order; each is peeled only where most lines agree."""

ANNOTATION = re.compile(
    r"^(?:##\[(?:error|warning|notice|debug|command|group|endgroup)\]|::(?:error|warning|notice)[^:]{0,300}::)"
)

CONTINUED = re.compile(
    r"\s|Traceback \(most recent|Caused by: |The above exception|During handling|[}\])]+[,;]?$"
)
"""Lines that go on with the record above, so they need not wear what it wears."""


Peel = Callable[[str], list[str]]
"""Returns the lines inside an envelope, or none where the line does not wear it."""


def _peel(lines: list[Line], notes: Notes) -> list[Line]:
    for _ in range(MAX_ROUNDS):
        found = _outermost(lines)
        if not found:
            break
        name, peel = found
        lines = _open_all(lines, peel, notes)
        notes[f"Peeled off {name}."] = None
    return [Line(line.number, ANNOTATION.sub("", line.text)) for line in lines]


def _outermost(lines: Sequence[Line]) -> tuple[str, Peel] | None:
    """Return what most lines wear, else JSON where any line is a record, even in a mixed log."""
    full = [line.text for line in lines if line.text and not CONTINUED.match(line.text)]
    sample = full[:: len(full) // SAMPLE + 1]
    for name, prefix in ENVELOPES:
        if sample and sum(map(bool, map(prefix.match, sample))) >= AGREE * len(sample):
            return name, partial(_strip, prefix)
    return ("JSON", _read) if any(map(_read, full)) else None


def _strip(prefix: re.Pattern[str], text: str) -> list[str]:
    found = prefix.match(text)
    return [text[found.end() :]] if found else []


def _read(text: str) -> list[str]:
    return [_clean(row) for _, row in open_record(text)]


def _open_all(lines: Sequence[Line], peel: Peel, notes: Notes) -> list[Line]:
    """Open every line; where that makes too many, keep both ends."""
    opened = _open(lines, peel)
    if len(opened) <= 2 * HALF_LINES:
        return opened
    notes[f"Only the first and last {HALF_LINES:,} lines were read."] = None
    return opened[:HALF_LINES] + _open(lines[::-1], peel, -1)[:HALF_LINES][::-1]


def _open(lines: Iterable[Line], peel: Peel, step: int = 1) -> list[Line]:
    opened: list[Line] = []
    for line in lines:
        inside = (peel(line.text) or [line.text])[::step]
        opened += [Line(line.number, text) for text in inside]
        if len(opened) > 2 * HALF_LINES:
            break
    return opened


def _open_whole(lines: list[Line], notes: Notes) -> list[Line]:
    """Open a paste that is one JSON record over many lines; each part stands where its key does."""
    said = open_record("\n".join(line.text for line in lines)) if len(lines) > 1 else []
    if not said:
        return lines
    notes["Peeled off JSON."] = None
    keys = dict.fromkeys(key.partition(".")[0] for key, _ in said)
    at = {key: next((x.number for x in lines if f'"{key}"' in x.text), 1) for key in keys}
    return [Line(at[key.partition(".")[0]], _clean(row)) for key, row in said]
