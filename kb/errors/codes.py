"""Find the codes that name an error exactly: the strongest evidence there is."""

from __future__ import annotations

import re

LINUX = (
    "ACCES ADDRINUSE CONNREFUSED CONNRESET EXIST INVAL ISDIR MFILE NOENT NOSPC NOTDIR NOTEMPTY NOTFOUND "
    "PERM PIPE ROFS TIMEDOUT RESOLVE INTEGRITY 404"
)
FAMILIES = "E TS CS NG SC ORA- SQLCODE- KB MSB NU CA LNK C"
REASONS = "CrashLoopBackOff OOMKilled ImagePullBackOff ErrImagePull CreateContainerConfigError"
STATUS = (
    r"HTTP/[\d.]{1,3} |HTTP |[Ss]tatus(?: code)?(?: of)?[:= ]{1,2}|response(?: code)?: |returned "
    r"|[Ee]rror "
)


def _one_of(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


CODES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "name",
            r"(?<![\w$.-])(?<!net::)[A-Z][A-Z0-9]{1,40}+(?:_[A-Z0-9]{1,40}+){1,8}+(?![\w-]|\.\w)",
        ),
        ("net", r"(?<=net::)ERR_[A-Z_]{3,60}+"),
        ("errno", r"\[[Ee]rrno (\d{1,5})\]"),
        ("winerror", r"\[WinError (\d{1,5})\]"),
        ("errno", rf"(?<![\w$])E{_one_of(LINUX)}(?!\w)"),
        ("letters", rf"(?<![\w$./:-]){_one_of(FAMILIES)}\d{{3,5}}+(?![\w]|\.\w| \d\d:)"),
        ("sqlstate", r"(?:SQLSTATE|sqlstate)[\[: =]{1,3}([0-9A-Z]{5})(?!\w)"),
        ("hresult", r"0x8[0-9A-Fa-f]{7}(?![0-9A-Fa-f])"),
        ("http", rf"(?:{STATUS})([45]\d\d)(?!\d)"),
        ("http", r"(?:^|: )([45]\d\d):? (?=[A-Z])"),
        (
            "exit",
            r"[Ee]xit(?:ed)?(?: with)?(?: status| [Cc]ode)?[:= ]{1,8}(?:code )?(\d{1,3})\b",
        ),
        ("exit", r"non-zero code: (\d{1,3})\b"),
        ("signal", r"\bSIG(?:SEGV|KILL|ABRT|TERM|BUS|FPE|ILL|PIPE)\b"),
        ("reason", rf"\b{_one_of(REASONS)}\b"),
    )
)
"""Ordered, named patterns; a group, where there is one, is the code itself."""

ERRNO = {
    "1": "EPERM",
    "2": "ENOENT",
    "13": "EACCES",
    "17": "EEXIST",
    "22": "EINVAL",
    "24": "EMFILE",
    "28": "ENOSPC",
    "30": "EROFS",
    "32": "EPIPE",
    "98": "EADDRINUSE",
    "104": "ECONNRESET",
    "110": "ETIMEDOUT",
    "111": "ECONNREFUSED",
}
"""Linux errno numbers that people paste, by name."""

WEAK = frozenset({"errno", "winerror", "net", "http", "exit", "signal"})
"""Kinds shared by many troubles: they support a match but never make one."""

WEAK_NAMES = frozenset(
    """INTERNAL_SERVER_ERROR ERR_FAILED BAD_REQUEST NOT_FOUND UNKNOWN_ERROR LAMBDA_WARNING INIT_START
    INIT_REPORT RUN_ID NODE_ENV""".split()
)

EXITS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        *((name, pattern.pattern) for name, pattern in CODES if name in ("exit", "signal")),
        ("exit", r"[Ee]xited \((\d{1,3})\)"),
        ("exit", r"\bstatus:? (1[2-5]\d)\b"),
        ("exit", r"(?:[Ee]xitCode|exit_code|returncode)[\"']?[:= ]{1,3}(\d{1,3})\b"),
        ("exit", r"[Ee]xit(?:ed)? (?:code|status)(?: of| was| is) (\d{1,3})\b"),
        (
            "signal",
            r"(?:killed|terminated|died)(?: \w{2,10}){0,2} (?:by|with|from) signal (\d{1,2})\b",
        ),
    )
)
"""How a program ended, in more words than may tell entries apart; only shown as a fact."""

LINE_SIZE = 2_000
MOST = 12


def find_codes(text: str) -> tuple[str, ...]:
    """Return the codes in `text` as `kind:CODE`, first seen first."""
    found: dict[str, None] = {}
    for line in text.split("\n")[:200]:
        for name, pattern in CODES:
            for match in pattern.finditer(line[:LINE_SIZE]):
                found[_name(name, match)] = None
    return tuple(found)[:MOST]


def find_exits(text: str) -> tuple[str, ...]:
    """Return the exit codes and signals in `text` as `exit:137` and `signal:SIGKILL`."""
    found: dict[str, None] = {}
    for line in text.split("\n")[:200]:
        for name, pattern in EXITS:
            for match in pattern.finditer(line[:LINE_SIZE]):
                found[_name(name, match)] = None
    return tuple(code for code in found if code != "exit:0")[:MOST]


def is_weak(code: str) -> bool:
    """Tell whether the code is of a kind that many troubles share."""
    kind, _, value = code.partition(":")
    return kind in WEAK or value in WEAK_NAMES


def _name(kind: str, match: re.Match[str]) -> str:
    value = match[match.lastindex or 0]
    if kind == "errno" and value.isdigit():
        value = ERRNO.get(value, value)
    return f"{kind}:{value}"
