"""Old addresses that a text names lead to its entry, and to no other's."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from kb.entries.ingest import ingest
from kb.models import Alias, Entry
from tests.entries.texts import NOTE, guide, lay, put, trouble

pytestmark = pytest.mark.django_db


def note(*aliases: str, title: str = "Disk full", more: str = "") -> str:
    """Write a note that names its old addresses."""
    return f"---\naliases: {list(aliases)}\n---\n\n{NOTE.replace('Disk full', title)}{more}"


def leads() -> dict[str, str]:
    """Return by old address where it leads."""
    return dict(Alias.objects.values_list("slug", "entry__slug"))


@pytest.mark.parametrize(
    ("alias", "slug"),
    [
        ("old-name", "old-name"),
        ("/posts/old-name/", "old-name"),
        ("posts/2019/old-name", "old-name"),
        ("old-name.html", "old-name"),
        ("/kb/Old Name.md", "old-name"),
        ("https://kb.example.org/posts/old-name/?from=mail#fix", "old-name"),
        ("KB0010023", "kb0010023"),
    ],
)
def test_it_works(alias: str, slug: str) -> None:
    """Whatever an old address looked like, its last part leads to the entry."""
    put(note(alias))

    assert leads() == {slug: "disk-full"}


@pytest.mark.parametrize("alias", ["/", "", "   ", "#top", "/?p=12", "日本語", ".html"])
def test_what_holds_no_address_is_left_out(alias: str) -> None:
    """It leads nowhere and stops nothing."""
    put(note(alias, "old-name"))

    assert leads() == {"old-name": "disk-full"}


@pytest.mark.parametrize("key", ["aliases", "redirect_from"])
def test_one_may_stand_alone(tmp_path: Path, key: str) -> None:
    """As text or list, under either key, from a file as from the wiki."""
    ingest([lay(tmp_path, {"a.md": f"---\n{key}: /posts/old-name/\n---\n\n{NOTE}"})])

    assert leads() == {"old-name": "disk-full"}


def test_two_spellings_are_one_address() -> None:
    """And an entry may name its own."""
    put(note("/posts/old-name/", "old-name.html", "disk-full"))

    assert Alias.objects.filter(slug="old-name").count() == 1
    assert set(leads().values()) == {"disk-full"}


def test_a_long_one_fits() -> None:
    """It is cut where the column ends."""
    put(note("x" * 500))

    assert [len(slug) for slug in leads()] == [120]


def test_a_removed_one_keeps_working() -> None:
    """Links to it may be anywhere."""
    put(note("old-name"))
    put(note("other-name"), 1)
    put(NOTE, 2)

    assert leads() == {"old-name": "disk-full", "other-name": "disk-full"}


def test_one_that_leads_elsewhere_stays_there() -> None:
    """Who comes later does not take it away, in the same run or the next."""
    put(note("old-name"))
    put(note("/x/old-name", "new-name", title="Login fails"), path="b.md")

    assert leads() == {"old-name": "disk-full", "new-name": "login-fails"}


def test_within_one_run_the_first_has_it(tmp_path: Path) -> None:
    """Two files that name the same address are both read."""
    texts = {"a.md": note("old-name"), "b.md": note("old-name", title="Login fails")}
    report = ingest([lay(tmp_path, texts)])

    assert report.counts() == {"created": 2}
    assert leads() == {"old-name": "disk-full"}


def test_another_entrys_address_is_not_taken(client: Client) -> None:
    """It leads to that entry, which is there, and not to one that would like to have it."""
    disk = put(NOTE).entries[0]
    put(note("disk-full", title="Login fails"), path="b.md")

    assert client.get("/entries/disk-full/").context["entry"] == disk


def test_the_aliases_of_a_guide_lead_to_one_of_its_entries() -> None:
    """They are written above all of them, and must not be lost."""
    text = guide(trouble("Login fails"), trouble("Proxy answers 502"))
    put(f"---\naliases: [/posts/old-guide/]\n---\n\n{text}")

    assert leads().keys() == {"old-guide"}


def test_archived_entries_keep_theirs() -> None:
    """Until they come back."""
    put(note("old-name"))
    put(note("old-name").replace("---\n\n#", "status: archived\n---\n\n#"), 1)

    assert Entry.objects.get().archived
    assert leads() == {"old-name": "disk-full"}


def test_a_new_alias_of_an_unchanged_text_is_written() -> None:
    """Though no reader sees a difference in the entry."""
    put(NOTE)
    put(note("old-name"), 1)

    assert leads() == {"old-name": "disk-full"}
