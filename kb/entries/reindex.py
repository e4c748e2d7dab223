"""Keep the index a true copy of the database: stale rows after each save, everything when it is damaged."""

from __future__ import annotations

import datetime as dt
import logging
import sys
import threading
import time
from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Q

from kb.entries.reread import reread_outdated
from kb.models import Entry, EntryQuerySet
from kb.search import get_index
from kb.search.index import Doc, IndexBlocked, IndexBusy, IndexUnavailable, Spread

log = logging.getLogger(__name__)

BATCH = 500
MOST_WAITED = 1_000
"""So many stale entries a save takes along."""
QUICK = 1_000
"""So many entries are indexed anew within a second or two, which a save can wait for."""
REST = 10.0
"""Seconds between two healings: where one cannot help, readers must not start one after another."""

_healing = threading.Lock()
PLAIN_SECTIONS = ("cause", "fix", "lessons")


def index_stale() -> int:
    """Bring stale entries into the index and return how many; those that cannot be stay stale.

    Never raises for the index's sake: the save is already in the database. An index that is
    missing or damaged is built anew, at once where that is quick. What was saved last comes first,
    and only so many: whoever saves does not wait for a run that writes thousands.
    """
    try:
        return _index_batches(MOST_WAITED)
    except (IndexBusy, IndexBlocked) as error:
        log.warning("Entries wait to be indexed: %s", error)
        return 0
    except IndexUnavailable:
        return _rebuild_or_wait()


def catch_up(spread: Spread = map) -> None:
    """Bring all stale entries into the index after many writes; where most are stale, build it anew.

    `spread` is how to do a function to many documents. Never raises for the index's sake.
    """
    stale = Entry.objects.stale().count()
    try:
        if 2 * stale > Entry.objects.current().count() or not _has_index():
            reindex(spread=spread)
        elif stale:
            _index_batches()
    except (IndexBusy, IndexUnavailable) as error:
        log.warning("Entries wait to be indexed: %s", error)


def _has_index() -> bool:
    try:
        return get_index().count() >= 0
    except IndexBlocked:
        raise
    except IndexUnavailable:
        return False


def _index_batches(most: int = sys.maxsize) -> int:
    get_index().count()  # asks whether it is there before any document is prepared for it
    done = 0
    while done < most and (
        batch := list(_rows(Entry.objects.stale().order_by("-changed")[:BATCH]))
    ):
        _index(batch)
        done += len(batch)
    return done


def _rebuild_or_wait() -> int:
    if Entry.objects.current().count() > QUICK:
        log.warning("Entries wait for the index to be rebuilt.")
        heal_soon()
        return 0
    try:
        return reindex()
    except (IndexBusy, IndexUnavailable) as error:
        log.warning("Entries wait to be indexed: %s", error)
    return 0


def reindex(*, stale_only: bool = False, spread: Spread = map) -> int:
    """Rebuild the index from the database, or only what is stale, and return how many entries it took."""
    if stale_only:
        return index_stale()
    reread_outdated()
    seen = list(
        Entry.objects.filter(Q(archived=False) | Q(stale=True)).values_list("pk", "changed")
    )
    docs = map(doc_of, _rows(Entry.objects.current().order_by("pk")))
    count = get_index().rebuild(docs, spread)
    _mark_fresh(seen)
    _index_batches()  # what was saved meanwhile found the index busy
    return count


def heal() -> str:
    """Check the index against the database, mend it and say what was done in one line."""
    reread = reread_outdated()
    told = f" {reread:,} texts were read by newer rules." if reread else ""
    try:
        if not _catch_up():
            return f"Index rebuilt from the database: {reindex():,} entries.{told}"
    except (IndexBusy, IndexUnavailable) as error:
        return f"Index left as it is: {error}{told}"
    return f"Index ready: {Entry.objects.current().count():,} entries.{told}"


def _catch_up() -> bool:
    """Index what waits and tell whether the index then holds as many entries as the database."""
    try:
        _index_batches()
        return get_index().count() == Entry.objects.current().count()
    except IndexBlocked:
        raise
    except IndexUnavailable:
        return False


def heal_soon() -> None:
    """Heal in a thread of its own, unless one is at it: for servers, when a reader met a damaged index."""
    if _healing.acquire(blocking=False):
        threading.Thread(target=_heal_and_rest, name="heal-index", daemon=True).start()


def _heal_and_rest() -> None:
    try:
        log.warning(heal())
    except Exception:
        log.exception("The index could not be healed; run: manage.py reindex")
    finally:
        connection.close()
        time.sleep(REST)
        _healing.release()


def doc_of(entry: Entry) -> Doc:
    """Return an entry, with its sections, tags and signatures at hand, as the index sees it."""
    texts: dict[str, list[str]] = {name: [] for name in (*PLAIN_SECTIONS, "error", "body")}
    for section in entry.sections.all():
        name = section.kind if section.kind in texts else "body"
        texts[name] += [section.heading, section.text]
    facts = [signature.facts for signature in entry.signatures.all()]
    return Doc(
        entry.pk,
        {name: "\n".join(parts) for name, parts in texts.items()}
        | {
            "title": entry.title,
            "error": "\n".join([entry.error, *texts["error"]]),
            "code": " ".join(code.partition(":")[2] for fact in facts for code in fact["codes"]),
            "frames": " ".join(frame for fact in facts for frame in fact["frames"]),
            "tags": " ".join(tag.name for tag in entry.tags.all()),
        },
    )


def _rows(entries: EntryQuerySet) -> Iterator[Entry]:
    rows = entries.prefetch_related("sections", "tags", "signatures")
    yield from rows.iterator(chunk_size=BATCH)


def _index(batch: list[Entry]) -> None:
    index = get_index()
    index.remove([entry.pk for entry in batch if entry.archived])
    index.put([doc_of(entry) for entry in batch if not entry.archived])
    _mark_fresh([(entry.pk, entry.changed) for entry in batch])


def _mark_fresh(seen: list[tuple[int, dt.datetime]]) -> None:
    """Clear the mark where a row is still as it was indexed, and set it where it was saved since.

    Set, because its own save may have been indexed, and its mark cleared, before ours overwrote it.
    """
    for at in range(0, len(seen), BATCH):
        changed = dict(seen[at : at + BATCH])
        with transaction.atomic():
            rows = Entry.objects.select_for_update().filter(pk__in=changed)
            now = dict(rows.values_list("pk", "changed"))
            later = [pk for pk, when in now.items() if when != changed[pk]]
            Entry.objects.filter(pk__in=later).update(stale=True)
            Entry.objects.filter(pk__in=now.keys() - set(later)).update(stale=False)
