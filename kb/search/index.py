"""What every index backend promises; the database is the truth, an index is a disposable copy of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

T = TypeVar("T")
U = TypeVar("U")

SCHEMA = 1
"""Raise it when FIELDS, the analyser or a backend's layout changes: older indexes then ask for a rebuild."""

FIELDS: Mapping[str, float] = {
    "title": 4.0,
    "error": 4.0,
    "code": 3.0,
    "tags": 2.0,
    "frames": 1.5,
    "cause": 1.5,
    "fix": 1.5,
    "lessons": 1.0,
    "body": 1.0,
}
"""Every field of a document with its weight in ranking; the only place where the weights stand."""


class IndexUnavailable(Exception):
    """The index cannot answer now (missing, damaged, of another SCHEMA); rebuild it from the database."""


class IndexBlocked(IndexUnavailable):
    """The system keeps us from the index (permission, full disk); rebuilding it would fail alike."""


class IndexBusy(Exception):
    """Another process holds the writer; the rows stay stale and the next write takes them along."""


@dataclass(frozen=True, slots=True)
class Doc:
    """One Entry as the index sees it: its id and the plain text of each field in FIELDS."""

    id: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """Analysed terms to look for: `all` of them or `any`; `prefix` must begin some token, `exclude` bars."""

    terms: tuple[str, ...]
    mode: Literal["all", "any"] = "all"
    prefix: str = ""
    exclude: tuple[str, ...] = ()
    fields: tuple[str, ...] = tuple(FIELDS)


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document: its id, its score (comparable within one answer only)."""

    id: int
    score: float


class Spread(Protocol):
    """How a function is done to many items, in order: `map`, or one that has helpers."""

    def __call__(self, do: Callable[[T], U], items: Iterable[T], /) -> Iterable[U]:
        """Yield what comes of each item."""


class Index(Protocol):
    """A full-text index; safe to share between threads, with one writer at a time over all processes."""

    def put(self, docs: Iterable[Doc]) -> None:
        """Write or overwrite `docs` in one commit; raises IndexBusy or IndexUnavailable."""

    def remove(self, ids: Iterable[int]) -> None:
        """Drop the documents with these ids in one commit; raises IndexBusy or IndexUnavailable."""

    def rebuild(self, docs: Iterable[Doc], spread: Spread = map) -> int:
        """Build a fresh index beside the old one from `docs`, swap it in and return how many it holds.

        `spread` does a pure function to many documents, perhaps in other processes.
        """

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the best `limit` hits, best first; raises IndexUnavailable."""

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """Return in how many documents each term occurs; raises IndexUnavailable."""

    def count(self) -> int:
        """Return how many documents there are; raises IndexUnavailable when it cannot be read."""
