"""Who may do what: roles are Groups, each including the ones before it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group

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
