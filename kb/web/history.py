"""What a Source was before: its revisions, one of them, and what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from kb.models import Revision, Source
from kb.web.access import reader
from kb.web.compare import compare, count_changed
from kb.web.preview import preview

PAGE = 25


@dataclass(frozen=True, slots=True)
class Change:
    """A revision and how many lines came and went with it."""

    revision: Revision
    added: int
    removed: int


class PickForm(forms.Form):
    """Two revisions to compare, or where the list goes on."""

    old = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    new = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    before = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


@reader
@require_safe
def revisions(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    picked = PickForm(request.GET)
    wanted = picked.cleaned_data if picked.is_valid() else {}
    if wanted.get("old") and wanted.get("new"):
        return redirect("diff", source.slug, wanted["old"], wanted["new"])
    rows = source.revisions.select_related("author")
    if wanted.get("before"):
        rows = rows.filter(number__lt=wanted["before"])
    loaded = list(rows[: PAGE + 1])
    more = loaded[PAGE - 1].number if len(loaded) > PAGE else None
    context = {"source": source, "changes": _changes(loaded), "more": more}
    return render(request, "wiki/revisions.html", context)


@reader
@require_safe
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    shown = get_object_or_404(source.revisions.select_related("author"), number=number)
    context = {"source": source, "revision": shown, "preview": preview(shown.text)}
    return render(request, "wiki/revision.html", context)


@reader
@require_safe
def diff(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    pair = source.revisions.select_related("author")
    before, after = (get_object_or_404(pair, number=number) for number in (old, new))
    comparison = compare(before.text, after.text)
    context = {"source": source, "before": before, "after": after, "comparison": comparison}
    return render(request, "wiki/diff.html", context)


def _changes(rows: Sequence[Revision]) -> list[Change]:
    """Count each revision against the one before it; one row more than a page tells the last."""
    older = [*(row.text for row in rows[1:]), ""]
    pairs = zip(rows[:PAGE], older, strict=False)
    return [Change(row, *count_changed(before, row.text)) for row, before in pairs]
