"""One revision: its text, its page, and the way back to it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.entries.save import save
from kb.models import Revision, Source
from tests.conftest import MakeEntry

OLD, NEW = "# Disk full\n\n## Fix\n\nRotate.\n", "# Disk full\n\n## Fix\n\nPanic <b>now</b>.\n"


@pytest.fixture
def source(make_entry: MakeEntry) -> Source:
    """Return a text with two revisions."""
    source = make_entry(text=OLD).source
    return save(NEW, author=None, path=source.path, base=1, message="for a while").source


def test_it_works(client: Client, source: Source) -> None:
    """The page shows the text as it was saved and as it looked."""
    page = client.get(f"/sources/{source.slug}/revisions/2/").content.decode()

    assert "Panic &lt;b&gt;now&lt;/b&gt;." in page
    assert "Revision 2, the newest" in page
    assert "for a while" in page


@pytest.mark.parametrize(("number", "offered"), [(1, True), (2, False)])
def test_writers_may_restore_what_is_not_the_newest(
    client: Client, source: Source, alice: User, number: int, *, offered: bool
) -> None:
    """The button carries the number that is newest now; there is none where it would do nothing."""
    client.force_login(alice)
    page = client.get(f"/sources/{source.slug}/revisions/{number}/").content.decode()

    assert (f'action="/sources/{source.slug}/restore/{number}/"' in page) == offered
    assert ('name="base" value="2"' in page) == offered


def test_readers_are_offered_nothing_they_may_not(
    client: Client, source: Source, bob: User
) -> None:
    """A reader sees the text and no button."""
    client.force_login(bob)

    assert "/restore/" not in client.get(f"/sources/{source.slug}/revisions/1/").content.decode()


def test_a_text_that_is_no_page_is_still_shown(client: Client, source: Source) -> None:
    """A revision that could not be saved today is shown as text, with the reason."""
    Revision.objects.filter(number=1).update(text="---\ntags: [\n---\n")
    response = client.get(f"/sources/{source.slug}/revisions/1/")

    assert response.status_code == 200
    assert "cannot be shown as a page" in response.content.decode()


@pytest.mark.parametrize("number", [0, 3, 10**30])
def test_an_unknown_revision_is_not_found(client: Client, source: Source, number: int) -> None:
    """Numbers that never were are 404."""
    assert client.get(f"/sources/{source.slug}/revisions/{number}/").status_code == 404
