"""What an entry tells without anyone having listed it: commands, links, changes, versions, days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeVar

from kb.markdown.document import ParsedEntry, SectionKind
from kb.markdown.facts.commands import find_commands, is_command, name_shell
from kb.markdown.facts.dates import find_dates, read_dates
from kb.markdown.facts.durations import Duration, find_duration, read_duration
from kb.markdown.facts.pairs import Pair, find_pairs
from kb.markdown.facts.pieces import (
    MAX_INLINE,
    Piece,
    Span,
    read_definitions,
    read_pieces,
    read_spans,
)
from kb.markdown.facts.pins import Version
from kb.markdown.facts.versions import distinct, find_versions, read_product

T = TypeVar("T")

MAX_CHARS = 65_536
"""Of the sections of one entry so much is read."""
MOST_COMMANDS, MOST_LINKS, MOST_PAIRS, MOST_VERSIONS, MOST_DATES = 60, 60, 20, 40, 20
MAX_URL = 2_000
MAX_TITLE = 1_000
MAX_LABEL = 200

WITH_COMMANDS: tuple[SectionKind, ...] = ("fix", "verification", "alternatives", "prevention")

_URL = re.compile(r"https?://[^\s<>\"'`)\]]{3,2000}|mailto:[^\s<>\"'`)\]]{3,200}")
_ADDRESS = re.compile(
    r"(?:https?://(?!localhost|127\.|0\.0\.0\.0)[^\s/?#]|mailto:[^\s@]{1,100}@)", re.IGNORECASE
)
_REFUSED = re.compile(
    r"\b(?:never|do not|don['\u2019]t|avoid|instead of|rather than|not|without|stop using)\b"
    r"[^.;:,()`]{0,40}$",
    re.IGNORECASE,
)
_BLOCKS = re.compile(r"```|~~~|(?:^|\n)(?: {4}|\t)")
_INLINE = re.compile(r"`([^`]{3,300})`")
_CODE = re.compile(r"`[^`\n]{0,200}`")


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it can be copied, its shell, and the kind of section it stands in."""

    text: str
    language: str
    section: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address and the words that stand for it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was found in one entry; each kind is bounded and without duplicates."""

    commands: tuple[Command, ...] = ()
    links: tuple[Link, ...] = ()
    pairs: tuple[Pair, ...] = ()
    versions: tuple[Version, ...] = ()
    dates: tuple[str, ...] = ()
    duration: Duration | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as JSON-ready values."""
        return {
            "commands": [_write(one) for one in self.commands],
            "links": [_write(one) for one in self.links],
            "pairs": [_write(one) for one in self.pairs],
            "versions": [_write(one) for one in self.versions],
            "dates": list(self.dates),
            "duration": _write(self.duration) if self.duration else None,
        }


@dataclass(frozen=True, slots=True)
class _Part:
    """A section's kind, its pieces, and the spans of those paragraphs where they are asked for."""

    kind: str
    text: str
    pieces: tuple[Piece, ...]
    spans: Mapping[int, tuple[Span, ...]]

    def words(self) -> str:
        """Return what people wrote, without code blocks and addresses."""
        text = "\n".join(
            f"{piece.text}:" if piece.kind == "heading" else piece.text
            for piece in self.pieces
            if piece.kind != "fence"
        )
        return _URL.sub(" ", text) if "://" in text else text


def find_facts(entry: ParsedEntry) -> Facts:
    """Return the facts of an entry."""
    parts = tuple(_read_parts(entry))
    words = [f"{entry.title}\n{entry.error}"[:MAX_TITLE], *(part.words() for part in parts)]
    told = [_CODE.sub("` `", text) if "`" in text else text for text in words]
    return Facts(
        commands=_bound(_find_commands(parts), MOST_COMMANDS),
        links=_bound_links(_find_links(entry, parts)),
        pairs=_bound(find_pairs([piece for part in parts for piece in part.pieces]), MOST_PAIRS),
        versions=distinct(_find_versions(entry, parts, words))[:MOST_VERSIONS],
        dates=_bound(_find_dates(entry, told), MOST_DATES),
        duration=read_duration(entry.meta) or find_duration(told),
    )


