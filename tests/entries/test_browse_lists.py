"""Lists: the newest, tags, pages and neighbours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from kb.entries.browse import latest, page, related, tags
from kb.models import Entry

MakeEntry = Callable[..., Entry]


@pytest.fixture
def seven(make_entry: MakeEntry) -> list[Entry]:
    """Save seven entries, two of them changed in the same instant, newest first."""
    made = [make_entry(title=f"Trouble {n}", path=f"{n}.md") for n in range(7)]
    Entry.objects.filter(pk=made[3].pk).update(changed=made[4].changed)
    return list(Entry.objects.order_by("-changed", "-pk"))


def test_latest_comes_first(seven: list[Entry], bob: User) -> None:
    """The list begins with what changed last."""
    assert latest(bob, 3) == seven[:3]


def test_pages_hold_every_entry_once(seven: list[Entry]) -> None:
    """Turning forward through all pages shows every entry once, and backward the same pages."""
    forward, cursor = [], ""
    while True:
        part = page(Entry.objects.all(), cursor, 3)
        forward.append(part)
        if not (cursor := part.next_cursor):
            break
    backward, cursor = [forward[-1]], forward[-1].previous_cursor
    while cursor:
        backward.append(page(Entry.objects.all(), cursor, 3))
        cursor = backward[-1].previous_cursor

    assert [entry for part in forward for entry in part.items] == seven
    assert [len(part.items) for part in forward] == [3, 3, 1]
    assert [entry for part in backward for entry in reversed(part.items)] == seven[::-1]
    assert forward[0].previous_cursor == ""


def test_an_empty_list_is_one_empty_page(db: None) -> None:
    """Where there is nothing, there is nowhere to turn."""
    part = page(Entry.objects.all())

    assert (part.items, part.next_cursor, part.previous_cursor) == ([], "", "")


@given(st.text(max_size=80) | st.from_regex(r"[ab]-?[0-9]{0,40}-[0-9]{0,40}", fullmatch=True))
@profile(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.django_db
def test_a_strange_cursor_is_no_error(cursor: str) -> None:
    """A cursor that was made up shows some page."""
    assert page(Entry.objects.all(), cursor).items == []


def test_tags_are_counted(make_entry: MakeEntry, bob: User, alice: User) -> None:
    """A tag counts what the reader may see; a tag of nothing is not shown."""
    make_entry(title="One", path="1.md", tags="aws, python")
    gone = make_entry(title="Two", path="2.md", tags="aws, secret")
    Entry.objects.filter(pk=gone.pk).update(archived=True)

    assert {tag.name: tag.count for tag in tags(bob)} == {"aws": 1, "python": 1}
    assert {tag.name: tag.count for tag in tags(alice)} == {"aws": 2, "python": 1, "secret": 1}


def test_neighbours_share_what_identifies_them(make_entry: MakeEntry, bob: User) -> None:
    """The same code counts more than a shared tag; strangers are left out."""
    here = make_entry(
        title="Here", path="1.md", error="Error [ERR_REQUIRE_ESM]: require() of x", tags="node"
    )
    same = make_entry(
        title="Same", path="2.md", error="Error [ERR_REQUIRE_ESM]: require() of y", tags="web"
    )
    tagged = make_entry(title="Tagged", path="3.md", error="Zebra crossed", tags="node")
    make_entry(title="Other", path="4.md", error="Lions slept", tags="cats")

    assert related(here, bob) == [same, tagged]
    assert related(here, bob, limit=1) == [same]


def test_neighbours_are_those_one_may_read(
    make_entry: MakeEntry, bob: User, charlie: AnonymousUser, settings: object
) -> None:
    """An archived neighbour is not shown to a reader, nor any to a stranger where reading is closed."""
    here, gone = make_entry(title="Here", path="1.md"), make_entry(title="Gone", path="2.md")
    assert related(here, bob) == [gone]
    Entry.objects.filter(pk=gone.pk).update(archived=True)
    settings.KB_OPEN_READING = False  # type: ignore[attr-defined]

    assert related(here, bob) == []
    assert related(here, charlie) == []


def test_queries_do_not_grow_with_rows(make_entry: MakeEntry, bob: User) -> None:
    """Lists cost the same for two entries as for eight."""

    def count() -> int:
        with CaptureQueriesContext(connection) as done:
            entries = latest(bob, 50)
            page(Entry.objects.visible_to(bob))
            related(entries[0], bob)
            [tag.count for tag in tags(bob)]
        return len(done)

    make_entry(title="Zero", path="zero.md")
    make_entry(title="Null", path="null.md")
    few = count()
    for number in range(6):
        make_entry(title=f"Trouble {number}", path=f"{number}.md")

    assert count() <= few
