"""What a heading means: one label, read beside its neighbours, becomes a kind of section."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from kb.markdown.document import SectionKind
from kb.markdown.headings.doubles import RULES
from kb.markdown.headings.synonyms import (
    BACK,
    CUES,
    DOUBLES,
    ENGLISH,
    FRONT,
    KINDS,
    SIGNS,
    STEM_KINDS,
    STEMS,
)

_MAX_LABEL = 200
_SLIP_LENGTH = 9
_ANCHOR = re.compile(r"\s*+\{[:#][^{}]{1,100}\}\s*+$")
_MARKS = re.compile(r"[*`~#:\"“”«»]|(?<!\w)_|_(?!\w)")
_NUMBER = re.compile(
    r"^(?:[\[(]?\d{1,3}(?:\.\d{1,3}){0,3}[.):\]]|[IVX]{1,5}[.)])\s++(?=\S)"
    r"|^[(\uff08]?(?:[一二三四五六七八九十]{1,3}|\d{1,3})[\u3001\uff09\uff0e]\s*+(?=\S)"
)
_COUNT = re.compile(
    r"^(?:\d{1,3}(?:\.\d{1,3}){0,3}\s++(?:[-\u2013\u2014]\s++)?|[A-Za-z][.)]\s++)(?=[^\W\d])"
)
# Two digits at most: `Error 1045: access denied` begins with a code, not with a number of a list.
_ORDINAL = re.compile(
    r"^(?:step|error|issue|problem|bug|incident|case|part|phase|section|chapter|fehler|schritt"
    r"|erreur|étape|paso|passo|шаг|ошибка|错误|エラー)\s{0,2}#?\d{1,2}\s{0,2}[.:)\u2013\u2014-]\s*+(?=\S)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\(([^()]{0,100})\)")
_PREPOSITION = re.compile(
    r"\s(?:for|of|from|in|behind|about|del?|do|da|des|du|der|von)\s", re.IGNORECASE
)
_COLON = re.compile(r":|\s[-\u2013\u2014]\s|\u2014")
_AND = re.compile(r"\s(?:and|or|und|et|ed|y|e|и)\s|[/&+,、・]", re.IGNORECASE)
_TRAILING_COUNT = re.compile(r"\s#?\d{1,3}$")
_SHORTCODES = re.compile(r"^(?:\s{0,3}:[a-z0-9_+-]{2,40}:)++\s*+")
_SPACES = re.compile(r"\s+")

_LEADS = ("the ", "our ", "a ", "an ")
# A shortened label must not make an error or an environment of `Common errors` or `Setup steps`.
_WHOLE_ONLY = frozenset({"error", "environment"})
_TELLING_ERROR = frozenset({"error", "symptoms", "cause"})
# `Problems with printing` and `Response from daemon` are troubles, not sections about one.
_TROUBLES = frozenset(
    "problem problems issue issues bug response problème problema проблема 问题 問題".split()
)


@lru_cache(maxsize=4096)
def normalise(label: str) -> str:
    """Reduce a heading to its bare words: lower case, no emoji, number, mark or anchor."""
    text = unicodedata.normalize("NFKC", label[:_MAX_LABEL]).replace("\u2019", "'")
    text = _COUNT.sub("", _MARKS.sub(" ", drop_number(_ANCHOR.sub("", text))).lstrip())
    text = "".join(char if _is_word(char) else " " for char in text.replace("&", " and "))
    return _SPACES.sub(" ", text).strip(" .-/?!,;").lower()


def drop_number(label: str) -> str:
    """Take `❌ Error 6:`, `3.` or `Step 2 -` off the front of a heading."""
    return _ORDINAL.sub("", _NUMBER.sub("", drop_emoji(label)))


def drop_emoji(label: str) -> str:
    """Take the pictures off both ends of a heading, `:bug:` and the like too."""
    label = _SHORTCODES.sub("", label)
    start, end = 0, len(label)
    while start < end and _is_ornament(label[start]):
        start += 1
    while end > start and _is_ornament(label[end - 1]):
        end -= 1
    return label[start:end] or label.strip()


def kind_of(label: str, siblings: Sequence[str] = ()) -> SectionKind | None:
    """Tell which kind of section a heading opens, or None; siblings settle the double meanings."""
    if _look_up(label[:_MAX_LABEL])[1]:
        return known_kind(label, siblings)
    return clear_kind(label, siblings) or _kind_by_cue(normalise(label))


def clear_kind(label: str, siblings: Sequence[str] = ()) -> SectionKind | None:
    """Tell the kind of a label that the table knows as a whole or up to its colon, or None."""
    return known_kind(label, siblings) or _kind_by_part(label, siblings)


def known_kind(label: str, siblings: Sequence[str] = ()) -> SectionKind | None:
    """Tell the kind of a label that the table knows as a whole, or None."""
    kind, rule = _look_up(label[:_MAX_LABEL])
    return _settle(rule, normalise(label), tuple(siblings)) if rule else kind


@lru_cache(maxsize=4096)
def _look_up(label: str) -> tuple[SectionKind | None, str]:
    """Find a label's kind, or the rule that settles it among its neighbours."""
    words = normalise(label)
    for form in _forms(words):
        if form in DOUBLES:
            return None, DOUBLES[form]
        if form in KINDS:
            return KINDS[form], ""
    core = next((form for form in _cores(words) if form in KINDS or form in DOUBLES), "")
    if core in DOUBLES:
        return None, DOUBLES[core]
    return KINDS.get(core) or _kind_of_pair(label) or _kind_of_slip(words), ""


