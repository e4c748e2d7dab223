"""The default index backend: Whoosh stores the postings, `scoring` ranks them.

This is the only module that imports whoosh. It stays below Whoosh's query parser, its matchers and
`Searcher.refresh` on purpose: the first two cost without bound, the third returns documents twice.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from whoosh.codec.base import Segment
from whoosh.fields import ID, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Format
from whoosh.index import TOC, FileIndex
from whoosh.matching import Matcher
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.writing import SegmentWriter

from kb.search.analysis import analyse, can_complete
from kb.search.folder import (
    Home,
    explain_errors,
    explain_system_errors,
    hold_writer,
    open_build,
    replace_build,
    sync_path,
)
from kb.search.index import FIELDS, Doc, Hit, Query, Spread
from kb.search.scoring import EVERY_FIELD, field_mask, rank

NAME = "kb"
MASK_BYTES = 2
MAX_SCANNED = 1000
"""How many completions of a prefix are looked at to choose the most frequent of them."""
MAX_REMEMBERED = 16_384
"""Of how many terms a segment remembers the frequency, which never changes."""
MERGE_FACTOR = 2
POOL_MB = 16
"""What Whoosh gathers before it goes to disk; by its own count, which is a third of the truth."""

Posting = tuple[str, int, float, bytes]
"""A term, how often it occurs, that weighted by field, and the fields it occurs in."""


class _Pooled(Format):  # type: ignore[misc]  # whoosh brings no types
    """How postings of all fields share one Whoosh field: given ready, two bytes for the fields."""

    posting_size = MASK_BYTES

    def word_values(self, value: list[Posting], *_: object, **__: object) -> list[Posting]:
        return value


_SCHEMA = Schema(
    id=ID(unique=True, stored=True),
    text=FieldType(_Pooled(), analyzer=None, scorable=True),
)


class _Storage(FileStorage):  # type: ignore[misc]  # whoosh brings no types
    """Files as Whoosh wants them, but on the disk before a commit counts, and closed after a failure."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.written: set[str] = set()
        self.opened: list[StructFile] = []

    def list(self) -> list[str]:
        # Whoosh takes a folder it may not read for an empty one.
        return [path.name for path in Path(self.folder).iterdir()]

    def open_file(self, name: str, **options: object) -> StructFile:
        self.opened.append(super().open_file(name, **options))
        return self.opened[-1]

    def create_file(self, name: str, **options: object) -> StructFile:
        self.written.add(name)
        self.opened.append(super().create_file(name, **options))
        return self.opened[-1]

    def temp_storage(self, name: str | None = None) -> _Storage:
        inner = _Storage(Path(self.folder, name or uuid.uuid4().hex))
        inner.opened = self.opened
        inner.create()
        return inner

    def rename_file(self, old: str, new: str, **options: object) -> None:
        for name in filter(self.file_exists, self.written):
            sync_path(Path(self.folder, name))
        self.written.clear()
        super().rename_file(old, new, **options)
        sync_path(Path(self.folder))

    @contextmanager
    def closing(self) -> Iterator[None]:
        """Close what Whoosh leaves open when the block fails."""
        try:
            yield
        except BaseException:
            for file in self.opened:
                with suppress(Exception):
                    file.close()
            raise
        finally:
            self.opened.clear()


class _Leaf:
    """One segment: its postings never change, its deletions are those of the newest commit."""

    def __init__(self, name: str, reader: SegmentReader) -> None:
        self.name = name
        self.reader = reader
        self.deleted: frozenset[int] = frozenset()
        self.size: int = reader.doc_count_all()
        self.length: int = reader.field_length("text")
        self.frequencies: dict[str, int] = {}

    def frequency(self, term: str) -> int:
        known = self.frequencies
        if term not in known:
            if len(known) >= MAX_REMEMBERED:
                known.clear()
            known[term] = int(self.reader.doc_frequency("text", term))
        return known[term]

    def postings(self, term: str, fields: int) -> Iterator[tuple[int, float]]:
        for document, matcher in self.walk("text", term):
            if fields == EVERY_FIELD or int.from_bytes(matcher.value()) & fields:
                yield document, matcher.weight()

    def walk(self, field: str, term: str) -> Iterator[tuple[int, Matcher]]:
        try:
            matcher = self.reader.postings(field, term)
        except TermNotFound:
            return
        while matcher.is_active():
            document = matcher.id()
            if document not in self.deleted:
                yield document, matcher
            matcher.next()

    def document_length(self, document: int) -> int:
        return int(self.reader.doc_field_length(document, "text"))

    def completions(self, prefix: str) -> list[tuple[int, str]]:
        if not can_complete(prefix):
            return [(self.frequency(prefix), prefix)]
        terms = islice(self.reader.expand_prefix("text", prefix), MAX_SCANNED)
        return [(self.frequency(term), term) for term in map(bytes.decode, terms)]

    def identify(self, document: int) -> int:
        return int(self.reader.stored_fields(document)["id"])


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The index as one commit left it."""

    build: Path
    index: FileIndex
    generation: int
    leaves: tuple[_Leaf, ...]

    def find(self, ids: Collection[int]) -> list[int]:
        """Return the numbers Whoosh's writer gives the documents with these ids."""
        found = []
        base = 0
        for leaf in self.leaves:
            found += [base + at for key in ids for at, _ in leaf.walk("id", str(key))]
            base += leaf.size
        return found


