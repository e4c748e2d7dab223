"""One stretch of a text, cut into its sections: known labels open them, unknown headings too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.markdown.document import MAIN_KINDS, Block, Heading, ParsedSection, SectionKind
from kb.markdown.headings.kinds import clear_kind, kind_of
from kb.markdown.outline import grow

Node = Heading | Block

# A part of its own even below a summary or a fix; needs and notes stay with the text around them.
_PARTS: frozenset[SectionKind] = frozenset(
    {"impact", "detection", "diagnosis", "alternatives", "verification", "prevention", "timeline"}
)
_DIVIDED: frozenset[SectionKind] = frozenset({"error", "symptoms", "fix"})


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place where a section begins."""

    heading: Heading
    kind: SectionKind


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading that is still open, and the kind of section all below it belongs to, if known."""

    heading: Heading
    kind: SectionKind | None


@dataclass(frozen=True, slots=True)
class _Context:
    """What the decision on one heading needs to know of all others.

    `beside` are the words of the headings around each, its own siblings first; `wanted` are the
    kinds that no outermost heading has.
    """

    beside: list[tuple[str, ...]]
    wanted: frozenset[SectionKind]


def cut_sections(nodes: Sequence[Node], lines: Sequence[str], end: int) -> list[ParsedSection]:
    """Cut nodes into sections that each end where the next begins; the lead is not among them."""
    cuts = _find_cuts([node for node in nodes if isinstance(node, Heading)])
    rests = {node.start: node for node in nodes if isinstance(node, Block) and node.content}
    stops = [*(cut.heading.start for cut in cuts[1:]), end]
    return [
        ParsedSection(
            kind=cut.kind,
            heading=cut.heading.text,
            text=_read_text(cut.heading, rests.get(cut.heading.start), lines, stop),
            start=cut.heading.start,
            end=stop,
        )
        for cut, stop in zip(cuts, stops, strict=False)
    ]


def join_lines(lines: Sequence[str]) -> str:
    """Join lines to a text without the blank ones around it."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else ""


def _read_text(heading: Heading, rest: Block | None, lines: Sequence[str], stop: int) -> str:
    if rest is None:
        return join_lines(lines[heading.end : stop])
    return join_lines([*rest.content.split("\n"), *lines[rest.end : stop]])


def _find_cuts(headings: Sequence[Heading]) -> list[_Cut]:
    context = _look_around(headings)
    cuts: list[_Cut] = []
    above: list[_Open] = []
    for heading, names in zip(headings, context.beside, strict=True):
        while above and above[-1].heading.level >= heading.level:
            above.pop()
        parent = above[-1] if above else None
        closed = bool(cuts) and all(one.heading is not cuts[-1].heading for one in above)
        kind = _opening_kind(heading, parent, names, context.wanted, closed=closed)
        if kind:
            cuts.append(_Cut(heading, kind))
        if kind or not heading.label:
            inherited = kind or (parent.kind if parent else None)
            above.append(_Open(heading, None if inherited == "other" else inherited))
    return cuts


def _look_around(headings: Sequence[Heading]) -> _Context:
    """Collect each heading's neighbours, and which kinds the outermost leave to be found inside."""
    parents = [branch.parent for branch in grow(headings, 0)]
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for heading, parent in zip(headings, parents, strict=True):
        groups[parent].append(heading.text)
    outer = tuple(groups[-1])
    beside = {parent: (*names, *outer) for parent, names in groups.items()} | {-1: outer}
    direct = [heading for heading, parent in zip(headings, parents, strict=True) if parent < 0]
    found = {_name(heading, outer, kind_of) for heading in direct}
    return _Context(
        [beside[parent] for parent in parents], (_PARTS | frozenset(MAIN_KINDS)) - found
    )


def _opening_kind(
    heading: Heading,
    parent: _Open | None,
    names: tuple[str, ...],
    wanted: frozenset[SectionKind],
    *,
    closed: bool,
) -> SectionKind | None:
    """Tell the kind of section a heading opens; None when it belongs to the section above it."""
    if parent is None:
        return _name(heading, names, kind_of) or (None if heading.label else "other")
    kind = _name(heading, names, clear_kind)
    if kind and _may_open(kind, parent.kind, wanted):
        return kind
    return (parent.kind or "other") if closed and not heading.label else None


def _may_open(kind: SectionKind, above: SectionKind | None, wanted: frozenset[SectionKind]) -> bool:
    """Tell whether a heading inside a section of one kind may open another kind."""
    if above is None or kind == above:
        return above is None
    return kind in wanted and (kind in MAIN_KINDS or above in _DIVIDED)


def _name(
    heading: Heading, names: tuple[str, ...], read: Callable[..., SectionKind | None]
) -> SectionKind | None:
    """Read a heading's own words, or its anchor: translated pages keep the English one."""
    return read(heading.text, names) or (
        read(heading.anchor.replace("-", " "), names) if heading.anchor else None
    )
