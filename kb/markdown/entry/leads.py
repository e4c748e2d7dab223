"""One trouble's sections: what its labels say, and what its words before any label are taken for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeGuard

from kb.markdown.document import Block, Document, Heading, ParsedSection, SectionKind
from kb.markdown.entry.prose import guess_sections
from kb.markdown.entry.sections import cut_sections, join_lines
from kb.markdown.entry.titles import find_error_line
from kb.markdown.troubles.chapters import shows_error
from kb.markdown.troubles.complaints import bare_heading, drop_lead, quoted_message

Node = Heading | Block

_VERBS = """
    add allow ask build call change charge check clear click close configure confirm connect copy
    create decrease delete disable disconnect downgrade drop edit enable ensure export fetch fix flush
    free go grant hold increase install kill load log lower mount move open pass plug press prune pull
    purge push put raise reboot rebuild redeploy reduce refresh reinstall reload remove rename renew
    replace reset restart retry rotate run set start stop switch sync take tighten try turn unplug
    update upgrade use verify wait whitelist prüfe setze starte installiere
""".split()
_REMEDY = re.compile(
    r"(?:^|[.!?:;,\u2014\u2013-] {1,2}|\n) {0,8}(?:[-*+] |\d{1,3}[.)] )?(?:\*\*|\[[ x]\] )?"
    r"(?:(?:please|simply|just|then|first|instead|so|you(?: may| might)? (?:need|have) to"
    r"|you (?:must|should|can|may)) ){0,2}"
    rf"(?:make sure|{'|'.join(_VERBS)})\b",
    re.IGNORECASE,
)
# Lists, code and quotes go with the words before them.
_ATTACHED = re.compile(r"```|~~~|    |[-*+] |\d{1,3}[.)] |>|<|\|")
_SCENE = re.compile(
    r"(?:when(?:ever)?|if|while|during|after|on|in some|some users|sometimes|users?|you|i|we)\b"
    r"(?!.{0,80}\b(?:because|since)\b)",
    re.IGNORECASE,
)
_EARLY = ("error", "symptoms")


def read_entry(
    nodes: Sequence[Node], document: Document, end: int, complaint: Heading | None = None
) -> list[ParsedSection]:
    """Read one trouble's sections; `complaint` is its heading where that says the error itself."""
    cut = cut_sections(nodes, document.lines, end)
    sections = [part for part in cut if part.heading or part.text]
    lead = [node for node in nodes if not cut or node.start < cut[0].start]
    stop = cut[0].start if cut else end
    error, lead = _take_error(lead, document)
    if sections or not any(map(_is_telling, lead)):
        read = _keep_lead(lead, document, stop, sections)
    elif complaint:
        read = _guess_around_errors(lead, document)
    else:
        read = _guess(lead, document) or _keep_lead(lead, document, stop, sections)
    found = [*error, *read, *sections]
    return [*_quote_heading(complaint, document, found), *found] if complaint else found


def keep_lead(
    lead: Sequence[Node], document: Document, stop: int, kind: SectionKind
) -> list[ParsedSection]:
    """Keep what stands before any label as one section."""
    if not lead:
        return []
    text = join_lines(document.lines[lead[0].start : stop])
    return [ParsedSection(kind, "", text, lead[0].start, stop, guessed=True)]


def _keep_lead(
    lead: Sequence[Node], document: Document, stop: int, sections: Sequence[ParsedSection]
) -> list[ParsedSection]:
    told = any(section.kind == "symptoms" for section in sections)
    telling = not told and any(map(_is_telling, lead))
    return keep_lead(lead, document, stop, "symptoms" if telling else "other")


def _guess(lead: Sequence[Node], document: Document) -> list[ParsedSection]:
    """Sort the sentences, all there is to go by where nothing is labelled."""
    return guess_sections(lead, document.lines) if any(map(_is_prose, lead)) else []


def _guess_around_errors(lead: Sequence[Node], document: Document) -> list[ParsedSection]:
    """Sort sentences as well, but keep the code blocks that show an error apart from them."""
    sections: list[ParsedSection] = []
    for told, nodes in groupby(lead, key=_tells_error):
        read = _quote_blocks if told else guess_sections
        sections += read(list(nodes), document.lines)
    return _settle(sections)


def _is_error_block(node: Node) -> TypeGuard[Block]:
    return isinstance(node, Block) and node.kind == "fence" and shows_error(node)


def _tells_error(node: Node) -> bool:
    return _is_error_block(node) and bool(_find_error(node.content))


def _find_error(text: str) -> str:
    return find_error_line([ParsedSection("symptoms", "", f"~~~~\n{text}\n~~~~", 0, 0)])


def _quote_blocks(nodes: Sequence[Node], lines: Sequence[str]) -> list[ParsedSection]:
    spans = ((node.start, node.end) for node in nodes)
    return [
        ParsedSection("error", "", join_lines(lines[start:end]), start, end, guessed=True)
        for start, end in spans
    ]


def _take_error(lead: list[Node], document: Document) -> tuple[list[ParsedSection], list[Node]]:
    """Take the code block right below the entry's heading: there people paste the error."""
    if lead and _is_error_block(lead[0]):
        first = lead[0]
        text = join_lines(document.lines[first.start : first.end])
        return [ParsedSection("error", "", text, first.start, first.end)], lead[1:]
    return [], lead


def _settle(read: Sequence[ParsedSection]) -> list[ParsedSection]:
    """Read words right below a heading that is the error: they quote, mend or explain it."""
    settled: list[ParsedSection] = []
    for section in read:
        before = settled[-1].kind if settled else None
        kind = _settle_kind(section, before) if section.kind in _EARLY else section.kind
        settled.append(replace(section, kind=kind))
    return settled


def _settle_kind(section: ParsedSection, before: SectionKind | None) -> SectionKind:
    if find_error_line([replace(section, kind="symptoms", guessed=False)]):
        return "error"
    text = section.text[:2000]
    if _REMEDY.search(text):
        return "fix"
    if _ATTACHED.match(text):
        return "fix" if before in (None, "fix") else before
    return "symptoms" if _SCENE.match(text) else "cause"


def _quote_heading(
    heading: Heading, document: Document, found: Sequence[ParsedSection]
) -> list[ParsedSection]:
    """Take a heading that quotes the message where nothing else does, and a mere label always."""
    if heading.label:
        return [
            ParsedSection("error", "", drop_lead(heading.text), heading.start, heading.end, True)
        ]
    written = document.lines[heading.start]
    if not quoted_message(written) or any(part.kind == "error" for part in found):
        return []
    text = drop_lead(bare_heading(written))
    return [ParsedSection("error", "", text, heading.start, heading.end, guessed=True)]


def _is_prose(node: Node) -> bool:
    return isinstance(node, Block) and node.kind == "paragraph"


def _is_telling(node: Node) -> bool:
    return isinstance(node, Block) and node.kind not in ("rule", "html")
