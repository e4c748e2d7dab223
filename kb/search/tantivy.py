"""The index backend for large bases, on tantivy; the only module that imports it."""

from __future__ import annotations

import errno
import json
import mmap
import struct
import threading
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

try:
    import tantivy
    from tantivy import Occur
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "KB_INDEX_URL=tantivy: needs a package: pip install -r requirements-tantivy.txt",
        name="tantivy",
    ) from error

from kb.search.analysis import analyse, can_complete
from kb.search.folder import (
    Home,
    explain_errors,
    explain_system_errors,
    find_build,
    hold_writer,
    open_build,
    replace_build,
)
from kb.search.index import FIELDS, Doc, Hit, Query, Spread
from kb.search.scoring import MAX_COMPLETIONS

ANY_FIELD = "any_field"
"""Holds the terms of all fields, to count and exclude by; hits are scored in the fields themselves."""
TERMS = "terms"
WRITER_BYTES = 32_000_000
REBUILD_BYTES = 256_000_000
"""What a writer collects before it makes a segment; a large one is not soon merged again."""
MAX_SCANNED = 1000
TAIL_BYTES = 8
FOOTER_MAGIC = 1337
"""What a file of tantivy ends with: a footer in JSON, its length, and this number."""

Clause = tuple[Occur, tantivy.Query]


def _build_schema() -> tantivy.Schema:
    # Not an unsigned field: deleting by such a term deletes nothing, silently.
    builder = tantivy.SchemaBuilder().add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field(ANY_FIELD, tokenizer_name=TERMS, index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name=TERMS, index_option="freq")
    return builder.build()


_SCHEMA = _build_schema()


@dataclass(frozen=True, slots=True)
class _Opened:
    """A build opened for reading, with the stamp and the files of the commit it was last read at."""

    build: Path
    stamp: tuple[int, int]
    files: frozenset[str]
    index: tantivy.Index


