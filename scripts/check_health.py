"""Ask the site on this machine whether it is well; the exit code is the answer, for containers."""

from __future__ import annotations

import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException


def is_well(port: int, host: str) -> bool:
    """Ask /healthz under a name the site answers to."""
    connection = HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    first_host = os.environ.get("KB_ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    sys.exit(not is_well(int(os.environ.get("PORT") or 8000), first_host or "127.0.0.1"))
