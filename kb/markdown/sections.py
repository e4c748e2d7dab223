"""One stretch of a text, cut into its sections: known labels open them, unknown headings too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.markdown.document import MAIN_KINDS, Block, Heading, ParsedSection, SectionKind
from kb.markdown.headings import clear_kind, kind_of

Node = Heading | Block


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
    """What the decision on one heading needs to know of all others."""

    names: tuple[str, ...]
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
    for heading in headings:
        while above and above[-1].heading.level >= heading.level:
            above.pop()
        parent = above[-1] if above else None
        closed = bool(cuts) and all(one.heading is not cuts[-1].heading for one in above)
        kind = _opening_kind(heading, parent, context, closed=closed)
        if kind:
            cuts.append(_Cut(heading, kind))
        if kind or not heading.label:
            inherited = kind or (parent.kind if parent else None)
            above.append(_Open(heading, None if inherited == "other" else inherited))
    return cuts


def _look_around(headings: Sequence[Heading]) -> _Context:
    """Collect the outermost headings, and which main kinds they leave to be found further in."""
    direct: list[Heading] = []
    for heading in headings:
        if not direct or heading.level <= direct[-1].level:
            direct.append(heading)
    names = tuple(heading.text for heading in direct)
    return _Context(
        names, frozenset(MAIN_KINDS) - {_name(heading, names, kind_of) for heading in direct}
    )


def _opening_kind(
    heading: Heading, parent: _Open | None, context: _Context, *, closed: bool
) -> SectionKind | None:
    """Tell the kind of section a heading opens; None when it belongs to the section above it."""
    if parent is None:
        return _name(heading, context.names, kind_of) or (None if heading.label else "other")
    kind = _name(heading, context.names, clear_kind)
    if kind and (parent.kind is None or (kind in context.wanted and kind != parent.kind)):
        return kind
    return (parent.kind or "other") if closed and not heading.label else None


def _name(
    heading: Heading, names: tuple[str, ...], read: Callable[..., SectionKind | None]
) -> SectionKind | None:
    """Read a heading's own words, or its anchor: translated pages keep the English one."""
    return read(heading.text, names) or (
        read(heading.anchor.replace("-", " "), names) if heading.anchor else None
    )
