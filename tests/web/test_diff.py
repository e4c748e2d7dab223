"""What changed between two revisions, whichever they are."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.entries.save import save
from kb.models import Source
from tests.conftest import MakeEntry

OLD, NEW = (
    "# Disk full\n\n## Fix\n\nRotate the logs.\n",
    "# Disk full\n\n## Fix\n\nRotate the <i>dumps</i>.\n",
)


@pytest.fixture
def source(make_entry: MakeEntry) -> Source:
    """Return a text with two revisions."""
    source = make_entry(text=OLD).source
    return save(NEW, author=None, path=source.path, base=1).source


def test_it_works(client: Client, source: Source) -> None:
    """Changed words are marked in both lines, and markup in them is text."""
    page = client.get(f"/sources/{source.slug}/diff/1/2/").content.decode()

    assert "Rotate the <del>logs</del>." in page
    assert "&lt;i&gt;" in page
    assert "<i>dumps" not in page


def test_it_reads_backwards(client: Client, source: Source) -> None:
    """From the newer to the older revision, what went comes back."""
    forth = client.get(f"/sources/{source.slug}/diff/1/2/").context["comparison"]
    back = client.get(f"/sources/{source.slug}/diff/2/1/").context["comparison"]

    assert (forth.added, forth.removed) == (back.removed, back.added)


def test_a_revision_does_not_differ_from_itself(client: Client, source: Source) -> None:
    """The same number twice is an answer."""
    assert "Nothing differs" in client.get(f"/sources/{source.slug}/diff/2/2/").content.decode()


def test_it_offers_to_restore_the_older(
    client: Client, source: Source, alice: User, bob: User
) -> None:
    """Writers can go back from here; readers are not offered it."""
    client.force_login(alice)
    assert (
        f"/sources/{source.slug}/restore/1/"
        in client.get(f"/sources/{source.slug}/diff/1/2/").content.decode()
    )
    client.force_login(bob)
    assert "/restore/" not in client.get(f"/sources/{source.slug}/diff/1/2/").content.decode()


@pytest.mark.parametrize("pair", ["1/3", "0/1", f"1/{10**30}"])
def test_an_unknown_revision_is_not_found(client: Client, source: Source, pair: str) -> None:
    """Numbers that never were are 404."""
    assert client.get(f"/sources/{source.slug}/diff/{pair}/").status_code == 404
