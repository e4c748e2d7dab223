"""Do what takes long before the database is held: read a text, identify its errors, sum it up."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePosixPath

from kb.entries.identify import identify
from kb.errors.signature import VERSION, Signature
from kb.markdown.document import ParsedEntry, ParsedSection, ParsedSource, ParseError
from kb.markdown.limits import MAX_BYTES
from kb.markdown.parse import parse
from kb.markdown.repair import clean
from kb.markdown.split import split

MAX_CHARS = 1_000_000


class TooLarge(Exception):
    """A text beyond what a page may hold; the message says what to do."""


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """An entry as it was read, a checksum of it, and the signatures of its errors by section."""

    read: ParsedEntry
    digest: str
    signatures: tuple[tuple[str, Signature], ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text with all that its rows are made of; `sections` are the chapters outside its entries."""

    title: str
    retired: bool
    entries: tuple[PreparedEntry, ...]
    sections: tuple[ParsedSection, ...]


def read(text: str, path: str) -> ParsedSource:
    """Return what `text` would be saved as; raises TooLarge or ParseError."""
    text = clean(text)
    if len(text) > MAX_CHARS:
        raise TooLarge(f"This text has {len(text):,} characters; keep a page under {MAX_CHARS:,}.")
    if (size := len(text.encode())) > MAX_BYTES:
        raise TooLarge(f"This text takes {size:,} bytes; keep a page under {MAX_BYTES:,}.")
    if not text.strip():
        raise ParseError("The text is empty; write at least a title and what happened.")
    return split(parse(text), name=PurePosixPath(path).stem)


def prepare(text: str, path: str) -> Prepared:
    """Return `text` ready to be written; raises TooLarge or ParseError."""
    source = read(text, path)
    entries = tuple(
        PreparedEntry(entry, _digest(entry), tuple(identify(entry))) for entry in source.entries
    )
    retired = source.meta.get("status") == "archived"
    return Prepared(source.title, retired, entries, source.sections)


def _digest(entry: ParsedEntry) -> str:
    """Return a checksum of all that readers and matching see of an entry."""
    sections = [(s.kind, s.heading, s.text, s.guessed) for s in entry.sections]
    seen = [VERSION, entry.title, entry.error, sections, entry.meta]
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()
