"""Restoring makes a new revision with an old text; the history stays."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.entries.save import save
from kb.models import Source
from tests.conftest import MakeEntry

OLD, NEW = "# Disk full\n\n## Fix\n\nRotate.\n", "# Disk full\n\n## Fix\n\nPanic.\n"


@pytest.fixture
def source(make_entry: MakeEntry) -> Source:
    """Return a text with two revisions."""
    source = make_entry(text=OLD).source
    return save(NEW, author=None, path=source.path, base=1).source


def test_it_works(writer: Client, source: Source, alice: User) -> None:
    """The old text is the newest revision again, by whoever restored it."""
    response = writer.post(f"/sources/{source.slug}/restore/1/", {"base": 2})

    newest = source.revisions.latest("number")
    assert response.status_code == 302
    assert (newest.number, newest.text) == (3, OLD)
    assert (newest.author, newest.message) == (alice, "restore revision 1")


def test_it_does_not_overwrite_what_came_meanwhile(writer: Client, source: Source) -> None:
    """When someone saved after the page was opened, restoring gives the conflict page."""
    save(NEW + "\nmore\n", author=None, path=source.path, base=2)
    response = writer.post(f"/sources/{source.slug}/restore/1/", {"base": 2})

    assert response.status_code == 409
    assert response.context["stale"].yours == OLD
    assert source.revisions.latest("number").number == 3


def test_restoring_the_newest_adds_nothing(writer: Client, source: Source) -> None:
    """The text that is there already is not saved again."""
    writer.post(f"/sources/{source.slug}/restore/2/", {"base": 2})

    assert source.revisions.count() == 2


@pytest.mark.parametrize(
    "data", [{}, {"base": ""}, {"base": "x"}, {"base": "-1"}, {"base": "9" * 40}]
)
def test_it_refuses_without_a_base(writer: Client, source: Source, data: dict[str, str]) -> None:
    """Without the number that was seen as newest nothing is restored."""
    assert writer.post(f"/sources/{source.slug}/restore/1/", data).status_code == 400
    assert source.revisions.count() == 2


@pytest.mark.parametrize("number", [0, 3, 10**30])
def test_an_unknown_revision_is_not_found(writer: Client, source: Source, number: int) -> None:
    """Numbers that never were are 404."""
    assert writer.post(f"/sources/{source.slug}/restore/{number}/", {"base": 2}).status_code == 404


def test_it_is_a_post(writer: Client, source: Source) -> None:
    """Opening the address does nothing."""
    assert writer.get(f"/sources/{source.slug}/restore/1/").status_code == 405
    assert source.revisions.count() == 2
