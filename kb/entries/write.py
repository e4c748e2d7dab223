"""Write what was read from Sources as rows; entries keep their slug from one revision to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from kb.entries.pair import pair
from kb.entries.prepare import Prepared, PreparedEntry
from kb.entries.slugs import free_slugs, hash_text
from kb.errors.signature import VERSION
from kb.markdown.document import ParsedSection
from kb.models import Alias, Entry, EntryQuerySet, Section, Signature, SignatureKey, Source, Tag


@dataclass(frozen=True, slots=True)
class Text:
    """A Source and what its text was read as; a `made` one has no rows yet."""

    source: Source
    read: Prepared
    made: bool = False


@dataclass(frozen=True, slots=True)
class _Write:
    """One entry to be written: its row, what is known of it, and how much of that is new."""

    row: Entry
    entry: PreparedEntry
    made: bool
    moved: bool
    changed: bool


def write_all(texts: Sequence[Text], *, touch: bool = True) -> list[tuple[Entry, ...]]:
    """Write the entries and chapters of texts and return the entries; what is gone is archived.

    Without `touch` changed entries keep their date: it is we who read them anew.
    """
    older = [text.source for text in texts if not text.made]
    known = _rows_of(older)
    plans = [_plan(text, known.get(text.source.pk, []), touch=touch) for text in texts]
    writes = [write for plan in plans for write in plan]
    _clear(older, _left(known, writes), [write for write in writes if not write.made])
    _write_rows(writes)
    _write_sections(texts, writes)
    _write_identities([write for write in writes if write.changed])
    _write_aliases(texts, plans)
    return [tuple(write.row for write in plan) for plan in plans]


def write_entries(source: Source, text: Prepared, *, touch: bool = True) -> tuple[Entry, ...]:
    """Write one text as `write_all` does."""
    return write_all([Text(source, text)], touch=touch)[0]


def entries_of(source: Source) -> EntryQuerySet:
    """Return the entries that stand in the Source's text, in order."""
    entries: EntryQuerySet = source.entries.filter(end__gt=0).order_by("position")
    return entries


# Which row is which entry


def _rows_of(sources: Sequence[Source]) -> dict[int, list[Entry]]:
    """Return the rows of each Source in the order of its text, those that went from it last."""
    found: dict[int, list[Entry]] = {}
    rows = Entry.objects.filter(source__in=sources).order_by("position", "pk")
    for row in rows if sources else ():
        found.setdefault(row.source_id, []).append(row)
    return {pk: sorted(rows, key=lambda row: not row.end) for pk, rows in found.items()}


def _plan(text: Text, rows: Sequence[Entry], *, touch: bool) -> list[_Write]:
    entries = text.read.entries
    kept = pair(rows, entries) if rows else {}
    return [
        _plan_one(text.source, kept.get(at), at, entry, touch=touch)
        for at, entry in enumerate(entries)
    ]


def _plan_one(
    source: Source, row: Entry | None, at: int, entry: PreparedEntry, *, touch: bool
) -> _Write:
    """Fill the row of one entry; one that reads as before keeps its date of change and its keys."""
    archived = source.hidden or entry.read.meta.get("status") == "archived"
    place = (at, entry.read.start, entry.read.end)
    made = row is None
    row = Entry(changed=timezone.now()) if row is None else row
    row.source = source
    moved = (row.position, row.start, row.end) != place
    changed = made or (row.digest, row.archived) != (entry.digest, archived)
    row.position, row.start, row.end = place
    if changed:
        _fill(row, entry)
        row.archived, row.stale = archived, True
        row.changed = timezone.now() if touch else row.changed
    return _Write(row, entry, made, moved or changed, changed)


def _fill(row: Entry, entry: PreparedEntry) -> None:
    read = entry.read
    row.title, row.error, row.summary = read.title[:300], read.error[:500], entry.summary
    row.status = Entry.VALIDATED if read.meta.get("status") == "validated" else Entry.DRAFT
    row.severity = str(read.meta.get("severity") or "").lower()[:20]
    date = read.meta.get("date")
    row.date = dt.date.fromisoformat(date) if date else None
    row.digest, row.completeness = entry.digest, entry.completeness
    row.facts = dict(entry.facts)


def _left(known: Mapping[int, Sequence[Entry]], writes: Sequence[_Write]) -> list[Entry]:
    staying = {write.row.pk for write in writes}
    return [row for rows in known.values() for row in rows if row.end and row.pk not in staying]


# Rows, many at once


