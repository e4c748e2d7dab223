"""Tell which row each entry of a text was before, so that its address stays when its words change."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.utils.text import slugify
from rapidfuzz import fuzz

from kb.entries.prepare import PreparedEntry
from kb.models import Entry, Section

ALIKE = 70
"""From this likeness on, 0..100, a changed title or text is taken for the same entry rewritten."""
MOST_COMPARED = 100
"""So many entries changed beyond recognition in one save are compared; more are another text."""
TELLING = 40
"""A shorter text says too little to know an entry by."""
COMPARED_CHARS = 2_000
NOT_BODY = ("error", "symptoms")

Pairs = dict[int, Entry]
RowKey = Callable[[Entry], str | tuple[str, str]]
EntryKey = Callable[[PreparedEntry], str | tuple[str, str]]


def pair(rows: Sequence[Entry], entries: Sequence[PreparedEntry]) -> Pairs:
    """Return for each entry, by its place, the row it was before; `rows` in the order of the text.

    A row that went from the text earlier comes back by slug, text or title only: an error line or
    a likeness may well belong to another trouble.
    """
    pairs: Pairs = {}
    for of_row, of_entry in SURE:
        _join(pairs, rows, entries, of_row, of_entry)
    present = [row for row in rows if row.end]
    _join(pairs, present, entries, _error_of_row, _error)
    _join_alike(pairs, present, entries, lambda rows: {r.pk: r.title for r in rows}, _title)
    _join_alike(pairs, present, entries, _bodies, _body)
    if len(entries) == len(present) == 1 and present[0] not in pairs.values():
        pairs.setdefault(0, present[0])
    return pairs


def _join(
    pairs: Pairs,
    rows: Iterable[Entry],
    entries: Sequence[PreparedEntry],
    of_row: RowKey,
    of_entry: EntryKey,
) -> None:
    """Pair what is left and has the same key, first with first; no row's key is empty."""
    same: dict[str | tuple[str, str], deque[Entry]] = defaultdict(deque)
    for row in _left(pairs, rows):
        same[of_row(row)].append(row)
    for at, entry in enumerate(entries):
        if at not in pairs and (found := same.get(of_entry(entry))):
            pairs[at] = found.popleft()


def _join_alike(
    pairs: Pairs,
    rows: Iterable[Entry],
    entries: Sequence[PreparedEntry],
    of_rows: Callable[[Sequence[Entry]], Mapping[int, str]],
    of_entry: Callable[[PreparedEntry], str],
) -> None:
    """Pair what is left by its likeness, the most alike first."""
    missing = [at for at in range(len(entries)) if at not in pairs][:MOST_COMPARED]
    left = {row.pk: row for row in _left(pairs, rows)[:MOST_COMPARED]}
    if not missing or not left:
        return
    texts = {pk: text for pk, text in of_rows(list(left.values())).items() if text}
    told = {at: text for at in missing if (text := of_entry(entries[at]))}
    scores = [
        (-fuzz.ratio(text, row_text, score_cutoff=ALIKE), at, pk)
        for at, text in told.items()
        for pk, row_text in texts.items()
    ]
    for score, at, pk in sorted(scores):
        if score and at not in pairs and pk in left:
            pairs[at] = left.pop(pk)


def _left(pairs: Pairs, rows: Iterable[Entry]) -> list[Entry]:
    taken = {row.pk for row in pairs.values()}
    return [row for row in rows if row.pk not in taken]


def _slug(entry: PreparedEntry) -> str:
    return slugify(str(entry.read.meta.get("slug") or ""))


def _title(entry: PreparedEntry) -> str:
    return entry.read.title[:300]


def _error(entry: PreparedEntry) -> str:
    return entry.read.error[:500]


def _error_of_row(row: Entry) -> str:
    return row.error


def _body(entry: PreparedEntry) -> str:
    return _tell(part.text for part in entry.read.sections if part.kind not in NOT_BODY)


def _bodies(rows: Sequence[Entry]) -> dict[int, str]:
    parts: dict[int, list[str]] = {row.pk: [] for row in rows}
    sections = Section.objects.filter(entry__in=parts).exclude(kind__in=NOT_BODY)
    for pk, text in sections.values_list("entry_id", "text"):
        parts[pk or 0].append(text)
    return {pk: _tell(texts) for pk, texts in parts.items()}


def _tell(texts: Iterable[str]) -> str:
    body = "\n".join(texts)[:COMPARED_CHARS]
    return body if len(body) >= TELLING else ""


SURE: tuple[tuple[RowKey, EntryKey], ...] = (
    (lambda row: row.slug, _slug),
    (lambda row: row.digest, lambda entry: entry.digest),
    (
        lambda row: (row.title.casefold(), row.error),
        lambda entry: (_title(entry).casefold(), _error(entry)),
    ),
    (lambda row: row.title.casefold(), lambda entry: _title(entry).casefold()),
)
