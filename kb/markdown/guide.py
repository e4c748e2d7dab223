"""Which headings of a guide are its troubles, one entry each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.markdown.document import Block, Document, Heading, SectionKind
from kb.markdown.headings import clear_kind, drop_emoji, known_kind
from kb.markdown.outline import Branch, children, grow

_NUMBERED = re.compile(
    r"^(?:error|issue|problem|bug|incident|case|trouble|failure|fehler|erreur|problème|problema"
    r"|ошибка|错误|问题|エラー|問題|오류)\s{0,2}#?\d{1,5}(?!\d)",
    re.IGNORECASE,
)
_ERROR_NAME = re.compile(
    r"\b(?:[A-Z]\w{0,60}(?:Error|Exception|Failure)|ERR_[A-Z_]{2,60}|E[A-Z]{4,20}|[A-Z]{2,5}-?\d{3,5})\b"
    r"|^(?:[Ee]rror|[Ee]xception|fatal|panic)\b\s{0,2}[:\[(]"
)
_MAIN: dict[SectionKind, SectionKind] = {
    "error": "error",
    "symptoms": "error",
    "cause": "cause",
    "fix": "fix",
    "lessons": "lessons",
}


# Chapters such as `Common problems` or `Troubleshooting` hold troubles; a `Fix` holds none.
_OUTER = (None, "error", "symptoms", "diagnosis")


@dataclass(frozen=True, slots=True)
class _Tree:
    """A document's headings with all that is asked of them again and again.

    `fenced` are the lines of headings that a code block follows at once, `solved` the places of
    headings that have a cause or a fix right below them.
    """

    branches: tuple[Branch, ...]
    below: list[list[Branch]]
    fenced: frozenset[int]
    solved: frozenset[int]


def find_troubles(document: Document) -> list[Branch]:
    """Return the headings that open an entry each; none when the text is about one trouble."""
    tree = _make_tree(document)
    free = [place for place in range(len(tree.branches)) if _may_be_entry(tree, place)]
    for rule in (_is_numbered, _has_main_parts, _is_named_error):
        found = [place for place in free if rule(tree, place)]
        levels = Counter(tree.branches[place].heading.level for place in found)
        chosen = {place for place in found if levels[tree.branches[place].heading.level] >= 2}
        if chosen:
            return _outermost(tree, _add_siblings(tree, free, chosen))
    return []


def _make_tree(document: Document) -> _Tree:
    branches = grow(document.nodes, len(document.lines))
    below = children(branches)
    fenced = frozenset(
        node.start
        for node, after in pairwise(document.nodes)
        if isinstance(node, Heading) and isinstance(after, Block) and after.kind == "fence"
    )
    solved = frozenset(
        place
        for place, beside in enumerate([below[-1], *below[:-1]], -1)
        if any(clear_kind(one.heading.text) in ("cause", "fix") for one in beside)
    )
    return _Tree(branches, below, fenced, solved)


def _may_be_entry(tree: _Tree, place: int) -> bool:
    """Refuse labels, sections, and all that lies inside a section or beside a cause or a fix."""
    branch = tree.branches[place]
    named = known_kind(branch.heading.text) and not _is_numbered(tree, place)
    if branch.heading.label or named:
        return False
    above = branch.parent
    while above >= 0:
        outer = tree.branches[above]
        if above in tree.solved or known_kind(outer.heading.text) not in _OUTER:
            return False
        above = outer.parent
    return above not in tree.solved


def _is_numbered(tree: _Tree, place: int) -> bool:
    return bool(_NUMBERED.match(drop_emoji(tree.branches[place].heading.text)))


def _has_main_parts(tree: _Tree, place: int) -> bool:
    return _count_parts(tree, place) >= 2


def _is_named_error(tree: _Tree, place: int) -> bool:
    return bool(_ERROR_NAME.search(tree.branches[place].heading.text))


def _count_parts(tree: _Tree, place: int) -> int:
    kinds = {clear_kind(one.heading.text) for one in tree.below[place]}
    parts = {_MAIN[kind] for kind in kinds if kind in _MAIN}
    fenced = tree.branches[place].heading.start in tree.fenced
    return len(parts | {"error"} if fenced else parts)


def _add_siblings(tree: _Tree, free: Sequence[int], chosen: set[int]) -> set[int]:
    """Take in headings beside the chosen ones that hold at least one part of a trouble."""
    beside = {(tree.branches[p].parent, tree.branches[p].heading.level) for p in chosen}
    more = {
        place
        for place in free
        if (tree.branches[place].parent, tree.branches[place].heading.level) in beside
        and _count_parts(tree, place)
    }
    return chosen | more


def _outermost(tree: _Tree, chosen: set[int]) -> list[Branch]:
    kept: list[Branch] = []
    for place in sorted(chosen):
        branch = tree.branches[place]
        if not kept or branch.heading.start >= kept[-1].end:
            kept.append(branch)
    return kept
