"""What identifies an error, the same for documents and pastes: codes, type, words, quoted names, frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

from kb.errors.mask import quoted_names, split_words
from kb.errors.unit import ErrorUnit
from kb.errors.words import STOP

VERSION = 2
MOST_WORDS, MOST_NAMES, MOST_FRAMES = 40, 12, 20
KEY_SIZE = 160
PLAIN_TYPES = frozenset(
    """Error Exception RuntimeError ValueError TypeError KeyError AttributeError IndexError OSError IOError
    NullPointerException IllegalArgumentException IllegalStateException RuntimeException AssertionError
    SystemExit Uncaught UncaughtError Throwable FailedLoad ReferenceError SyntaxError NameError
    ImportError ModuleNotFoundError UserWarning Warning""".split()
)
"""Types that say nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The normalised facts of one error; `frames` are `module.function`, crash first, own ones marked."""

    type: str
    codes: tuple[str, ...]
    words: tuple[str, ...]
    names: tuple[str, ...]
    frames: tuple[str, ...]
    own: tuple[bool, ...]

    def facts(self) -> dict[str, Any]:
        """Return the facts as JSON-ready values."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> Self:
        """Return the signature that `facts` was made from."""
        rest = {name: tuple(value) for name, value in facts.items() if name != "type"}
        return cls(type=facts["type"], **rest)

    def told(self) -> tuple[str, ...]:
        """Return the words that are not masked."""
        return tuple(word for word in self.words if not word.startswith("<"))

    def tells_type(self) -> bool:
        """Tell whether the type says something by itself."""
        return bool(self.type) and self.type not in PLAIN_TYPES

    def pairs(self) -> tuple[str, ...]:
        """Return each two neighbouring words that are not masked, as `a b`."""
        both = zip(self.words, self.words[1:], strict=False)
        return tuple(f"{a} {b}" for a, b in both if not (a.startswith("<") or b.startswith("<")))

    def search_keys(self) -> tuple[str, ...]:
        """Return the keys it is found by, `kind:value`, the most telling kinds first."""
        found = [f"code:{code}" for code in self.codes]
        found += [f"type:{self.type}"] if self.tells_type() else []
        found += [f"word:{word}" for word in self.told() if word not in STOP]
        found += [f"pair:{pair}" for pair in self.pairs()]
        found += [f"frame:{frame}" for frame in self.frames]
        return tuple(dict.fromkeys(key[:KEY_SIZE] for key in found))


def signature_of(unit: ErrorUnit) -> Signature:
    """Return the signature of one error."""
    frames = tuple(dict.fromkeys((f"{f.module}.{f.function}", f.own) for f in unit.frames))[
        :MOST_FRAMES
    ]
    return Signature(
        type=unit.type.rsplit(".", 1)[-1],
        codes=unit.codes,
        words=split_words(unit.message)[:MOST_WORDS],
        names=quoted_names(unit.message)[:MOST_NAMES],
        frames=tuple(name for name, _ in frames),
        own=tuple(own for _, own in frames),
    )


def signatures_of(units: Iterable[ErrorUnit]) -> tuple[Signature, ...]:
    """Return the distinct signatures of `units` that hold anything to compare."""
    found = dict.fromkeys(signature_of(unit) for unit in units)
    return tuple(s for s in found if s.codes or s.told() or s.frames or s.tells_type())
