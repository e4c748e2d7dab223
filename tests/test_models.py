"""Who may read and write what: one queryset for every door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from pytest_django import Settings

from kb.entries.save import archive
from kb.models import ADMIN, OPERATOR, READER, WRITER, AnyUser, Entry, Source, may_write, role_of

MakeEntry = Callable[..., Entry]

pytestmark = pytest.mark.django_db


def test_roles(alice: User, bob: User, charlie: AnyUser, dana: User) -> None:
    """Groups are roles; a superuser and the operator are admins, a stranger has none."""
    root = User.objects.create_superuser("root")

    assert [role_of(user) for user in (alice, bob, charlie, dana, root, OPERATOR)] == [
        WRITER, READER, "", ADMIN, ADMIN, ADMIN,
    ]  # fmt: skip


def test_an_account_without_group_reads() -> None:
    """Whoever was given an account may read at least; an inactive one may nothing."""
    user = User.objects.create_user("erin")
    left = User.objects.create_user("frank", is_active=False)

    assert (role_of(user), role_of(left), may_write(user)) == (READER, "", False)


@pytest.mark.parametrize(
    ("open_reading", "stranger", "reader", "writer"),
    [(True, 1, 1, 2), (False, 0, 1, 2)],
)
def test_what_is_visible(  # one row a profile
    settings: Settings,
    make_entry: MakeEntry,
    alice: User,
    bob: User,
    *,
    open_reading: bool,
    stranger: int,
    reader: int,
    writer: int,
) -> None:
    """Strangers see what is open, readers what is current, writers what is archived too."""
    settings.KB_OPEN_READING = open_reading
    make_entry(title="Current")
    archive(make_entry(title="Archived").source, author=None, archived=True)

    for user, count in ((AnonymousUser(), stranger), (bob, reader), (alice, writer)):
        assert Entry.objects.visible_to(user).count() == count
        assert Source.objects.visible_to(user).count() == count


def test_addresses_are_those_of_the_urls(make_entry: MakeEntry) -> None:
    """What the models spell out is what the address table says."""
    entry = make_entry()

    assert entry.get_absolute_url() == reverse("entry", args=[entry.slug])
    assert entry.source.get_absolute_url() == reverse("source", args=[entry.source.slug])


def test_rows_say_who_they_are(make_entry: MakeEntry) -> None:
    """In a shell and the admin, rows read as what they are."""
    entry = make_entry()

    assert str(entry) == entry.title
    assert str(entry.source) == entry.source.title
    assert str(entry.source.newest()) == f"{entry.source_id}@1"
    assert str(entry.sections.all()[0]) == "error: Error"
    assert str(entry.signatures.all()[0]) == f"{entry.pk}: error"
    assert str(entry.keys.get(key="code:errno:EROFS")) == "code:errno:EROFS"
    assert str(entry.tags.all()[0]) == "aws"
