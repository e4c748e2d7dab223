"""Make the database and the index ready, whatever state they are found in."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kb.entries.alone import alone
from kb.entries.reindex import heal


def prepare_stores() -> str:
    """Make or migrate the tables when needed, mend the index and say in one line how it is."""
    migrate_when_needed()
    return heal()


def migrate_when_needed() -> None:
    """Run the migrations that wait; asking first takes a tenth of the time of running none."""
    if _waits():
        # Another command may begin with the same empty base at the same moment.
        with alone(lambda _: None):
            if _waits():
                call_command("migrate", verbosity=0, interactive=False)


def _waits() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
