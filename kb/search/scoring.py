"""Rank documents for a Query by BM25 over postings, at a bounded cost whatever the query asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log
from typing import Protocol

from kb.search.index import FIELDS, Query

K1 = 1.2
B = 0.75
MAX_POSTINGS = 100_000
"""How many postings one `any` query may read; its commonest terms are left out beyond that."""
MAX_PREFIX_POSTINGS = 10_000
MAX_COMPLETIONS = 64

_BITS = {name: 1 << place for place, name in enumerate(FIELDS)}
EVERY_FIELD = sum(_BITS.values())

Scores = dict[int, float]


class Leaf(Protocol):
    """One immutable part of an index; its documents are numbered from 0."""

    size: int
    length: int

    def frequency(self, term: str) -> int:
        """Return in how many documents `term` occurs."""

    def postings(self, term: str, fields: int) -> Iterator[tuple[int, float]]:
        """Yield each document with `term` in one of `fields`, and the term's weight there."""

    def document_length(self, document: int) -> int:
        """Return how many terms the document has."""

    def completions(self, prefix: str) -> list[tuple[int, str]]:
        """Return terms that begin with `prefix`, each after its frequency."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A scored document: `document` is its number in the leaf with the number `leaf`."""

    score: float
    leaf: int
    document: int


def field_mask(names: Sequence[str]) -> int:
    """Return the bits that stand for these fields in a posting."""
    return sum({_BITS[name] for name in names if name in _BITS})


def rank(leaves: Sequence[Leaf], query: Query, limit: int) -> list[Ranked]:
    """Return the best `limit` documents, best first."""
    if limit < 1 or not (query.terms or query.prefix):
        return []
    scorer = _Scorer(leaves, query)
    found = (
        Ranked(score, number, document)
        for number, leaf in enumerate(leaves)
        for document, score in scorer.score(leaf).items()
    )
    return nlargest(limit, found, key=lambda hit: (hit.score, -hit.leaf, -hit.document))


class _Scorer:
    """A Query with what its scores need to know of the whole index."""

    def __init__(self, leaves: Sequence[Leaf], query: Query) -> None:
        self.query = query
        self.fields = field_mask(query.fields)
        self.total = sum(leaf.size for leaf in leaves)
        self.average = sum(leaf.length for leaf in leaves) / (self.total or 1) or 1.0
        counts = {term: sum(leaf.frequency(term) for leaf in leaves) for term in query.terms}
        self.terms = sorted(counts, key=counts.__getitem__)
        self.rarity = {term: self.weigh_rarity(count) for term, count in counts.items()}
        if query.mode == "any":
            self.terms = list(_afford(self.terms, counts))

    def weigh_rarity(self, frequency: int) -> float:
        return log(max(self.total, 1) / (frequency + 1)) + 1

    def score(self, leaf: Leaf) -> Scores:
        starts = self.score_prefix(leaf) if self.query.prefix else None
        scores = self.score_terms(leaf) if self.query.terms else dict(starts or {})
        if starts is not None and self.query.terms:
            scores = {at: scores[at] + starts[at] for at in scores.keys() & starts.keys()}
        for term in self.query.exclude if scores else ():
            for document, _ in leaf.postings(term, self.fields):
                scores.pop(document, None)
        return scores

    def score_terms(self, leaf: Leaf) -> Scores:
        scores: Scores = {}
        for number, term in enumerate(self.terms):
            found = self.score_term(leaf, term, self.rarity[term])
            if self.query.mode == "any":
                for document, score in found:
                    scores[document] = scores.get(document, 0.0) + score
            elif number == 0:
                scores = dict(found)
            else:
                scores = {at: scores[at] + score for at, score in found if at in scores}
        return scores

    def score_prefix(self, leaf: Leaf) -> Scores:
        scores: Scores = {}
        spent = 0
        for frequency, term in nlargest(MAX_COMPLETIONS, leaf.completions(self.query.prefix)):
            spent += frequency
            if scores and spent > MAX_PREFIX_POSTINGS:
                break
            for document, score in self.score_term(leaf, term, self.weigh_rarity(frequency)):
                scores[document] = max(score, scores.get(document, 0.0))
        return scores

    def score_term(self, leaf: Leaf, term: str, rarity: float) -> Iterator[tuple[int, float]]:
        top = rarity * (K1 + 1)
        flat, slope = K1 * (1 - B), K1 * B / self.average
        measure = leaf.document_length
        for document, weight in leaf.postings(term, self.fields):
            yield document, top * weight / (weight + flat + slope * measure(document))


def _afford(terms: Sequence[str], counts: dict[str, int]) -> Iterator[str]:
    left = MAX_POSTINGS
    for number, term in enumerate(terms):
        left -= counts[term]
        if left < 0 and number:
            return
        yield term
