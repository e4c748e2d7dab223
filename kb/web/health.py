"""What a supervisor asks: is the process alive, and can it answer readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kb.models import Entry
from kb.search import get_index
from kb.search.index import IndexUnavailable


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    answers = {name: check() for name, check in CHECKS.items()}
    ready = all(answer == "ok" for answer in answers.values())
    status = {"status": "ready" if ready else "not ready"}
    return JsonResponse(status | answers | count_stale(), status=200 if ready else 503)


def check_database() -> str:
    """Say "ok" when the database answers, else what to do."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer; look at the server's log and DATABASE_URL"
    return "ok"


def check_migrations() -> str:
    """Say "ok" when the tables are as the code expects them, else what to do."""
    try:
        return "ok" if migrations_are_applied() else "missing; run manage.py migrate"
    except DatabaseError:
        return "unknown; the database does not answer"


def check_index() -> str:
    """Say "ok" when full text can be searched, else what to do."""
    try:
        get_index().count()
    except IndexUnavailable:
        return "not open; run manage.py reindex"
    return "ok"


CHECKS: Mapping[str, Callable[[], str]] = {
    "database": check_database,
    "migrations": check_migrations,
    "index": check_index,
}


def migrations_are_applied() -> bool:
    """Tell whether no migration waits; a yes holds for the life of the process."""
    if _applied():
        return True
    _applied.cache_clear()
    return False


@cache
def _applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def count_stale() -> dict[str, int]:
    """Return how many entries the index has not seen yet, or nothing where that cannot be asked."""
    try:
        return {"stale": Entry.objects.stale().count()}
    except DatabaseError:
        return {}
