"""Print the one-time link that makes the first admin."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kb.invitation import first_admin_link
from kb.management.stores import migrate_when_needed


class Command(BaseCommand):
    """Print a link, or say why there is none."""

    help = "Print a one-time link, good for a day, that makes the first admin."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link."""
        migrate_when_needed()
        link = first_admin_link()
        self.stdout.write(link or "There is an admin already; admins add people at /people/.")
