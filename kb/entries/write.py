"""Write what was read from a Source as rows; entries keep their slug from one revision to the next."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from kb.entries.pair import pair
from kb.entries.prepare import Prepared, PreparedEntry
from kb.errors.signature import VERSION
from kb.markdown.document import ParsedEntry, ParsedSection
from kb.markdown.render import plain
from kb.models import Entry, EntryQuerySet, Section, Signature, SignatureKey, Source, Tag

SLUG_SIZE = 100
NUMBERED = 16
"""So many numbered slugs are asked for at first; then eight times as many each time."""


def write_entries(source: Source, text: Prepared, *, touch: bool = True) -> tuple[Entry, ...]:
    """Write the entries and chapters of `text` and return the entries; what is gone is archived.

    Without `touch` changed entries keep their date: it is we who read them anew.
    """
    rows = sorted(source.entries.order_by("position", "pk"), key=lambda row: not row.end)
    kept = pair(rows, text.entries)
    staying = {row.pk for row in kept.values()}
    for row in rows:
        if row.end and row.pk not in staying:
            _put_away(row)
    source.sections.filter(entry=None).delete()
    _write_sections(source, None, text.sections)
    return tuple(
        _write_entry(source, kept.get(at), at, entry, touch=touch)
        for at, entry in enumerate(text.entries)
    )


def entries_of(source: Source) -> EntryQuerySet:
    """Return the entries that stand in the Source's text, in order."""
    entries: EntryQuerySet = source.entries.filter(end__gt=0).order_by("position")
    return entries


def free_slug(model: type[Entry | Source], title: str) -> str:
    """Return a slug for `title` that no row of `model` has."""
    stem = slugify(title)[:SLUG_SIZE].strip("-_") or f"{model.__name__.lower()}-{_hash(title)[:8]}"
    return next(filter(None, (_first_free(model, slugs) for slugs in _number(stem))))


def _first_free(model: type[Entry | Source], slugs: Sequence[str]) -> str:
    taken = set(model.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return next((slug for slug in slugs if slug not in taken), "")


def _number(stem: str) -> Iterator[list[str]]:
    yield [stem]
    begin, end = 2, 2 + NUMBERED
    while True:
        yield [f"{stem}-{number}" for number in range(begin, end)]
        begin, end = end, end * 8


# Rows


def _write_entry(
    source: Source, row: Entry | None, at: int, entry: PreparedEntry, *, touch: bool
) -> Entry:
    """Write one entry; one that reads as before keeps its date of change and its signatures."""
    archived = source.archived or entry.read.meta.get("status") == "archived"
    if row and (row.digest, row.archived) == (entry.digest, archived):
        return _move(row, at, entry.read)
    if row is None:
        slug = free_slug(Entry, str(entry.read.meta.get("slug") or entry.read.title))
        row = Entry(source=source, slug=slug, changed=timezone.now())
    elif touch:
        row.changed = timezone.now()
    row.position, row.archived, row.digest, row.stale = at, archived, entry.digest, True
    _fill(row, entry.read)
    row.save()
    row.tags.set(_tags(entry.read.meta))
    _rewrite_sections(source, row, entry.read)
    _write_signatures(row, entry)
    return row


def _fill(row: Entry, entry: ParsedEntry) -> None:
    row.start, row.end = entry.start, entry.end
    row.title, row.error = entry.title[:300], entry.error[:500]
    row.summary = _summary(entry)
    row.status = Entry.VALIDATED if entry.meta.get("status") == "validated" else Entry.DRAFT
    row.severity = str(entry.meta.get("severity") or "").lower()[:20]
    date = entry.meta.get("date")
    row.date = dt.date.fromisoformat(date) if date else None


def _move(row: Entry, at: int, entry: ParsedEntry) -> Entry:
    """Note that an entry reads as before, though perhaps at other lines."""
    if (row.position, row.start, row.end) != (at, entry.start, entry.end):
        row.position, row.start, row.end = at, entry.start, entry.end
        row.save(update_fields=["position", "start", "end"])
        _rewrite_sections(row.source, row, entry)
    return row


def _put_away(entry: Entry) -> None:
    """Archive an entry that went from the text; having no last line marks it until it comes back."""
    entry.archived, entry.stale, entry.changed, entry.end = True, True, timezone.now(), 0
    entry.save(update_fields=["archived", "stale", "changed", "end"])
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


def _write_signatures(row: Entry, entry: PreparedEntry) -> None:
    """Write what identifies the entry; an archived one keeps no keys, so nothing finds it."""
    row.signatures.all().delete()
    row.keys.all().delete()
    Signature.objects.bulk_create(
        Signature(entry=row, section=section, facts=signature.facts(), version=VERSION)
        for section, signature in entry.signatures
    )
    if not row.archived:
        found = (signature for _, signature in entry.signatures)
        keys = dict.fromkeys(key for signature in found for key in signature.search_keys())
        SignatureKey.objects.bulk_create(SignatureKey(entry=row, key=key) for key in keys)


# Values


def _summary(entry: ParsedEntry) -> str:
    """Return the cause in one sentence, or what else comes first."""
    by_kind = {section.kind: section.text for section in reversed(entry.sections)}
    text = by_kind.get("cause") or by_kind.get("symptoms") or by_kind.get("other") or ""
    first = plain(text).split(". ")[0]
    return first if not first or first.endswith((".", ":", "!", "?", "…")) else f"{first}."


def _tags(meta: Mapping[str, Any]) -> list[Tag]:
    names = dict.fromkeys(str(name).strip()[:80] for name in meta.get("tags", ()))
    slugs = {_tag_slug(name): name for name in reversed(names) if name}
    if not slugs:
        return []
    made = (Tag(slug=slug, name=name) for slug, name in slugs.items())
    Tag.objects.bulk_create(made, ignore_conflicts=True)
    return list(Tag.objects.filter(slug__in=slugs))


def _tag_slug(name: str) -> str:
    """Return the tag's address; `C#` and `C++` are not `C`, and what has no Latin letters gets a number."""
    spelt = name.lstrip("#").replace("#", " sharp").replace("+", " plus")
    return slugify(spelt)[:80] or f"tag-{_hash(name)[:10]}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