class TantivyIndex:
    """An Index in a folder, on tantivy; see `index.Index` for what the methods promise."""

    def __init__(self, path: Path, *, timeout: float = 5.0) -> None:
        self._home = Home(path, "tantivy", timeout)
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def put(self, docs: Iterable[Doc]) -> None:
        """Write or overwrite `docs` in one commit."""
        rows = {doc.id: _fill_row(doc) for doc in docs}
        self._write(rows.keys(), rows)

    def remove(self, ids: Iterable[int]) -> None:
        """Drop the documents with these ids in one commit."""
        self._write(set(ids), {})

    def rebuild(self, docs: Iterable[Doc], spread: Spread = map) -> int:
        """Build a fresh index from `docs`, swap it in and return how many it holds."""
        with (
            explain_system_errors(),
            replace_build(self._home) as build,
            _write_commit(_create_index(build), REBUILD_BYTES) as writer,
        ):
            for doc in docs:
                writer.add_document(_fill_row(doc))
        return self.count()

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the best `limit` hits, best first."""
        if limit < 1 or not (query.terms or query.prefix):
            return []
        with _explain_engine():
            searcher = self._read()
            found = searcher.search(_translate(query, searcher), limit, count=False).hits
            ids = searcher.fast_field_values("id", [address for _, address in found])
            return [Hit(int(key or 0), score) for key, (score, _) in zip(ids, found, strict=True)]

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """Return in how many documents each term occurs; overwritten ones count until a merge."""
        with _explain_engine():
            count = self._read().doc_freq
            return {term: count(ANY_FIELD, term) for term in terms}

    def count(self) -> int:
        """Return how many documents there are."""
        with _explain_engine():
            return self._read().num_docs

    def _read(self) -> tantivy.Searcher:
        with self._lock:
            old = self._opened
            self._opened = open_build(self._home, lambda build: _refresh(build, old))
            return self._opened.index.searcher()

    def _write(self, ids: Collection[int], rows: Mapping[int, tantivy.Document]) -> None:
        if not ids:
            return
        with (
            _explain_engine(),
            hold_writer(self._home),
            _write_commit(_open_index(find_build(self._home))) as writer,
        ):
            for key in ids:
                writer.delete_documents_by_term("id", key)
            for row in rows.values():
                writer.add_document(row)


@contextmanager
def _explain_engine() -> Iterator[None]:
    with explain_errors():
        try:
            yield
        except BaseException as error:
            # Over damaged bytes tantivy may panic: that is no Exception, nor a class to import.
            if type(error).__name__ != "PanicException":
                raise
            raise RuntimeError from error


def _fill_row(doc: Doc) -> tantivy.Document:
    row = tantivy.Document()
    row.add_integer("id", doc.id)
    for field in FIELDS:
        text = " ".join(analyse(doc.fields.get(field, "")))
        row.add_text(field, text)
        row.add_text(ANY_FIELD, text)
    return row


@contextmanager
def _tell_disk_errors() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        # So tantivy says that a disk is full.
        raise OSError(errno.EIO, "its files could not be written") from error


@_tell_disk_errors()
def _create_index(build: Path) -> tantivy.Index:
    return _prepare(tantivy.Index(_SCHEMA, path=str(build)))


def _open_index(build: Path) -> tantivy.Index:
    return _prepare(tantivy.Index.open(str(build)))


def _prepare(index: tantivy.Index) -> tantivy.Index:
    # Terms arrive analysed and joined by spaces.
    splitter = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(TERMS, splitter)
    index.config_reader("manual", 0)
    return index


@contextmanager
def _write_commit(
    index: tantivy.Index, memory: int = WRITER_BYTES
) -> Iterator[tantivy.IndexWriter]:
    """Open a writer for one commit only: one kept open leaves segments behind for ever."""
    writer = index.writer(memory, 1)
    try:
        yield writer
        _commit(writer)
    finally:
        # What was not committed is forgotten with the writer.
        writer.wait_merging_threads()


@_tell_disk_errors()
def _commit(writer: tantivy.IndexWriter) -> None:
    writer.commit()
    writer.garbage_collect_files()


def _refresh(build: Path, old: _Opened | None) -> _Opened:
    commit = (build / "meta.json").stat()
    stamp = (commit.st_mtime_ns, commit.st_ino)
    same = old if old and old.build == build else None
    if same and same.stamp == stamp:
        return same
    files = frozenset(_list_files(build))
    for name in files - same.files if same else files:
        _check_file(build / name)
    index = same.index if same else _open_index(build)
    index.reload()
    return _Opened(build, stamp, files, index)


def _list_files(build: Path) -> Iterator[str]:
    """List the files of the last commit, not those that a writer may be at."""
    for segment in json.loads((build / "meta.json").read_bytes())["segments"]:
        name = segment["segment_id"].replace("-", "")
        deletions = f"{name}.{(segment['deletes'] or {}).get('opstamp')}.del"
        for path in build.glob(f"{name}.*"):
            if path.suffix != ".del" or path.name == deletions:
                yield path.name


def _check_file(path: Path) -> None:
    """Compare a file with the checksum tantivy left at its end.

    Tantivy itself does not: with one bit flipped it may take the whole process down.
    """
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        memoryview(content) as view,
    ):
        size, magic = struct.unpack("<II", view[-TAIL_BYTES:])
        end = len(view) - TAIL_BYTES - size
        footer = json.loads(bytes(view[end:-TAIL_BYTES]))
        if magic != FOOTER_MAGIC or footer["crc"] != zlib.crc32(view[:end]):
            raise ValueError(path.name)


def _translate(query: Query, searcher: tantivy.Searcher) -> tantivy.Query:
    fields = [field for field in query.fields if field in FIELDS]
    terms = [_match_term(term, fields) for term in query.terms]
    clauses: list[Clause] = []
    if query.mode == "all":
        clauses += [(Occur.Must, term) for term in terms]
    elif terms:
        clauses.append((Occur.Must, _match_any(terms)))
    if query.prefix:
        clauses.append((Occur.Must, _match_prefix(query.prefix, fields, searcher)))
    clauses += [(Occur.MustNot, _match_term(term, fields)) for term in query.exclude]
    return tantivy.Query.boolean_query(clauses)


def _match_term(term: str, fields: Sequence[str]) -> tantivy.Query:
    return _match_any(
        tantivy.Query.boost_query(
            tantivy.Query.term_query(_SCHEMA, field, term, "freq"), FIELDS[field]
        )
        for field in fields
    )


def _match_prefix(prefix: str, fields: Sequence[str], searcher: tantivy.Searcher) -> tantivy.Query:
    if not can_complete(prefix):
        return _match_term(prefix, fields)
    known = searcher.terms_with_prefix(ANY_FIELD, prefix, limit=MAX_SCANNED)
    frequent = sorted(known, key=lambda item: -item[1])[:MAX_COMPLETIONS]
    terms = [term for term, _ in frequent]
    return _match_any(
        tantivy.Query.boost_query(
            tantivy.Query.term_set_query(_SCHEMA, field, terms), FIELDS[field]
        )
        for field in fields
    )


def _match_any(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])
