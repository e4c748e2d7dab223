"""Java, Kotlin and Scala stack traces: the last `Caused by:` is the root."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.errors.unit import ErrorUnit, Frame, Line, Role

HEADER = re.compile(
    r'^\s*+(?:Exception in thread "[^"\n]{0,200}" |(Caused by|Suppressed|Wrapped by): )?'
    r"([a-z_$][\w$]{0,80}(?:\.[\w$]{1,120}){1,20})(?:: (.*))?$"
)
FRAME = re.compile(r"^\s++at ([\w$.@/<>-]{1,600}+)\([^()\n]{0,200}\)")
MORE = re.compile(r"^\s++\.\.\. \d{1,5} (?:more|common frames omitted)")
LIBRARY = (
    "java.",
    "javax.",
    "jakarta.",
    "jdk.",
    "sun.",
    "com.sun.",
    "kotlin.",
    "kotlinx.",
    "scala.",
    "org.apache.",
    "org.springframework.",
    "org.hibernate.",
    "org.eclipse.",
    "io.netty.",
    "akka.",
)
GENERATED = re.compile(r"\$\$.*+|\$?(?<!\d)\d++$")
MAX_FRAMES = 1_000
LOOKAHEAD = 3


def find(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each exception and each cause that has a stack, in the order of the text."""
    units: list[ErrorUnit] = []
    for at, line in enumerate(lines):
        header = HEADER.match(line.text)
        if header and (header[1] or _has_stack(lines, at)):
            role = _link(units, header[1], line.number) if header[1] else "single"
            units.append(replace(_read(lines, at, header), role=role))
    return units


def _has_stack(lines: Sequence[Line], at: int) -> bool:
    return any(FRAME.match(line.text) for line in lines[at + 1 : at + 1 + LOOKAHEAD])


def _link(units: list[ErrorUnit], link: str, number: int) -> Role:
    """Return the role of an error that is linked to the one right above; that one's may change."""
    near = bool(units) and number - units[-1].end <= LOOKAHEAD
    if near and link == "Caused by":
        units[-1] = replace(units[-1], role="wrapper")
    elif near and link == "Wrapped by" and units[-1].role == "single":
        units[-1] = replace(units[-1], role="root")
    return "root" if link == "Caused by" else "wrapper"


def _read(lines: Sequence[Line], at: int, header: re.Match[str]) -> ErrorUnit:
    frames: list[Frame] = []
    said = [header[3] or ""]
    end = at
    for here in range(at + 1, min(at + MAX_FRAMES, len(lines))):
        text = lines[here].text
        if found := FRAME.match(text):
            frames.append(_frame(found[1], lines[here].number))
        elif not MORE.match(text):
            if frames or here > at + LOOKAHEAD or HEADER.match(text):
                break
            said.append(text.strip())
            continue
        end = here
    message = "\n".join(said if frames else said[:1]).strip()
    return ErrorUnit("java", header[2], message, lines[at].number, lines[end].number, tuple(frames))


def _frame(call: str, number: int) -> Frame:
    name, _, method = call.rpartition(".")
    name = GENERATED.sub("", name).rpartition("/")[2]
    own = not name.startswith(LIBRARY)
    return Frame(name.rpartition(".")[2], method, own, number)
