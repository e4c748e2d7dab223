"""The database: Sources with their Revisions, the Entries read from them, and what identifies each."""

from __future__ import annotations

from kb.models.entry import Alias, Entry, EntryQuerySet, Section, Tag
from kb.models.roles import (
    ADMIN,
    OPERATOR,
    READER,
    ROLES,
    WRITER,
    AnyUser,
    Operator,
    may_read,
    may_write,
    role_of,
)
from kb.models.run import Run, RunFile
from kb.models.signature import Signature, SignatureKey
from kb.models.source import Revision, Source, SourceQuerySet

__all__ = [
    "ADMIN",
    "OPERATOR",
    "READER",
    "ROLES",
    "WRITER",
    "Alias",
    "AnyUser",
    "Entry",
    "EntryQuerySet",
    "Operator",
    "Revision",
    "Run",
    "RunFile",
    "Section",
    "Signature",
    "SignatureKey",
    "Source",
    "SourceQuerySet",
    "Tag",
    "may_read",
    "may_write",
    "role_of",
]
