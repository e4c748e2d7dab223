"""Find the few entries worth comparing with a paste: by signature keys, and by full text on rare terms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from kb.errors.signature import VERSION, Signature
from kb.errors.words import tell
from kb.matching.rank import Known
from kb.models import AnyUser, Entry, SignatureKey
from kb.models import Signature as SignatureRow
from kb.search import get_index, report_damage
from kb.search.analysis import query_terms
from kb.search.index import IndexUnavailable, Query
from kb.search.prune import rarest

KIND_WEIGHT = {"code": 4.0, "type": 1.5, "frame": 1.0, "word": 1.0, "pair": 1.2}
MOST_KEYS_COUNTED = 800
MOST_KEYS = 64
POSTING_BUDGET = 5_000
MOST_TERMS, MOST_TERMS_COUNTED = 12, 400
MOST = 50
SMALL_BASE = 100
"""Below so many entries counts say little, so rarity is reckoned as if there were as many."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry worth comparing: the errors it documents and its standing in full text, 0..1."""

    entry: int
    known: tuple[Known, ...]
    text: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found, how rare each key of the paste is, and notes on what could not be asked."""

    found: tuple[Candidate, ...]
    rarity: Mapping[str, float]
    notes: tuple[str, ...] = ()


def find_candidates(
    signatures: Sequence[Signature], texts: Iterable[str], user: AnyUser
) -> Candidates:
    """Return at most 2 * MOST entries that `user` may read, in a bounded number of bounded queries.

    `texts` are the error texts to look up in full text.
    """
    counts = _count_keys(signatures)
    rarity = _rarity(counts)
    ids = dict.fromkeys(_by_keys(counts, rarity), 0.0)
    notes: tuple[str, ...] = ()
    try:
        ids |= _by_text(texts)
    except IndexUnavailable:
        report_damage()
        notes = ("Full text is being rebuilt; this answer rests on error signatures alone.",)
    return Candidates(_load(ids, user), rarity, notes)


def _count_keys(signatures: Sequence[Signature]) -> dict[str, int]:
    """Return in how many entries each key of the paste stands, for the first MOST_KEYS_COUNTED keys."""
    keys = list(dict.fromkeys(key for signature in signatures for key in signature.search_keys()))
    rows = SignatureKey.objects.filter(key__in=keys[:MOST_KEYS_COUNTED])
    return dict(rows.values_list("key").annotate(Count("id")))


def _rarity(counts: Mapping[str, int]) -> dict[str, float]:
    total = max(Entry.objects.current().count(), SMALL_BASE)
    return {key: 1 - math.log(count) / math.log(total + 1) for key, count in counts.items()}


def _weight(key: str, rarity: Mapping[str, float]) -> float:
    kind, _, value = key.partition(":")
    return KIND_WEIGHT[kind] * rarity[key] * (tell(value) if kind == "word" else 1.0)


def _by_keys(counts: Mapping[str, int], rarity: Mapping[str, float]) -> list[int]:
    """Return the ids of the entries that hold the most and rarest keys of the paste, best first."""
    weights = {key: _weight(key, rarity) for key in counts}
    chosen, spent = [], 0
    for key in sorted(weights, key=lambda key: -weights[key])[:MOST_KEYS]:
        if spent + counts[key] <= POSTING_BUDGET:
            chosen.append(key)
            spent += counts[key]
    scores: Counter[int] = Counter()
    for key, entry in SignatureKey.objects.filter(key__in=chosen).values_list("key", "entry_id"):
        scores[entry] += weights[key]  # type: ignore[assignment]  # Counter adds floats as well
    return [entry for entry, _ in scores.most_common(MOST)]


def _by_text(texts: Iterable[str]) -> dict[int, float]:
    """Return entries found in full text by the paste's rarest terms, best 1.0."""
    terms = list(dict.fromkeys(term for text in texts for term in query_terms(text)))[
        :MOST_TERMS_COUNTED
    ]
    index = get_index()
    rare = rarest(terms, index.frequencies(terms), index.count(), count=MOST_TERMS)
    hits = index.search(Query(rare, mode="any"), MOST) if rare else []
    return {hit.id: hit.score / hits[0].score for hit in hits if hits[0].score > 0}


def _load(ids: Mapping[int, float], user: AnyUser) -> tuple[Candidate, ...]:
    """Load what is compared and nothing else, of those entries that `user` may read."""
    visible = Entry.objects.visible_to(user).current().order_by().filter(pk__in=list(ids))
    rows = SignatureRow.objects.filter(entry__in=visible, version=VERSION)
    known: dict[int, list[Known]] = {}
    for entry, section, facts in rows.values_list("entry_id", "section", "facts"):
        known.setdefault(entry, []).append(Known(Signature.of_facts(facts), section))
    return tuple(Candidate(entry, tuple(errors), ids[entry]) for entry, errors in known.items())
