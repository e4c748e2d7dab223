"""The one module that knows htmx: a page and its changed part come from the same template."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import push_url, replace_url


def wants_part(request: HttpRequest) -> bool:
    """Tell whether the browser shows a page already and wants only its main part."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request


def is_typing(request: HttpRequest) -> bool:
    """Tell whether this was sent while someone is still typing."""
    return wants_part(request) and request.POST.get("live") == "1"


def answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    url: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render `template` whole, or its main part for htmx with `url` as the address to show."""
    part = wants_part(request)
    base = "partial.html" if part else "base.html"
    response = render(request, template, {**context, "base": base}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return _show_address(request, response, url) if part and url else response


def _show_address(request: HttpRequest, response: HttpResponse, url: str) -> HttpResponse:
    """Give the first answer its own step back in the browser; the next letters only rename it."""
    try:
        here = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]  # set by HtmxMiddleware
    except ValueError:  # a header that is no address
        here = ""
    same_page = here.partition("?")[0] == url.partition("?")[0]
    return replace_url(response, url) if same_page else push_url(response, url)
