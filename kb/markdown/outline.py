"""The headings of a text as a tree by relative depth: who stands below whom and ends where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.markdown.document import Block, Heading


@dataclass(frozen=True, slots=True)
class Branch:
    """A heading in its tree: the place of the heading above (-1: none) and the line it ends at."""

    heading: Heading
    parent: int
    end: int


def grow(nodes: Sequence[Heading | Block], end: int) -> tuple[Branch, ...]:
    """Nest headings by relative depth: each ends where the next of its level or above begins."""
    headings = [node for node in nodes if isinstance(node, Heading)]
    parents, ends = [-1] * len(headings), [end] * len(headings)
    open_: list[int] = []
    for place, heading in enumerate(headings):
        while open_ and headings[open_[-1]].level >= heading.level:
            ends[open_.pop()] = heading.start
        parents[place] = open_[-1] if open_ else -1
        open_.append(place)
    return tuple(map(Branch, headings, parents, ends))


def children(branches: Sequence[Branch]) -> list[list[int]]:
    """List the places of the headings right below each heading; the last list: those below none."""
    below: list[list[int]] = [[] for _ in range(len(branches) + 1)]
    for place, branch in enumerate(branches):
        below[branch.parent].append(place)
    return below
