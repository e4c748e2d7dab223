"""Admins, and only they, decide who is on the team and what each may do."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.models import ADMIN, READER, WRITER, role_of


@pytest.fixture
def admin(client: Client, dana: User) -> Client:
    """Return a client signed in as Dana."""
    client.force_login(dana)
    return client


def link_in(response: Any) -> str:
    """Return the path of the set-password link on the page."""
    page = response.content.decode()
    start = page.index("/set-password/")
    return page[start : page.index("<", start)]


def fresh(user: User) -> User:
    """Read the user anew."""
    return User.objects.get(pk=user.pk)


def test_it_works(admin: Client, alice: User, bob: User) -> None:
    """The list names everyone with their role."""
    page = admin.get("/people/").content.decode()

    assert [name for name in ("alice", "bob", "dana") if name in page] == ["alice", "bob", "dana"]


@pytest.mark.parametrize("role", [READER, WRITER, ADMIN])
def test_adding_a_person_shows_a_link_to_hand_over(admin: Client, role: str) -> None:
    """Who is added has the role, no password, and a link by which to choose one."""
    response = admin.post("/people/", {"username": "erin", "email": "", "role": role})

    erin = User.objects.get(username="erin")
    assert role_of(erin) == role
    assert not erin.has_usable_password()
    assert "no-store" in response["Cache-Control"]
    assert Client().get(link_in(response), follow=True).status_code == 200


@pytest.mark.parametrize(
    "over",
    [
        {"username": "ALICE"},
        {"username": ""},
        {"username": "a b"},
        {"role": "owner"},
        {"email": "nobody"},
    ],
)
def test_it_refuses_to_add(admin: Client, alice: User, over: dict[str, str]) -> None:
    """A taken or impossible name, an unknown role or a broken address adds nobody."""
    before = User.objects.count()
    admin.post("/people/", {"username": "erin", "email": "", "role": READER} | over)

    assert User.objects.count() == before


def test_only_the_fields_of_the_form_count(admin: Client) -> None:
    """Extra fields cannot make an account more than its role says."""
    extra = {"is_superuser": "1", "is_staff": "1", "groups": "3", "password": "x", "id": "7"}
    admin.post("/people/", {"username": "erin", "role": READER} | extra)

    erin = User.objects.get(username="erin")
    assert (erin.is_superuser, erin.is_staff, role_of(erin)) == (False, False, READER)
    assert not erin.has_usable_password()


@pytest.mark.parametrize("role", [READER, WRITER, ADMIN])
def test_it_changes_a_role(admin: Client, alice: User, role: str) -> None:
    """A person has exactly the role that was given last."""
    admin.post(f"/people/{alice.pk}/", {"do": "role", "role": role})

    assert role_of(alice) == role
    assert alice.groups.count() == 1


@pytest.mark.parametrize("data", [{"do": "role", "role": READER}, {"do": "deactivate"}])
def test_the_last_admin_stays(admin: Client, dana: User, data: dict[str, str]) -> None:
    """The only admin can neither step down nor close the account, and reads what to do first."""
    response = admin.post(f"/people/{dana.pk}/", data)

    assert response.status_code == 409
    assert "Make someone else an admin first" in response.content.decode()
    assert role_of(fresh(dana)) == ADMIN


def test_a_closed_admin_is_no_other_admin(admin: Client, dana: User, alice: User) -> None:
    """An admin who cannot sign in does not allow the last one to go."""
    admin.post(f"/people/{alice.pk}/", {"do": "role", "role": ADMIN})
    admin.post(f"/people/{alice.pk}/", {"do": "deactivate"})

    assert admin.post(f"/people/{dana.pk}/", {"do": "deactivate"}).status_code == 409


def test_an_admin_may_go_when_another_stays(admin: Client, dana: User, alice: User) -> None:
    """With a second admin the first may step down, and is no superuser afterwards either."""
    User.objects.filter(pk=dana.pk).update(is_superuser=True, is_staff=True)
    admin.post(f"/people/{alice.pk}/", {"do": "role", "role": ADMIN})
    admin.post(f"/people/{dana.pk}/", {"do": "role", "role": WRITER})

    assert role_of(fresh(dana)) == WRITER
    assert not fresh(dana).is_staff
    assert admin.get("/people/").status_code == 403


def test_deactivating_ends_the_sessions_at_once(admin: Client, alice: User) -> None:
    """The next request of a deactivated person is a stranger's; reactivating lets them back."""
    theirs = Client()
    theirs.force_login(alice)
    admin.post(f"/people/{alice.pk}/", {"do": "deactivate"})
    refused = theirs.get("/new/").status_code
    admin.post(f"/people/{alice.pk}/", {"do": "reactivate"})

    assert refused == 302
    assert fresh(alice).is_active


def test_a_new_link_leaves_the_password_in_force(admin: Client, alice: User) -> None:
    """A link that nobody uses changes nothing."""
    response = admin.post(f"/people/{alice.pk}/", {"do": "link"})

    assert link_in(response).startswith("/set-password/")
    assert fresh(alice).check_password("a long phrase for tests")


@pytest.mark.parametrize(
    "data", [{}, {"do": "delete"}, {"do": "role"}, {"do": "role", "role": "owner"}]
)
def test_it_refuses_what_it_does_not_know(admin: Client, alice: User, data: dict[str, str]) -> None:
    """An unknown wish changes nothing and is answered with 400."""
    assert admin.post(f"/people/{alice.pk}/", data).status_code == 400
    assert role_of(alice) == WRITER


def test_a_closed_account_gets_no_link(admin: Client, alice: User) -> None:
    """Reactivate first, then hand out links."""
    admin.post(f"/people/{alice.pk}/", {"do": "deactivate"})

    assert admin.post(f"/people/{alice.pk}/", {"do": "link"}).status_code == 400


def test_an_unknown_person_is_not_found(admin: Client) -> None:
    """Numbers of nobody, however large, are 404."""
    assert admin.get("/people/999999/").status_code == 404
    assert admin.get(f"/people/{10**30}/").status_code == 404


def test_queries_do_not_grow_with_people(admin: Client) -> None:
    """A long list costs as many queries as a short one."""

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get("/people/")
        return len(queries)

    few = count()
    for number in range(20):
        admin.post("/people/", {"username": f"erin{number}", "role": READER})

    assert count() == few


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_others_may_not(client: Client, alice: User, bob: User, name: str) -> None:
    """Readers and writers neither see the list nor make themselves admins."""
    me = User.objects.get(username=name)
    client.force_login(me)

    assert client.get("/people/").status_code == 403
    assert client.post(f"/people/{me.pk}/", {"do": "role", "role": ADMIN}).status_code == 403
    assert client.post("/people/", {"username": "erin", "role": ADMIN}).status_code == 403
    assert role_of(me) != ADMIN
    assert not User.objects.filter(username="erin").exists()
