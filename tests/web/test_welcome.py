"""The first admin comes in by a one-time link, and only the first."""

from __future__ import annotations

import threading
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from kb.invitation import LinkClosed, first_admin_link, make_first_admin
from kb.models import ADMIN, role_of

pytestmark = pytest.mark.django_db

GOOD = {"username": "dora", "password1": "ladders-and-lamps", "password2": "ladders-and-lamps"}


def path_of(link: str | None) -> str:
    """Return the link without its host."""
    assert link is not None
    return "/" + link.split("/", 3)[3]


@pytest.fixture
def path() -> str:
    """Return where the invitation leads."""
    return path_of(first_admin_link())


def test_it_works(client: Client, path: str) -> None:
    """The link asks for name and password, makes the admin and signs them in."""
    assert client.get(path).status_code == 200
    response = client.post(path, GOOD)

    user = User.objects.get()
    assert response.status_code == 302
    assert (user.username, role_of(user), user.is_superuser) == ("dora", ADMIN, True)
    assert list(user.groups.values_list("name", flat=True)) == [ADMIN]
    assert user.check_password("ladders-and-lamps")
    assert client.get("/people/").status_code == 200


def test_the_command_prints_the_link(settings: Settings, client: Client) -> None:
    """`manage.py invite` prints an address that works."""
    settings.KB_URL = "https://wiki.example"
    printed = StringIO()
    call_command("invite", stdout=printed)

    assert printed.getvalue().startswith("https://wiki.example/welcome/")
    assert client.get(path_of(printed.getvalue().strip())).status_code == 200


def test_there_is_no_link_where_there_is_an_admin(dana: User) -> None:
    """With an admin there is no link, and the command says what to do instead."""
    printed = StringIO()
    call_command("invite", stdout=printed)

    assert first_admin_link() is None
    assert "/people/" in printed.getvalue()


def test_a_closed_admin_does_not_count(dana: User) -> None:
    """Where the only admin cannot sign in, a new first admin may come."""
    User.objects.filter(pk=dana.pk).update(is_active=False)

    assert first_admin_link() is not None


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_says_that_it_was_used(client: Client, path: str, dana: User, method: str) -> None:
    """Once there is an admin the link makes nobody and points to sign-in."""
    response = getattr(client, method)(path, GOOD)

    assert response.status_code == 410
    assert "This link was used" in response.content.decode()
    assert 'href="/sign-in/"' in response.content.decode()
    assert User.objects.count() == 1


def test_it_ends_after_a_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old link makes nobody and says how to get a new one."""
    monkeypatch.setattr("time.time", lambda: 1_000_000.0)
    path = path_of(first_admin_link())
    monkeypatch.setattr("time.time", lambda: 1_000_000.0 + 24 * 3600 + 1)
    response = client.post(path, GOOD)

    assert response.status_code == 410
    assert "expired" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "token", ["first-admin", "first-admin:x:y", "other:1vCSK:abc", "x" * 2_000]
)
def test_it_refuses_a_made_up_link(client: Client, token: str) -> None:
    """A token that we did not sign makes nobody."""
    response = client.post(f"/welcome/{token}/", GOOD)

    assert response.status_code == 404
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("over", "complaint"),
    [
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "password123", "password2": "password123"}, "too common"),
        ({"password1": "83749273948", "password2": "83749273948"}, "entirely numeric"),
        ({"username": "ladders-and-lamps"}, "too similar"),
        ({"password2": "something else"}, "differ"),
        ({"username": ""}, "required"),
        ({"username": "a b<c"}, "valid username"),
    ],
)
def test_it_refuses_a_weak_start(
    client: Client, path: str, over: dict[str, str], complaint: str
) -> None:
    """Name and password pass the validators or nobody is made."""
    response = client.post(path, GOOD | over)

    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one_admin() -> None:
    """Of parallel uses of the link exactly one makes an admin, the others hear that it was used."""
    token = path_of(first_admin_link()).split("/")[2]
    start, answers = threading.Barrier(4), []

    def use(name: str) -> None:
        start.wait()
        try:
            make_first_admin(token, name, "ladders-and-lamps")
            answers.append("made")
        except LinkClosed as closed:
            answers.append(closed.state)
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(f"dora{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["made", "used", "used", "used"]
    assert User.objects.count() == 1


def test_who_comes_a_moment_late_is_told(
    client: Client, path: str, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the link is used between the look and the deed, the second hears that it was used."""
    monkeypatch.setattr("kb.web.people.state_of", lambda _: "open")
    response = client.post(path, GOOD)

    assert response.status_code == 410
    assert not User.objects.filter(username="dora").exists()
