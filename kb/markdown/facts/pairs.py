"""Find code before and after a change: two announced blocks, two halves of one block, or a diff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kb.markdown.facts.pieces import Piece

Side = Literal["before", "after"]

NEAR = 6
"""The second block of a pair stands within so many pieces of the first."""
MAX_CODE = 8_000
MAX_LABEL = 120
MAX_LINES = 400

_WORDS: dict[Side, str] = {
    "before": (
        "before|old|wrong|incorrect|bad|broken|faulty|buggy|problematic|vulnerable|insecure|unsafe"
        "|failing|(?:don'?t|do not)(?: do this| use this)?|avoid|not recommended|anti-?pattern"
        "|previously|vorher|falsch|schlecht"
    ),
    "after": (
        "after|new|correct|corrected|right|good|better|fixed|working|safe|secure|do|do this|recommended"
        "|preferred|instead|nachher|richtig|besser"
    ),
}
_EXACT: dict[Side, str] = {
    "before": "from|change|change this|replace|replace this|instead of|this fails|current(?:ly)?",
    "after": "to|to this|with|with this|use|use this|use instead|this works|should be|becomes",
}
_SIGNS: dict[Side, str] = {
    "before": "\u274c\u2717\u2718\u2716\u26d4\U0001f6ab\U0001f44e\U0001f534",
    "after": "\u2705\u2713\u2714\U0001f44d\U0001f7e2",
}
_NOUNS = (
    "the |a |an |your |my |this |fix|change|changes|code|version|approach|way|config(?:uration)?|example"
    "|usage|pattern|behaviou?r|state|method|solution|implementation|import|syntax|file|snippet|setup"
    "|handler|query|schema|output|refactor(?:ing)?|update|upgrade|migration"
)
_SIDES: tuple[tuple[Side, re.Pattern[str]], ...] = tuple(
    (side, re.compile(pattern, re.IGNORECASE))
    for side in _WORDS
    for pattern in (
        rf"[{_SIGNS[side]}]",
        rf"(?:the |\d[.)] )?(?:{_WORDS[side]})(?: (?:{_NOUNS}){{1,4}})?(?=$|\s?:|\s[(\u2013\u2014]| - )",
        rf"(?:{_EXACT[side]})$",
        rf"[^()]{{0,60}}\((?:the )?(?:{_WORDS[side]})(?: (?:{_NOUNS}))?\)",
    )
)
_MARKUP = re.compile(r"[*`#>]{1,4}|(?<!\w)_{1,3}|_{1,3}(?!\w)|^\s{0,9}(?:[-+]|\d{1,2}[.)])\s")
_COMMENT = re.compile(
    r"[ \t]{0,40}(?:#|//|--|/\*+|<!--|;|%|REM\b|\{/\*)[ \t]{0,9}(?P<said>\S.{0,120})"
)
_CLAUSE = re.compile(rf"(.{{10,{MAX_LABEL}}}?)(?:[,;:(\u2013\u2014]| - )")
_TAIL = re.compile(r"\s{0,9}(?:\*/\}?|-->)?\s{0,9}$")
_HEADER = re.compile(
    r"(?:---|\+\+\+|diff |index |@@|new file|deleted file|similarity|rename |Binary )"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Code before and after a change; `label` is what the text calls the change."""

    before: str
    after: str
    language: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Half:
    """One announced block that waits for the other."""

    side: Side
    piece: Piece
    place: int


def find_pairs(pieces: Sequence[Piece]) -> Iterator[Pair]:
    """Yield the pairs among the pieces of an entry, in order."""
    waiting: _Half | None = None
    for place, piece in enumerate(pieces):
        if piece.kind != "fence":
            continue
        pair = _read_whole(piece)
        if pair is None and (side := _announced(pieces, place)):
            half = _Half(side, piece, place)
            pair = _join(waiting, half)
            waiting = None if pair else half
        if pair:
            yield replace(pair, label=_find_label(pieces, place))


def _announced(pieces: Sequence[Piece], place: int) -> Side | None:
    """Tell which half a block is, by the words right above it."""
    above = pieces[place - 1] if place else None
    return read_side(_last_line(above.text)) if above and above.kind != "fence" else None


def _find_label(pieces: Sequence[Piece], place: int) -> str:
    """Return what the text above a pair calls it."""
    above = (piece for piece in reversed(pieces[max(0, place - 2 * NEAR) : place]))
    texts = (piece.text for piece in above if piece.kind != "fence")
    return next((words for text in texts if (words := _read_label(text))), "")


def read_side(text: str) -> Side | None:
    """Tell which half of a pair a line announces, if any."""
    words = _MARKUP.sub("", text[:200]).strip()
    label = words.split(": ", 1)[0].rstrip(" :.")
    return next((side for side, said in _SIDES if said.match(label)), None)


def _join(first: _Half | None, second: _Half) -> Pair | None:
    """Join two halves of different sides, whichever stands first."""
    if first is None or first.side == second.side or second.place - first.place > NEAR:
        return None
    before, after = (first, second) if first.side == "before" else (second, first)
    return _make_pair(before.piece.text, after.piece.text, after.piece.info or before.piece.info)


def _make_pair(before: str, after: str, info: str) -> Pair | None:
    before, after = _trim(before), _trim(after)
    if not (before and after) or before == after:
        return None
    return Pair(before, after, info.partition(" ")[0])


def _trim(code: str) -> str:
    return code[:MAX_CODE].strip("\n").rstrip()


def _read_whole(piece: Piece) -> Pair | None:
    """Read a block that holds both halves: a diff, or two parts under comments."""
    if piece.info.startswith(("diff", "patch")):
        return _read_diff(piece)
    return _read_halves(piece)


def _read_diff(piece: Piece) -> Pair | None:
    """Take a diff apart into the lines before and after it."""
    before: list[str] = []
    after: list[str] = []
    for line in piece.text[: 2 * MAX_CODE].split("\n"):
        if _HEADER.match(line):
            continue
        sign, rest = line[:1], line[1:] if line[:1] in "+- " else line
        before += [rest] if sign != "+" else []
        after += [rest] if sign != "-" else []
    pair = ("\n".join(before), "\n".join(after))
    if pair[0] == pair[1]:
        return None
    language = piece.info.partition(" ")[2].partition(" ")[0]
    return Pair(_trim(pair[0]), _trim(pair[1]), language)


def _read_halves(piece: Piece) -> Pair | None:
    """Cut a block in two at the comments that announce its halves."""
    parts: dict[Side, list[str]] = {}
    side: Side | None = None
    for line in piece.text.split("\n")[:MAX_LINES]:
        said = _read_comment(line)
        if said in parts and said != side:
            return None
        if said:
            side = said
            parts[side] = parts.get(side, [])
        elif side:
            parts[side].append(line)
    if len(parts) < 2:
        return None
    return _make_pair("\n".join(parts["before"]), "\n".join(parts["after"]), piece.info)


def _read_comment(line: str) -> Side | None:
    found = _COMMENT.match(line) if line.strip() else None
    return read_side(_TAIL.sub("", found["said"])) if found else None


def _last_line(text: str) -> str:
    return text.rstrip().rsplit("\n", 1)[-1]


def _read_label(text: str) -> str:
    """Return the words of a heading or a short text, or the first clause of a longer step."""
    words = " ".join(_MARKUP.sub("", text[:MAX_CODE]).split()).rstrip(" :")
    if read_side(_last_line(text)):
        return ""
    if len(words) <= MAX_LABEL:
        return words
    clause = _CLAUSE.match(words)
    return clause[1] if clause and ". " not in words else ""
