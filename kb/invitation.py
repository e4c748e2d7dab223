"""The one-time link by which the first admin comes in, where nobody is an admin yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from kb.models import ADMIN
from kb.people import admins, group_of, one_change_at_a_time

LIFETIME = timedelta(hours=24)
PURPOSE = "first-admin"

State = Literal["open", "used", "expired", "wrong"]


class LinkClosed(Exception):
    """The link no longer makes an admin; `state` says why."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


def first_admin_link() -> str | None:
    """Return a link that makes the first admin within a day, or None when there is an admin."""
    if admins().exists():
        return None
    return settings.KB_URL + reverse("welcome", args=[_signer().sign(PURPOSE)])


def state_of(token: str) -> State:
    """Tell whether `token` is still good."""
    try:
        purpose = _signer().unsign(token, max_age=LIFETIME)
    except SignatureExpired:
        return "used" if admins().exists() else "expired"
    except BadSignature:
        return "wrong"
    if purpose != PURPOSE:
        return "wrong"
    return "used" if admins().exists() else "open"


def make_first_admin(token: str, name: str, password: str) -> User:
    """Make the first admin; of two at the same moment one gets LinkClosed."""
    with one_change_at_a_time():
        state = state_of(token)
        if state != "open":
            raise LinkClosed(state)
        user = User.objects.create_superuser(name, password=password)
        user.groups.set([group_of(ADMIN)])
    return user


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="kb.invitation")
