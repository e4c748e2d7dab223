"""Keep the index a true copy of the database: stale rows after each save, everything when it is damaged."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator

from django.db import connection

from kb.models import Entry, EntryQuerySet
from kb.search import get_index
from kb.search.index import Doc, IndexBlocked, IndexBusy, IndexUnavailable

log = logging.getLogger(__name__)

BATCH = 500
QUICK = 1_000
"""So many entries are indexed anew within a second or two, which a save can wait for."""

_healing = threading.Lock()
PLAIN_SECTIONS = ("cause", "fix", "lessons")


def index_stale() -> int:
    """Bring stale entries into the index and return how many; those that cannot be stay stale.

    Never raises for the index's sake: the save is already in the database. An index that is
    missing or damaged is built anew, at once where that is quick.
    """
    try:
        return _index_batches()
    except (IndexBusy, IndexBlocked) as error:
        log.warning("Entries wait to be indexed: %s", error)
    except IndexUnavailable as error:
        if Entry.objects.current().count() <= QUICK:
            return reindex()
        log.warning("Entries wait for the index to be rebuilt: %s", error)
        heal_soon()
    return 0


def _index_batches() -> int:
    done = 0
    while batch := list(_rows(Entry.objects.stale().order_by("pk")[:BATCH])):
        _index(batch)
        done += len(batch)
    return done


def reindex(*, stale_only: bool = False) -> int:
    """Rebuild the index from the database, or only what is stale, and return how many entries it took."""
    if stale_only:
        return index_stale()
    seen = list(Entry.objects.current().values_list("pk", "changed"))
    count = get_index().rebuild(map(doc_of, _rows(Entry.objects.current().order_by("pk"))))
    _mark_fresh(seen)
    Entry.objects.stale().filter(archived=True).update(stale=False)
    return count


def heal() -> str:
    """Check the index against the database, mend it and say what was done in one line."""
    expected = Entry.objects.current().count()
    try:
        index = get_index()
        held = index.count()
        waiting = _index_batches()
        if held + waiting >= expected and index.count() == expected:
            return f"Index ready: {expected:,} entries."
    except (IndexBlocked, IndexBusy) as error:
        return f"Index left as it is: {error}"
    except IndexUnavailable:
        pass
    return f"Index rebuilt from the database: {reindex():,} entries."


def heal_soon() -> None:
    """Heal in a thread of its own, unless one is at it: for servers, when a reader met a damaged index."""
    if _healing.acquire(blocking=False):
        threading.Thread(target=_heal_and_release, name="heal-index", daemon=True).start()


def _heal_and_release() -> None:
    try:
        log.warning(heal())
    except Exception:
        log.exception("The index could not be healed; run: manage.py reindex")
    finally:
        connection.close()
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
    """Clear the mark where the row is still as it was indexed: a later save stays stale."""
    for at in range(0, len(seen), BATCH):
        changed = dict(seen[at : at + BATCH])
        same = Entry.objects.filter(pk__in=changed).values_list("pk", "changed")
        fresh = [pk for pk, when in same if changed[pk] == when]
        Entry.objects.filter(pk__in=fresh).update(stale=False)
