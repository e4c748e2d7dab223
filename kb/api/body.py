"""Read what clients send as strict JSON, so that nothing odd gets past the door."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

EXAMPLE = '{"text": "what went wrong", "limit": 5}'


class BadBody(Exception):
    """The body is not what the API reads; says what to send instead."""


class StrictParser(Parser):
    """Take a JSON object in UTF-8: no NaN, no endless nesting, no endless numbers."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the object in the body; raises BadBody."""
        try:
            found = json.loads(request.body.decode("utf-8-sig"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise BadBody(f"The body is not JSON in UTF-8; send {EXAMPLE}.") from error
        if not isinstance(found, dict):
            raise BadBody(f"The body is not a JSON object; send {EXAMPLE}.")
        return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
