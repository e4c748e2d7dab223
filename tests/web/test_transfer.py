"""Import and export: what goes out as an archive comes in again, and nothing else gets in."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kb.entries.alone import alone
from kb.entries.ingest import ingest
from kb.entries.save import archive as put_away
from kb.entries.save import save
from kb.models import Alias, Entry, Revision, Run, Source
from tests.conftest import ClientFor, MakeEntry
from tests.entries.archives import archive, member

URL, EXPORT = "/transfer/", "/transfer/export/"
SAMPLES = Path(__file__).parents[1] / "samples" / "markdown"
NOTE = b"# Disk full\n\n## Cause\n\nOld images.\n\n## Fix\n\nPrune them.\n"


def send(client: Client, raw: bytes, name: str = "notes.zip", **fields: str) -> Any:
    """Upload an archive as the form does."""
    return client.post(URL, {"archive": SimpleUploadedFile(name, raw), **fields}, follow=True)


def fetch(client: Client) -> bytes:
    """Download everything."""
    return read(client.get(EXPORT))


def read(response: Any) -> bytes:
    """Return a download's bytes, which also closes it."""
    return b"".join(response.streaming_content)


def texts(raw: bytes) -> dict[str, bytes]:
    """Return what an archive holds."""
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def empty() -> None:
    """Begin with another, empty base."""
    for model in (Run, Alias, Entry, Revision, Source):
        model._base_manager.all().delete()


def said(response: Any) -> str:
    """Return the words of the note on a page, unescaped enough to compare."""
    found = re.search(r'<p class="note[^>]*>(.*?)</p>', response.content.decode(), re.DOTALL)
    return found[1].replace("&#x27;", "'") if found else ""


def test_it_works(writer: Client, alice: User, data_dir: Path) -> None:
    """An archive becomes Sources at its paths, and its run says what became of each file."""
    raw = archive({"wiki-main/docker/disk.md": NOTE, "wiki-main/logo.png": b"\x89"})
    response = send(writer, raw)

    run = Run.objects.get()
    assert (run.what, run.by, run.counts) == ("notes.zip", alice, {"created": 1})
    assert response.redirect_chain == [(run.get_absolute_url(), 302)]
    assert "Read 1 Markdown file;" in said(response)
    assert "not Markdown by name: logo.png." in said(response)
    source = Source.objects.get(path="docker/disk.md")
    assert (source.newest().content(), source.newest().author) == (NOTE, alice)
    assert list(data_dir.glob("upload-*")) == []


def test_what_is_exported_is_every_text(writer: Client, make_entry: MakeEntry) -> None:
    """One folder holds the newest of each, archived ones too, under a name that says the day."""
    make_entry(path="aws/lambda.md")
    entry = make_entry(path="b.md", text=NOTE.decode())
    save(f"{NOTE.decode()}More.\n", author=None, path="b.md", base=1)
    entry.source.refresh_from_db()
    put_away(entry.source, author=None, archived=True)
    response = writer.get(EXPORT)

    assert re.fullmatch(
        r'attachment; filename="rootnote-\d{4}-\d\d-\d\d\.zip"', response["Content-Disposition"]
    )
    assert response["Content-Type"] == "application/zip"
    held = texts(read(response))
    assert list(held) == ["rootnote/aws/lambda.md", "rootnote/b.md"]
    assert held["rootnote/b.md"] == NOTE + b"More.\n"


@pytest.mark.parametrize("folder", [SAMPLES, None], ids=["samples", "one folder"])
def test_another_base_gets_the_same_texts(
    writer: Client, tmp_path: Path, folder: Path | None
) -> None:
    """Export, import into an empty base and export again: the archives are the same, to the byte."""
    if folder is None:
        folder = tmp_path / "in"
        (folder / "docker").mkdir(parents=True)
        (folder / "docker" / "a.md").write_bytes(NOTE.replace(b"\n", b"\r\n"))
        (folder / "docker" / "b.md").write_bytes(b"\xef\xbb\xbf" + NOTE)
    ingest([folder])
    slugs = list(Entry.objects.order_by("slug").values_list("slug", "title"))
    before = fetch(writer)
    empty()
    send(writer, before)

    assert fetch(writer) == before
    assert len(texts(before)) == Run.objects.get().counts["created"]
    assert list(Entry.objects.order_by("slug").values_list("slug", "title")) == slugs


def test_what_is_here_is_left_unchanged(writer: Client, make_entry: MakeEntry) -> None:
    """Bringing back one's own export changes nothing, wiki texts included."""
    make_entry()
    send(writer, fetch(writer))

    assert Run.objects.get().counts == {"unchanged": 1}
    assert Revision.objects.count() == 1


def test_an_edit_here_is_kept_unless_it_is_to_be_replaced(writer: Client) -> None:
    """Without the tick it is a conflict; with it the archive's text is the next revision."""
    send(writer, archive({"a.md": NOTE}))
    save(f"{NOTE.decode()}Edited.\n", author=None, path="a.md", base=1)
    changed = archive({"a.md": NOTE + b"From elsewhere.\n"})
    send(writer, changed)
    newest = Source.objects.get().newest()
    assert (newest.number, Run.objects.first().counts) == (2, {"conflict": 1})  # type: ignore[union-attr]  # there is one
    send(writer, changed, force="on")

    newest = Source.objects.get().newest()
    assert (newest.number, newest.text) == (3, f"{NOTE.decode()}From elsewhere.\n")


