"""Who may read and write what: one queryset for every door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.urls import reverse
from pytest_django import Settings

from kb.entries.save import archive
from kb.models import (
    ADMIN,
    OPERATOR,
    READER,
    ROLES,
    WRITER,
    AnyUser,
    Entry,
    Source,
    may_read,
    may_write,
    role_of,
)

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


def test_the_highest_role_counts() -> None:
    """In two groups the higher one holds; a group that is no role gives none beyond reading."""
    for name, groups, role in (("erin", ROLES, ADMIN), ("frank", ["night shift"], READER)):
        user = User.objects.create_user(name)
        user.groups.set(Group.objects.get_or_create(name=group)[0] for group in groups)
        assert role_of(user) == role


def test_a_role_is_read_once_for_each_person(
    alice: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    """A page asks for it several times."""
    with django_assert_num_queries(1):
        assert [(may_write(alice), may_read(alice), role_of(alice)) for _ in range(3)]


@pytest.mark.parametrize("open_reading", [True, False])
def test_a_closed_account_is_a_stranger(settings: Settings, *, open_reading: bool) -> None:
    """Whoever left reads what anyone may, and nothing more, whatever they were before."""
    settings.KB_OPEN_READING = open_reading
    left = User.objects.create_superuser("left", is_active=False)

    assert (may_read(left), may_write(left)) == (open_reading, False)


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


def test_visible_narrows_any_queryset(make_entry: MakeEntry, alice: User, bob: User) -> None:
    """It works on what was filtered before, and can be filtered after."""
    make_entry(title="Current", path="current.md")
    archive(make_entry(title="Gone", path="gone.md").source, author=None, archived=True)
    gone = Entry.objects.filter(slug="gone")

    assert (gone.visible_to(alice).count(), gone.visible_to(bob).count()) == (1, 0)
    assert Entry.objects.visible_to(bob).filter(slug="current").exists()
    assert [entry.slug for entry in Entry.objects.visible_to(alice).current()] == ["current"]


def test_lists_cost_two_queries(
    make_entry: MakeEntry, django_assert_num_queries: Callable[[int], Any]
) -> None:
    """However long they are, with the last changed first."""
    for number in range(5):
        make_entry(title=f"Trouble {number}", path=f"{number}.md")

    with django_assert_num_queries(2):
        lines = [
            (entry.source.title, [tag.name for tag in entry.tags.all()])
            for entry in Entry.objects.for_list()
        ]
    assert [title for title, _ in lines] == [f"Trouble {number}" for number in (4, 3, 2, 1, 0)]


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
