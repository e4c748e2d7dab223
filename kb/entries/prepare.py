"""Do what takes long before the database is held: read a text, identify its errors, sum it up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from kb.entries.identify import identify
from kb.entries.report import measure
from kb.errors.signature import VERSION, Signature
from kb.markdown.document import Document, ParsedEntry, ParsedSection, ParsedSource, ParseError
from kb.markdown.limits import MAX_BYTES
from kb.markdown.parse import parse
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
    """An entry as it was read, a checksum of it, what identifies its errors, and its facts."""

    read: ParsedEntry
    digest: str
    signatures: tuple[tuple[str, Signature], ...]
    facts: Mapping[str, Any]
    completeness: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text with all that its rows are made of; `sections` are the chapters outside its entries."""

    title: str
    retired: bool
    entries: tuple[PreparedEntry, ...]
    sections: tuple[ParsedSection, ...]
    dialect: str


def read(text: str, path: str) -> ParsedSource:
    """Return what `text` would be saved as; raises TooLarge or ParseError."""
    return read_document(text, path)[1]


def read_document(text: str, path: str) -> tuple[Document, ParsedSource]:
    """Return a text as it stands and as it would be saved; raises TooLarge or ParseError."""
    text = clean(text)
    if len(text) > MAX_CHARS:
        raise TooLarge(f"This text has {len(text):,} characters; keep a page under {MAX_CHARS:,}.")
    if (size := len(text.encode())) > MAX_BYTES:
        raise TooLarge(f"This text takes {size:,} bytes; keep a page under {MAX_BYTES:,}.")
    if not text.strip():
        raise ParseError("The text is empty; write at least a title and what happened.")
    document = parse(text)
    return document, split(document, name=PurePosixPath(path).stem)


def prepare(text: str, path: str) -> Prepared:
    """Return `text` ready to be written; raises TooLarge or ParseError."""
    return finish(read(text, path))


def finish(source: ParsedSource) -> Prepared:
    """Make a text that was read ready to be written."""
    retired = source.meta.get("status") == "archived"
    entries = tuple(map(_prepare_entry, source.entries))
    return Prepared(source.title, retired, entries, source.sections, "")


def _prepare_entry(entry: ParsedEntry) -> PreparedEntry:
    return PreparedEntry(entry, _digest(entry), tuple(identify(entry)), {}, measure(entry))


def _digest(entry: ParsedEntry) -> str:
    """Return a checksum of all that readers and matching see of an entry."""
    sections = [(s.kind, s.heading, s.text, s.guessed) for s in entry.sections]
    seen = [RULES, entry.title, entry.error, sections, entry.meta]
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()
