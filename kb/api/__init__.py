"""The door for programs: JSON over HTTP, described at /api/v1/openapi.json."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja import NinjaAPI

from kb.api.body import StrictParser
from kb.api.failures import add_handlers
from kb.api.operations import router
from kb.models import AnyUser, may_read


def let_readers_in(request: HttpRequest) -> AnyUser | None:
    """Return the visitor when they may read, else None."""
    return request.user if may_read(request.user) else None


api = NinjaAPI(
    title="Rootnote",
    version=settings.VERSION,
    description="Find the entry that explains an error.",
    docs_url=None,
    urls_namespace="api",
    auth=let_readers_in,
    parser=StrictParser(),
)
add_handlers(api)
api.add_router("", router)
