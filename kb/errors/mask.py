"""Cut a message into words and mask what changes from one occurrence to the next."""

from __future__ import annotations

import re
from functools import lru_cache

TOKEN_SIZE = 200

FILES = """7z avi bak bat bin bmp bz2 c cc cer cfg cjs cmd cpp crt cs css csv dat deb dll doc docx
    dylib exe gif go gradle gz h heic hpp htm html ico ini ipynb jar java jpeg jpg js json jsx kt lock log
    lua md mjs mov mp3 mp4 ogg parquet pdf pem php pid pkl png ppt pptx properties proto ps1 py pyc rb rpm
    rs scss sh so sock sql sqlite sqlite3 svelte svg swift tar tf tgz tmp toml ts tsv tsx ttf txt vue war
    wasm wav webm webp whl woff woff2 xls xlsx xml yaml yml zip zst"""
"""Endings of file names; any other `a.b` is taken for a name in code, which tells more."""

ANY_FILE = rf"[\w$@~+%-][\w.$@~+%-]{{0,199}}\.(?i:{'|'.join(FILES.split())})(?:\.\d{{1,4}}){{0,3}}"
STEP = r"[\w.$@~+%\[\]#-]{0,199}"
PLACE = r"(?::\d{1,7}){0,2}"

MASKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("wildcard", r"…|\.{3,}|[xX]{3,}\w{0,4}"),
        ("email", r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}"),
        ("url", r"[a-z][a-z0-9+.-]{1,20}://\S*"),
        ("arn", r"arn:[\w-]{1,20}:\S*"),
        ("uuid", r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"),
        ("date", r"\d{4}[-/]\d\d[-/]\d\d(?:[T ]\S*)?|\d\d:\d\d:\d\d\S*"),
        ("place", r"\d{1,7}(?::\d{1,7}){1,2}"),
        ("ip", r"\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?:/\d{1,2})?"),
        ("ip", r"(?=\D*\d)\[?[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}\]?(?::\d{1,5})?"),
        ("path", rf"(?:[A-Za-z]:|~|\.\.?)?(?:[\\/]{STEP})+{PLACE}"),
        ("path", rf"{STEP}(?:[\\/]{STEP}){{2,}}{PLACE}|{STEP}\\{STEP}{PLACE}"),
        ("file", rf"(?:{STEP}/)?{ANY_FILE}{PLACE}"),
        ("host", r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}:(?:\d{3,5}|22|25|53|80)"),
        (
            "host",
            r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.(?:com|net|org|io|dev|local|internal|app|cloud)",
        ),
        ("hex", r"0x[0-9a-fA-F]{5,}|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,}"),
        ("hex", r"(?=[A-F]*\d)(?=\d*[A-F])[0-9A-F]{8,}"),
        ("duration", r"\d{1,12}(?:\.\d{1,9})?(?:ns|us|µs|ms|s|sec|m|min|h|d)"),
        ("size", r"\d{1,12}(?:\.\d{1,9})?(?:[kKMGT]i?)?[Bb](?:ytes)?"),
        ("number", r"[-+]?\d{1,30}(?:[.,/]\d{1,30})?%?"),
        ("version", r"v?\d{1,6}(?:\.\d{1,9}){1,4}(?:[.+-]?[\w.+-]{1,40})?"),
        ("identifier", r"(?=[A-Za-z0-9_:.@#-]*\d{5})[\w:.@#-]{1,200}"),
    )
)
"""Named patterns in order: the composite before its parts; each must cover a whole token."""

PLACEHOLDER = re.compile(r"<[A-Za-z][\w -]{0,40}>|\{[A-Za-z_][\w ]{0,40}\}|\$\{[^{}\n]{0,60}\}")
PIECES = re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s\"'`“”<>()]+|[^\s\"'`“”=,;()]+")
QUOTED = re.compile(r"'([^'\n]{1,120})'|\"([^\"\n]{1,120})\"|`([^`\n]{1,120})`")
EDGE = "\"'`[]{}<>!?:;,=«»"
MESSAGE_SIZE = 4_000
WORD = re.compile(r"[^\W_]")


@lru_cache(maxsize=50_000)
def mask_token(token: str) -> str:
    """Return the token, or in angle brackets what it is, such as `<path>` or `<number>`."""
    if len(token) > TOKEN_SIZE:
        start = mask_token(token[:TOKEN_SIZE])
        return start if start.startswith("<") else "<long>"
    if token.isalpha() and not token.startswith(("xxx", "XXX")):
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
    if not WORD.search(token):
        return "…" if token in ("…", "...") else ""
    return token.strip(EDGE).rstrip(".")
