"""The database: Sources with their Revisions, the Entries read from them, and what identifies each."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group
from django.db import models
from django.urls import get_script_prefix

READER, WRITER, ADMIN = "reader", "writer", "admin"
ROLES = (READER, WRITER, ADMIN)
"""Roles from least to most allowed; each is a Group of this name and includes the ones before it."""

AnyUser = AbstractBaseUser | AnonymousUser


class Operator(AnonymousUser):
    """The person at the shell, who owns the machine and so may do everything."""


OPERATOR = Operator()


def role_of(user: AnyUser) -> str:
    """Return the highest role of `user`, or "" for a stranger; a superuser is an admin.

    Read once for each user object, which lives as long as a request: every door asks several times.
    """
    known = vars(user)
    if "_role" not in known:
        known["_role"] = _read_role(user)
    return str(known["_role"])


def _read_role(user: AnyUser) -> str:
    if isinstance(user, Operator):
        return ADMIN
    if not user.is_authenticated or not user.is_active:
        return ""
    if getattr(user, "is_superuser", False):
        return ADMIN
    names = set(Group.objects.filter(user=user.pk).values_list("name", flat=True))
    return next((role for role in reversed(ROLES) if role in names), READER)


def may_write(user: AnyUser) -> bool:
    """Tell whether `user` may write and see what is archived."""
    return role_of(user) in (WRITER, ADMIN)


def may_read(user: AnyUser) -> bool:
    """Tell whether `user` may read: anyone where reading is open, else who is signed in."""
    return bool(settings.KB_OPEN_READING or role_of(user))


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


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources, in English."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep what `user` may read; what is archived, by button or by its text, is for writers."""
        if not may_read(user):
            return self.none()
        return self if may_write(user) else self.filter(archived=False, retired=False)


class Source(models.Model):
    """One Markdown file or wiki text; `revision` is the number of its newest Revision.

    `folder` and `file_checksum` say where a file was ingested from and its bytes at that time;
    both are empty for a text that was written in the wiki. `archived` is said by a person's button,
    `retired` by the text's own front matter.
    """

    path = models.CharField(max_length=500, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    revision = models.PositiveIntegerField(default=0)
    folder = models.CharField(max_length=500, blank=True)
    file_checksum = models.CharField(max_length=64, blank=True, db_index=True)
    archived = models.BooleanField(default=False)
    retired = models.BooleanField(default=False)
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
        return self.select_related("source").prefetch_related("tags")


class Entry(models.Model):
    """One trouble: its slug is stable; everything else is read from its Source."""

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


class SignatureKey(models.Model):
    """One key under which an Entry's signatures are found, such as `code:E0308`."""

    key = models.CharField(max_length=160)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="keys")

    class Meta:
        """Find entries by key, and count them, without touching the table."""

        constraints = [models.UniqueConstraint(fields=["key", "entry"], name="key_once_per_entry")]

    def __str__(self) -> str:
        """Return the key."""
        return self.key
