"""Write what was read from a Source as rows; entries keep their slug from one revision to the next."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from rapidfuzz import fuzz

from kb.entries.identify import identify
from kb.errors.signature import VERSION
from kb.markdown.document import ParsedEntry, ParsedSection, ParsedSource
from kb.markdown.render import plain
from kb.models import Entry, Section, Signature, SignatureKey, Source, Tag

SAME_TITLE = 70
"""From this likeness on, 0..100, a changed title is taken for the same entry renamed."""
SLUG_SIZE = 100


def write_entries(source: Source, parsed: ParsedSource) -> tuple[Entry, ...]:
    """Write the entries and chapters of `parsed` and return the entries; what is gone is archived."""
    kept = _pair(list(source.entries.all()), parsed.entries)
    gone = source.entries.exclude(pk__in=[entry.pk for entry in kept.values()])
    for entry in gone.current():
        _put_away(entry)
    source.sections.filter(entry=None).delete()
    _write_sections(source, None, parsed.sections)
    return tuple(
        _write_entry(source, kept.get(at), at, entry) for at, entry in enumerate(parsed.entries)
    )


def free_slug(model: type[Entry | Source], title: str) -> str:
    """Return a slug for `title` that no row of `model` has."""
    stem = slugify(title)[:SLUG_SIZE].strip("-_") or model.__name__.lower()
    taken = set(model.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in itertools.count(2))
    return next(slug for slug in itertools.chain([stem], numbered) if slug not in taken)


# Which row is which entry


def _pair(rows: Sequence[Entry], entries: Sequence[ParsedEntry]) -> dict[int, Entry]:
    """Return for each entry, by position, the row it was before: same slug, title or error, else alike."""
    pairs: dict[int, Entry] = {}
    left = list(rows)
    for same in (_same_slug, _same_title, _same_error, _alike):
        for at, entry in enumerate(entries):
            if at not in pairs and (row := next((r for r in left if same(r, entry)), None)):
                pairs[at] = row
                left.remove(row)
    missing = [at for at in range(len(entries)) if at not in pairs]
    if len(missing) == 1 and len(left) == 1:
        pairs[missing[0]] = left[0]
    return pairs


def _same_slug(row: Entry, entry: ParsedEntry) -> bool:
    return bool(entry.meta.get("slug")) and row.slug == slugify(str(entry.meta["slug"]))


def _same_title(row: Entry, entry: ParsedEntry) -> bool:
    return row.title.casefold() == entry.title[:300].casefold()


def _same_error(row: Entry, entry: ParsedEntry) -> bool:
    return bool(row.error) and row.error == entry.error[:500]


def _alike(row: Entry, entry: ParsedEntry) -> bool:
    return fuzz.ratio(row.title, entry.title[:300]) >= SAME_TITLE


# Rows


def _write_entry(source: Source, row: Entry | None, at: int, entry: ParsedEntry) -> Entry:
    """Write one entry; one that reads as before keeps its date of change and its signatures."""
    archived = source.archived or entry.meta.get("status") == "archived"
    digest = _digest(entry)
    if row and (row.digest, row.archived) == (digest, archived):
        return _move(row, at, entry)
    now = timezone.now()
    row = row or Entry(
        source=source, slug=free_slug(Entry, str(entry.meta.get("slug") or entry.title))
    )
    row.position, row.start, row.end = at, entry.start, entry.end
    row.title, row.error = entry.title[:300], entry.error[:500]
    row.summary = _summary(entry)
    row.status = Entry.VALIDATED if entry.meta.get("status") == "validated" else Entry.DRAFT
    row.severity = str(entry.meta.get("severity") or "").lower()[:20]
    row.date = _date(entry.meta.get("date"))
    row.archived, row.stale, row.changed, row.digest = archived, True, now, digest
    row.save()
    row.tags.set(_tags(entry.meta))
    _rewrite_sections(source, row, entry)
    _write_signatures(row, entry)
    return row


def _move(row: Entry, at: int, entry: ParsedEntry) -> Entry:
    """Note that an entry reads as before, though perhaps at other lines."""
    if (row.position, row.start, row.end) != (at, entry.start, entry.end):
        row.position, row.start, row.end = at, entry.start, entry.end
        row.save(update_fields=["position", "start", "end"])
        _rewrite_sections(row.source, row, entry)
    return row


def _put_away(entry: Entry) -> None:
    entry.archived, entry.stale, entry.changed = True, True, timezone.now()
    entry.save(update_fields=["archived", "stale", "changed"])
    entry.keys.all().delete()


def _rewrite_sections(source: Source, row: Entry, entry: ParsedEntry) -> None:
    row.sections.all().delete()
    _write_sections(source, row, entry.sections)


def _write_sections(source: Source, row: Entry | None, sections: Sequence[ParsedSection]) -> None:
    Section.objects.bulk_create(
        Section(
            source=source,
            entry=row,
            position=at,
            kind=section.kind,
            heading=section.heading[:300],
            text=section.text,
            start=section.start,
            end=section.end,
            guessed=section.guessed,
        )
        for at, section in enumerate(sections)
    )


def _write_signatures(row: Entry, entry: ParsedEntry) -> None:
    """Write what identifies the entry; an archived one keeps no keys, so nothing finds it."""
    row.signatures.all().delete()
    row.keys.all().delete()
    found = identify(entry)
    Signature.objects.bulk_create(
        Signature(entry=row, section=section, facts=signature.facts(), version=VERSION)
        for section, signature in found
    )
    if not row.archived:
        keys = dict.fromkeys(key for _, signature in found for key in signature.search_keys())
        SignatureKey.objects.bulk_create(SignatureKey(entry=row, key=key) for key in keys)


# Values


def _digest(entry: ParsedEntry) -> str:
    """Return a checksum of all that readers and matching see of an entry."""
    sections = [(s.kind, s.heading, s.text, s.guessed) for s in entry.sections]
    seen = [VERSION, entry.title, entry.error, sections, entry.meta]
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()


def _summary(entry: ParsedEntry) -> str:
    """Return the cause in one sentence, or what else comes first."""
    by_kind = {section.kind: section.text for section in reversed(entry.sections)}
    text = by_kind.get("cause") or by_kind.get("symptoms") or by_kind.get("other") or ""
    first = plain(text).split(". ")[0][:499]
    return first if not first or first.endswith((".", ":", "!", "?")) else f"{first}."


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _tags(meta: Mapping[str, Any]) -> list[Tag]:
    names = dict.fromkeys(str(name).strip()[:80] for name in meta.get("tags", ()))
    slugs = {_tag_slug(name): name for name in reversed(names) if name}
    return [
        Tag.objects.get_or_create(slug=slug, defaults={"name": name})[0]
        for slug, name in slugs.items()
    ]


def _tag_slug(name: str) -> str:
    """Return the tag's address; names without Latin letters get one made from their bytes."""
    return slugify(name)[:80] or f"tag-{hashlib.sha256(name.encode()).hexdigest()[:10]}"
