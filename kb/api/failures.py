"""Say in JSON why there is no answer, and what to do."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kb.api.body import EXAMPLE, BadBody

TOO_LARGE = "This is more than is read at once; send the part around the error."
SIGN_IN = "Only the team may read here; sign in first."
NOT_FOUND = "There is no such entry; GET /api/v1/entries lists what there is."


def add_handlers(api: NinjaAPI) -> None:
    """Let `api` answer every failure of a client with a Problem."""
    for kind in (AuthenticationError, Http404, RequestDataTooBig, HttpError, ValidationError):
        api.add_exception_handler(kind, _explain)


def _explain(request: HttpRequest, error: Any) -> HttpResponse:
    status, detail = _describe(error)
    return JsonResponse({"detail": detail}, status=status)


def _describe(error: Exception) -> tuple[int, str]:
    match error:
        case AuthenticationError():
            return 401, SIGN_IN
        case Http404():
            return 404, NOT_FOUND
        case RequestDataTooBig():
            return 413, TOO_LARGE
        case HttpError(__cause__=BadBody() as cause):
            return 400, str(cause)
        case HttpError():
            return error.status_code, error.message
    assert isinstance(error, ValidationError)
    return 422, "; ".join(dict.fromkeys(map(_describe_field, error.errors)))


def _describe_field(error: dict[str, Any]) -> str:
    place = error["loc"]
    if place[0] == "body" and len(place) < 3:
        return f"There is no body; send {EXAMPLE}."
    return f"{place[-1]}: {error['msg'].removeprefix('Value error, ')}"
