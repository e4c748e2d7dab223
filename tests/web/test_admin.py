"""/admin/: superusers look at rows, nobody changes them there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.admin import site
from kb.models import Entry

MakeEntry = Callable[..., Entry]
ClientFor = Callable[..., Client]

NOUNS = sorted(model._meta.model_name or "" for model in site._registry)


@pytest.fixture
def looker(client_for: ClientFor, db: None) -> Client:
    """Sign in a superuser."""
    return client_for(User.objects.create_superuser("erin", password="a long phrase for tests"))


@pytest.mark.parametrize("noun", NOUNS)
def test_it_works(looker: Client, make_entry: MakeEntry, noun: str) -> None:
    """A superuser can list and open every kind of row."""
    make_entry()
    model = next(model for model in site._registry if model._meta.model_name == noun)
    first = model._default_manager.first()
    assert first

    assert looker.get(f"/admin/kb/{noun}/").status_code == 200
    assert looker.get(f"/admin/kb/{noun}/{first.pk}/change/").status_code == 200


@pytest.mark.parametrize("noun", NOUNS)
def test_nothing_is_written_there(looker: Client, make_entry: MakeEntry, noun: str) -> None:
    """Even a superuser neither adds, changes nor deletes: `entries.save` is the only writer."""
    make_entry()
    model = next(model for model in site._registry if model._meta.model_name == noun)
    first = model._default_manager.first()
    assert first
    addresses = [f"{noun}/add/", f"{noun}/{first.pk}/change/", f"{noun}/{first.pk}/delete/"]

    assert [looker.post(f"/admin/kb/{address}").status_code for address in addresses] == [403] * 3
    assert model._default_manager.filter(pk=first.pk).exists()


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    """There is one sign-in page, not two."""
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/sign-in/?next=")


@pytest.mark.parametrize("who", ["alice", "bob", "dana"])
def test_who_is_no_superuser_is_refused(
    client_for: ClientFor, request: pytest.FixtureRequest, who: str
) -> None:
    """A role in the team opens no rows."""
    client = client_for(request.getfixturevalue(who))

    assert client.get("/admin/", follow=True).status_code == 403
