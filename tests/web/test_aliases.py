"""An old address leads to the entry that bears it now."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from kb.models import Alias, Entry
from tests.conftest import ClientFor, MakeEntry

OLD, API = "/entries/old-name/", "/api/v1/entries/old-name"


@pytest.fixture
def entry(make_entry: MakeEntry) -> Entry:
    """Return an entry that went by another name."""
    entry = make_entry()
    Alias.objects.create(slug="old-name", entry=entry)
    return entry


def test_it_works(client: Client, entry: Entry) -> None:
    """The old address sends on for good, and a browser may not hold on to it unasked."""
    response = client.get(OLD)

    assert response.status_code == 301
    assert response["Location"] == entry.get_absolute_url()
    assert response["Cache-Control"] == "no-cache"


def test_front_matter_names_old_addresses(client: Client, make_entry: MakeEntry) -> None:
    """What a text says of its old addresses is heeded."""
    entry = make_entry(
        text="---\naliases: [/posts/old-name/]\n---\n\n# New name\n\n## Fix\n\nDo.\n"
    )

    assert client.get(OLD)["Location"] == entry.get_absolute_url()


def test_a_live_slug_wins(client: Client, entry: Entry, make_entry: MakeEntry) -> None:
    """An entry that has the address itself is shown there."""
    live = make_entry(title="Old name", error="Other", path="other.md")
    assert live.slug == "old-name-2", "an old address is not given away"
    Entry.objects.filter(pk=live.pk).update(slug="old-name")

    assert client.get(OLD).context["entry"] == live
    assert client.get(API).json()["slug"] == "old-name"


def test_only_what_may_be_seen_is_led_to(
    client: Client, entry: Entry, alice: User, client_for: ClientFor, settings: Settings
) -> None:
    """To others an old address is as unknown as any, so it tells nothing."""
    Entry.objects.update(archived=True)

    assert client.get(OLD).status_code == client.get(API).status_code == 404
    assert client_for(alice).get(OLD).status_code == 301
    settings.KB_OPEN_READING = False
    assert client.get(OLD)["Location"] == f"/sign-in/?next={OLD}"


def test_a_program_gets_the_entry_itself(client: Client, entry: Entry) -> None:
    """The API answers at the old address too, and tells the present one."""
    answer = client.get(API).json()

    assert (answer["slug"], answer["url"]) == (entry.slug, entry.get_absolute_url())


def test_it_is_described(client: Client, db: None) -> None:
    """Who reads the API's description learns of old slugs."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert "An old slug" in paths["/api/v1/entries/{slug}"]["get"]["description"]
