"""What the last ingest runs did, file by file."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import get_script_prefix

from kb.models.source import Source


class Run(models.Model):
    """One ingest: of which folders or upload, by whom, and how it ended; no `ended` was cut short."""

    started = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    what = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    counts = models.JSONField(default=dict)
    entries = models.PositiveIntegerField(default=0)

    class Meta:
        """List the newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """Return what was read and when."""
        return f"{self.what} at {self.started:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return f"{get_script_prefix()}runs/{self.pk}/"


class RunFile(models.Model):
    """What a Run did with one file; `read` says for each entry which heading went where."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="files")
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True)
    path = models.TextField()
    status = models.CharField(max_length=12)
    line = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    repaired = models.JSONField(default=list)
    entries = models.PositiveIntegerField(default=0)
    read = models.JSONField(default=list)

    class Meta:
        """Keep the order of the run."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Return the path and what became of it."""
        return f"{self.path}: {self.status}"
