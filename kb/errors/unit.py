"""The values that errors are read into: no tables, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["root", "wrapper", "single"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text after its envelope was peeled; `number` is its 1-based line in the original."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of a stack: its module or bare file, its function, and whether the code is the team's own."""

    module: str
    function: str
    own: bool
    line: int


@dataclass(frozen=True, slots=True)
class ErrorUnit:
    """One error found in a text; `start` and `end` are the first and last original line it covers, 1-based.

    `frames` run from the crash outwards, whatever order the runtime prints them in; a `warning` was
    logged as no more than that.
    """

    runtime: str
    type: str
    message: str
    start: int
    end: int
    frames: tuple[Frame, ...] = ()
    codes: tuple[str, ...] = ()
    role: Role = "single"
    warning: bool = False
