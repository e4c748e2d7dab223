"""What programs may ask; the pages and commands call the same verbs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.errors import HttpError

from kb.api.failures import TOO_LARGE
from kb.api.schemas import (
    Answer,
    Hit,
    Hits,
    Item,
    Items,
    Listing,
    Paste,
    Problem,
    Question,
    Whole,
)
from kb.entries.browse import search as search_entries
from kb.matching.answer import to_dict
from kb.matching.match import match as match_paste
from kb.models import Entry

router = Router()
REFUSED = {401: Problem, 422: Problem}


# Needs no CSRF token: it only reads, so a foreign page that made a visitor's browser send it
# would change nothing and could not see the answer.
@router.post("match", response={200: Answer, 400: Problem, 413: Problem, **REFUSED})
def match(request: HttpRequest, paste: Paste) -> dict[str, Any]:
    """Find the entries that explain a pasted error."""
    if len(paste.text.encode()) > settings.KB_PASTE_BYTES:
        raise HttpError(413, TOO_LARGE)
    return to_dict(match_paste(paste.text, limit=paste.limit, user=request.user))


@router.get("search", response={200: Hits, **REFUSED})
def search(request: HttpRequest, question: Query[Question]) -> dict[str, Any]:
    """Find entries by words, "phrases", -not and filters such as tag:aws."""
    found = search_entries(question.q, request.user, limit=question.limit)
    hits = [Hit.of_found(hit) for hit in found.hits]
    return {"count": len(hits), "items": hits, "notes": list(found.notes)}


@router.get("entries", response={200: Items, **REFUSED})
def entries(request: HttpRequest, listing: Query[Listing]) -> dict[str, Any]:
    """List the entries, last changed first."""
    visible = Entry.objects.visible_to(request.user)
    if listing.tag:
        visible = visible.filter(tags__slug=listing.tag)
    part = visible.for_list()[listing.start() : listing.start() + listing.limit]
    return {"count": visible.count(), "items": [Item.of(entry) for entry in part]}


@router.get("entries/{slug:slug}", response={200: Whole, 404: Problem, **REFUSED})
def entry(request: HttpRequest, slug: str) -> Whole:
    """Return one entry with its sections.

    An old slug gives the entry that has it as an alias; `slug` and `url` of the answer are its
    present ones.
    """
    visible = Entry.objects.visible_to(request.user).for_list().defer(None)
    visible = visible.prefetch_related("sections")
    found = visible.filter(slug=slug).first()
    return Whole.of(found or get_object_or_404(visible, aliases__slug=slug))
