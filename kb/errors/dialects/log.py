"""Single lines that report an error: `Type: message`, log lines of level WARN and above, error words."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kb.errors.unit import ErrorUnit, Line

LINE_SIZE = 2_000
LEVEL_SIZE = 120
MORE_LINES = 4

BAD = "FATAL|CRITICAL|EMERG|ALERT|ERROR|SEVERE|ERR"
WARN = "WARN(?:ING)?"
GOOD = "INFO|DEBUG|TRACE|NOTICE|VERBOSE|LOG(?=:)"
LEVEL = re.compile(
    rf"(?:^|[\s\[|<(])(?:(?P<bad1>{BAD})|(?P<warn1>{WARN})|(?P<good1>{GOOD}))(?=[\s:\]|,>)!/]|$)"
    r"|(?:^\W{0,4}|\[|level=\"?|severity=\"?)"
    rf"(?i:(?P<bad2>{BAD}|panic|crit)|(?P<warn2>{WARN})|(?P<good2>{GOOD}))"
    r"(?:\"(?=[\s,])|(?=[\s:\]|,!]|$))"
    r"|^(?:(?P<bad3>[EF])|(?P<warn3>W)|(?P<good3>I))\d{4} (?=\d\d:\d\d:\d\d)"
)
"""Where a line tells its level, in capitals, as the first word, or as Kubernetes does."""

ENDINGS = "Error|Exception|Warning|Fault|Failure|Timeout|Interrupt|Exit|NotFound"
TYPED = re.compile(
    r"(?:^|[\s\]>|(])((?:[A-Za-z_$][\w$]{0,80}\.){0,10}"
    rf"(?:_{{0,2}}[A-Z][\w$]{{0,80}}(?:{ENDINGS})|[\w$]{{0,80}}DoesNotExist))(?:: (.*)|$)"
)

CUES = tuple(
    cue.replace("_", " ")
    for cue in """error failed failure fatal exception denied refused cannot can't could_not couldn't
    unable_to not_found no_such timed_out timeout panic invalid blocked crashed aborted killed missing
    mismatch unsupported unexpected not_satisfied read-only out_of_memory expired corrupt corrupted
    broken wrong not_loading empty undefined unauthorised unauthorized forbidden
    segmentation_fault""".split()
)
"""Words that speak of an error."""

LEVELS = tuple("warn fatal critical emerg alert severe err panic crit".split())


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of `words`, by first letter, which is the quickest to search for."""
    rest: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(set(words)):
        rest[word[0]].append(re.escape(word[1:]))
    return "|".join(f"{first}(?:{'|'.join(ends)})" for first, ends in rest.items())


SIGN = re.compile(
    _any_of((*CUES, *LEVELS, *ENDINGS.lower().split("|"), "doesnotexist", "exceeded"))
)
"""In a lower-case line: a sign that the patterns above, which cost more, are worth trying."""
START = re.compile(r"[45]\d\d\b|[EFW]\d{4} ")
"""Signs at the start of a line: a status, a level as Kubernetes writes it."""
CUE = re.compile(rf"\b(?:{_any_of(CUES)})\b|-error:|^[45]\d\d\b")
NAME = re.compile(
    r"\b[A-Z][A-Z0-9]{2,}+_[A-Z0-9_]*(?:FAILED|ERROR|DENIED|TIMEOUT|EXCEEDED|INVALID|NOT_FOUND)\b"
)
HARMLESS = re.compile(
    r"\b(?:0|no) (?:errors?|failures?|failed|warnings?)\b|\b(?:errors?|failed|failures?)[=:] ?0\b"
    r"|^(?:the above exception was the direct|during handling of the above)|^traceback \(most"
)

