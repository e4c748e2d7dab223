"""A one-time link lets its holder choose a password, once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.models import READER
from kb.people import add, set_active, set_password_link

GOOD = {"new_password1": "ladders-and-lamps", "new_password2": "ladders-and-lamps"}


@pytest.fixture
def erin(dana: User) -> User:
    """Erin was added a moment ago."""
    return add("erin", "", READER, by=dana)


def open_link(client: Client, path: str) -> str:
    """Open the link and return where its form is."""
    return str(client.get(path, follow=True).request["PATH_INFO"])


def use(client: Client, path: str, data: dict[str, str]) -> int:
    """Open the link, send the form, and return the status."""
    return client.post(open_link(client, path), data).status_code


def test_it_works(client: Client, erin: User) -> None:
    """The holder chooses a password and is signed in."""
    status = use(client, set_password_link(erin), GOOD)

    erin.refresh_from_db()
    assert status == 302
    assert erin.check_password("ladders-and-lamps")
    assert client.session["_auth_user_id"] == str(erin.pk)


def test_it_works_once(erin: User) -> None:
    """After use the link changes nothing."""
    path = set_password_link(erin)
    use(Client(), path, GOOD)
    second = Client().get(path)

    assert "This link no longer works" in second.content.decode()


def test_a_newer_first_link_replaces_the_older(erin: User) -> None:
    """Of two links for someone without a password only the newer works."""
    old, new = set_password_link(erin), set_password_link(erin)

    assert "no longer works" in Client().get(old).content.decode()
    assert use(Client(), new, GOOD) == 302


def test_it_ends_older_sessions(client: Client, alice: User) -> None:
    """A new password signs out whoever was signed in with the old one."""
    client.force_login(alice)
    use(Client(), set_password_link(alice), GOOD)

    assert client.get("/new/").status_code == 302


def test_it_refuses_a_closed_account(dana: User, erin: User) -> None:
    """Links of a deactivated account do not work."""
    path = set_password_link(erin)
    set_active(erin, active=False, by=dana)

    assert "no longer works" in Client().get(path).content.decode()


@pytest.mark.parametrize(
    "path", ["/set-password/x/y/", "/set-password/MQ/set-password/", "/set-password/OTk5/a-b/"]
)
@pytest.mark.django_db
def test_it_refuses_a_made_up_link(client: Client, path: str) -> None:
    """What we did not hand out changes nothing."""
    assert "no longer works" in client.get(path).content.decode()
    assert client.post(path, GOOD).status_code == 200


@pytest.mark.parametrize("password", ["short", "password123", "83749273948", "erin"])
def test_it_refuses_a_weak_password(client: Client, erin: User, password: str) -> None:
    """The validators hold here too."""
    status = use(
        client, set_password_link(erin), {"new_password1": password, "new_password2": password}
    )

    erin.refresh_from_db()
    assert status == 200
    assert not erin.has_usable_password()
