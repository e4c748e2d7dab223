"""What a heading means: one label, read beside its neighbours, becomes a kind of section."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from functools import cache, lru_cache

from kb.markdown.document import SectionKind
from kb.markdown.synonyms import CUES, KINDS

_MAX_LABEL = 200
_SLIP_LENGTH = 8
_ANCHOR = re.compile(r"\s*+\{[:#][^{}]{1,100}\}\s*+$")
_MARKS = re.compile(r"[*`~#:\uff1a\"“”«»]|(?<!\w)_|_(?!\w)")
_NUMBER = re.compile(r"^(?:\(?\d{1,3}(?:\.\d{1,3}){0,3}[.):]|[IVX]{1,5}[.)])\s++(?=\S)")
_COUNT = re.compile(r"^\d{1,3}(?:\.\d{1,3}){0,3}\s++(?=[^\W\d])")
# Two digits at most: `Error 1045: access denied` begins with a code, not with a number of a list.
_ORDINAL = re.compile(
    r"^(?:step|error|issue|problem|bug|incident|case|part|phase|section|chapter|fehler|schritt"
    r"|erreur|étape|paso|passo|шаг|ошибка|错误|エラー)\s{0,2}#?\d{1,2}\s{0,2}[.:)\u2013\u2014-]\s*+(?=\S)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\([^()]{0,100}\)")
_PREPOSITION = re.compile(r"\s(?:for|of|from|in|behind|about)\s", re.IGNORECASE)
_SHORTCODES = re.compile(r"^(?:\s{0,3}:[a-z0-9_+-]{2,40}:)++\s*+")
_SPACES = re.compile(r"\s+")

_RETROSPECT = frozenset(
    {
        "what worked",
        "what went well",
        "what went wrong",
        "what went right",
        "where we got lucky",
    }
)
_LEADS = ("the ", "our ", "a ", "an ")


@lru_cache(maxsize=4096)
def normalise(label: str) -> str:
    """Reduce a heading to its bare words: lower case, no emoji, number, mark or anchor."""
    text = unicodedata.normalize("NFC", label[:_MAX_LABEL]).replace("\u2019", "'")
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


def kind_of(label: str, siblings: Collection[str] = ()) -> SectionKind | None:
    """Tell which kind of section a heading opens, or None; siblings settle the double meanings."""
    return clear_kind(label, siblings) or _kind_by_cue(label)


def clear_kind(label: str, siblings: Collection[str] = ()) -> SectionKind | None:
    """Tell the kind of a label that the table knows as a whole or up to its colon, or None."""
    return known_kind(label, siblings) or _kind_by_part(label, siblings)


def known_kind(label: str, siblings: Collection[str] = ()) -> SectionKind | None:
    """Tell the kind of a label that the table knows as a whole, or None."""
    words = normalise(label)
    for form in _forms(words):
        if form in _AMBIGUOUS:
            return _AMBIGUOUS[form](frozenset(map(normalise, siblings)))
        if form in KINDS:
            return KINDS[form]
    return _near().get(words) or next(filter(None, map(_near().get, _slips(words))), None)


@cache
def _near() -> dict[str, SectionKind]:
    """List the long labels with one letter left out: where two words meet there, one is a slip."""
    return {
        slip: kind
        for label, kind in KINDS.items()
        if label.isascii()
        for slip in (label, *_slips(label))
    }


def _slips(words: str) -> Iterator[str]:
    """Yield the words without one letter each; short words and first letters are never slips."""
    if _SLIP_LENGTH <= len(words) <= 3 * _SLIP_LENGTH:
        yield from (words[:at] + words[at + 1 :] for at in range(1, len(words)))


def _forms(words: str) -> tuple[str, ...]:
    """List the ways a label may stand in the table: whole, without brackets, without article."""
    short = _BRACKETS.sub("", words).strip()
    bare = next((short.removeprefix(lead) for lead in _LEADS if short.startswith(lead)), short)
    counted = re.sub(r"\s#?\d{1,3}$", "", bare)
    return (words, short, bare, counted)


def _kind_by_part(label: str, siblings: Collection[str]) -> SectionKind | None:
    """Read `Fix: restart the pod` and `Root cause of the outage` by their first words.

    `Error: …` and `Problems with …` are not read so: there the rest is what counts.
    """
    text = drop_number(label[:_MAX_LABEL])
    before, colon, _ = text.partition(":")
    kind = known_kind(before, siblings) if colon else None
    if kind is None and (rest := _PREPOSITION.search(text)):
        kind = known_kind(text[: rest.start()], siblings)
        return None if kind == "symptoms" else _unless_error(kind)
    return _unless_error(kind)


def _unless_error(kind: SectionKind | None) -> SectionKind | None:
    return None if kind == "error" else kind


def _kind_by_cue(label: str) -> SectionKind | None:
    words = normalise(label)
    return next((kind for kind, cue in CUES if cue.search(words)), None)


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


def _read_failed_attempts(siblings: frozenset[str]) -> SectionKind:
    if any(KINDS.get(label) == "fix" for label in siblings):
        return "alternatives"
    return "lessons" if siblings & _RETROSPECT else "alternatives"


def _read_what_happened(siblings: frozenset[str]) -> SectionKind:
    return "symptoms" if any(KINDS.get(label) == "cause" for label in siblings) else "cause"


def _read_prevention(siblings: frozenset[str]) -> SectionKind:
    """Read the only remedy of an entry as its fix."""
    return "prevention" if any(KINDS.get(label) == "fix" for label in siblings) else "fix"


_AMBIGUOUS: dict[str, Callable[[frozenset[str]], SectionKind]] = {
    "what didn't work": _read_failed_attempts,
    "what did not work": _read_failed_attempts,
    "what happened": _read_what_happened,
    "prevention strategies": _read_prevention,
}
