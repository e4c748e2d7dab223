"""Writing: a new text, an edit with its live page, restore and archive; every save is one verb's."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kb.entries import save as entries
from kb.entries.rules import read_here
from kb.entries.save import Saved, StaleEdit, TooLarge
from kb.markdown.document import ParseError
from kb.matching.match import match
from kb.models import Source
from kb.web.access import writer
from kb.web.compare import compare
from kb.web.draft import draft, read_template
from kb.web.forms import TextForm
from kb.web.merge import merge
from kb.web.preview import preview as preview_of

PAGE = ["GET", "HEAD", "POST"]
TRIES = 5


@writer
@require_http_methods(PAGE)
def new(request: HttpRequest) -> HttpResponse:
    if "text" in request.POST:
        return _write(request, None)
    text = read_template()
    if "paste" in request.POST:
        paste = request.POST["paste"][: settings.KB_PASTE_BYTES]
        text = draft(match(paste, limit=1, user=request.user), text)
    return _editor(request, TextForm(initial={"text": text, "base": 0}), None)


@writer
@require_http_methods(PAGE)
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    if request.method == "POST":
        return _write(request, source)
    initial = {"text": source.newest().text, "base": source.revision}
    return _editor(request, TextForm(initial=initial), source)


@writer
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    is_new = request.POST.get("base") == "0"
    shown = preview_of(request.POST.get("text", ""), similar_for=request.user if is_new else None)
    return render(request, "wiki/_preview.html", {"preview": shown})


@writer
@require_POST
def restore(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    text = get_object_or_404(source.revisions, number=number).text
    message = f"restore revision {number}"
    form = TextForm({"text": text, "message": message, "base": request.POST.get("base")})
    if not form.is_valid():
        return HttpResponseBadRequest("Say which revision you saw as the newest: base=<number>.")
    return _save(request, form, source)


@writer
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    archived = request.POST.get("archived") == "1"
    try:
        if archived != source.archived:
            entries.archive(source, author=_author(request), archived=archived)
    except StaleEdit:
        messages.error(request, "Someone saved this text just now. Look at it, then try again.")
        return redirect(source)
    messages.success(request, "Archived: only writers see it now." if archived else "Brought back.")
    return redirect(source)


def _write(request: HttpRequest, source: Source | None) -> HttpResponse:
    form = TextForm(request.POST)
    if not form.is_valid():
        return _editor(request, form, source, HTTPStatus.UNPROCESSABLE_ENTITY)
    if "preview" in request.POST:
        return _editor(request, form, source)
    return _save(request, form, source)


def _save(request: HttpRequest, form: TextForm, source: Source | None) -> HttpResponse:
    try:
        saved = _put(request, form.cleaned_data, source)
    except ParseError:
        return _editor(request, form, source, HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooLarge:
        return _editor(request, form, source, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except StaleEdit as stale:
        return _conflict(request, form, source, stale)
    said = {"unchanged": "Nothing to save: the text is as it was."}
    messages.success(request, said.get(saved.status, f"Saved as revision {saved.revision.number}."))
    return redirect(saved.entries[0] if len(saved.entries) == 1 else saved.source)


def _put(request: HttpRequest, data: dict[str, Any], source: Source | None) -> Saved:
    text, message, author = data["text"], data["message"], _author(request)
    if source:
        path, base = source.path, data["base"]
        return entries.save(text, author=author, path=path, base=base, message=message)
    title = read_here(text, "").title
    for _ in range(TRIES):
        try:
            path = entries.new_path(title)
            return entries.save(text, author=author, path=path, base=0, message=message)
        except StaleEdit as taken:  # someone else made a text of this name a moment ago
            stale = taken
    raise stale


def _editor(
    request: HttpRequest, form: TextForm, source: Source | None, status: int = HTTPStatus.OK
) -> HttpResponse:
    text = form["text"].value() or ""
    begun = request.method == "POST" and source is None
    shown = preview_of(text, similar_for=request.user if begun else None)
    context = {"form": form, "source": source, "preview": shown, "failed": status != HTTPStatus.OK}
    return render(request, "wiki/editor.html", context, status=status)


def _conflict(
    request: HttpRequest, form: TextForm, source: Source | None, stale: StaleEdit
) -> HttpResponse:
    context = {
        "source": source,
        "stale": stale,
        "message": form.cleaned_data["message"],
        "theirs": compare(stale.base, stale.theirs),
        "yours": compare(stale.base, stale.yours),
        "merged": merge(stale.base, stale.yours, stale.theirs),
    }
    return render(request, "wiki/conflict.html", context, status=HTTPStatus.CONFLICT)


def _author(request: HttpRequest) -> User:
    return cast("User", request.user)
