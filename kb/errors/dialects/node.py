"""JavaScript errors as V8 prints them (Node, Chromium): header, `at` lines, `[cause]`, trailing code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.errors.codes import find_codes
from kb.errors.unit import ErrorUnit, Frame, Line

HEADER = re.compile(
    r"^(\s*)(?:\[cause\]: )?(?:Uncaught )?(?:\(in promise\) )?"
    r"([A-Z][\w$]{0,80}(?:Error|Exception|Rejection)|Error)(?: \[([A-Z_]{3,60})\])?(?:: (.*))?$"
)
FRAME = re.compile(
    r"^\s+at (?:async )?(?:new )?(?:([^\s()]{1,200})(?: \[as [^\]]{1,80}\])? \()?([^()\n{]{1,400}?)\)?(?: \{)?$"
)
EXCERPT = re.compile(r"^\S{1,400}:\d{1,7}$")
CODE = re.compile(r"^\s+code: '([A-Z_0-9]{2,60})'")
LIBRARY = ("node:", "node_modules", "internal/", "<anonymous>", "native")
LOOKAHEAD = 6
EXCERPT_LINES = 4


def find(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each error that has a stack; a `[cause]` is the root of the one before."""
    units: list[ErrorUnit] = []
    for at, line in enumerate(lines):
        header = HEADER.match(line.text)
        if not header or not _has_stack(lines, at):
            continue
        unit = _read(lines, at, header)
        if "[cause]:" in line.text and units:
            units[-1] = replace(units[-1], role="wrapper")
            unit = replace(unit, role="root")
        units.append(unit)
    return units


def _has_stack(lines: Sequence[Line], at: int) -> bool:
    """Look for an `at` line close below: messages may span a few lines."""
    for line in lines[at + 1 : at + 1 + LOOKAHEAD]:
        if FRAME.match(line.text):
            return True
        if HEADER.match(line.text):
            return False
    return False


def _read(lines: Sequence[Line], at: int, header: re.Match[str]) -> ErrorUnit:
    frames: list[Frame] = []
    codes = list(find_codes(header[3] or ""))
    end = lines[at].number
    for line in lines[at + 1 : at + 400]:
        if found := FRAME.match(line.text):
            frames.append(_frame(found[1] or "", found[2], line.number))
        elif code := CODE.match(line.text):
            codes += find_codes(code[1])
        elif (frames and not line.text.startswith((" ", "}"))) or HEADER.match(line.text):
            break
        end = line.number
    start = _start(lines, at)
    return ErrorUnit("node", header[2], header[4] or "", start, end, tuple(frames), tuple(codes))


def _start(lines: Sequence[Line], at: int) -> int:
    """Return where the error begins: Node prints the place and the source line above the header."""
    above = (
        line.number for line in lines[max(0, at - EXCERPT_LINES) : at] if EXCERPT.match(line.text)
    )
    return next(above, lines[at].number)


def _frame(function: str, place: str, number: int) -> Frame:
    file = re.split(r"[\\/]", re.sub(r"(?::\d+){1,2}$", "", place))[-1]
    own = not any(part in place for part in LIBRARY)
    return Frame(
        re.sub(r"\.\w{1,4}$", "", file),
        function.rsplit(".", maxsplit=1)[-1] or "<anonymous>",
        own,
        number,
    )
