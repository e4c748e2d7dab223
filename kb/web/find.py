"""The one box: words become a search, a paste becomes a match."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kb.entries.browse import latest, tags
from kb.entries.browse import search as search_entries
from kb.matching.match import match
from kb.models import Entry
from kb.web.access import reader
from kb.web.answers import describe_result, is_paste
from kb.web.layout import name_anchor
from kb.web.partial import answer, is_typing, wants_part

SHOWN = 20
RECENT, TAGS = 6, 16
ECHOED = 1_000_000
"""A longer paste is not sent back into the box: the page would weigh more than it helps."""


@reader
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return show_home(request)


@reader
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return answer(request, "find/again.html", {})
    handed = read_box(request)
    if not handed.strip():
        return show_home(request) if is_typing(request) else answer(request, "find/again.html", {})
    if isinstance(handed, bytes) or request.POST.get("as") == "paste" or is_paste(handed):
        return show_match(request, handed)
    return show_search(request, " ".join(handed.split()))


@reader
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    return answer(request, "find/search.html", describe_search(request, request.GET.get("q", "")))


def read_box(request: HttpRequest) -> str | bytes:
    """Return what was handed in: a file's bytes, or the text with its line ends as typed."""
    log = request.FILES.get("log")
    if log and (log.size or 0) > settings.KB_PASTE_BYTES:
        raise RequestDataTooBig
    if log:
        return bytes(log.read())
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if len(text.encode(errors="replace")) > settings.KB_PASTE_BYTES:
        raise RequestDataTooBig
    return text


def show_home(request: HttpRequest) -> HttpResponse:
    """Show the box, how much is known, and where to begin."""
    entries = Entry.objects.visible_to(request.user)
    recent = latest(request.user, RECENT)
    context = {
        "count": entries.count(),
        "recent": recent,
        "tags": tags(request.user).order_by(F("count").desc(), "name")[:TAGS],
        "autofocus": True,
    }
    return answer(request, "find/home.html", context, url=reverse("home"))


def show_search(request: HttpRequest, words: str) -> HttpResponse:
    """Answer words at their own address, so that back, reload and sharing work."""
    url = f"{reverse('search')}?{urlencode({'q': words})}"
    if not wants_part(request):
        return redirect(url)
    return answer(request, "find/search.html", describe_search(request, words), url=url)


def describe_search(request: HttpRequest, words: str) -> dict[str, Any]:
    """Return what a page of search results shows."""
    found = search_entries(words, request.user, limit=SHOWN)
    hits = [(hit, name_anchor(hit.kind, hit.heading)) for hit in found.hits]
    return {"query": words, "boxed": words, "hits": hits, "notes": found.notes, "shown": SHOWN}


def show_match(request: HttpRequest, handed: str | bytes) -> HttpResponse:
    """Answer a paste; it stays out of addresses and is kept nowhere."""
    result = match(handed, user=request.user)
    context = describe_result(result, request.user)
    text = handed if isinstance(handed, str) else "\n".join(line.text for line in result.lines)
    context["boxed"] = text if len(text) <= ECHOED else ""
    return answer(request, "find/result.html", context, url=reverse("find"))
