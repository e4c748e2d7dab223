"""Who may open which page: every view names one of these decorators on its first line."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kb.models import ADMIN, WRITER, AnyUser, may_read, role_of

View = Callable[..., HttpResponseBase]


def role_context(request: HttpRequest) -> dict[str, Any]:
    """Give templates the visitor's role and what it allows."""
    role = role_of(request.user) if hasattr(request, "user") else ""
    return {"role": role, "may_write": role in (WRITER, ADMIN), "is_admin": role == ADMIN}


def _guard(allowed: Callable[[AnyUser], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if allowed(request.user):
                return view(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied
            return redirect_to_login(request.get_full_path())

        return guarded

    return decorate


reader = _guard(may_read)
writer = _guard(lambda user: role_of(user) in (WRITER, ADMIN))
admin = _guard(lambda user: role_of(user) == ADMIN)