@lru_cache(maxsize=16)
def _settle(rule: str, words: str, siblings: tuple[str, ...]) -> SectionKind | None:
    return RULES[rule](words, tuple(map(normalise, siblings)))


@cache
def _near() -> dict[str, SectionKind]:
    """List the long labels with one letter left out: where two words meet there, one is a slip."""
    long = [label for label in ENGLISH if len(label) >= _SLIP_LENGTH]
    return {slip: KINDS[label] for label in long for slip in (label, *_slips(label))}


def _kind_of_slip(words: str) -> SectionKind | None:
    near = _near()
    return next(filter(None, map(near.get, (words, *_slips(words)))), None)


def _slips(words: str) -> Iterator[str]:
    """Yield the words without one letter each; short words and first letters are never slips."""
    if _SLIP_LENGTH <= len(words) <= 3 * _SLIP_LENGTH:
        yield from (words[:at] + words[at + 1 :] for at in range(1, len(words)))


def _forms(words: str) -> tuple[str, ...]:
    """List the ways a label may stand in the table: whole, without brackets, without article."""
    short = _BRACKETS.sub("", words).strip()
    bare = next((short.removeprefix(lead) for lead in _LEADS if short.startswith(lead)), short)
    return (words, short, bare, _TRAILING_COUNT.sub("", bare))


def _cores(words: str) -> Iterator[str]:
    """List what counts in `Detailed timeline`, `Resolution steps` and `Cleaning up (fix)`."""
    core = _BRACKETS.sub("", words).split()
    while len(core) > 1 and core[0] in FRONT:
        del core[0]
    while core:
        yield from filter(_may_be_cut, [" ".join(core)])
        core = core[:-1] if core[-1] in BACK else []
    yield from filter(_may_be_cut, _BRACKETS.findall(words))


def _may_be_cut(words: str) -> bool:
    return KINDS.get(words) not in _WHOLE_ONLY


def _kind_of_pair(label: str) -> SectionKind | None:
    """Read `Mitigation & recovery` by its parts when the table knows them all."""
    parts = _AND.split(drop_number(label)) if _AND.search(label) else []
    if not 2 <= len(parts) <= 4:
        return None
    kinds = [known_kind(part, parts) for part in parts]
    if "fix" in kinds and _TELLING_ERROR.intersection(kinds):
        return "fix" if all(kinds) else None
    return kinds[0] if all(kinds) else None


def _kind_by_part(label: str, siblings: Sequence[str]) -> SectionKind | None:
    """Read `Fix: restart the pod` and `Root cause of the outage` by their first words.

    `Error: …` and `Problems with …` are not read so: there the rest is what counts.
    """
    text = drop_number(label[:_MAX_LABEL])
    colon = _COLON.search(text)
    kind = known_kind(text[: colon.start()], siblings) if colon else None
    if kind is None and (rest := _PREPOSITION.search(text)):
        before = text[: rest.start()]
        kind = None if normalise(before) in _TROUBLES else known_kind(before, siblings)
    return _unless_error(kind)


def _unless_error(kind: SectionKind | None) -> SectionKind | None:
    return None if kind == "error" else kind


@lru_cache(maxsize=4096)
def _kind_by_cue(words: str) -> SectionKind | None:
    kind = next((kind for kind, cue in CUES if cue.search(words)), None)
    if kind is None and (stem := STEMS.search(words)):
        return STEM_KINDS[(stem.lastindex or 1) - 1]
    if kind is None and not words.isascii():
        return next((kind for kind, sign in SIGNS if sign.search(words)), None)
    return kind


def _is_word(char: str) -> bool:
    return char.isalnum() or char in " '-+.()?!,_" or _is_accent(char)


def _is_accent(char: str) -> bool:
    return char != "\ufe0f" and unicodedata.category(char)[0] == "M"


def _is_ornament(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in (
        "So",
        "Sk",
        "Cf",
        "Mn",
        "Cs",
        "Co",
        "Sm",
    )
