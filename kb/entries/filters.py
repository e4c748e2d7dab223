"""Turn a query's filters into conditions on Entries; none of them can multiply rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.db.models import Q

from kb.entries.query import Filter
from kb.errors.codes import CODES, ERRNO
from kb.models import Entry, Signature, SignatureKey, Tag


def condition_of(found: Filter) -> Q:
    """Return the condition that `found` states."""
    condition = CONDITIONS[found.field](found.value)
    return ~condition if found.barred else condition


def _tagged(value: str) -> Q:
    tags = Tag.objects.filter(Q(slug__iexact=value) | Q(name__iexact=value))
    return Q(pk__in=Entry.tags.through.objects.filter(tag__in=tags).values("entry"))


def _with_type(value: str) -> Q:
    return Q(pk__in=Signature.objects.filter(facts__type__iexact=value).values("entry"))


def _with_code(value: str) -> Q:
    forms = {value, value.upper(), value.lower(), ERRNO.get(value, value)}
    keys = {f"code:{kind}:{form}" for kind, _ in CODES for form in forms}
    return Q(pk__in=SignatureKey.objects.filter(key__in=keys).values("entry"))


def _before(value: str) -> Q:
    day = date.fromisoformat(value)
    return Q(date__lt=day) | Q(date=None, created__date__lt=day)


def _after(value: str) -> Q:
    day = date.fromisoformat(value)
    return Q(date__gt=day) | Q(date=None, created__date__gt=day)


CONDITIONS: Mapping[str, Callable[[str], Q]] = {
    "tag": _tagged,
    "status": lambda value: Q(status__iexact=value),
    "severity": lambda value: Q(severity__iexact=value),
    "type": _with_type,
    "code": _with_code,
    "path": lambda value: Q(source__path__istartswith=value),
    "before": _before,
    "after": _after,
}