BEFORE = (
    r"\[(?![Ee]rrno |WinError |SSL|[A-Z]{2,40}_)[^\[\]]{0,80}\](?=[\s:-])"
    r"|/\w{1,40}\]|\d{1,10} ---|\d{1,10}#\d{1,10}:|\*\d{1,10}(?=\s)"
    r"|\d{2,4}[-/:]\d\d[-/:]\d\d\S{0,30}|[0-9a-f]{8}-[0-9a-f-]{27}(?=\s)|\d{1,10} [\w.-]{1,80}:\d{1,7}\]"
    r"|(?:\(index\)|[\w@.-]{1,80}\.(?:[cm]?[jt]sx?|vue|html)):\d{1,7}(?::\d{1,7})?(?=\s)"
)
"""What loggers and consoles put before a message: thread, process, time, request, place in the code."""
LOGGER = (
    r"in [\w.]{1,80}:(?=\s)|[A-Za-z_$][\w$]{0,60}(?:\.[\w$]{1,60}){1,10}\s{0,40}(?::|--?)(?=\s)"
)
LEADS = {
    "text": re.compile(rf"(?:[\s:|>-]*+(?:{BEFORE}))*+[\s:|>-]*+"),
    "log": re.compile(
        rf"(?::[\w.$-]{{1,80}}:(?=\S))?+(?:[\s:|>\]-]*+(?:{BEFORE}|{LOGGER}))*+[\s:|>\]!-]*+"
    ),
}
"""What stands before the message, by runtime: only a line that tells its level names its logger."""
LETTER = re.compile(r"[^\W\d_]")
TAIL = re.compile(r", client: \S{1,60}(?:, |$).*+$")
"""What nginx adds about the request."""


def find(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each line that names an error, is logged as one, or speaks of one."""
    units: list[ErrorUnit] = []
    at = 0
    while at < len(lines):
        unit = _read(lines[at].text[:LINE_SIZE], lines[at].number)
        more = _go_on(unit, lines[at + 1 : at + 1 + MORE_LINES]) if unit else []
        units += [_join(unit, more)] if unit else []
        at += 1 + len(more)
    return units


def _go_on(unit: ErrorUnit, lines: Sequence[Line]) -> list[Line]:
    """Return the indented lines that follow a typed line whose message ends with a colon."""
    if not (unit.type and unit.message.endswith(":")):
        return []
    return list(itertools.takewhile(lambda line: line.text.startswith((" ", "\t")), lines))


def _join(unit: ErrorUnit, more: Sequence[Line]) -> ErrorUnit:
    if not more:
        return unit
    message = "\n".join([unit.message, *(line.text.strip()[:LINE_SIZE] for line in more)])
    return replace(unit, message=message, end=more[-1].number)


def find_all(lines: Sequence[Line]) -> list[ErrorUnit]:
    """Return one unit for each line that has words: for texts that are known to be errors."""
    return [
        _read(line.text[:LINE_SIZE], line.number)
        or _unit("text", line.text[:LINE_SIZE], line.number)
        for line in lines
        if LETTER.search(line.text[:LINE_SIZE])
    ]


def _read(text: str, number: int) -> ErrorUnit | None:
    small = text.lower()
    if not (SIGN.search(small) or START.match(text)) or HARMLESS.search(small):
        return None
    level = LEVEL.search(text, 0, LEVEL_SIZE)
    kind = level.lastgroup[:-1] if level and level.lastgroup else ""
    if kind == "good":
        return None
    if typed := TYPED.search(text):
        message = (typed[2] or "").strip()
        return ErrorUnit("", typed[1], message, number, number, warning=kind == "warn")
    if level:
        return _unit("log", text[level.end() :], number, warning=kind == "warn")
    return _unit("text", text, number) if CUE.search(small) or NAME.search(text) else None


def _unit(runtime: str, text: str, number: int, *, warning: bool = False) -> ErrorUnit:
    lead = LEADS[runtime].match(text)
    said = TAIL.sub("", text[lead.end() if lead else 0 :]).rstrip(" \t-:|>")
    return ErrorUnit(runtime, "", said or text.strip(), number, number, warning=warning)
