"""`manage.py export`: write every Source back as a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.entries.export import UnsafePath, export
from kb.management.stores import migrate_when_needed
from kb.models import OPERATOR


class Command(BaseCommand):
    """Write the knowledge base as Markdown."""

    help = "Write every source below DIR, byte for byte as it was saved."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        migrate_when_needed()
        try:
            count = export(options["folder"], OPERATOR)
        except UnsafePath as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            trouble = f"{error.filename}: {error.strerror}"
            raise CommandError(f"Cannot write {trouble}; choose another folder.") from error
        self.stdout.write(f"{count:,} files written to {options['folder']}")
