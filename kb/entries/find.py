"""Find Entries by the words people type, and show the section that made each a hit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models.functions import Left

from kb.entries.filters import condition_of
from kb.entries.query import Wanted, read_query
from kb.entries.snippet import MAX_TEXT, Snippet, count_terms, cut_snippet
from kb.models import AnyUser, Entry, EntryQuerySet, Section
from kb.search import get_index, report_damage
from kb.search.analysis import MAX_QUERY, analyse, query_terms, required_terms, typed_terms
from kb.search.index import FIELDS, IndexUnavailable, Query

CANDIDATES, NARROWED = 200, 1_000
"""Hits asked of the index, and how many when filters will drop some of them."""
VERIFIED = 100
"""Entries whose text is read to see whether they hold a phrase."""
BY_TITLE = 2_000
RAREST = 8
"""Words tried when no entry has all of them: more are slow and find noise."""
VALIDATED_BONUS = 1.05

REBUILDING = (
    "Full text is being rebuilt, so only titles and error lines were searched; try again soon."
)
SOME_WORDS = "No entry has all of this; these have some of it."
NOTHING_ASKED = "Add a word to look for: -word and -tag:name only leave entries out."
NO_WORDS = "This has no letters or digits, so only titles and error lines were searched."


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An Entry that was found and the section that shows why; no section when the title does."""

    entry: Entry
    heading: str
    kind: str
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search, best first; `notes` tell in plain words how the query was read."""

    hits: tuple[FoundEntry, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The beginning of a section, as much of it as is looked through."""

    kind: str
    heading: str
    text: str


def search(text: str, user: AnyUser, *, limit: int = 20) -> Found:
    """Find what `user` may read by words, phrases and filters; no `text` makes it raise."""
    wanted = read_query(text)
    if not wanted.says_what():
        return Found((), (*wanted.notes, NOTHING_ASKED) if text.strip() else ())
    allowed = Entry.objects.visible_to(user)
    for found in wanted.filters:
        allowed = allowed.filter(condition_of(found))
    hits, note = _find(wanted, allowed, limit)
    return Found(hits, (*wanted.notes, note) if note else wanted.notes)


def _find(wanted: Wanted, allowed: EntryQuerySet, limit: int) -> tuple[tuple[FoundEntry, ...], str]:
    strict = _strict_query(wanted)
    if not (strict.terms or strict.prefix):
        return _find_without_terms(wanted, allowed, limit)
    try:
        hits = _show(_rank(strict, wanted, allowed), wanted, allowed, limit)
        if hits or not wanted.has_parts():
            return hits, ""
        loose, wanted = _loose_query(wanted), replace(wanted, phrases=())
        hits = _show(_rank(loose, wanted, allowed), wanted, allowed, limit)
    except IndexUnavailable:
        report_damage()
        return _show(_look_at_titles(wanted, allowed), wanted, allowed, limit), REBUILDING
    return hits, SOME_WORDS if hits else ""


def _find_without_terms(
    wanted: Wanted, allowed: EntryQuerySet, limit: int
) -> tuple[tuple[FoundEntry, ...], str]:
    wanted = replace(wanted, barred_phrases=wanted.barred + wanted.barred_phrases)
    if wanted.words or wanted.phrases:
        return _show(_look_at_titles(wanted, allowed), wanted, allowed, limit), NO_WORDS
    newest = allowed.order_by("-changed", "-pk").values_list("pk", flat=True)[:CANDIDATES]
    return _show(list(newest), wanted, allowed, limit), ""


def _strict_query(wanted: Wanted) -> Query:
    words = " ".join(wanted.words)
    terms, prefix = typed_terms(words) if wanted.typing else (required_terms(words), "")
    # An entry with this type says so somewhere; asking the index spares the database.
    named = [f.value for f in wanted.filters if f.field == "type" and not f.barred]
    terms += tuple(term for part in (*wanted.phrases, *named) for term in required_terms(part))
    return Query(
        terms=tuple(dict.fromkeys(terms))[:MAX_QUERY],
        prefix=prefix,
        exclude=_barred_terms(wanted),
        fields=_fields(wanted),
    )


