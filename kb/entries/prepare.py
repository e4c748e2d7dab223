"""Do what takes long before the database is held: read a text, identify its errors, sum it up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from kb.entries.facts import facts_of
from kb.entries.identify import identify
from kb.entries.report import measure
from kb.errors.signature import VERSION, Signature
from kb.markdown.dialects import COMMONMARK
from kb.markdown.document import Document, ParsedEntry, ParsedSection, ParsedSource, ParseError
from kb.markdown.limits import MAX_BYTES
from kb.markdown.parse import parse
from kb.markdown.render import plain
from kb.markdown.repair import clean
from kb.markdown.split import split

MAX_CHARS = 1_000_000
READING = 1
"""Raise it when texts are read otherwise than before: known ones are then read anew."""
RULES = f"{READING}.{VERSION}"


class TooLarge(Exception):
    """A text beyond what a page may hold; the message says what to do."""


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """An entry as it was read, in one sentence, a checksum, what identifies its errors, its facts."""

    read: ParsedEntry
    summary: str
    digest: str
    signatures: tuple[tuple[str, Signature], ...]
    facts: Mapping[str, Any]
    completeness: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text with all that its rows are made of; `sections` are the chapters outside its entries.

    `aliases` are old addresses of the whole, which lead to its first entry.
    """

    title: str
    retired: bool
    entries: tuple[PreparedEntry, ...]
    sections: tuple[ParsedSection, ...]
    dialect: str
    aliases: tuple[str, ...]


def read(text: str, path: str, dialect: str = COMMONMARK) -> ParsedSource:
    """Return what `text` would be saved as; raises TooLarge or ParseError."""
    return read_document(text, path, dialect)[1]


def read_document(text: str, path: str, dialect: str = COMMONMARK) -> tuple[Document, ParsedSource]:
    """Return a text as it stands and as it would be saved; raises TooLarge or ParseError."""
    text = clean(text)
    if len(text) > MAX_CHARS:
        raise TooLarge(f"This text has {len(text):,} characters; keep a page under {MAX_CHARS:,}.")
    if (size := len(text.encode())) > MAX_BYTES:
        raise TooLarge(f"This text takes {size:,} bytes; keep a page under {MAX_BYTES:,}.")
    if not text.strip():
        raise ParseError("The text is empty; write at least a title and what happened.")
    document = parse(text, dialect=dialect)
    return document, split(document, name=PurePosixPath(path).stem)


def prepare(text: str, path: str, dialect: str = COMMONMARK) -> Prepared:
    """Return `text` ready to be written; raises TooLarge or ParseError."""
    return finish(read(text, path, dialect))


def finish(source: ParsedSource) -> Prepared:
    """Make a text that was read ready to be written."""
    retired = source.meta.get("status") == "archived"
    entries = tuple(_prepare_entry(entry, source.dialect) for entry in source.entries)
    aliases = tuple(map(str, source.meta.get("aliases", ())))
    return Prepared(source.title, retired, entries, source.sections, source.dialect, aliases)


def _prepare_entry(entry: ParsedEntry, dialect: str) -> PreparedEntry:
    found = tuple(identify(entry, dialect))
    return PreparedEntry(
        read=entry,
        summary=_summary(entry, dialect),
        digest=_digest(entry),
        signatures=found,
        facts=facts_of(entry, found),
        completeness=measure(entry),
    )


def _summary(entry: ParsedEntry, dialect: str) -> str:
    """Return the cause in one sentence, or what else comes first."""
    by_kind = {section.kind: section.text for section in reversed(entry.sections)}
    text = by_kind.get("cause") or by_kind.get("symptoms") or by_kind.get("other") or ""
    first = plain(text, dialect=dialect).split(". ")[0]
    return first if not first or first.endswith((".", ":", "!", "?", "…")) else f"{first}."


def _digest(entry: ParsedEntry) -> str:
    """Return a checksum of all that readers and matching see of an entry."""
    sections = [(s.kind, s.heading, s.text, s.guessed) for s in entry.sections]
    seen = [RULES, entry.title, entry.error, sections, entry.meta]
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()
