"""Everything people look through: searches, lists, tags and neighbours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from kb.entries.find import Found, FoundEntry, search
from kb.entries.pages import Page, Place, cut_page, read_place
from kb.models import AnyUser, Entry, EntryQuerySet, SignatureKey, Tag

__all__ = ["Found", "FoundEntry", "Page", "latest", "page", "related", "search", "tags"]

PAGE_SIZE = 50
ROWS = 2_000
"""Rows looked at to find neighbours; a key or tag that more entries share says little."""
KEY_WEIGHTS: Mapping[str, float] = {"code": 6.0, "type": 3.0, "frame": 2.0, "pair": 1.5}
TAG_WEIGHT = 1.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def latest(user: AnyUser, limit: int) -> list[Entry]:
    """Return what changed last of what `user` may read."""
    return list(Entry.objects.visible_to(user).for_list()[:limit])


def tags(user: AnyUser) -> QuerySet[Tag]:
    """Return the tags of what `user` may read, each with its `count` of entries."""
    visible = Entry.objects.visible_to(user).order_by()
    return Tag.objects.filter(entries__in=visible).annotate(count=Count("entries"))


def page(queryset: EntryQuerySet, cursor: str = "", size: int = PAGE_SIZE) -> Page[Entry]:
    """Return the part of `queryset` at `cursor`, last changed first; a strange cursor is the start."""
    place, moment = _read_cursor(cursor)
    backward = place is not None and place.backward
    rows = queryset.for_list().order_by(*(("changed", "pk") if backward else ("-changed", "-pk")))
    if place and moment:
        rows = rows.filter(_beyond(moment, place.pk, backward=backward))
    found = list(rows[: size + 1])
    return cut_page(found, [Place(_count(row.changed), row.pk) for row in found], place, size)


def related(entry: Entry, user: AnyUser, limit: int = 5) -> list[Entry]:
    """Return what resembles `entry`: the same codes, types and calls first, then shared tags."""
    scores = Counter(_score_keys(entry)) + Counter(_score_tags(entry))
    scores.pop(entry.pk, None)
    likely = [pk for pk, _ in scores.most_common(limit * 4)]
    found = Entry.objects.visible_to(user).filter(pk__in=likely).for_list().in_bulk()
    return [found[pk] for pk in likely if pk in found][:limit]


def _count(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _read_cursor(cursor: str) -> tuple[Place | None, datetime | None]:
    place = read_place(cursor)
    try:
        return place, _EPOCH + timedelta(microseconds=place.number) if place else None
    except OverflowError:
        return None, None


def _beyond(moment: datetime, pk: int, *, backward: bool) -> Q:
    # The first condition looks idle, but it is the one an index can start from.
    if backward:
        return Q(changed__gte=moment) & (Q(changed__gt=moment) | Q(pk__gt=pk))
    return Q(changed__lte=moment) & (Q(changed__lt=moment) | Q(pk__lt=pk))


def _score_keys(entry: Entry) -> dict[int, float]:
    mine = SignatureKey.objects.filter(entry=entry).values_list("key", flat=True)
    keys = [key for key in mine if key.partition(":")[0] in KEY_WEIGHTS]
    rows = SignatureKey.objects.filter(key__in=keys).values_list("key", "entry")
    weight = {key: KEY_WEIGHTS[key.partition(":")[0]] for key in keys}
    return _score(rows[:ROWS], weight)


def _score_tags(entry: Entry) -> dict[int, float]:
    mine = list(entry.tags.values_list("pk", flat=True))
    rows = Entry.tags.through.objects.filter(tag__in=mine).order_by("-pk")
    return _score(rows.values_list("tag", "entry")[:ROWS], dict.fromkeys(mine, TAG_WEIGHT))


def _score(rows: Iterable[tuple[Any, int]], weight: Mapping[Any, float]) -> dict[int, float]:
    pairs = list(rows)
    shared_by = Counter(key for key, _ in pairs)
    scores: defaultdict[int, float] = defaultdict(float)
    for key, pk in pairs:
        scores[pk] += weight[key] / shared_by[key]
    return scores
