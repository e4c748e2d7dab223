"""Compare one paste with one entry: pure functions from signatures to evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.errors.codes import is_weak
from kb.errors.signature import PLAIN_TYPES, Signature
from kb.errors.unit import Role
from kb.errors.words import tell

SECTION_WEIGHT = {
    "error": 1.0,
    "title": 0.8,
    "symptoms": 0.8,
    "diagnosis": 0.6,
    "detection": 0.6,
    "cause": 0.4,
}
OTHER_SECTION = 0.3
ROLE_WEIGHT: dict[Role, float] = {"root": 1.0, "single": 1.0, "wrapper": 0.85}
OWN_FRAME, LIBRARY_FRAME = 1.0, 0.2
QUOTED = 1.5
"""A name in quotes is what the message is about."""
ENOUGH_TELLING = 4.0
"""So many telling words in common are as good as more."""
LITTLE_TELLING = 1.5
"""A message whose words tell less than this is too common to count in full, however alike."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One error of the paste: its signature and its role in the chain."""

    signature: Signature
    role: Role = "single"


@dataclass(frozen=True, slots=True)
class Known:
    """One error of an entry: its signature and the section it was read from."""

    signature: Signature
    section: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one known error compares with one asked error; every feature is 0..1."""

    asked: int
    section: str
    code: float = 0.0
    weak_code: float = 0.0
    containment: float = 0.0
    telling: float = 0.0
    type: float = 0.0
    frames: float = 0.0
    conflict: float = 0.0
    shared_codes: tuple[str, ...] = ()
    shared_words: tuple[str, ...] = ()
    known_words: tuple[str, ...] = ()
    shared_frames: tuple[str, ...] = ()
    known_frames: int = 0
    conflicts: tuple[str, ...] = ()


Rarity = Mapping[str, float]
"""How rare a key is, 0 (in every entry) to 1 (in one at most); a key not listed counts as rare."""


def compare(asked: Asked, known: Known, rarity: Rarity, at: int = 0) -> Evidence:
    """Return the evidence that `known` is what was `asked`, the asked error being number `at`."""
    ask, have = asked.signature, known.signature
    codes = tuple(code for code in have.codes if code in ask.codes)
    words, telling, containment = _words(ask, have, rarity)
    frames, share = _frames(ask, have, rarity)
    conflicts = _conflicts(ask, have)
    return Evidence(
        asked=at,
        section=known.section,
        code=max((rarity.get(f"code:{c}", 1.0) for c in codes if not is_weak(c)), default=0.0),
        weak_code=float(any(map(is_weak, codes))),
        containment=containment * min(telling / LITTLE_TELLING, 1.0),
        telling=min(telling / ENOUGH_TELLING, 1.0) * containment,
        type=_type(ask, have, rarity),
        frames=share,
        conflict=float(bool(conflicts)),
        shared_codes=codes,
        shared_words=words,
        known_words=tuple(dict.fromkeys(have.told())),
        shared_frames=frames,
        known_frames=len(have.frames),
        conflicts=conflicts,
    )


def section_weight(section: str) -> float:
    """Return how much an error counts that stands in this section of an entry."""
    return SECTION_WEIGHT.get(section, OTHER_SECTION)


def _words(ask: Signature, have: Signature, rarity: Rarity) -> tuple[tuple[str, ...], float, float]:
    """Return the shared words, how much they tell, and the share of the entry's message they make."""
    wanted = dict.fromkeys(have.told())
    given = set(ask.words)
    weight = {word: _weigh(word, have, rarity) for word in wanted}
    shared = tuple(word for word in wanted if word in given)
    if not shared:
        return (), 0.0, 0.0
    told = sum(weight[word] for word in shared)
    order = _order(ask, have)
    share = told / sum(weight.values())
    return shared, told * (0.5 + 0.5 * order), share * (0.7 + 0.3 * order)


def _weigh(word: str, have: Signature, rarity: Rarity) -> float:
    rare = 0.4 + 0.6 * rarity.get(f"word:{word}", 1.0)
    return tell(word) * rare * (QUOTED if word in have.names else 1.0)


def _order(ask: Signature, have: Signature) -> float:
    """Return the share of the entry's word pairs that stand side by side in the paste too."""
    pairs = set(have.pairs())
    return len(pairs & set(ask.pairs())) / len(pairs) if pairs else 1.0


def _type(ask: Signature, have: Signature, rarity: Rarity) -> float:
    if not have.type or have.type != ask.type:
        return 0.0
    return 0.2 if have.type in PLAIN_TYPES else 0.2 + 0.8 * rarity.get(f"type:{have.type}", 1.0)


def _frames(ask: Signature, have: Signature, rarity: Rarity) -> tuple[tuple[str, ...], float]:
    """Return the shared calls and their share of the entry's stack, the team's own calls counting most."""
    if not have.frames:
        return (), 0.0
    weight = {
        frame: (OWN_FRAME if own else LIBRARY_FRAME)
        * (0.2 + 0.8 * rarity.get(f"frame:{frame}", 1.0))
        for frame, own in zip(have.frames, have.own, strict=True)
    }
    shared = tuple(frame for frame in have.frames if frame in set(ask.frames))
    return shared, sum(weight[frame] for frame in shared) / sum(weight.values())


def _conflicts(ask: Signature, have: Signature) -> tuple[str, ...]:
    """Say what speaks against: another name in the same place, another code of the same kind."""
    found = []
    ours, theirs = _only(have.names, ask.words), _only(ask.names, have.words)
    if ours and theirs:
        found.append(f"names {_quote(theirs)}, the entry {_quote(ours)}")
    ours, theirs = _strong(have.codes), _strong(ask.codes)
    if ours and theirs and not set(ours) & set(theirs):
        found.append(f"has code {', '.join(theirs)}, the entry {', '.join(ours)}")
    return tuple(found)


def _only(these: Sequence[str], not_in: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in these if one not in not_in))


def _strong(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if not is_weak(code))


def _quote(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:3])