class WhooshIndex:
    """An Index in a folder, on Whoosh; see `index.Index` for what the methods promise."""

    def __init__(self, path: Path, *, timeout: float = 5.0) -> None:
        self._home = Home(path, "whoosh", timeout)
        self._lock = threading.Lock()
        self._snapshot: _Snapshot | None = None

    def put(self, docs: Iterable[Doc]) -> None:
        """Write or overwrite `docs` in one commit."""
        rows = {doc.id: _pool_fields(doc) for doc in docs}
        self._write(rows.keys(), rows)

    def remove(self, ids: Iterable[int]) -> None:
        """Drop the documents with these ids in one commit."""
        self._write(set(ids), {})

    def rebuild(self, docs: Iterable[Doc], spread: Spread = map) -> int:
        """Build a fresh index from `docs`, swap it in and return how many it holds."""
        with explain_system_errors(), replace_build(self._home) as build:
            FileIndex.create(_Storage(build), _SCHEMA, NAME)
            with _write_segment(build) as writer:
                for key, postings in spread(_prepare, docs):
                    writer.add_document(id=key, text=postings)
        return self.count()

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the best `limit` hits, best first."""
        with self._read() as snapshot:
            leaves = snapshot.leaves
            ranked = rank(leaves, query, limit)
            return [Hit(leaves[hit.leaf].identify(hit.document), hit.score) for hit in ranked]

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """Return in how many documents each term occurs; overwritten ones count until a merge."""
        with self._read() as snapshot:
            return {term: sum(leaf.frequency(term) for leaf in snapshot.leaves) for term in terms}

    def count(self) -> int:
        """Return how many documents there are."""
        with self._read() as snapshot:
            return sum(leaf.size - len(leaf.deleted) for leaf in snapshot.leaves)

    @contextmanager
    def _read(self) -> Iterator[_Snapshot]:
        # Whoosh's readers keep a place in their file, so one thread at a time may use them.
        with self._lock, explain_errors():
            old = self._snapshot
            self._snapshot = open_build(self._home, lambda build: _refresh(build, old))
            yield self._snapshot

    def _write(self, ids: Collection[int], rows: Mapping[int, list[Posting]]) -> None:
        if not ids:
            return
        with explain_errors(), hold_writer(self._home):
            with self._read() as snapshot:
                stale = snapshot.find(ids)
            if not stale and not rows:
                return
            with _write_segment(snapshot.build) as writer:
                for number in stale:
                    writer.delete_document(number)
                for key, postings in rows.items():
                    writer.add_document(id=str(key), text=postings)


def _prepare(doc: Doc) -> tuple[str, list[Posting]]:
    return str(doc.id), _pool_fields(doc)


def _pool_fields(doc: Doc) -> list[Posting]:
    pooled: dict[str, Posting] = {}
    for field, boost in FIELDS.items():
        bit = field_mask((field,))
        for term, count in Counter(analyse(doc.fields.get(field, ""))).items():
            _, total, weight, fields = pooled.get(term, (term, 0, 0.0, bytes(MASK_BYTES)))
            mask = (int.from_bytes(fields) | bit).to_bytes(MASK_BYTES)
            pooled[term] = (term, total + count, weight + count * boost, mask)
    return list(pooled.values())


def _open_index(storage: _Storage) -> FileIndex:
    # With the schema given, Whoosh does not unpickle the one in the folder.
    return FileIndex(storage, schema=_SCHEMA, indexname=NAME)


@contextmanager
def _write_segment(build: Path) -> Iterator[SegmentWriter]:
    for leftover in build.glob("*.toc.*"):
        leftover.unlink()
    storage = _Storage(build)
    with storage.closing():
        # The lock of this room covers the swap of builds too, so Whoosh's own is not needed.
        writer = SegmentWriter(_open_index(storage), _lk=False, limitmb=POOL_MB)
        # Lengths are kept a document; those of each block of postings, which cost a read each, only
        # serve Whoosh's own matchers.
        writer.codec.length_stats = False
        try:
            yield writer
            writer.commit(mergetype=_merge_small)
        except BaseException:
            with suppress(Exception):
                writer.cancel()
            raise


def _merge_small(writer: SegmentWriter, segments: Sequence[Segment]) -> list[Segment]:
    """Take segments not much larger than all smaller ones together into the one being written.

    It leaves half as many segments as Whoosh's own rule for about the same work, and every lookup
    of a term costs once per segment.
    """
    total = writer.doc_count()
    kept: list[Segment] = []
    for segment in sorted(segments, key=lambda segment: segment.doc_count_all()):
        size = segment.doc_count_all()
        if size == segment.deleted_count():
            continue
        if kept or size > MERGE_FACTOR * total:
            kept.append(segment)
        else:
            total += size
            writer.add_reader(SegmentReader(writer.storage, _SCHEMA, segment))
    return kept


def _refresh(build: Path, old: _Snapshot | None) -> _Snapshot:
    storage = _Storage(build)
    with storage.closing():
        if old is None or old.build != build:
            old = _Snapshot(build, _open_index(storage), -1, ())
        if old.generation == old.index.latest_generation():
            return old
        toc = TOC.read(storage, NAME, schema=_SCHEMA)
        known = {leaf.name: leaf for leaf in old.leaves}
        leaves = []
        for segment in toc.segments:
            name = segment.segment_id()
            leaf = known.get(name) or _Leaf(name, _open_reader(storage, segment))
            leaf.deleted = frozenset(segment.deleted_docs())
            leaves.append(leaf)
        return _Snapshot(build, old.index, toc.generation, tuple(leaves))


def _open_reader(storage: _Storage, segment: Segment) -> SegmentReader:
    reader = SegmentReader(storage, _SCHEMA, segment)
    # Leaves know the deletions of later commits as well; without this Whoosh filters a second time.
    reader.deleted_docs_set = frozenset()
    return reader