def _read_parts(entry: ParsedEntry) -> Iterator[_Part]:
    """Yield the sections with their pieces, the heading as the first one."""
    left = MAX_CHARS
    for section in entry.sections:
        text = section.text[:left]
        left -= len(text)
        pieces = read_pieces(text) if _BLOCKS.search(text) else _read_plain(text)
        asked = {
            place: read_spans(piece.text)
            for place, piece in enumerate(pieces)
            if piece.kind != "fence" and _asks_spans(section.kind, piece.text)
        }
        named = (Piece("heading", section.heading),) if section.heading else ()
        yield _Part(
            section.kind, text, named + pieces, {n + len(named): s for n, s in asked.items()}
        )


def _read_plain(text: str) -> tuple[Piece, ...]:
    """Take a text without code blocks as one piece; no parser is needed to see that."""
    parts = [text] if len(text) <= MAX_INLINE else text.split("\n\n")
    return tuple(Piece("text", part) for part in parts)


def _asks_spans(kind: SectionKind, text: str) -> bool:
    """Tell whether a paragraph may hold a link, or inline code that is a command."""
    if "://" in text or "mailto:" in text:
        return True
    return kind in WITH_COMMANDS and any(map(is_command, _INLINE.findall(text)))


def _find_commands(parts: Iterable[_Part]) -> Iterator[Command]:
    """Yield the commands of the sections that tell what to do."""
    for part in parts:
        if part.kind in WITH_COMMANDS:
            for place, piece in enumerate(part.pieces):
                found = find_commands(piece.text, piece.info) if piece.kind == "fence" else ()
                yield from (Command(text, language, part.kind) for text, language in found)
                yield from _find_inline(part.spans.get(place, ()), part.kind)


def _find_inline(spans: Iterable[Span], kind: str) -> Iterator[Command]:
    """Yield inline code that is a command, unless the words before it warn of it."""
    before = ""
    for span in spans:
        if span.kind == "code" and is_command(span.text) and not _REFUSED.search(before):
            yield Command(span.text.strip(), name_shell(span.text), kind)
        before = span.text[-80:] if span.kind == "words" else before


def _find_links(entry: ParsedEntry, parts: Iterable[_Part]) -> Iterator[Link]:
    """Yield links of front matter, then those of the text, then the link definitions."""
    told = (entry.meta.get(key) for key in ("references", "ids"))
    for value in (*filter(None, told), *entry.meta.get("extra", {}).values()):
        yield from (Link(url, url) for url in _URL.findall(str(value)[:MAX_CHARS]))
    for part in parts:
        for span in chain.from_iterable(part.spans.values()):
            if span.kind == "link":
                yield Link(" ".join(span.text.split()), span.url)
        if "]:" in part.text:
            yield from (Link(label, url) for label, url in read_definitions(part.text))


def _find_versions(
    entry: ParsedEntry, parts: Iterable[_Part], words: Iterable[str]
) -> Iterator[Version]:
    """Yield the versions of front matter, then those of words, then those of code."""
    declared = (read_product(str(product)) for product in entry.meta.get("products", ()))
    yield from filter(None, declared)
    for text in words:
        yield from find_versions(text)
    for piece in chain.from_iterable(part.pieces for part in parts):
        if piece.kind == "fence":
            yield from find_versions(piece.text, piece.info.partition(" ")[0])


def _find_dates(entry: ParsedEntry, told: Iterable[str]) -> Iterator[str]:
    yield from read_dates(entry.meta)
    for text in told:
        yield from find_dates(text)


def _bound_links(found: Iterable[Link]) -> tuple[Link, ...]:
    """Keep one link to each address that a page may link to."""
    kept: dict[str, Link] = {}
    for link in found:
        url = link.url.rstrip(".,;")
        bare = url not in kept or kept[url].text == url[:MAX_LABEL]
        if bare and len(url) <= MAX_URL and _ADDRESS.match(url):
            kept[url] = Link(link.text[:MAX_LABEL] or url[:MAX_LABEL], url)
        if len(kept) == MOST_LINKS:
            break
    return tuple(kept.values())


def _bound(found: Iterable[T], most: int) -> tuple[T, ...]:
    return tuple(dict.fromkeys(islice(found, 4 * most)))[:most]


def _write(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}
