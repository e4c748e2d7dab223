"""Choose the few terms of a long text that are worth sending to an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

LARGE = 1000
"""From how many documents on a term counts as common by its share of them."""
COMMON = 0.05


def rarest(
    terms: Iterable[str],
    frequencies: Mapping[str, int],
    total: int,
    *,
    count: int = 12,
    budget: int = 3000,
) -> tuple[str, ...]:
    """Return up to `count` of the rarest `terms` that occur, their frequencies adding up to `budget`.

    Terms in more than 5 % of a large base are left out unless there are no others.
    """
    known = {term: frequencies.get(term, 0) for term in terms}
    present = sorted((term for term in known if known[term] > 0), key=known.__getitem__)
    ceiling = total * COMMON if total >= LARGE else total
    telling = [term for term in present if known[term] <= ceiling]
    return tuple(_afford(telling or present, known, budget))[:count]


def _afford(terms: Iterable[str], known: Mapping[str, int], budget: int) -> Iterator[str]:
    for term in terms:
        budget -= known[term]
        if budget < 0:
            return
        yield term
