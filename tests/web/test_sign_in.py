"""Sign-in says the same to everyone it refuses, and slows down guessing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from kb.web.throttle import TRIES, client_address

PASSWORD = "a long phrase for tests"
HOME, ASK = "/", "/sign-in/"


def sign_in(client: Client, name: str, password: str, **more: Any) -> Any:
    """Send the form."""
    return client.post(ASK, {"username": name, "password": password}, **more)


def words_of(response: Any) -> str:
    """Return the page without what differs by itself: tokens and the name that was typed."""
    page = re.sub(r'value="[^"]*"', "", response.content.decode())
    return " ".join(page.split())


def test_it_works(client: Client, alice: User) -> None:
    """A right name and password lead home, with a fresh session."""
    response = sign_in(client, "alice", PASSWORD)

    assert (response.status_code, response["Location"]) == (302, HOME)
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_it_leads_back_to_the_page_that_was_asked_for(client: Client, alice: User) -> None:
    """`next` is followed inside Rootnote and nowhere else."""
    inside = client.post(ASK, {"username": "alice", "password": PASSWORD, "next": "/new/"})
    client.post("/sign-out/")
    outside = client.post(
        ASK, {"username": "alice", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert inside["Location"] == "/new/"
    assert outside["Location"] == HOME


@pytest.mark.parametrize("tries", [1, TRIES + 1])
def test_it_answers_alike_for_known_and_unknown_names(alice: User, tries: int) -> None:
    """Neither a wrong password nor the throttle tells whether an account exists."""
    for _ in range(tries):
        known = sign_in(Client(), "alice", "wrong")
        unknown = sign_in(Client(), "nobody", "wrong")

    assert known.status_code == unknown.status_code
    assert words_of(known) == words_of(unknown)


def test_it_refuses_the_eleventh_try(client: Client, alice: User) -> None:
    """After ten failed tries even the right password waits."""
    answers = [sign_in(client, "alice", "wrong").status_code for _ in range(TRIES)]
    late = sign_in(client, "ALICE", PASSWORD)

    assert answers == [200] * TRIES
    assert late.status_code == 429
    assert "Wait 15 minutes" in late.content.decode()
    assert "_auth_user_id" not in client.session


def test_it_forgets_after_a_quarter_of_an_hour(client: Client, alice: User) -> None:
    """When the tries are old, the right password works again, and they are swept away."""
    for _ in range(TRIES):
        sign_in(client, "alice", "wrong")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert sign_in(client, "alice", PASSWORD).status_code == 302
    assert not Session.objects.filter(session_key__startswith="try-").exists()


def test_a_good_sign_in_starts_the_count_anew(client: Client, alice: User) -> None:
    """Slips of the owner do not add up."""
    for _ in range(3):
        for _ in range(TRIES - 1):
            sign_in(client, "alice", "wrong")
        assert sign_in(client, "alice", PASSWORD).status_code == 302
        client.post("/sign-out/")


def test_others_are_not_slowed_down(client: Client, alice: User, bob: User) -> None:
    """The count is for one account and address: another of either goes on."""
    for _ in range(TRIES + 1):
        sign_in(client, "alice", "wrong", REMOTE_ADDR="192.0.2.7")

    assert sign_in(Client(), "bob", PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert sign_in(Client(), "alice", PASSWORD, REMOTE_ADDR="192.0.2.8").status_code == 302


def test_a_try_is_not_a_session(client: Client, alice: User) -> None:
    """Who presents a counted try as a session is nobody."""
    sign_in(client, "alice", "wrong")
    client.cookies["sessionid"] = Session.objects.get().session_key

    assert client.get("/new/").status_code == 302


def test_it_refuses_a_closed_account(client: Client, alice: User) -> None:
    """A deactivated account is answered like an unknown one."""
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert words_of(sign_in(client, "alice", PASSWORD)) == words_of(
        sign_in(client, "nobody", PASSWORD)
    )


def test_sign_out_is_a_post(client: Client, alice: User) -> None:
    """A link cannot sign anyone out; the button can."""
    client.force_login(alice)

    assert client.get("/sign-out/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/sign-out/").status_code == 302
    assert "_auth_user_id" not in client.session


PROXY = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("proxy", "direct", "forwarded", "expected"),
    [
        (None, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (PROXY, "10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (PROXY, "10.0.0.1", "not an address", "not an address"),
        (None, "2001:db8::1", "", "2001:db8::/64"),
        (None, "::ffff:192.0.2.7", "", "192.0.2.7"),
        (None, "", "", ""),
    ],
)
def test_the_address_is_the_one_our_own_side_saw(
    settings: Settings, proxy: tuple[str, str] | None, direct: str, forwarded: str, expected: str
) -> None:
    """What a client writes into headers counts only as far as our proxy wrote it."""
    settings.SECURE_PROXY_SSL_HEADER = proxy
    request = RequestFactory().get("/", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == expected


def test_a_proxy_that_says_nothing_is_taken_for_the_client(settings: Settings) -> None:
    """Without the header the address of the connection counts."""
    settings.SECURE_PROXY_SSL_HEADER = PROXY

    assert client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"
