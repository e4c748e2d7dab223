"""Single lines that report an error: `Type: message`, log lines of level WARN and above, error words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.errors.unit import ErrorUnit, Line

LINE_SIZE = 2_000
BAD = r"FATAL|CRITICAL|EMERG|ALERT|ERROR|SEVERE|WARN(?:ING)?|ERR"
GOOD = r"INFO|DEBUG|TRACE|NOTICE|VERBOSE|LOG"
LEVEL = re.compile(
    rf"(?:^|[\s\[|<(])(?:(?P<bad>{BAD})|(?P<good>{GOOD}))(?=[\s:\]|,>)]|$)"
    rf"|(?:^\W{{0,4}}|\[|level=\"?|severity=\"?)(?i:(?P<bad2>{BAD}|panic|crit)|(?P<good2>{GOOD}))(?=[\s:\]|,\"!]|$)"
)
TYPED = re.compile(
    r"(?:^|[\s\]>|(])((?:[A-Za-z_$][\w$]{0,80}\.){0,10}[A-Z][\w$]{0,80}"
    r"(?:Error|Exception|Warning|Fault|Failure|Timeout|Interrupt|Exit|NotFound|DoesNotExist))(?:: (.*)|$)"
)
CUES = re.compile(
    r"(?i:\b(?:error|failed|failure|fatal|exception|denied|refused|cannot|can't|could not|couldn't|unable to|"
    r"not found|no such|timed out|timeout|panic|invalid|blocked|crashed|aborted|killed|missing|mismatch|"
    r"unsupported|unexpected|not satisfied|read-only|out of memory|expired|corrupt(?:ed)?|broken|wrong|"
    r"not loading|empty|undefined|unauthori[sz]ed|forbidden|segmentation fault)\b)"
    r"|\b[A-Z][A-Z0-9]{2,}_[A-Z0-9_]*(?:FAILED|ERROR|DENIED|TIMEOUT|EXCEEDED|INVALID|NOT_FOUND)\b|^[45]\d\d\b|-error:"
)
LEAD = re.compile(r"^(?:\[[^\[\]]{0,80}\][\s:-]*)+(?=\S)")
"""What loggers put between level and message: threads, process ids."""
HARMLESS = re.compile(
    r"(?i)\b(?:0|no) (?:errors?|failures?|failed|warnings?)\b|\b(?:errors?|failed|failures?)[=:] ?0\b"
    r"|^(?:The above exception was the direct|During handling of the above)|^Traceback \(most"
)


def find(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each line that names an error, is logged as one, or speaks of one."""
    return [unit for line in lines if (unit := _read(line.text[:LINE_SIZE], line.number))]


def find_all(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each line that has words: for texts that are known to be errors."""
    return [
        _read(line.text, line.number)
        or ErrorUnit("text", "", _strip(line.text), line.number, line.number)
        for line in lines
        if any(char.isalpha() for char in line.text)
    ]


def _read(text: str, number: int) -> ErrorUnit | None:
    level = LEVEL.search(text[:120])
    if (level and (level["good"] or level["good2"])) or HARMLESS.search(text):
        return None
    if typed := TYPED.search(text):
        return ErrorUnit("", typed[1], (typed[2] or "").strip(), number, number)
    if level:
        return ErrorUnit("log", "", _strip(text[level.end() :]), number, number)
    return ErrorUnit("text", "", _strip(text), number, number) if CUES.search(text) else None


def _strip(text: str) -> str:
    return LEAD.sub("", text.strip(" \t-:|]>")).strip(" \t-:|>")
