"""Searching by words, phrases and filters."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.entries import find
from kb.entries.browse import search
from kb.entries.reindex import reindex
from kb.models import Entry
from kb.search.index import IndexUnavailable

MakeEntry = Callable[..., Entry]

pytestmark = pytest.mark.django_db(transaction=True)

LAMBDA = {"title": "Read-only file system in Lambda"}
DISK = {
    "title": "Disk full on the build host",
    "error": "OSError: [Errno 28] No space left on device",
    "cause": "Old images were never removed.",
    "fix": "Prune the images with `docker system prune`.",
    "lessons": "Watch the disk.",
    "tags": "docker",
    "status": "draft",
}
CORS = {
    "title": "CORS refuses the login request",
    "error": "Access to fetch has been blocked by CORS policy",
    "cause": "The header Access-Control-Allow-Origin is missing.",
    "fix": "Answer OPTIONS and send the header from the API.",
    "lessons": "Try it in a browser.",
    "tags": "browser, aws",
    "status": "validated",
    "severity": "high",
}


ESM = {
    "title": "A package can only be imported",
    "error": "BlockedError: require() of ES Module is not supported",
    "cause": "The package dropped CommonJS.",
    "fix": "Use import.",
    "lessons": "Pin majors.",
    "tags": "node",
    "status": "validated",
}


@pytest.fixture(autouse=True)
def index(transactional_db: None) -> None:
    """Begin with an empty index that is ready to be written."""
    reindex()


@pytest.fixture
def few(make_entry: MakeEntry) -> dict[str, Entry]:
    """Save a few entries, each on its own subject."""
    return {
        "lambda": make_entry(**LAMBDA),
        "disk": make_entry(**DISK),
        "cors": make_entry(**CORS),
        "esm": make_entry(**ESM),
    }


def names(text: str, few: dict[str, Entry], user: User | AnonymousUser) -> list[str]:
    """Return which of the few a search finds, best first."""
    by_pk = {entry.pk: name for name, entry in few.items()}
    return [by_pk[hit.entry.pk] for hit in search(text, user).hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("read-only", "lambda"),
        ("read only lambda", "lambda"),
        ("disk", "disk"),
        ("Errno 28", "disk"),
        ("/var/task", "lambda"),
        ("docker system prune", "disk"),
        ("Access-Control-Allow-Origin", "cors"),
        ("upload_7.jpg", "lambda"),
        ("OSError space", "disk"),
        ('"no space left"', "disk"),
        ("tag:docker", "disk"),
        ("severity:high", "cors"),
        ("status:draft", "disk"),
        ("in:fix options", "cors"),
        ("in:title lambda", "lambda"),
        ("build hos", "disk"),
        ("type:blockederror", "esm"),
        ("code:enospc", "disk"),
        ("code:28", "disk"),
    ],
)
def test_it_works(text: str, first: str, few: dict[str, Entry], bob: User) -> None:
    """Words, parts of words, prefixes, phrases and filters find their entry first."""
    assert names(text, few, bob)[:1] == [first]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OSError -docker", ["lambda"]),
        ("OSError -tag:docker", ["lambda"]),
        ("tag:aws", ["cors", "lambda"]),
        ("tag:aws -cors", ["lambda"]),
        ('tag:aws -"login request"', ["lambda"]),
        ("tag:nothing", []),
        ('"left no space"', ["disk"]),
        ("docker tag:browser", []),
        ("in:fix lambda", []),
        ("path:nowhere/ disk", []),
        ("before:2001-01-01", []),
        ("after:2001-01-01", ["cors", "disk", "esm", "lambda"]),
        ("-before:2001-01-01 tag:docker", ["disk"]),
    ],
)
def test_it_narrows(text: str, expected: list[str], few: dict[str, Entry], bob: User) -> None:
    """Exclusions and filters leave out exactly what they name."""
    assert sorted(names(text, few, bob)) == sorted(expected)


def test_it_shows_the_section_that_hit(few: dict[str, Entry], bob: User) -> None:
    """A hit shows the neighbourhood of the words in the section that holds most of them."""
    (hit,) = search("prune images", bob).hits

    assert (hit.kind, hit.heading) == ("fix", "Fix")
    assert ("Prune", True) in hit.snippet


def test_a_hit_in_the_title_shows_the_error(few: dict[str, Entry], bob: User) -> None:
    """When no section holds the words, the error line says more than any of them."""
    (hit,) = search("build host", bob).hits

    assert (hit.kind, hit.heading) == ("", "")
    assert "".join(text for text, _ in hit.snippet) == DISK["error"]


def test_some_words_are_better_than_nothing(few: dict[str, Entry], bob: User) -> None:
    """When no entry has all words, those with some are shown, and it says so."""
    found = search("docker unicorn", bob)

    assert [hit.entry for hit in found.hits] == [few["disk"]]
    assert found.notes == (find.SOME_WORDS,)


def test_nothing_is_an_honest_answer(few: dict[str, Entry], bob: User) -> None:
    """Words that occur nowhere find nothing, without excuses."""
    assert search("unicorn", bob) == find.Found((), ())
    assert search("unicorn griffin", bob) == find.Found((), ())


@pytest.mark.parametrize(
    ("text", "notes"), [("", ()), ("   ", ()), ("-disk", (find.NOTHING_ASKED,))]
)
def test_nothing_asked_finds_nothing(text: str, notes: tuple[str, ...], bob: User) -> None:
    """A query that looks for nothing says what to add."""
    assert search(text, bob) == find.Found((), notes)


def test_signs_alone_are_looked_for_in_titles(make_entry: MakeEntry, bob: User) -> None:
    """What the index cannot hold is still found where it stands in a title."""
    entry = make_entry(title="What ??! means in C", path="signs.md")

    found = search("??!", bob)

    assert [hit.entry for hit in found.hits] == [entry]
    assert found.notes == (find.NO_WORDS,)


def test_it_answers_while_the_index_is_rebuilt(few: dict[str, Entry], bob: User) -> None:
    """Without an index, titles and error lines are searched, it says so and asks for help."""
    with (
        patch.object(find, "get_index", side_effect=IndexUnavailable("gone")),
        patch.object(find, "report_damage") as report,
    ):
        found = search("disk full", bob)

    assert [hit.entry for hit in found.hits] == [few["disk"]]
    assert found.notes == (find.REBUILDING,)
    report.assert_called_once_with()


def test_validated_entries_win_ties(make_entry: MakeEntry, bob: User) -> None:
    """Of two equal entries the validated one comes first."""
    good = make_entry(title="Zebra crossing", path="a.md", status="validated")
    make_entry(title="Zebra crossing", path="b.md", status="draft")

    assert search("zebra", bob).hits[0].entry == good


def test_a_stranger_finds_nothing_where_reading_is_closed(
    few: dict[str, Entry], charlie: AnonymousUser, settings: object
) -> None:
    """The same rule decides here as on every page."""
    assert search("disk", charlie).hits
    settings.KB_OPEN_READING = False  # type: ignore[attr-defined]

    assert search("disk", charlie).hits == ()
    assert search("tag:docker", charlie).hits == ()


def test_archived_entries_are_for_writers(few: dict[str, Entry], bob: User, alice: User) -> None:
    """Readers do not find what was archived, even while the index still holds it."""
    Entry.objects.filter(pk=few["disk"].pk).update(archived=True)

    assert search("disk", bob).hits == ()
    assert [hit.entry for hit in search("disk", alice).hits] == [few["disk"]]


def test_queries_do_not_grow_with_rows(make_entry: MakeEntry, bob: User) -> None:
    """Twenty hits cost as many queries as one."""
    make_entry(title="Zebra one", path="z.md")
    with CaptureQueriesContext(connection) as few:
        search('zebra "zebra"', bob)
    for number in range(10):
        make_entry(title=f"Zebra {number}", path=f"{number}.md")
    with CaptureQueriesContext(connection) as many:
        assert len(search('zebra "zebra"', bob).hits) == 11

    assert len(many) <= len(few)


@given(st.text(alphabet=st.characters() | st.sampled_from('":- tagincode*?[]()~^'), max_size=80))
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_text_makes_it_raise(few: dict[str, Entry], bob: User, text: str) -> None:
    """Whatever is typed, there is an answer."""
    found = search(text, bob)

    assert len(found.hits) <= 4