def test_one_folder_of_those_here_keeps_its_name(writer: Client) -> None:
    """Who packs a single folder to bring its texts up to date gets no second copy of them."""
    send(writer, archive({"docker/a.md": NOTE, "aws/b.md": b"# B\n\nWords.\n"}))
    send(writer, archive({"docker/a.md": NOTE + b"More.\n"}))

    assert list(Source.objects.values_list("path", "revision")) == [
        ("aws/b.md", 1),
        ("docker/a.md", 2),
    ]


def test_what_the_archive_does_not_hold_stays(writer: Client, make_entry: MakeEntry) -> None:
    """An import archives nothing."""
    entry = make_entry(path="b.md")
    send(writer, archive({"a.md": NOTE}))

    entry.refresh_from_db()
    assert not entry.archived


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (archive({"../../etc/cron.d/a.md": NOTE}), "../../etc/cron.d/a.md may lead out"),
        (member(0o120777), "a.md is a link"),
        (archive({"a.txt": NOTE}), "no Markdown file"),
        (b"# Not an archive\n", "no ZIP archive"),
        (
            archive({"<script>alert(1)</script>\\a.md": NOTE}),
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ),
    ],
)
def test_it_refuses_what_is_not_harmless(writer: Client, raw: bytes, words: str) -> None:
    """The page says which member and what to do, and nothing was taken."""
    response = send(writer, raw)

    assert response.status_code == 422
    assert said(response).startswith("notes.zip: ")
    assert words in said(response)
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose a .zip file first"),
        ({"archive": "text"}, "Choose a .zip file first"),
        ({"archive": SimpleUploadedFile("a.zip", b"")}, "This file is empty"),
    ],
)
def test_a_form_without_an_archive_asks_for_one(
    writer: Client, fields: dict[str, Any], words: str
) -> None:
    """Nothing chosen is no fault; the page says what is missing."""
    response = writer.post(URL, fields)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_more_than_is_taken_gets_a_page(writer: Client, settings: Settings) -> None:
    """The limit of the archive is its own, in numbers; below it more may come than a paste has."""
    settings.KB_ZIP_BYTES = 12 * 1024 * 1024
    large = archive(
        {"a.md": NOTE, "b.bin": bytes(11 * 1024 * 1024)}, compress_type=zipfile.ZIP_STORED
    )
    assert send(writer, large).status_code == 200

    response = send(writer, large + bytes(2 * 1024 * 1024))
    assert response.status_code == 413
    assert said(response).startswith("That is more than 12 MB. Nothing was read")
    assert Run.objects.count() == 1


def test_two_at_once_are_told_apart(writer: Client) -> None:
    """While another run is at work, the page says so and nothing is lost."""
    with alone():
        response = send(writer, archive({"a.md": NOTE}))

    assert response.status_code == 409
    assert said(response).startswith("Another run is at work")
    assert not Source.objects.exists()


def test_a_foreign_form_is_refused(alice: User) -> None:
    """Without the page's own token nothing is read, however the archive comes."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = send(client, archive({"a.md": NOTE}))

    assert response.status_code == 403
    assert "has expired" in response.content.decode()
    assert not Source.objects.exists()


def test_its_own_form_is_taken(alice: User) -> None:
    """The token on the page lets the archive in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    page = client.get(URL).content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[-1]

    assert send(client, archive({"a.md": NOTE}), csrfmiddlewaretoken=token).status_code == 200
    assert Source.objects.count() == 1


def test_a_reader_sends_nothing(bob: User, client_for: ClientFor) -> None:
    """Refused before a byte of it is read."""
    assert send(client_for(bob), archive({"a.md": NOTE})).status_code == 403
    assert not Source.objects.exists()


def test_an_unsafe_path_is_told(writer: Client, make_entry: MakeEntry) -> None:
    """A Source that nobody could unpack is named; no half archive is sent."""
    entry = make_entry()
    Source.objects.filter(pk=entry.source_id).update(path="../a.md")
    response = writer.get(EXPORT)

    assert response.status_code == 409
    assert "../a.md may lead out" in said(response)
    assert "Rename it first" in said(response)


def test_an_empty_base_says_what_to_do(writer: Client) -> None:
    """Where there is nothing to export, the page leads on."""
    page = writer.get(URL).content.decode()

    assert "nothing to export yet" in page
    assert EXPORT not in page


def test_writers_are_led_there(writer: Client, client: Client, db: None) -> None:
    """The menu and an empty list lead to the page; readers see no sign of it."""
    assert writer.get("/entries/").content.decode().count(f'href="{URL}"') == 2
    assert f'href="{URL}"' not in client.get("/entries/").content.decode()


def test_queries_do_not_grow_with_texts(writer: Client, make_entry: MakeEntry) -> None:
    """A large base costs as many queries as a small one."""

    def count() -> int:
        with CaptureQueriesContext(connection) as done:
            fetch(writer)
        return len(done)

    make_entry(path="a.md")
    few = count()
    for number in range(10):
        make_entry(path=f"{number}.md")

    assert count() == few
