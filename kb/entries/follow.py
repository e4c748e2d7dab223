"""Follow files from one run to the next: by their path, by their bytes, by what they say."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import F
from django.db.models.functions import Left
from rapidfuzz import fuzz

from kb.entries.files import Unreadable, read_bytes
from kb.entries.known import Known, find_same
from kb.entries.prepare import TooLarge
from kb.entries.rules import read_here
from kb.entries.seen import BATCH, Seen
from kb.markdown.document import ParseError
from kb.markdown.repair import decode
from kb.models import Revision

log = logging.getLogger(__name__)

ALIKE = 70
"""From this likeness on, 0..100, a new file is taken for one that is gone, under another name."""
NAMESAKE = 55
"""The same for one with the same title; unrelated prose of one language is alike by 50."""
MOST_NEW, MOST_LOST = 200, 100
"""So many new files are compared with so many that are gone; of more, none is followed by what it says."""
COMPARED_CHARS = 4_000


class _Said(NamedTuple):
    title: str
    text: str


def follow(seen: Sequence[Seen], lost: Sequence[Known]) -> list[Known]:
    """Let files that have another name go on as the Source they were; return what is still lost."""
    _mark_foreign([one for one in seen if one.lies_elsewhere])
    loose = [one for one in seen if one.is_loose]
    if not loose:
        return list(lost)
    lost = _follow_bytes(loose, lost, {one.known.pk for one in seen if one.known})
    return _follow_words([one for one in loose if one.known is None], lost)


def _mark_foreign(apart: Sequence[Seen]) -> None:
    """Mark files of a folder that is not the known one moved here: none of its texts is the same."""
    moved = {(one.known.folder, one.folder) for one in apart if one.known and one.is_same}
    for at, one in enumerate(apart):
        known = one.known
        if known and not one.is_same and (known.folder, one.folder) not in moved:
            one.foreign = at >= MOST_NEW or not _is_alike(one, known)


# By their bytes


def _follow_bytes(loose: Sequence[Seen], lost: Sequence[Known], kept: set[int]) -> list[Known]:
    """Pair files with Sources of the same bytes: lost here or elsewhere, or overwritten by now.

    When files swap names, or each takes the next one's, every entry so stays at its address.
    """
    owners = {one.known.pk: one for one in loose if one.known}
    owned = {pk: one.known for pk, one in owners.items() if one.known}
    free = [*sorted(lost, key=_is_old), *_find_elsewhere(loose, lost, kept), *owned.values()]
    pairs = _pair(loose, free, lambda known: _may_go_on(known, owners.get(known.pk)))
    for one in loose:
        if one.known and one.known.pk in {known.pk for _, known in pairs}:
            one.known = None
    for one, known in pairs:
        one.take(known)
    left = {one.known.pk for one in loose if one.known}
    gone = {known.pk: known for known in (*lost, *owned.values())}
    return [known for pk, known in gone.items() if pk not in left]


def _find_elsewhere(
    loose: Sequence[Seen], lost: Sequence[Known], kept: set[int]
) -> Iterator[Known]:
    known = kept | {one.pk for one in lost}
    sums = sorted({one.checksum for one in loose})
    for at in range(0, len(sums), BATCH):
        yield from (one for one in find_same(sums[at : at + BATCH]) if one.pk not in known)


def _pair(
    loose: Sequence[Seen], free: Sequence[Known], may_go_on: Callable[[Known], bool]
) -> list[tuple[Seen, Known]]:
    """Pair those of the same bytes, first where the last part of the path is the same too."""
    pairs: dict[int, tuple[Seen, Known]] = {}
    taken: set[int] = set()
    for key in (lambda sum_, name: (sum_, name), lambda sum_, _: (sum_,)):
        shelves: dict[tuple[str, ...], deque[Known]] = defaultdict(deque)
        for known in free:
            if known.pk not in taken:
                shelves[key(known.checksum, known.name)].append(known)
        for at, one in enumerate(loose):
            shelf = shelves[key(one.checksum, one.file.path.name)]
            while shelf and at not in pairs:
                known = shelf.popleft()
                if may_go_on(known):
                    pairs[at] = (one, known)
                    taken.add(known.pk)
    return list(pairs.values())


def _may_go_on(known: Known, owner: Seen | None) -> bool:
    """Tell whether a Source has no file any more, or one that says something else by now."""
    return owner is None or not _is_alike(owner, known)


def _is_alike(one: Seen, known: Known) -> bool:
    """Tell whether a file may be the text of a Source edited; one that cannot be read may be."""
    said = _say(one)
    text = _texts([known.pk])[known.pk]
    return said is None or bool(fuzz.ratio(said.text, text, score_cutoff=NAMESAKE))


def _is_old(known: Known) -> bool:
    return known.gone


# By what they say


def _follow_words(new: Sequence[Seen], lost: Sequence[Known]) -> list[Known]:
    """Pair new files with lost Sources that read alike, the most alike first."""
    some = sorted(lost, key=_is_old)[:MOST_LOST]
    if not some or not new or len(new) > MOST_NEW:
        return list(lost)
    texts = _texts([known.pk for known in some])
    scores = [
        (-score, at, place)
        for at, one in enumerate(new)
        if (said := _say(one))
        for place, known in enumerate(some)
        if (score := _liken(said, known, texts[known.pk]))
    ]
    taken: set[int] = set()
    for _, at, place in sorted(scores):
        if new[at].known is None and place not in taken:
            new[at].take(some[place])
            taken.add(place)
    followed = {some[place].pk for place in taken}
    return [known for known in lost if known.pk not in followed]


def _liken(said: _Said, known: Known, text: str) -> float:
    """Return how alike a file is to a Source, 0..100, or 0 when too little for its being the same."""
    namesake = said.title[:300].casefold() == known.title.casefold()
    return fuzz.ratio(said.text, text, score_cutoff=NAMESAKE if namesake else ALIKE)


def _say(one: Seen) -> _Said | None:
    """Return what a file says, or None when it cannot be read."""
    try:
        text = decode(read_bytes(one.file)).text
        return _Said(read_here(text, one.file.name).title, text[:COMPARED_CHARS])
    except (OSError, ParseError, TooLarge, Unreadable):
        return None
    except Exception:  # it will be told when the file is read to be saved
        log.exception("Looking at %s", one.file.shown)
        return None


def _texts(keys: Sequence[int]) -> dict[int, str]:
    """Return the beginnings of the newest texts of Sources."""
    newest = Revision.objects.filter(source__in=keys, number=F("source__revision"))
    begin = newest.annotate(begin=Left("text", COMPARED_CHARS))
    return dict.fromkeys(keys, "") | dict(begin.values_list("source_id", "begin"))
