"""`manage.py reindex`: make the full-text index anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.entries.reindex import reindex
from kb.management.stores import migrate_when_needed
from kb.search.index import IndexBusy, IndexUnavailable


class Command(BaseCommand):
    """Rebuild the index from the database."""

    help = "Rebuild the full-text index from the database; people can go on searching meanwhile."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--stale", action="store_true", help="only what was saved but not yet indexed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        migrate_when_needed()
        try:
            count = reindex(stale_only=options["stale"])
        except IndexBusy as error:
            raise CommandError(f"{error} Try again when the other run has ended.") from error
        except IndexUnavailable as error:
            raise CommandError(f"{error}") from error
        self.stdout.write(f"{count:,} entries indexed")
