"""Text without headings: what its sentences say about error, cause, fix and lessons, guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.markdown.document import Block, Heading, ParsedSection, SectionKind

_CUES: tuple[tuple[SectionKind, re.Pattern[str]], ...] = (
    (
        "lessons",
        re.compile(
            r"\b(?:learned|learnt|lessons?|in (?:the )?future|going forward|should have|takeaways?"
            r"|(?:to|will) prevent|from now on|next time)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "cause",
        re.compile(
            r"\b(?:caused by|because|due to|root cause|the cause|the reason|as a result of"
            r"|result(?:ed|s)? from|turned out|stemmed from|triggered by|misconfigur\w{1,5})\b",
            re.IGNORECASE,
        ),
    ),
    (
        "fix",
        re.compile(
            r"\b(?:fix(?:ed|es)?|resolved|mitigated|roll(?:ed|ing)? ?back|revert(?:ed|ing)?"
            r"|restored|patched|work-?around|the solution|repaired|restart(?:ed|ing)?|recovered"
            r"|failed over|upgraded|downgraded)\b",
            re.IGNORECASE,
        ),
    ),
)
_MAX_SECTIONS = 20
_SENTENCE_END = re.compile(r"[.!?][\"')\]]?(\s+)(?=[\"'(\[]?[^\W\d_a-z])")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some text with what it is taken for; `glue` is the white space before it."""

    kind: SectionKind
    text: str
    glue: str
    start: int
    end: int


def guess_sections(nodes: Sequence[Heading | Block], lines: Sequence[str]) -> list[ParsedSection]:
    """Sort the sentences of plain prose into sections, all marked guessed; none are left out."""
    groups: list[list[_Piece]] = []
    for piece in _read_pieces(nodes, lines):
        alike = bool(groups) and groups[-1][0].kind == piece.kind
        if alike or len(groups) == _MAX_SECTIONS:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [_join(group) for group in groups]


def _read_pieces(nodes: Sequence[Heading | Block], lines: Sequence[str]) -> Iterator[_Piece]:
    """Read the first paragraph as the error until a cue says more; then cues carry over."""
    kind: SectionKind = "error"
    for count, node in enumerate(nodes):
        if count and kind == "error":
            kind = "symptoms"
        text, glue, start = "\n".join(lines[node.start : node.end]).strip("\n"), "\n\n", node.start
        for part, gap in _split_sentences(text) if _is_paragraph(node) else ((text, ""),):
            kind = _find_cue(part) or kind if _is_paragraph(node) else kind
            end = start + part.count("\n") + 1
            yield _Piece(kind, part, glue, start, end)
            glue, start = gap, end - 1 + gap.count("\n")


def _is_paragraph(node: Heading | Block) -> bool:
    return isinstance(node, Block) and node.kind == "paragraph"


def _find_cue(sentence: str) -> SectionKind | None:
    return next((kind for kind, cue in _CUES if cue.search(sentence)), None)


def _split_sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence with the gap after it; never cut inside code, a link or bold text."""
    start = seen = 0
    open_ = Counter[str]()
    for found in _SENTENCE_END.finditer(text):
        open_.update(text[seen : found.start(1)])
        seen = found.start(1)
        if _is_closed(open_):
            yield text[start:seen], found.group(1)
            start = found.end(1)
            open_.clear()
    yield text[start:], ""


def _is_closed(open_: Counter[str]) -> bool:
    pairs = open_["["] == open_["]"] and open_["("] == open_[")"]
    return pairs and open_["`"] % 2 == 0 and open_["*"] % 2 == 0


def _join(group: Sequence[_Piece]) -> ParsedSection:
    text = group[0].text + "".join(piece.glue + piece.text for piece in group[1:])
    return ParsedSection(group[0].kind, "", text, group[0].start, group[-1].end, guessed=True)