def _loose_query(wanted: Wanted) -> Query:
    terms = query_terms(" ".join((*wanted.words, *wanted.phrases)))
    known = {term: count for term, count in get_index().frequencies(terms).items() if count}
    return Query(
        terms=tuple(sorted(known, key=lambda term: known[term])[:RAREST]),
        mode="any",
        exclude=_barred_terms(wanted),
        fields=_fields(wanted),
    )


def _barred_terms(wanted: Wanted) -> tuple[str, ...]:
    # Only the whole token: its parts also occur in entries that are wanted.
    return tuple(term for word in wanted.barred for term in analyse(word)[:1])


def _fields(wanted: Wanted) -> tuple[str, ...]:
    chosen = {kind if kind in FIELDS else "body" for kind in wanted.sections}
    if "error" in chosen:
        chosen.add("code")
    return tuple(field for field in FIELDS if not chosen or field in chosen)


def _rank(query: Query, wanted: Wanted, allowed: EntryQuerySet) -> list[int]:
    if not (query.terms or query.prefix):
        return []
    hits = get_index().search(query, NARROWED if wanted.filters else CANDIDATES)
    scores = {hit.id: hit.score for hit in hits}
    states = dict(allowed.filter(pk__in=scores).values_list("pk", "status"))

    def worth(pk: int) -> tuple[float, int]:
        return scores[pk] * (VALIDATED_BONUS if states[pk] == Entry.VALIDATED else 1), pk

    return sorted(states, key=worth, reverse=True)


def _look_at_titles(wanted: Wanted, allowed: EntryQuerySet) -> list[int]:
    asked = [part.lower() for part in (*wanted.words, *wanted.phrases)]
    rows = allowed.order_by("-changed", "-pk").values_list("pk", "title", "error")[:BY_TITLE]
    return [pk for pk, *texts in rows if all(part in " ".join(texts).lower() for part in asked)]


def _show(
    ids: Sequence[int], wanted: Wanted, allowed: EntryQuerySet, limit: int
) -> tuple[FoundEntry, ...]:
    exact = bool(wanted.phrases or wanted.barred_phrases)
    ids = ids[: VERIFIED if exact else limit]
    entries = allowed.filter(pk__in=ids).for_list().in_bulk()
    passages = _passages_of(ids, wanted)
    kept = (entries[pk] for pk in ids if pk in entries)
    if exact:
        kept = (entry for entry in kept if _fits(entry, passages[entry.pk], wanted))
    terms = _marked_terms(wanted)
    return tuple(_explain(entry, passages[entry.pk], terms) for entry in list(kept)[:limit])


def _passages_of(ids: Iterable[int], wanted: Wanted) -> Mapping[int, list[Passage]]:
    rows = Section.objects.filter(entry__in=ids).order_by("entry", "position")
    if wanted.sections:
        rows = rows.filter(kind__in=wanted.sections)
    found: defaultdict[int, list[Passage]] = defaultdict(list)
    begun = rows.annotate(begin=Left("text", MAX_TEXT))
    for pk, kind, heading, text in begun.values_list("entry", "kind", "heading", "begin"):
        found[pk].append(Passage(kind, heading, text))
    return found


def _fits(entry: Entry, passages: Iterable[Passage], wanted: Wanted) -> bool:
    texts = [_fold(text) for text in (entry.title, entry.error, *(p.text for p in passages))]

    def holds(phrase: str) -> bool:
        return any(_fold(phrase) in text for text in texts)

    return all(map(holds, wanted.phrases)) and not any(map(holds, wanted.barred_phrases))


def _fold(text: str) -> str:
    return " ".join(text.lower().split())


def _marked_terms(wanted: Wanted) -> tuple[str, ...]:
    said = (*wanted.words, *wanted.phrases)
    phrases = tuple(phrase.lower() for phrase in wanted.phrases)
    return tuple(dict.fromkeys(phrases + query_terms(" ".join(said))))


def _explain(entry: Entry, passages: Sequence[Passage], terms: Sequence[str]) -> FoundEntry:
    counts = [count_terms(passage.text, terms) for passage in passages]
    if not any(counts):
        return FoundEntry(entry, "", "", cut_snippet(entry.error or entry.summary, terms))
    best = passages[counts.index(max(counts))]
    return FoundEntry(entry, best.heading, best.kind, cut_snippet(best.text, terms))
