"""Sources and their Revisions: the texts themselves."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import get_script_prefix

from kb.models.roles import AnyUser, may_read, may_write


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources, in English."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep what `user` may read; what is archived, by button or by its text, is for writers."""
        if not may_read(user):
            return self.none()
        return self if may_write(user) else self.filter(archived=False, retired=False, gone=False)


class Source(models.Model):
    """One Markdown file or wiki text; `revision` is the number of its newest Revision.

    `folder` and `file_checksum` say where a file was ingested from and its bytes at that time;
    both are empty for a text that was written in the wiki. `archived` is said by a person's button,
    `retired` by the text's own front matter, `gone` by its file, which was deleted. `read_by` is the
    RULES its entries were read by.
    """

    path = models.CharField(max_length=500, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    revision = models.PositiveIntegerField(default=0)
    folder = models.CharField(max_length=500, blank=True)
    file_checksum = models.CharField(max_length=64, blank=True, db_index=True)
    archived = models.BooleanField(default=False)
    retired = models.BooleanField(default=False)
    gone = models.BooleanField(default=False)
    dialect = models.CharField(max_length=20, default="commonmark")
    read_by = models.CharField(max_length=40, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(db_index=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        """Order by path, as in a folder."""

        ordering = ("path",)

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return f"{get_script_prefix()}sources/{self.slug}/"

    @property
    def hidden(self) -> bool:
        """Tell whether all its entries are archived, whatever their text says."""
        return self.archived or self.gone

    def newest(self) -> Revision:
        """Return its newest Revision."""
        return self.revisions.get(number=self.revision)


class Revision(models.Model):
    """One saved state of a Source; `raw` holds the bytes when they are not just `text` in UTF-8."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    raw = models.BinaryField(null=True)
    checksum = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    message = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Number the revisions of each Source, newest first."""

        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="one_revision_per_number")
        ]

    def __str__(self) -> str:
        """Return the source and number."""
        return f"{self.source_id}@{self.number}"

    def content(self) -> bytes:
        """Return the exact bytes that were saved."""
        return bytes(self.raw) if self.raw is not None else self.text.encode()
