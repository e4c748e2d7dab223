"""A guide's headings with all that is asked of them again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.markdown.document import Block, Document, Heading, ParsedSection
from kb.markdown.entry.titles import find_error_line
from kb.markdown.headings.kinds import clear_kind, drop_emoji, normalise
from kb.markdown.outline import Branch, children, grow
from kb.markdown.troubles.complaints import Shelf, complains, find_shelf

_MAX_CODE = 4000
_SHELLS = frozenset("bash sh shell zsh fish powershell ps1 pwsh cmd bat batch console".split())
_OUTPUT = frozenset(
    " text txt log logs output plaintext plain none error http pytb stacktrace".split(" ")
)
_FAILURE = re.compile(
    r"^(?!\s*[$#>]).*\b(?:error|errors|failed|failure|denied|refused|not found|exception|cannot|can't)\b",
    re.IGNORECASE | re.MULTILINE,
)
_LINK_LINE = re.compile(
    r"\s{0,20}(?:[-*+]|\d{1,3}[.)])\s{1,4}(?:\*\*)?\[[^\[\]]{1,300}\]\([^()]{1,500}\)[^.]{0,80}$"
)
_OPENER = re.compile(
    r"^(?:error|issue|problem|bug|question|fehler|problema)\s{0,2}(?:#?\d|[:\uff1a])", re.IGNORECASE
)
# A told trouble has one of these beside its `Troubleshooting`, which then is a part of it.
_TOLD = ("error", "impact")
# Labels of a fix that guides use for other things: these tell of no solved trouble.
_NO_REMEDY = frozenset(
    {"rollback", "roll back", "steps", "procedure", "changes", "before", "after", "patches"}
)


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's headings by place: `below` lists those right below each, the last below none.

    `written` is a heading's line, `fenced` the lines of headings that an error's text follows at
    once, `solved` the places that have a cause or a fix right below them. `shelves` are chapters of
    troubles, `within` the one around each heading and `holds` its place. `ends` are the lines where
    headings end that reach to the next one of their kind: `Problem 1`, `Solution 1`, `Problem 2`.
    """

    branches: tuple[Branch, ...]
    below: list[list[int]]
    written: tuple[str, ...]
    fenced: frozenset[int]
    solved: frozenset[int]
    shelves: list[Shelf | None]
    within: list[Shelf | None]
    holds: list[int]
    ends: dict[int, int]


def make_tree(document: Document) -> Tree:
    """Grow the tree of a document's headings and look at each of them once."""
    branches = grow(document.nodes, len(document.lines))
    below = children(branches)
    written = tuple(_read_line(branch.heading, document.lines) for branch in branches)
    kinds = [_remedy(branch.heading) for branch in branches]
    ends: dict[int, int] = {}
    for place in range(-1, len(branches)):
        ends |= _pair(branches, below[place], kinds, written, place)
    paired = {branches[place].parent for place in ends}
    solved = frozenset(
        place
        for place in range(-1, len(branches))
        if place not in paired and any(kinds[one] for one in below[place])
    )
    shelves = _find_shelves(branches, below, solved)
    within, holds = _place_shelves(branches, shelves, document)
    fenced = frozenset(_find_fenced(document))
    return Tree(branches, below, written, fenced, solved, shelves, within, holds, ends)


def shows_error(block: Block) -> bool:
    """Tell whether a code block may show an error: commands, code and settings rather mend one."""
    language = block.info.split(" ")[0].lower()
    if language in _OUTPUT:
        return True
    if language in _SHELLS:
        return bool(_FAILURE.search(block.content[:_MAX_CODE]))
    code = f"```{language}\n{block.content[:_MAX_CODE]}\n```"
    return bool(find_error_line([ParsedSection("symptoms", "", code, 0, 0)]))