def _clear(older: Sequence[Source], gone: Sequence[Entry], writes: Sequence[_Write]) -> None:
    """Take away what known texts had: chapters, and the parts of entries that moved or changed.

    Entries that went from a text are archived; having no last line marks them until they come back.
    """
    if not older:
        return
    away = Entry.objects.filter(pk__in=[row.pk for row in gone])
    away.update(archived=True, stale=True, changed=timezone.now(), end=0)
    Section.objects.filter(source__in=older, entry=None).delete()
    Section.objects.filter(entry__in=[write.row for write in writes if write.moved]).delete()
    changed = [write.row for write in writes if write.changed]
    Entry.tags.through.objects.filter(entry__in=changed).delete()
    Signature.objects.filter(entry__in=changed).delete()
    SignatureKey.objects.filter(entry__in=[*changed, *gone]).delete()


def _write_rows(writes: Sequence[_Write]) -> None:
    made = [write for write in writes if write.made]
    wanted = [str(one.entry.read.meta.get("slug") or one.entry.read.title) for one in made]
    for write, slug in zip(made, free_slugs(Entry, wanted), strict=True):
        write.row.slug = slug
    for write in writes:
        if write.changed and not write.made:
            write.row.save()
        elif write.moved and not write.made:
            write.row.save(update_fields=["position", "start", "end"])
    Entry.objects.bulk_create(write.row for write in made)


def _write_sections(texts: Sequence[Text], writes: Sequence[_Write]) -> None:
    chapters = (
        _section(text.source, None, part)
        for text in texts
        for part in enumerate(text.read.sections)
    )
    parts = (
        _section(write.row.source, write.row, part)
        for write in writes
        if write.moved
        for part in enumerate(write.entry.read.sections)
    )
    Section.objects.bulk_create([*chapters, *parts])


def _section(source: Source, row: Entry | None, part: tuple[int, ParsedSection]) -> Section:
    at, section = part
    return Section(
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


def _write_identities(writes: Sequence[_Write]) -> None:
    """Write tags, signatures and keys of changed entries."""
    _write_tags(writes)
    Signature.objects.bulk_create(
        Signature(entry_id=write.row.pk, section=section, facts=signature.facts(), version=VERSION)
        for write in writes
        for section, signature in write.entry.signatures
    )
    SignatureKey.objects.add((key, write.row.pk) for write in writes for key in _keys(write))


def _keys(write: _Write) -> Iterable[str]:
    """Return what finds the entry; an archived one keeps no keys, so nothing finds it."""
    if write.row.archived:
        return ()
    found = (signature for _, signature in write.entry.signatures)
    return dict.fromkeys(key for signature in found for key in signature.search_keys())


def _write_tags(writes: Sequence[_Write]) -> None:
    named = {write.row.pk: dict(_tags(write.entry.read.meta)) for write in writes}
    names = {slug: name for tags in reversed(named.values()) for slug, name in tags.items()}
    if not names:
        return
    known = _known_tags(names)
    missing = {slug: name for slug, name in names.items() if slug not in known}
    if missing:
        new = (Tag(slug=slug, name=name) for slug, name in missing.items())
        Tag.objects.bulk_create(new, ignore_conflicts=True)
        known |= _known_tags(missing)
    link = Entry.tags.through
    link.objects.bulk_create(
        link(entry_id=pk, tag_id=known[slug]) for pk, tags in named.items() for slug in tags
    )


def _known_tags(names: Iterable[str]) -> dict[str, int]:
    return dict(Tag.objects.filter(slug__in=names).values_list("slug", "pk"))


def _write_aliases(texts: Sequence[Text], plans: Sequence[Sequence[_Write]]) -> None:
    """Let old addresses lead to a text's first entry; one that leads elsewhere already stays there."""
    rows = (
        Alias(entry=plan[0].row, slug=slug)
        for text, plan in zip(texts, plans, strict=True)
        for slug in (_alias_slugs(text.read.aliases) if plan else ())
    )
    Alias.objects.bulk_create(rows, ignore_conflicts=True)


# Values


def _tags(meta: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the slug and name of each tag, the first name of a slug last."""
    names = dict.fromkeys(str(name).strip()[:80] for name in meta.get("tags", ()))
    return ((_tag_slug(name), name) for name in reversed(names) if name)


def _tag_slug(name: str) -> str:
    """Return the tag's address; `C#` and `C++` are not `C`, and what has no Latin letters gets a number."""
    spelt = name.lstrip("#").replace("#", " sharp").replace("+", " plus")
    return slugify(spelt)[:80] or f"tag-{hash_text(name)[:10]}"


def _alias_slugs(aliases: Iterable[str]) -> Iterator[str]:
    """Yield old slugs; of an old path or address its last part counts."""
    for alias in aliases:
        path = alias.partition("#")[0].partition("?")[0].rstrip("/")
        if slug := slugify(path.rpartition("/")[2].removesuffix(".html").removesuffix(".md"))[:120]:
            yield slug
