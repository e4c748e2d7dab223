"""Labels that work as headings: `**Root Cause:** …` in bold, as list items, or as plain `Cause: …`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.markdown.document import LABEL_LEVEL, Block, Heading, SectionKind
from kb.markdown.headings.kinds import known_kind

_BOLD = re.compile(
    r"^[ \t]*+(?:[^\w\s*_`\[\](){}<>#|\\]{1,4}[ \t]{0,2})?"
    r"(?:(?P<stars>\*{1,3})(?P<bold>[^*\s][^*]{0,118})(?P=stars)"
    r"|(?P<lines>_{1,3})(?P<under>[^\s_](?:[^_]|_(?!_)){0,118})(?P=lines))"
    r"(?P<colon>[ \t]{0,2}[:\uff1a]|[ \t]{1,2}[-\u2013\u2014](?=[ \t]))?[ \t]*+(?P<rest>.*+)$"
)
_PLAIN = re.compile(r"^ {0,3}(?P<label>[^\W\d_][^\n:\uff1a*`]{2,40}+)[:\uff1a](?P<rest>[ \t].*+)?$")
_ITEM = re.compile(r"^(?P<marker> {0,3}(?:[-*+]|\d{1,3}[.)])[ \t]{1,3})(?=\S)")
_COLONS = ":\uff1a?"

# Plain labels are believed only where a text uses them for these, not for one stray `Note: …`.
_TELLING: frozenset[SectionKind] = frozenset({"error", "symptoms", "cause", "fix", "lessons"})
_REMEDIES: frozenset[SectionKind] = frozenset({"cause", "fix"})


@dataclass(frozen=True, slots=True)
class _Label:
    """A label on its line: its words and what follows it there."""

    text: str
    rest: str


def split_labels(
    nodes: Sequence[Heading | Block], lines: Sequence[str]
) -> Iterator[Heading | Block]:
    """Cut paragraphs and lists at their labels; all other nodes stay as they are."""
    plain = _uses_plain_labels(nodes, lines)
    for node in nodes:
        yield from _split(node, lines, plain=plain)


def _split(
    node: Heading | Block, lines: Sequence[str], *, plain: bool
) -> Iterator[Heading | Block]:
    if isinstance(node, Block) and node.kind == "paragraph":
        return _split_paragraph(node, lines, plain=plain)
    if isinstance(node, Block) and node.kind == "list":
        return _split_list(node, lines)
    return iter((node,))


def _split_paragraph(
    node: Block, lines: Sequence[str], *, plain: bool
) -> Iterator[Heading | Block]:
    start, lead = node.start, ""
    for number in range(node.start, node.end):
        label = _read_bold(lines[number], first=number == node.start)
        label = label or (_read_plain(lines[number]) if plain else None)
        if label is None:
            continue
        yield from _keep(start, number, lead, lines)
        yield Heading(LABEL_LEVEL, label.text, number, number + 1, label=True)
        lead = label.rest
        start = number if lead else number + 1
    yield from _keep(start, node.end, lead, lines)


def _keep(start: int, end: int, lead: str, lines: Sequence[str]) -> Iterator[Block]:
    """Yield what stands between two labels; `lead` is what follows the first one on its line."""
    if start < end:
        content = "\n".join([lead, *lines[start + 1 : end]]) if lead else ""
        yield Block("paragraph", start, end, content=content)


def _split_list(node: Block, lines: Sequence[str]) -> Iterator[Heading | Block]:
    """Cut a list whose every item begins with a known label, two different ones at least."""
    starts = _find_items(node, lines)
    items = [_ITEM.sub("", lines[start]) for start in starts]
    found = [_read_bold(item, first=False) or _read_plain(item) for item in items]
    labels = [label for label in found if label]
    kinds = {known_kind(label.text) for label in labels}
    if len(labels) < len(found) or len(kinds) < 2 or not kinds & _REMEDIES:
        yield node
        return
    for label, start, end in zip(labels, starts, [*starts[1:], node.end], strict=True):
        yield Heading(LABEL_LEVEL, label.text, start, start + 1, label=True)
        width = len(lines[start]) - len(_ITEM.sub("", lines[start]))
        inside = [line[min(width, _indent(line)) :] for line in lines[start + 1 : end]]
        yield Block("paragraph", start, end, content="\n".join([label.rest, *inside]))


def _find_items(node: Block, lines: Sequence[str]) -> list[int]:
    """Find the lines where the outermost items of a list begin."""
    first = _indent(lines[node.start])
    numbers = range(node.start, node.end)
    return [n for n in numbers if _ITEM.match(lines[n]) and _indent(lines[n]) == first]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _read_bold(line: str, *, first: bool) -> _Label | None:
    """Read a line's bold label; words that merely begin a sentence in bold are none.

    `**Fix**`, `**Fix:** …`, `**Fix** - …` and `**Fix.** …` are labels, `*Fix:* …` is one too.
    """
    found = _BOLD.match(line) if "*" in line or "_" in line else None
    if found is None:
        return None
    written = (found["bold"] or found["under"]).rstrip()
    label, rest = written.rstrip(" " + _COLONS), found["rest"].rstrip(" \\")
    strong = len(found["stars"] or found["lines"]) > 1
    known = bool(label and known_kind(label))
    if known and (_is_ended(found, written) if strong else _has_colon(found, written)):
        return _Label(label.rstrip("."), rest)
    return _Label(label, rest) if label and strong and not rest and (first or known) else None


def _has_colon(found: re.Match[str], written: str) -> bool:
    return written[-1] in _COLONS or (found["colon"] or "").strip() in (":", "\uff1a")


def _is_ended(found: re.Match[str], written: str) -> bool:
    """Tell whether bold words end as a label does: with a colon, a dash or a full stop."""
    return bool(found["colon"]) or written[-1] in f"{_COLONS}."


def _read_plain(line: str) -> _Label | None:
    found = _PLAIN.match(line)
    if found is None or known_kind(found["label"]) not in _TELLING:
        return None
    return _Label(found["label"], (found["rest"] or "").strip())


def _uses_plain_labels(nodes: Sequence[Heading | Block], lines: Sequence[str]) -> bool:
    """Tell whether the paragraphs of a text are labelled in plain letters, with cause or fix."""
    kinds: set[SectionKind | None] = set()
    for node in nodes:
        if isinstance(node, Block) and node.kind == "paragraph":
            labels = filter(None, map(_read_plain, lines[node.start : node.end]))
            kinds.update(known_kind(label.text) for label in labels)
    return len(kinds) >= 2 and bool(kinds & _REMEDIES)
