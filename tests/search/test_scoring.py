"""Ranking reads a bounded number of postings, rarest terms first, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from kb.search import scoring
from kb.search.index import Query
from kb.search.scoring import EVERY_FIELD, field_mask, rank


@dataclass
class FakeLeaf:
    """A segment of documents of length 10, made of term -> documents, that counts what is read."""

    held: dict[str, list[int]]
    size: int = 1000
    length: int = 10_000
    read: dict[str, int] = field(default_factory=dict)

    def frequency(self, term: str) -> int:
        return len(self.held.get(term, ()))

    def postings(self, term: str, fields: int) -> Iterator[tuple[int, float]]:
        for document in self.held.get(term, ()):
            self.read[term] = self.read.get(term, 0) + 1
            yield document, 1.0

    def document_length(self, document: int) -> int:
        return 10

    def completions(self, prefix: str) -> list[tuple[int, str]]:
        return [(len(held), term) for term, held in self.held.items() if term.startswith(prefix)]


def make_leaf() -> FakeLeaf:
    """Make a segment with a rare, a usual and a common term."""
    return FakeLeaf({"rare": [7], "usual": list(range(100)), "common": list(range(900))})


def test_an_any_query_leaves_out_what_it_cannot_afford(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rare terms are read first; the commonest are not read once the budget is spent."""
    monkeypatch.setattr(scoring, "MAX_POSTINGS", 200)
    leaf = make_leaf()
    hits = rank([leaf], Query(("common", "usual", "rare"), "any"), 3)
    assert (hits[0].document, leaf.read) == (7, {"rare": 1, "usual": 100})


def test_the_rarest_term_is_always_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A single term is answered even when it alone exceeds the budget."""
    monkeypatch.setattr(scoring, "MAX_POSTINGS", 5)
    assert len(rank([make_leaf()], Query(("common",), "any"), 50)) == 50


def test_a_prefix_completes_to_the_most_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Completions are read from the most frequent down, until the budget is spent."""
    monkeypatch.setattr(scoring, "MAX_PREFIX_POSTINGS", 150)
    leaf = FakeLeaf({"conn": [1], "connect": list(range(100)), "connection": list(range(60))})
    rank([leaf], Query((), prefix="con"), 3)
    assert leaf.read == {"connect": 100}


def test_a_document_counts_once_for_a_prefix() -> None:
    """Many completions in one document do not add up to more than the best of them."""
    leaf = FakeLeaf({"connect": [1], "connection": [1], "connecting": [2]})
    first, second = rank([leaf], Query((), prefix="con"), 3)
    assert first.score == second.score


def test_equal_scores_keep_their_order() -> None:
    """Ties go to the earlier segment and document, so that the same query answers the same."""
    leaves = [FakeLeaf({"term": [4, 2]}), FakeLeaf({"term": [1]})]
    hits = rank(leaves, Query(("term",)), 9)
    assert [(hit.leaf, hit.document) for hit in hits] == [(0, 2), (0, 4), (1, 1)]


def test_an_empty_index_answers() -> None:
    """Without a segment there is nothing to find and nothing to divide by."""
    assert rank([], Query(("term",), "any", prefix="pre", exclude=("out",)), 9) == []


def test_each_field_has_a_bit_of_its_own() -> None:
    """A mask tells fields apart; names nobody knows and doubles add nothing."""
    assert field_mask(("title", "body", "title", "unheard_of")) == field_mask(("body", "title"))
    assert field_mask(()) == 0
    assert field_mask(Query(()).fields) == EVERY_FIELD
