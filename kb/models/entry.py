"""Entries, what they are found by, and the Sections they are made of."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.urls import get_script_prefix

from kb.models.roles import AnyUser, may_read, may_write
from kb.models.source import Source


class Tag(models.Model):
    """A word that Entries are browsed by."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        """Order by name."""

        ordering = ("name",)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries, in English."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep what `user` may read; what is archived is for writers."""
        if not may_read(user):
            return self.none()
        return self if may_write(user) else self.current()

    def current(self) -> Self:
        """Keep what is not archived."""
        return self.filter(archived=False)

    def stale(self) -> Self:
        """Keep what the index has not seen in its present state."""
        return self.filter(stale=True)

    def for_list(self) -> Self:
        """Load what a line in a list shows, in two queries however long the list."""
        return self.select_related("source").prefetch_related("tags").defer("facts")


class Entry(models.Model):
    """One trouble: its slug is stable; everything else is read from its Source.

    `facts` are what `kb.entries.facts` found in it, `completeness` is 0..100.
    """

    DRAFT, VALIDATED = "draft", "validated"

    source = models.ForeignKey(Source, models.PROTECT, related_name="entries")
    slug = models.SlugField(max_length=120, unique=True)
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=300)
    error = models.CharField(max_length=500, blank=True)
    summary = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=20, default=DRAFT)
    severity = models.CharField(max_length=20, blank=True)
    date = models.DateField(null=True, blank=True)
    tags = models.ManyToManyField(Tag, related_name="entries", blank=True)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    archived = models.BooleanField(default=False)
    stale = models.BooleanField(default=True)
    digest = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)
    completeness = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        """List the last changed first."""

        ordering = ("-changed", "-id")
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["archived", "-changed", "-id"], name="entry_newest"),
            models.Index(fields=["id"], condition=models.Q(stale=True), name="entry_stale"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of its page.

        Spelt out, because `reverse` loads every door, which costs each shell command a second.
        """
        return f"{get_script_prefix()}entries/{self.slug}/"


class Section(models.Model):
    """A part of an Entry or, when `entry` is empty, of its Source; lines are 0-based and half-open."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="sections")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="sections", null=True, blank=True)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    guessed = models.BooleanField(default=False)

    class Meta:
        """Keep the order of the text."""

        ordering = ("position",)

    def __str__(self) -> str:
        """Return the kind and heading."""
        return f"{self.kind}: {self.heading}"


class Alias(models.Model):
    """A slug that an Entry had before, or that its text says should lead to it."""

    slug = models.SlugField(max_length=120, unique=True)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="aliases")

    class Meta:
        """List in order."""

        ordering = ("slug",)
        verbose_name_plural = "aliases"

    def __str__(self) -> str:
        """Return the slug."""
        return self.slug
