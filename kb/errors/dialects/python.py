"""Python tracebacks: chained, grouped, and as AWS Lambda prints them with the error first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.errors.unit import ErrorUnit, Frame, Line, Role

HEADER = "Traceback (most recent call last):"
FRAME = re.compile(r'^[\s|]*+File "([^"\n]{1,400})", line \d+(?:, in (.{1,200}))?')
FINAL = re.compile(
    r"^[\s|]*+(?!(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\b)([A-Za-z_][\w.]{0,200})(?::\s?(.*))?$"
)
FIRST = re.compile(r"^\[ERROR\]\s+([A-Za-z_][\w.]{0,200}): (.*)$")
CAUSE = "The above exception was the direct cause of the following exception:"
DURING = "During handling of the above exception, another exception occurred:"
LIBRARY = (
    "site-packages/",
    "dist-packages/",
    "/lib/python",
    "/Lib/",
    "<frozen",
    "/var/runtime/",
    "/var/lang/",
)
MAX_FRAMES = 400
MORE_LINES = 8


def find(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each traceback, in the order of the text."""
    units: list[ErrorUnit] = []
    links: list[str] = []
    for at, line in enumerate(lines):
        if line.text.endswith(HEADER) and (unit := _read(lines, at)):
            units.append(unit)
            links.append(_link_before(lines, at))
    return _with_roles(units, links)


def _read(lines: Sequence[Line], at: int) -> ErrorUnit | None:
    """Read up to the line that names the error, or to the next traceback where this one is cut."""
    frames: list[Frame] = []
    for here in range(at + 1, len(lines)):
        text = lines[here].text
        if found := FRAME.match(text):
            frames.append(_frame(found[1], found[2] or "", lines[here].number))
        elif text.endswith(HEADER) or (text and not text.startswith((" ", "\t"))):
            return _unit(lines, at, here, frames)
    return _unit(lines, at, len(lines), frames)


def _unit(lines: Sequence[Line], at: int, end: int, frames: list[Frame]) -> ErrorUnit | None:
    final = FINAL.match(lines[end].text) if end < len(lines) else None
    first = FIRST.match(lines[at - 1].text) if at else None
    named, start, stop = (first, at - 1, end - 1) if first else (final, at, end)
    if not named:
        return None
    return ErrorUnit(
        runtime="python",
        type=named[1],
        message=_message(lines, stop, named[2] or "") if not first else named[2],
        start=lines[start].number,
        end=lines[min(stop, len(lines) - 1)].number,
        frames=tuple(frames[: -MAX_FRAMES - 1 : -1]),
    )


def _message(lines: Sequence[Line], at: int, first: str) -> str:
    """Join a first line with the lines that go on with it: indented, or following an empty one."""
    rest = [line.text.strip() for line in lines[at + 1 : at + 1 + MORE_LINES]]
    go_on = [line.text.startswith((" ", "\t")) for line in lines[at + 1 : at + 1 + MORE_LINES]]
    count = go_on.index(False) if False in go_on else len(go_on)
    return "\n".join([first, *rest[: max(count, not first.strip())]]).strip()


def _frame(file: str, function: str, number: int) -> Frame:
    file = file.replace("\\", "/")
    module = file.rpartition("/")[2].removesuffix(".py")
    own = not any(part in file for part in LIBRARY)
    return Frame(module, function.strip() or "<module>", own, number)


def _link_before(lines: Sequence[Line], at: int) -> str:
    for line in reversed(lines[max(0, at - 3) : at]):
        text = line.text.strip(" |")
        if text in (CAUSE, DURING):
            return text
        if text:
            break
    return ""


def _with_roles(units: list[ErrorUnit], links: list[str]) -> list[ErrorUnit]:
    """Mark roots and wrappers: a direct cause is the root; else the last error of a chain is."""
    roles: list[Role] = ["single"] * len(units)
    for at, link in enumerate(links):
        if link and at:
            root, wrapper = (at - 1, at) if link == CAUSE else (at, at - 1)
            roles[wrapper] = "wrapper"
            roles[root] = "wrapper" if roles[root] == "wrapper" else "root"
    return [replace(unit, role=role) for unit, role in zip(units, roles, strict=True)]
