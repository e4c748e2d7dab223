"""The history lists every revision, newest first, with what each changed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.entries.save import archive, save
from kb.models import Source
from kb.web.history import PAGE
from tests.conftest import MakeEntry

TEXT = "# Disk full\n\n## Fix\n\nRotate.\n"


@pytest.fixture
def source(make_entry: MakeEntry) -> Source:
    """Return a text with one revision."""
    return make_entry(text=TEXT).source


def add(source: Source, text: str, author: User | None = None, message: str = "") -> None:
    """Add a revision."""
    source.refresh_from_db()
    save(text, author=author, path=source.path, base=source.revision, message=message)


def test_it_works(client: Client, source: Source, alice: User) -> None:
    """Each line says who, what for, and how many lines came and went."""
    add(source, TEXT + "\nTwice.\n", alice, "be thorough")
    response = client.get(f"/sources/{source.slug}/revisions/")

    changes = response.context["changes"]
    assert [change.revision.number for change in changes] == [2, 1]
    assert [(change.added, change.removed) for change in changes] == [(2, 0), (5, 0)]
    assert "be thorough" in response.content.decode()
    assert "alice" in response.content.decode()


def test_two_chosen_are_compared(client: Client, source: Source) -> None:
    """The form of the list leads to the comparison of the two that were chosen."""
    add(source, TEXT + "\nTwice.\n")
    response = client.get(f"/sources/{source.slug}/revisions/", {"old": 1, "new": 2})

    assert response["Location"] == f"/sources/{source.slug}/diff/1/2/"


@pytest.mark.parametrize(
    "query",
    ["?old=x&new=2", "?old=1", "?before=0", "?before=-3", "?before=x", f"?before={'9' * 30}"],
)
def test_a_strange_question_shows_the_list(client: Client, source: Source, query: str) -> None:
    """What cannot be read is left aside."""
    response = client.get(f"/sources/{source.slug}/revisions/{query}")

    assert response.status_code == 200
    assert len(response.context["changes"]) == 1


def test_it_goes_on_page_by_page(client: Client, source: Source) -> None:
    """A long history is read in pages that leave no revision out."""
    for number in range(PAGE + 5):
        add(source, f"{TEXT}\n{number}\n")
    seen: list[int] = []
    query = ""
    while query is not None:
        context = client.get(f"/sources/{source.slug}/revisions/{query}").context
        seen += [change.revision.number for change in context["changes"]]
        query = f"?before={context['more']}" if context["more"] else None

    assert seen == list(range(PAGE + 6, 0, -1))


def test_before_the_first_there_is_nothing(client: Client, source: Source) -> None:
    """Going back too far is an answer with a way on."""
    assert (
        "nothing this far back"
        in client.get(f"/sources/{source.slug}/revisions/?before=1").content.decode()
    )


def test_queries_do_not_grow_with_revisions(client: Client, source: Source) -> None:
    """A long history costs as many queries as a short one."""

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/sources/{source.slug}/revisions/")
        return len(queries)

    few = count()
    for number in range(10):
        add(source, f"{TEXT}\n{number}\n")

    assert count() == few


def test_what_is_archived_has_no_history_for_readers(
    client: Client, source: Source, alice: User
) -> None:
    """Side doors are as closed as the page itself."""
    archive(source, author=alice, archived=True)

    for page in ("revisions/", "revisions/1/", "diff/1/1/"):
        assert client.get(f"/sources/{source.slug}/{page}").status_code == 404
    client.force_login(alice)
    for page in ("revisions/", "revisions/1/", "diff/1/1/"):
        assert client.get(f"/sources/{source.slug}/{page}").status_code == 200
