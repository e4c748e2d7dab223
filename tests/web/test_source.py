"""A source's page: its entries and its own chapters in the order of the text, and the text itself."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.entries.save import archive
from kb.models import Source
from tests.conftest import ClientFor, MakeEntry


def guide(size: int) -> str:
    """Write a guide of troubles with a preface, chapters and an end of its own."""
    troubles = "\n".join(
        f"### Error {number}: Trouble {number}\n\n```\nE{number}Error: broken\n```\n\n"
        f"**Root Cause:** cause {number}\n\n**Solution:** fix {number}\n"
        for number in range(1, size + 1)
    )
    return (
        f"# Guide\n\nRead this first.\n\n## Chapter one\n\n{troubles}\n## Last words\n\nThe end.\n"
    )


def make_guide(make_entry: MakeEntry, size: int) -> Source:
    """Save a guide and return its source."""
    return make_entry(text=guide(size), path=f"guide-{size}.md").source


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """Preface, entries and last words stand in the order of the text."""
    source = make_guide(make_entry, 3)
    page = client.get(f"/sources/{source.slug}/").content.decode()

    said = (
        "Read this first.",
        "Chapter one</a></h2>",
        "Trouble 1",
        "Trouble 3",
        "The end.",
        ">history<",
    )
    places = [page.index(words) for words in said]
    assert places == sorted(places)
    assert "3 entries" in page


def test_an_entry_leads_back_to_its_guide(client: Client, make_entry: MakeEntry) -> None:
    """An entry that shares its source says where it is from."""
    source = make_guide(make_entry, 2)
    entry = source.entries.all()[0]

    assert (
        f'from <a href="/sources/{source.slug}/">'
        in client.get(entry.get_absolute_url()).content.decode()
    )


def test_raw_gives_the_bytes(client: Client, make_entry: MakeEntry) -> None:
    """The raw text is what was saved, to the byte, and never a page."""
    source = make_guide(make_entry, 1)
    response = client.get(f"/sources/{source.slug}/raw.md")

    assert response.content == guide(1).encode()
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_what_is_archived_is_not_there_for_readers(
    client: Client, alice: User, make_entry: MakeEntry
) -> None:
    """Neither the page nor the raw text of an archived source is for readers."""
    source = make_guide(make_entry, 1)
    archive(source, author=alice, archived=True)
    paths = (f"/sources/{source.slug}/", f"/sources/{source.slug}/raw.md")

    assert [client.get(path).status_code for path in paths] == [404, 404]
    client.force_login(alice)
    assert [client.get(path).status_code for path in paths] == [200, 200]


def test_queries_do_not_grow_with_rows(client: Client, make_entry: MakeEntry) -> None:
    """A guide of five costs as many queries as one of two."""
    counts = []
    for size in (2, 5):
        source = make_guide(make_entry, size)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/sources/{source.slug}/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_text_that_says_archived_is_for_writers(
    make_entry: MakeEntry, client_for: ClientFor, alice: User, bob: User
) -> None:
    """What its own front matter retires is hidden from readers at every address of its source."""
    source = make_entry(status="archived").source
    addresses = [
        f"{source.get_absolute_url()}{end}" for end in ("", "raw.md", "revisions/", "revisions/1/")
    ]

    assert [client_for(bob).get(address).status_code for address in addresses] == [404] * 4
    assert {client_for(alice).get(address).status_code for address in addresses} == {200}


def test_headings_do_not_take_the_names_of_the_page(make_entry: MakeEntry, client: Client) -> None:
    """A heading called Editor is not the editor."""
    entry = make_entry(more="## Editor\n\nx\n\n## Status\n\ny\n")

    page = client.get(entry.get_absolute_url()).content.decode()

    assert 'id="editor"' not in page
    assert page.count('id="status"') == 1
    assert 'id="editor-section"' in page
