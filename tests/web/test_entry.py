"""An entry's page: the error, its sections in a fixed order, the fix first for who comes from a match."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kb.entries.save import archive, save
from kb.models import Entry
from tests.conftest import ClientFor, MakeEntry

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[x](javascript:alert(1))",
    '<div hx-get="/people/" hx-trigger="load">x</div>',
    "</textarea></title><script>alert(1)</script>",
]


def read(client: Client, entry: Entry, query: str = "") -> str:
    """Return an entry's page."""
    page: str = client.get(f"/entries/{entry.slug}/{query}").content.decode()
    return page


class Tags(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, its attributes and where it leads."""
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name == "href"}


def order(page: str, *anchors: str) -> bool:
    """Tell whether the sections stand on the page in this order."""
    places = [page.index(f'id="{anchor}"') for anchor in anchors]
    return places == sorted(places)


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """Title, state, tags, error and sections stand there, and where they come from."""
    entry = make_entry(severity="high")
    page = read(client, entry)

    assert "<h1>Read-only file system in Lambda</h1>" in page
    assert '<span class="state validated">validated</span>' in page
    assert "severity high" in page
    assert 'href="/tags/aws/"' in page
    assert "OSError: [Errno 30] Read-only file system: &#x27;/var/task" in page
    assert "revision 1" in page
    assert "wiki/read-only-file-system-in-lambda.md" in page
    assert order(page, "cause", "fix", "lessons")


def test_the_fix_comes_first_from_a_match(client: Client, make_entry: MakeEntry) -> None:
    """Who comes from a match came for the fix."""
    assert order(read(client, make_entry(), "?from=match"), "fix", "cause", "lessons")


def test_sections_keep_their_order_of_reading(client: Client, make_entry: MakeEntry) -> None:
    """However the text is ordered, the page is: error, cause, fix, lessons, then the rest."""
    text = "# T\n\n## Lessons\n\nl\n\n## Odd one\n\no\n\n## Fix\n\nf\n\n## Cause\n\nc\n\n## Symptoms\n\ns\n"
    page = read(client, make_entry(text=text))

    assert order(page, "cause", "fix", "lessons", "symptoms", "odd-one")


def test_the_error_is_not_said_twice(client: Client, make_entry: MakeEntry) -> None:
    """A section that only repeats the error line on top is left out; one that says more is not."""
    once = make_entry()
    more = make_entry(
        text="# T\n\n## Error\n\nSeen at night.\n\n```\nOSError: x\n```\n\n## Fix\n\nf\n"
    )

    assert 'id="error"' not in read(client, once)
    assert "Seen at night." in read(client, more)


def test_two_sections_of_one_name_have_two_anchors(client: Client, make_entry: MakeEntry) -> None:
    """Every section can be linked to."""
    page = read(client, make_entry(text="# T\n\n## Note\n\na\n\n## Note\n\nb\n\n## Fix\n\nc\n"))

    assert 'id="note"' in page
    assert 'id="note-2"' in page


def test_links_defined_elsewhere_work(client: Client, make_entry: MakeEntry) -> None:
    """A reference whose address stands at the end of the source is still a link."""
    more = "## See also\n\nThe [manual][1].\n\n## Rest\n\n[1]: https://example.org/manual"
    page = read(client, make_entry(more=more))

    assert 'href="https://example.org/manual"' in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(client: Client, make_entry: MakeEntry, text: str) -> None:
    """What an entry holds neither runs nor asks for anything, wherever it stands."""
    page = read(
        client, make_entry(title=f"T {text}", error=text, cause=text, fix=text, lessons=text)
    )

    found = Tags()
    found.feed(page.partition("<main")[2])
    assert not {"script", "img", "iframe", "svg"} & found.names
    assert not [name for name in found.attributes if name.startswith(("on", "hx-get", "style"))]
    assert not [link for link in found.links if link.startswith("javascript")]


def test_relatives_are_listed(client: Client, make_entry: MakeEntry) -> None:
    """An entry with the same error is offered beside it."""
    entry = make_entry()
    make_entry(title="Read-only root in a container")

    assert "Read-only root in a container" in read(client, entry)


def test_only_writers_are_offered_to_edit(
    client: Client, alice: User, client_for: ClientFor, make_entry: MakeEntry
) -> None:
    """A reader sees history and raw text, a writer also the way to edit."""
    entry = make_entry()
    edit = f'href="/sources/{entry.source.slug}/edit/"'

    assert edit not in read(client, entry)
    assert edit in read(client_for(alice), entry)


def test_what_is_archived_is_not_there_for_readers(
    client: Client, alice: User, client_for: ClientFor, make_entry: MakeEntry
) -> None:
    """An archived entry and one that never was look alike to a reader."""
    entry = make_entry()
    archive(entry.source, author=alice, archived=True)
    hidden, nothing = client.get(f"/entries/{entry.slug}/"), client.get("/entries/nothing/")

    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert hidden.content.partition(b"<main")[2] == nothing.content.partition(b"<main")[2]
    assert "archived" in read(client_for(alice), entry)


def test_others_may_not_read(client: Client, settings: Settings, make_entry: MakeEntry) -> None:
    """Where reading is closed a stranger is sent to sign in, whether the entry exists or not."""
    entry = make_entry()
    settings.KB_OPEN_READING = False

    assert client.get(f"/entries/{entry.slug}/")["Location"].startswith("/sign-in/")
    assert client.get("/entries/nothing/")["Location"].startswith("/sign-in/")


def test_queries_do_not_grow_with_rows(client: Client, make_entry: MakeEntry) -> None:
    """More sections, tags and relatives cost no more queries."""
    counts = []
    for size in (1, 3):
        more = "\n\n".join(f"## Part {number}\n\ntext" for number in range(size * 3))
        entry = make_entry(more=more, title=f"Size {size}", tags=", ".join("abcdef"[: size + 1]))
        for number in range(size):
            make_entry(title=f"Relative {size}.{number}")
        with CaptureQueriesContext(connection) as queries:
            read(client, entry)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_title_alone_is_a_page(client: Client, alice: User) -> None:
    """An entry that says nothing yet says so."""
    entry = save("# T\n\n## Fix\n", author=alice, path="a.md", base=0).entries[0]

    assert client.get(f"/entries/{entry.slug}/").status_code == 200
