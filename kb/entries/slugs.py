"""Addresses: a slug for every new entry and source, and the old ones that lead to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from django.utils.text import slugify

from kb.models import Alias, Entry, Source

SLUG_SIZE = 100
NUMBERED = 16
"""So many numbered slugs are asked for at first; then eight times as many each time."""
MOST_ASKED = 8_000
"""But never more: no database takes any number of values in one question."""


def free_slugs(model: type[Entry | Source], titles: Sequence[str]) -> list[str]:
    """Return for each title a slug that no row of `model` has, nor another of the titles."""
    stems = [_stem(model, title) for title in titles]
    taken = _taken(model, stems) if stems else set()
    free: dict[str, Iterator[str]] = {}
    slugs = []
    for stem in stems:
        numbered = free.setdefault(stem, _find_free(model, stem))
        slugs.append(stem if stem not in taken else next(s for s in numbered if s not in taken))
        taken.add(slugs[-1])
    return slugs


def hash_text(text: str) -> str:
    """Return a name for what has no Latin letters to make one of."""
    return hashlib.sha256(text.encode()).hexdigest()


def _stem(model: type[Entry | Source], title: str) -> str:
    named = slugify(title)[:SLUG_SIZE].strip("-_")
    return named or f"{model.__name__.lower()}-{hash_text(title)[:8]}"


def _find_free(model: type[Entry | Source], stem: str) -> Iterator[str]:
    for slugs in _number(stem):
        taken = _taken(model, slugs)
        yield from (slug for slug in slugs if slug not in taken)


def _taken(model: type[Entry | Source], slugs: Sequence[str]) -> set[str]:
    taken = model.objects.filter(slug__in=slugs).order_by().values_list("slug", flat=True)
    if model is Entry:  # an old address goes on leading where it led
        old = Alias.objects.filter(slug__in=slugs).order_by()
        taken = taken.union(old.values_list("slug", flat=True))
    return set(taken)


def _number(stem: str) -> Iterator[list[str]]:
    begin, end = 2, 2 + NUMBERED
    while True:
        yield [f"{stem}-{number}" for number in range(begin, end)]
        begin, end = end, end + min(7 * end, MOST_ASKED)
