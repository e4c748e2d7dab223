"""What identifies the errors of an Entry, and the keys under which pastes find them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connections, models

from kb.models.entry import Entry


class Signature(models.Model):
    """What identifies one error of an Entry, as read from one section; `version` says by which rules."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="signatures")
    section = models.CharField(max_length=20)
    facts = models.JSONField()
    version = models.PositiveSmallIntegerField()

    class Meta:
        """Keep the order of the text."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Return the section it was read from."""
        return f"{self.entry_id}: {self.section}"


class SignatureKeyQuerySet(models.QuerySet["SignatureKey"]):
    """Keys, in English."""

    def add(self, keys: Iterable[tuple[str, int]]) -> None:
        """Write keys with the Entry each leads to: dozens for each entry, so not a model for each."""
        quote = connections[self.db].ops.quote_name
        table, *columns = map(quote, (self.model._meta.db_table, "key", "entry_id"))
        with connections[self.db].cursor() as cursor:
            # The names are our own; the values are not part of the text.
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES (%s, %s)",  # noqa: S608
                list(keys),
            )


class SignatureKey(models.Model):
    """One key under which an Entry's signatures are found, such as `code:E0308`."""

    key = models.CharField(max_length=160)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="keys")

    objects = SignatureKeyQuerySet.as_manager()

    class Meta:
        """Find entries by key, and count them, without touching the table."""

        constraints = [models.UniqueConstraint(fields=["key", "entry"], name="key_once_per_entry")]

    def __str__(self) -> str:
        """Return the key."""
        return self.key
