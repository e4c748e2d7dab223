"""What went wrong, in plain words, with the box and a next step."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from kb.web.partial import answer, wants_part


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read; one that is too big gets a page of its own."""
    if isinstance(exception, RequestDataTooBig):
        return answer(request, "failures/413.html", {}, status=413)
    return answer(request, "failures/400.html", {}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer someone who is known but may not do this."""
    return answer(request, "failures/403.html", {}, status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not fit, without losing what was typed into it."""
    return answer(request, "failures/expired.html", {}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere, or to what the visitor may not see: both look alike."""
    return answer(request, "failures/404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after a fault of ours without the database or session: they may be the fault."""
    base = "partial.html" if wants_part(request) else "base.html"
    context = {"base": base, "csrf_token": get_token(request)}
    return HttpResponse(render_to_string("failures/500.html", context), status=500)
