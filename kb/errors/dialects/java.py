"""Java, Kotlin and Scala stack traces: the last `Caused by:` is the root."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.errors.unit import ErrorUnit, Frame, Line

HEADER = re.compile(
    r'^\s*(?:Exception in thread "[^"\n]{0,200}" |(Caused by|Suppressed|Wrapped by): )?'
    r"([a-z_$][\w$]{0,80}(?:\.[\w$]{1,120}){1,20})(?:: (.*))?$"
)
FRAME = re.compile(
    r"^\s+at (?:[\w.@/-]{1,200}/)?([\w$.<>/]{1,300})\.([\w$<>]{1,120})\(([^()\n]{0,200})\)"
)
MORE = re.compile(r"^\s+\.\.\. \d{1,5} (?:more|common frames omitted)")
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
GENERATED = re.compile(r"\$\$[\w$]*|\$?\d+$|GeneratedMethodAccessor\d+")


def find(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each exception and each cause that has a stack, in the order of the text."""
    units: list[ErrorUnit] = []
    chained = False
    for at, line in enumerate(lines):
        header = HEADER.match(line.text)
        if not header or not (header[1] or _has_stack(lines, at)):
            continue
        unit = _read(lines, at, header)
        if header[1] and units:
            units[-1] = replace(units[-1], role="wrapper")
            chained = True
        units.append(replace(unit, role="root" if header[1] and chained else "single"))
    return units


def _has_stack(lines: Sequence[Line], at: int) -> bool:
    return any(FRAME.match(line.text) for line in lines[at + 1 : at + 4])


def _read(lines: Sequence[Line], at: int, header: re.Match[str]) -> ErrorUnit:
    frames: list[Frame] = []
    end = lines[at].number
    for line in lines[at + 1 : at + 1000]:
        if found := FRAME.match(line.text):
            frames.append(_frame(found, line.number))
        elif (frames and not MORE.match(line.text)) or HEADER.match(line.text):
            break
        end = line.number
    return ErrorUnit("java", header[2], header[3] or "", lines[at].number, end, tuple(frames))


def _frame(found: re.Match[str], number: int) -> Frame:
    name = GENERATED.sub("", found[1])
    own = not name.startswith(LIBRARY)
    return Frame(name.rsplit(".", 1)[-1], found[2], own, number)