def lists_links(nodes: Sequence[Heading | Block], lines: Sequence[str]) -> bool:
    """Tell whether a text is a table of contents: hardly a line of it is more than a link."""
    text = [
        line for node in nodes if isinstance(node, Block) for line in lines[node.start : node.end]
    ]
    filled = [line for line in text if line.strip() and not line.lstrip().startswith("<!--")]
    return len(filled) >= 4 and 5 * sum(map(_is_link, filled)) >= 4 * len(filled)


def _is_link(line: str) -> bool:
    return bool(_LINK_LINE.match(line[:1000]))


def _find_fenced(document: Document) -> Iterator[int]:
    for node, after in pairwise(document.nodes):
        if isinstance(after, Block) and after.kind == "fence" and isinstance(node, Heading):
            yield from [node.start] if shows_error(after) else []


def _read_line(heading: Heading, lines: Sequence[str]) -> str:
    return heading.text if heading.label else lines[heading.start]


def _remedy(heading: Heading) -> bool:
    """Tell whether a heading tells the cause or the fix of a trouble."""
    kind = clear_kind(heading.text)
    return kind in ("cause", "fix") and normalise(heading.text) not in _NO_REMEDY


def _pair(
    branches: Sequence[Branch],
    row: Sequence[int],
    remedies: Sequence[bool],
    written: Sequence[str],
    above: int,
) -> dict[int, int]:
    """Find rows such as `Problem: a`, `Solution`, `Problem: b`, `Solution`, and their ends."""
    loose = above >= 0 and find_shelf(branches[above].heading.text) is not None
    openers = [p for p in row if not remedies[p] and _opens(branches[p], written[p], loose=loose)]
    if len(openers) < 2:
        return {}
    ends: dict[int, int] = {}
    for place, after in zip(openers, [*openers[1:], row[-1] + 1], strict=True):
        inside = [one for one in row if place < one < after]
        if not any(remedies[one] for one in inside):
            return {}
        ends[place] = _last_part(branches, inside).end
    return ends


def _opens(branch: Branch, written: str, *, loose: bool) -> bool:
    if loose and branch.heading.label:
        return complains(written) and clear_kind(branch.heading.text) is None
    return not branch.heading.label and bool(_OPENER.match(drop_emoji(branch.heading.text)))


def _last_part(branches: Sequence[Branch], inside: Sequence[int]) -> Branch:
    """Return the last heading that is a part of the trouble before it."""
    known = [one for one in inside if clear_kind(branches[one].heading.text)]
    return branches[known[-1]]


def _find_shelves(
    branches: Sequence[Branch], below: Sequence[Sequence[int]], solved: frozenset[int]
) -> list[Shelf | None]:
    told = [_tells(branches, row) for row in below]
    return [
        find_shelf(branch.heading.text)
        if below[place]
        and place not in solved
        and not branch.heading.label
        and not (told[place] or told[branch.parent])
        else None
        for place, branch in enumerate(branches)
    ]


def _tells(branches: Sequence[Branch], row: Sequence[int]) -> bool:
    """Tell whether headings side by side are the parts of one trouble."""
    return any(_tells_part(branches[place].heading) for place in row)


def _tells_part(heading: Heading) -> bool:
    if find_shelf(heading.text):
        return False
    return clear_kind(heading.text) in _TOLD or "symptom" in normalise(heading.text)


def _place_shelves(
    branches: Sequence[Branch], shelves: Sequence[Shelf | None], document: Document
) -> tuple[list[Shelf | None], list[int]]:
    """Tell for each heading the chapter of troubles around it; the title may make the page one."""
    page = find_shelf(str(document.meta.get("title", "")))
    if page and _tells(branches, [p for p, one in enumerate(branches) if one.parent < 0]):
        page = None
    within: list[Shelf | None] = []
    holds: list[int] = []
    for branch in branches:
        above = branch.parent
        around = shelves[above] if above >= 0 else page
        within.append(around or (within[above] if above >= 0 else None))
        holds.append(above if around else (holds[above] if above >= 0 else -1))
    return within, holds
