"""Which headings of a guide are its troubles, one entry each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from kb.markdown.document import Document, SectionKind
from kb.markdown.headings.kinds import clear_kind, drop_emoji, known_kind
from kb.markdown.outline import Branch
from kb.markdown.troubles.chapters import Tree, make_tree
from kb.markdown.troubles.complaints import (
    complains,
    gives_advice,
    names_alert,
    names_error,
    names_group,
)

_NUMBERED = re.compile(
    r"^(?:error|issue|problem|bug|incident|case|trouble|failure|fehler|erreur|problème|problema"
    r"|ошибка|错误|问题|エラー|問題|오류)\s{0,2}(?:#?\d{1,5}(?!\d)|[:\uff1a]\s{0,3}\S)",
    re.IGNORECASE,
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
# Front matter that says this of the file speaks of one trouble, whatever its headings look like.
_ONE_TROUBLE = frozenset({"error", "symptoms", "root_cause", "fix", "match", "samples"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """How troubles are recognised, and whether at least two must stand on one level.

    What is numbered is all there is; beside others, chapters of troubles may hold more of them.
    """

    finds: Callable[[Tree, int], bool]
    level: bool = True
    more: bool = True


def find_troubles(document: Document) -> list[Branch]:
    """Return the headings that open an entry each; none when the text is about one trouble."""
    if _ONE_TROUBLE.intersection(document.meta):
        return []
    tree = make_tree(document)
    free = [place for place in range(len(tree.branches)) if _may_be_entry(tree, place)]
    for rule in _RULES:
        chosen = _choose(tree, free, rule)
        if chosen:
            chosen |= _find_siblings(tree, free, chosen)
            chosen |= _find_shelved(tree, free) if rule.more else set()
            return _outermost(tree, _drop_groups(tree, chosen))
    return []


def _choose(tree: Tree, free: Sequence[int], rule: _Rule) -> set[int]:
    found = [place for place in free if rule.finds(tree, place)]
    if not rule.level:
        beside = [place for place in free if _is_listed(tree, place)] if found else []
        return {*found, *beside} if len({*found, *beside}) >= 2 else set()
    levels = Counter(tree.branches[place].heading.level for place in found)
    return {place for place in found if levels[tree.branches[place].heading.level] >= 2}


def _may_be_entry(tree: Tree, place: int) -> bool:
    """Refuse sections, labels but for complaints, and all that lies inside or beside a section."""
    heading = tree.branches[place].heading
    if tree.shelves[place] or (known_kind(heading.text) and not _is_numbered(tree, place)):
        return False
    if heading.label and not (_is_shelved(tree, place) and complains(heading.text)):
        return False
    above = tree.branches[place].parent
    while above >= 0:
        outer = tree.branches[above]
        holds = tree.shelves[above] or known_kind(outer.heading.text) in _OUTER
        if above in tree.solved or not holds:
            return False
        above = outer.parent
    return above not in tree.solved


def _is_numbered(tree: Tree, place: int) -> bool:
    heading = tree.branches[place].heading
    return not heading.label and bool(_NUMBERED.match(drop_emoji(heading.text)))


def _has_main_parts(tree: Tree, place: int) -> bool:
    return _count_parts(tree, place) >= 2


def _is_named_error(tree: Tree, place: int) -> bool:
    heading = tree.branches[place].heading
    return not heading.label and names_error(heading.text)


def _is_shelved(tree: Tree, place: int) -> bool:
    """Tell whether a heading in a chapter of troubles is one of them."""
    written = tree.written[place]
    if tree.within[place] == "all" and names_alert(written):
        return True
    return bool(tree.within[place]) and complains(written)


_RULES = (
    _Rule(_is_numbered, more=False),
    _Rule(_has_main_parts),
    _Rule(_is_shelved, level=False),
    _Rule(_is_named_error),
)


def _count_parts(tree: Tree, place: int) -> int:
    below = [one for one in tree.below[place] if not _is_numbered(tree, one)]
    kinds = {clear_kind(tree.branches[one].heading.text) for one in below}
    parts = {_MAIN[kind] for kind in kinds if kind in _MAIN}
    fenced = tree.branches[place].heading.start in tree.fenced
    return len(parts | {"error"} if fenced else parts)


def _find_siblings(tree: Tree, free: Sequence[int], chosen: set[int]) -> set[int]:
    """Find headings beside the chosen ones that hold at least one part of a trouble."""
    beside = {_row(tree, place) for place in chosen}
    return {place for place in free if _row(tree, place) in beside and _count_parts(tree, place)}


def _find_shelved(tree: Tree, free: Sequence[int]) -> set[int]:
    return {place for place in free if _is_shelved(tree, place) or _is_listed(tree, place)}


def _is_listed(tree: Tree, place: int) -> bool:
    """Tell whether a heading stands right below a chapter that holds nothing but troubles."""
    branch = tree.branches[place]
    listed = tree.within[place] == "all" and tree.holds[place] == branch.parent
    return listed and not branch.heading.label and not gives_advice(tree.written[place])


def _row(tree: Tree, place: int) -> tuple[int, int]:
    branch = tree.branches[place]
    return branch.parent, branch.heading.level


def _drop_groups(tree: Tree, chosen: set[int]) -> set[int]:
    """Leave out headings such as `Network errors` that stand above others which were chosen."""
    inside = Counter(_ancestors(tree, chosen))
    return {
        place
        for place in chosen
        if not inside[place]
        or not (_is_mere_row(tree, place) or names_group(tree.branches[place].heading.text))
    }


def _is_mere_row(tree: Tree, place: int) -> bool:
    return not _is_numbered(tree, place) and not complains(tree.written[place])


def _ancestors(tree: Tree, chosen: Iterable[int]) -> Iterable[int]:
    for place in chosen:
        if tree.branches[place].heading.label:
            continue
        above = tree.branches[place].parent
        while above >= 0:
            yield above
            above = tree.branches[above].parent


def _outermost(tree: Tree, chosen: set[int]) -> list[Branch]:
    kept: list[Branch] = []
    for place in sorted(chosen):
        branch = tree.branches[place]
        if not kept or branch.heading.start >= kept[-1].end:
            kept.append(replace(branch, end=tree.ends.get(place, branch.end)))
    return kept
