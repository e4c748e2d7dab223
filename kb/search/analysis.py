"""Turn text into search terms: whole technical tokens and their parts, alike for every backend."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

MAX_TEXT = 262_144
"""Characters of one text that are analysed; what follows them is not searchable."""
MAX_TERM = 64
MAX_PARTS = 32
MAX_QUERY = 64
MIN_PREFIX = 3
REMEMBERED = 16_384
"""Of so many tokens it is remembered what they are taken apart into: texts repeat their words."""

STOP_WORDS = frozenset(
    "a an and are as at be but by for from has have if in into is it its my no not of on or our so"
    " than that the their then there these they this to was we were when which will with you".split()
)
"""Words a query does without; documents keep them, so that a query of nothing else still works."""

# Scripts written without spaces: cut into characters and pairs instead of words.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_BREAKS = r"""\x00-\x20!"%&'()*,;<=>?\[\\\]^`{|}~\x7f"""
# The length bound keeps the work on a giant token linear; it is then read as several.
_TOKEN = re.compile(rf"(?P<dense>[{_DENSE}]++)|[^{_DENSE}{_BREAKS}]{{1,256}}+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]++")

_LEAD = re.compile(r"(?:[-+]|:(?!:)|//|\.\.?/|\.\.++)*+")
_TAIL = ".:/@$-"
_JOINTS = "./:@#+$_-"
_ADDRESS = re.compile(r"[/:@#]++")
_WORD = re.compile(r"[./:@#+$-]++")
_HUMP = re.compile(r"_++|(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")


def analyse(text: str) -> list[str]:
    """Return the lower-case terms of `text` in order: each whole token, then its parts."""
    return [term for token, dense in _tokens(text) for term in _expand(token, dense=dense)]


def query_terms(text: str) -> tuple[str, ...]:
    """Return the different terms of `text` without stop words: what to look for with mode `any`."""
    return _choose(analyse(text))


def required_terms(text: str) -> tuple[str, ...]:
    """Return the terms a document must hold to hold the words of `text`: for mode `all`.

    Words joined by punctuation count one by one, so `read-only` also finds `read only`.
    """
    return _choose(term for token, dense in _tokens(text) for term in _require(token, dense=dense))


def typed_terms(text: str) -> tuple[tuple[str, ...], str]:
    """Return the finished words of a query still being typed, and its last word as a prefix."""
    words = required_terms(text)
    if not words or text[-1:].isspace():
        return words, ""
    *finished, last = words
    if len(last) >= MIN_PREFIX:
        return tuple(finished), last
    return (tuple(finished), "") if finished and last.isalpha() else (words, "")


def can_complete(prefix: str) -> bool:
    """Tell whether `prefix` may stand for longer terms; a shorter one stands for itself only."""
    return len(prefix) >= MIN_PREFIX or not prefix.isascii()


def _choose(terms: Iterable[str]) -> tuple[str, ...]:
    unique = dict.fromkeys(terms)
    telling = [term for term in unique if term not in STOP_WORDS]
    return tuple((telling or list(unique))[:MAX_QUERY])


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    text = text[:MAX_TEXT]
    if not text.isascii():
        text = _NON_ASCII.sub(lambda run: "".join(map(_fold, run.group())), text)
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "dense":
            yield found.group(), True
        elif token := _trim(found.group()):
            yield token, False


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char)
    if plain[0] >= "\u0590":
        # Beyond Latin, Greek and Cyrillic a decomposed mark is part of the letter.
        plain = unicodedata.normalize("NFKC", char)
    return "".join(map(_reduce, plain[:4]))


def _reduce(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cf" or (kind[0] == "M" and _is_accent(char, kind)):
        return ""
    if char.isascii():
        return char
    return char.casefold().lower() if kind[0] in "LNM" else " "


def _is_accent(char: str, kind: str) -> bool:
    return kind == "Me" or unicodedata.combining(char) >= 10 or "\ufe00" <= char <= "\ufe0f"


@lru_cache(maxsize=REMEMBERED)
def _trim(token: str) -> str:
    lead = _LEAD.match(token)
    token = token[lead.end() if lead else 0 :].rstrip(_TAIL)
    return token if token.strip(_JOINTS) else ""


@lru_cache(maxsize=REMEMBERED)
def _expand(token: str, *, dense: bool) -> tuple[str, ...]:
    if dense:
        return (*token, *_pairs(token))
    whole = _cap(token)
    if token.isalnum() and token == token.lower():
        return (whole,)
    parts = (_cap(part) for part in _parts(token) if len(part) > 1)
    return tuple(dict.fromkeys([whole, *parts]))[: MAX_PARTS + 1]


def _parts(token: str) -> Iterator[str]:
    for address in _ADDRESS.split(token):
        yield address
        for word in _WORD.split(address):
            yield word
            yield from _HUMP.split(word)


def _require(token: str, *, dense: bool) -> list[str]:
    if dense:
        return _pairs(token) or [token]
    known = set(_expand(token, dense=False))
    words = [word for word in map(_cap, _WORD.split(token)) if len(word) > 1 and word in known]
    return words if len(words) > 1 or (words and "/" in token) else [_cap(token)]


def _pairs(token: str) -> list[str]:
    return [token[at : at + 2] for at in range(len(token) - 1)]


def _cap(term: str) -> str:
    # The end of a long path or class name tells more than its beginning.
    return term.lower()[-MAX_TERM:]
