"""Reading: an entry, the source it stands in, and the lists that lead there."""

from __future__ import annotations

from typing import get_args

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from kb.entries.browse import page, related
from kb.entries.browse import tags as count_tags
from kb.markdown.document import SectionKind
from kb.markdown.render import Setting, find_definitions
from kb.models import Entry, Section, Source, Tag
from kb.web.access import reader
from kb.web.layout import Part, interleave, number_anchors
from kb.web.partial import answer

ORDER: tuple[str, ...] = get_args(SectionKind)
FIX_FIRST = ("fix", "cause")
FACETS = 40
FACTS = ("types", "codes", "exit_codes", "versions", "duration", "commands")
"""What an entry tells by itself that its page sums up."""


@reader
@require_safe
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    visible = Entry.objects.visible_to(request.user).for_list().defer(None)
    found = visible.filter(slug=slug).first()
    if found is None:
        return _send_on(get_object_or_404(visible, aliases__slug=slug))
    matched = request.GET.get("from") == "match"
    parts = arrange(found, fix_first=matched)
    context = {
        "entry": found,
        "parts": parts,
        "setting": setting_of(found.source, parts),
        "related": related(found, request.user),
        "alone": found.source.entries.count() == 1,
        "has_facts": any(found.facts.get(name) for name in FACTS),
    }
    return answer(request, "reading/entry.html", context)


def _send_on(moved: Entry) -> HttpResponse:
    """Lead from an old address to the present one; a browser asks again, for the old may be reused."""
    response = redirect(moved, permanent=True)
    response["Cache-Control"] = "no-cache"
    return response


@reader
@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    entries = found.entries.visible_to(request.user).for_list().order_by("position")
    chapters = found.sections.filter(entry=None)
    parts = number_anchors(chapters)
    context = {
        "source": found,
        "count": len(entries),
        "blocks": interleave(parts, entries),
        "parts": parts,
        "setting": setting_of(found, parts),
    }
    return answer(request, "reading/source.html", context)


@reader
@require_safe
def raw(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    return HttpResponse(found.newest().content(), content_type="text/markdown; charset=utf-8")


@reader
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    return show_list(request, None)


@reader
@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    return answer(request, "reading/tags.html", {"tags": count_tags(request.user)})


@reader
@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    return show_list(request, get_object_or_404(count_tags(request.user), slug=slug))


def show_list(request: HttpRequest, chosen: Tag | None) -> HttpResponse:
    """Show entries, last changed first, all or those with one tag."""
    entries = Entry.objects.visible_to(request.user)
    context = {
        "chosen": chosen,
        "count": entries.count(),
        "tags": count_tags(request.user).order_by(F("count").desc(), "name")[:FACETS],
        "page": page(entries.filter(tags=chosen) if chosen else entries, request.GET.get("at", "")),
    }
    return answer(request, "reading/browse.html", context)


def arrange(found: Entry, *, fix_first: bool) -> list[Part]:
    """Put the sections in the order of reading; who comes from a match came for the fix."""
    order = (*FIX_FIRST, *ORDER) if fix_first else ORDER
    sections = sorted(
        (one for one in found.sections.all() if not repeats_error(one, found)),
        key=lambda one: (order.index(one.kind), one.position),
    )
    return number_anchors(sections)


def setting_of(found: Source, parts: list[Part]) -> Setting:
    """Return the source's dialect and, where a section may refer to one, what it defines elsewhere."""
    texts = [part.section.text for part in parts]
    if all(text.count("]") <= text.count("](") for text in texts):
        return Setting(dialect=found.dialect)
    return Setting(find_definitions(found.newest().text, found.dialect), found.dialect)


def repeats_error(section: Section, found: Entry) -> bool:
    """Tell whether a section holds no more than the error line that stands on top of the page."""
    if section.kind != "error":
        return False
    lines = [line for line in section.text.splitlines() if not line.lstrip().startswith("```")]
    return " ".join(" ".join(lines).split()) == " ".join(found.error.split())
