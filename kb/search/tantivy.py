"""The index backend for large bases, on tantivy; the only module that imports it."""

from __future__ import annotations

import errno
import threading
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
from kb.search.index import FIELDS, Doc, Hit, Query
from kb.search.scoring import MAX_COMPLETIONS

ANY_FIELD = "any_field"
"""Holds the terms of all fields, to count and exclude by; hits are scored in the fields themselves."""
TERMS = "terms"
WRITER_BYTES = 64_000_000
MAX_SCANNED = 1000

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
    """A build opened for reading, and the stamp of the commit it was last read at."""

    build: Path
    stamp: tuple[int, int]
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

    def rebuild(self, docs: Iterable[Doc]) -> int:
        """Build a fresh index from `docs`, swap it in and return how many it holds."""
        with (
            explain_system_errors(),
            replace_build(self._home) as build,
            _write_commit(_create_index(build)) as writer,
        ):
            for doc in docs:
                writer.add_document(_fill_row(doc))
        return self.count()

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the best `limit` hits, best first."""
        if limit < 1 or not (query.terms or query.prefix):
            return []
        with explain_errors():
            searcher = self._read()
            found = searcher.search(_translate(query, searcher), limit, count=False).hits
            ids = searcher.fast_field_values("id", [address for _, address in found])
            return [Hit(int(key or 0), score) for key, (score, _) in zip(ids, found, strict=True)]

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """Return in how many documents each term occurs; overwritten ones count until a merge."""
        with explain_errors():
            count = self._read().doc_freq
            return {term: count(ANY_FIELD, term) for term in terms}

    def count(self) -> int:
        """Return how many documents there are."""
        with explain_errors():
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
            explain_errors(),
            hold_writer(self._home),
            _write_commit(_open_index(find_build(self._home))) as writer,
        ):
            for key in ids:
                writer.delete_documents_by_term("id", key)
            for row in rows.values():
                writer.add_document(row)


def _fill_row(doc: Doc) -> tantivy.Document:
    row = tantivy.Document()
    row.add_integer("id", doc.id)
    for field in FIELDS:
        text = " ".join(analyse(doc.fields.get(field, "")))
        row.add_text(field, text)
        row.add_text(ANY_FIELD, text)
    return row


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
def _write_commit(index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
    """Open a writer for one commit only: one kept open leaves segments behind for ever."""
    writer = index.writer(WRITER_BYTES, 1)
    try:
        yield writer
        _commit(writer)
    finally:
        # What was not committed is forgotten with the writer.
        writer.wait_merging_threads()


def _commit(writer: tantivy.IndexWriter) -> None:
    try:
        writer.commit()
        writer.garbage_collect_files()
    except ValueError as error:
        # So tantivy reports a full disk.
        raise OSError(errno.EIO, "its files could not be written") from error


def _refresh(build: Path, old: _Opened | None) -> _Opened:
    commit = (build / "meta.json").stat()
    stamp = (commit.st_mtime_ns, commit.st_ino)
    if old is None or old.build != build:
        return _Opened(build, stamp, _open_index(build))
    if old.stamp == stamp:
        return old
    old.index.reload()
    return _Opened(build, stamp, old.index)


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
