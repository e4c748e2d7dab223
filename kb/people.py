"""The people of a team and their roles; every change of them goes through here."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from kb.models import ADMIN, READER, ROLES

logger = logging.getLogger(__name__)


class LastAdmin(Exception):
    """The change would leave nobody who can administer; `message` says what to do first."""

    message = "Rootnote needs an admin. Make someone else an admin first."


@dataclass(frozen=True, slots=True)
class Person:
    """A user and the role they were given, whether or not the account is active."""

    user: User
    role: str


def list_people() -> list[Person]:
    """Return everyone, active accounts first, in two queries however many they are."""
    users = User.objects.prefetch_related("groups").order_by("-is_active", "username")
    return [describe(user) for user in users]


def describe(user: User) -> Person:
    """Return `user` with the role they were given."""
    names = {group.name for group in user.groups.all()}
    given = next((role for role in reversed(ROLES) if role in names), READER)
    return Person(user, ADMIN if user.is_superuser else given)


def admins() -> QuerySet[User]:
    """Return the active accounts that may administer."""
    return User.objects.filter(
        Q(is_superuser=True) | Q(pk__in=User.objects.filter(groups__name=ADMIN)), is_active=True
    )


def group_of(role: str) -> Group:
    """Return the group that stands for `role`, made anew should it be gone."""
    return Group.objects.get_or_create(name=role)[0]


@contextmanager
def one_change_at_a_time() -> Iterator[None]:
    """Hold off other changes to who is an admin until this one is written."""
    with transaction.atomic():
        Group.objects.select_for_update().get_or_create(name=ADMIN)
        yield


def add(name: str, email: str, role: str, *, by: User) -> User:
    """Make an account with a role and no password; `set_password_link` lets its owner choose one."""
    with transaction.atomic():
        user = User.objects.create_user(name, email)
        user.groups.set([group_of(role)])
    logger.warning("%s added %s as %s", by, user, role)
    return user


def assign(user: User, role: str, *, by: User) -> None:
    """Give `user` exactly this role; raises LastAdmin."""
    with one_change_at_a_time():
        if role != ADMIN:
            _keep_an_admin_besides(user)
        user.groups.set([group_of(role)])
        user.is_superuser = user.is_staff = user.is_superuser and role == ADMIN
        user.save(update_fields=["is_superuser", "is_staff"])
    logger.warning("%s made %s %s", by, user, role)


def set_active(user: User, *, active: bool, by: User) -> None:
    """Open or close an account; a closed one loses its sessions at once. Raises LastAdmin."""
    with one_change_at_a_time():
        if not active:
            _keep_an_admin_besides(user)
        user.is_active = active
        user.save(update_fields=["is_active"])
    logger.warning("%s %s %s", by, "reactivated" if active else "deactivated", user)


def set_password_link(user: User) -> str:
    """Return a one-time path where `user` chooses a password; a first one replaces those before it."""
    if not user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
    token = default_token_generator.make_token(user)
    return reverse("set_password", args=[urlsafe_base64_encode(force_bytes(user.pk)), token])


def _keep_an_admin_besides(user: User) -> None:
    if not admins().exclude(pk=user.pk).exists():
        raise LastAdmin
