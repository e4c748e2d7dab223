"""Cut a message into words and mask what changes from one occurrence to the next."""

from __future__ import annotations

import re
from functools import lru_cache

MASK_SIZE = 200

MASKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("wildcard", r"…|\.{3,}|[xX]{3,}\w{0,4}"),
        ("email", r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}"),
        ("url", r"[a-z][a-z0-9+.-]{1,20}://\S*"),
        ("arn", r"arn:[\w-]{1,20}:\S*"),
        ("uuid", r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"),
        ("date", r"\d{4}[-/]\d\d[-/]\d\d(?:[T ]\S*)?|\d\d:\d\d:\d\d\S*"),
        (
            "ip",
            r"\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?:/\d{1,2})?|\[?[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}\]?(?::\d{1,5})?",
        ),
        ("host", r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}:\d{2,5}"),
        (
            "host",
            r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.(?:com|net|org|io|dev|local|internal|app|cloud)",
        ),
        (
            "hex",
            r"0x[0-9a-fA-F]{5,}|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,}|(?=[A-F]*\d)(?=\d*[A-F])[0-9A-F]{8,}",
        ),
        (
            "path",
            r"(?:[A-Za-z]:)?[\w.$@~+%-]{0,255}(?:[\\/][\w.$@~+%\[\]()-]{0,255})+(?::\d{1,7}){0,2}",
        ),
        ("file", r"[\w$@~+%-][\w.$@~+%-]{0,255}\.(?:[a-z]{1,5}|mp[34]|7z)(?::\d{1,7}){0,2}"),
        ("duration", r"\d{1,12}(?:\.\d{1,9})?(?:ns|us|µs|ms|s|sec|m|min|h|d)"),
        ("size", r"\d{1,12}(?:\.\d{1,9})?(?:[kKMGT]i?)?[Bb](?:ytes)?"),
        ("version", r"v?\d{1,6}(?:\.\d{1,9}){1,4}(?:[.+-]?[\w.+-]{1,40})?"),
        ("number", r"[-+]?\d{1,30}(?:[.,]\d{1,30}){0,9}%?"),
        ("identifier", r"[A-Za-z_-]{0,40}\d{5,30}[\w-]{0,40}"),
    )
)
"""Named patterns in order: the composite before its parts; each must cover a whole token."""

PLACEHOLDER = re.compile(r"<[A-Za-z][\w -]{0,40}>|\{[A-Za-z_][\w ]{0,40}\}|\$\{[^{}\n]{0,60}\}")
PIECES = re.compile(r"[^\s\"'`“”=,;()]+")
QUOTED = re.compile(r"'([^'\n]{1,120})'|\"([^\"\n]{1,120})\"|`([^`\n]{1,120})`")
EDGE = "\"'`[]{}<>!?:;,=«»"
MESSAGE_SIZE = 4_000


@lru_cache(maxsize=50_000)
def mask_token(token: str) -> str:
    """Return the token, or in angle brackets what it is, such as `<path>` or `<number>`."""
    if len(token) > MASK_SIZE:
        return "<long>"
    if token.isalpha() and len(token) < 7:
        return token
    return next((f"<{name}>" for name, mask in MASKS if mask.fullmatch(token)), token)


def split_words(message: str) -> tuple[str, ...]:
    """Return the message's words in order, lower-case, without quotes and with what varies masked."""
    text = PLACEHOLDER.sub(" … ", message[:MESSAGE_SIZE])
    pieces = (_trim(piece) for piece in PIECES.findall(text))
    return tuple(mask_token(piece).lower() for piece in pieces if piece)


def quoted_names(message: str) -> tuple[str, ...]:
    """Return the names that stand in quotes and do not vary, lower-case: modules, keys, tables."""
    found = ("".join(groups) for groups in QUOTED.findall(message[:MESSAGE_SIZE]))
    names = (split_words(name) for name in found)
    return tuple(name[0] for name in names if len(name) == 1 and not name[0].startswith("<"))


def _trim(token: str) -> str:
    if not any(char.isalnum() for char in token):
        return "…" if token in ("…", "...") else ""
    return token.strip(EDGE).rstrip(".")
