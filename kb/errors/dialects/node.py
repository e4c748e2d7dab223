"""JavaScript errors as V8 prints them (Node, Chromium): header, `at` lines, `[cause]`, trailing code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.errors.codes import find_codes
from kb.errors.unit import ErrorUnit, Frame, Line

ENDINGS = ("Error", "Exception", "Rejection")
HEADER = re.compile(
    r"(?<!\S)([A-Z][\w$]{0,80}(?:Error|Exception|Rejection)|Error)(?: \[([A-Z0-9_]{3,60})\])?(?:: (.*))?$"
)
CAUSE = "[cause]: "
FRAME = re.compile(r"^\s++at (?:async )?(?:new )?")
PLACE = re.compile(r"(?::\d{1,7}|<anonymous>|native|index \d{1,4})\)?$")
EXCERPT = re.compile(r"^\S{1,400}:\d{1,7}$")
CODE = re.compile(r"^\s++code: '([A-Z_0-9]{2,60})'")
VARIES = re.compile(r"(?::\d++){1,2}$| \d++$|\?.*+$")
EXTENSION = re.compile(r"\.[cm]?[jt]sx?$|\.vue$|\.html$")
HASH = re.compile(r"[.-](?:(?=[a-f]*\d)[0-9a-f]{4,32}|(?=[A-Za-z_]*\d)\w{8,32})$")
"""What builds put into file names."""
LIBRARY = ("node:", "node_modules", "internal/", "<anonymous>", "native", "index ")
LOOKAHEAD = 6
EXCERPT_LINES = 4
MAX_LINES = 400
PLACE_SIZE = 40


def find(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each error that has a stack; a `[cause]` is the root of the one before."""
    units: list[ErrorUnit] = []
    for at, line in enumerate(lines):
        header = _header(line.text)
        if not header or not _has_stack(lines, at):
            continue
        unit = _read(lines, at, header)
        if CAUSE in line.text[: header.start()] and units:
            units[-1] = replace(units[-1], role="wrapper")
            unit = replace(unit, role="root")
        units.append(unit)
    return units


def _header(text: str) -> re.Match[str] | None:
    return HEADER.search(text) if any(ending in text for ending in ENDINGS) else None


def _has_stack(lines: Sequence[Line], at: int) -> bool:
    """Look for an `at` line close below: messages may span a few lines."""
    for line in lines[at + 1 : at + 1 + LOOKAHEAD]:
        if _frame(line):
            return True
        if _header(line.text):
            return False
    return False


def _read(lines: Sequence[Line], at: int, header: re.Match[str]) -> ErrorUnit:
    frames: list[Frame] = []
    codes = list(find_codes(header[2] or ""))
    end = at
    for here in range(at + 1, min(at + MAX_LINES, len(lines))):
        text = lines[here].text
        if found := _frame(lines[here]):
            frames.append(found)
        elif code := CODE.match(text):
            codes += find_codes(code[1])
        elif (frames and not text.startswith((" ", "}"))) or _header(text):
            break
        end = here
    stop = lines[end].number
    start = _start(lines, at)
    return ErrorUnit("node", header[1], header[3] or "", start, stop, tuple(frames), tuple(codes))


def _start(lines: Sequence[Line], at: int) -> int:
    """Return where the error begins: Node prints the place and the source line above the header."""
    above = (
        line.number for line in lines[max(0, at - EXCERPT_LINES) : at] if EXCERPT.match(line.text)
    )
    return next(above, lines[at].number)


def _frame(line: Line) -> Frame | None:
    found = FRAME.match(line.text)
    call = line.text[found.end() :].rstrip(" {,") if found else ""
    if not PLACE.search(call[-PLACE_SIZE:]):
        return None
    function, _, place = call.partition(" (") if " (" in call else ("", "", call)
    name = function.partition(" [as ")[0].rpartition(".")[2] or "<anonymous>"
    own = not any(part in place for part in LIBRARY)
    return Frame(_module(place.removesuffix(")").rpartition(", ")[2]), name, own, line.number)


def _module(place: str) -> str:
    file = VARIES.sub("", place).replace("\\", "/").rpartition("/")[2]
    return HASH.sub("", EXTENSION.sub("", file))
