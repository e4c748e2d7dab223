"""A new text: from the template, from a paste, and what happens when it cannot be saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kb.entries import save as entries
from kb.models import Entry, Revision, Source

TEXT = """\
# Uploads fail with a full disk

## Error

```
OSError: [Errno 28] No space left on device: '/data/up_1'
```

## Cause

Logs filled the volume.

## Fix

1. Rotate the logs.
"""
TRACE = """\
Traceback (most recent call last):
  File "/srv/app/views.py", line 12, in upload
    open(path, "wb")
OSError: [Errno 28] No space left on device: '/data/up_1'
"""


def draft_in(response: Any) -> str:
    """Return the text in the editor."""
    return str(response.context["form"]["text"].value())


def test_it_works(writer: Client, alice: User) -> None:
    """A saved text is an entry at once, with its author and message, and the answer leads to it."""
    response = writer.post("/new/", {"text": TEXT, "message": "first", "base": 0})

    entry = Entry.objects.get()
    revision = Revision.objects.get()
    assert (response.status_code, response["Location"]) == (302, entry.get_absolute_url())
    assert (entry.title, revision.number) == ("Uploads fail with a full disk", 1)
    assert (revision.author, revision.message, revision.text) == (alice, "first", TEXT)


def test_browser_line_ends_do_not_stay(writer: Client) -> None:
    """What a browser sends with CRLF is saved as it was typed."""
    writer.post("/new/", {"text": TEXT.replace("\n", "\r\n"), "base": 0})

    assert Revision.objects.get().text == TEXT


def test_it_begins_from_a_skeleton(writer: Client, settings: Settings, tmp_path: Path) -> None:
    """Without a template of the team the editor opens with our own skeleton."""
    settings.KB_CONTENT_DIR = tmp_path

    assert "## Lessons" in draft_in(writer.get("/new/"))


def test_it_begins_from_the_template_of_the_team(
    writer: Client, settings: Settings, tmp_path: Path
) -> None:
    """`content/_template.md` is what a new text begins from."""
    settings.KB_CONTENT_DIR = tmp_path
    ours = "---\ndate: 2001-02-03\n---\n\n# Ours\n\n## Fehler\n"
    (tmp_path / "_template.md").write_text(ours, encoding="utf-8")

    today = timezone.localdate().isoformat()
    assert draft_in(writer.get("/new/")) == ours.replace("2001-02-03", today)


def test_a_template_that_is_no_text_is_left_alone(
    writer: Client, settings: Settings, tmp_path: Path
) -> None:
    """Bytes that are not UTF-8 do not stop anyone from writing."""
    settings.KB_CONTENT_DIR = tmp_path
    (tmp_path / "_template.md").write_bytes(b"\xff\xfe\x00")

    assert "## Lessons" in draft_in(writer.get("/new/"))


def test_a_paste_becomes_a_draft(writer: Client) -> None:
    """From a result without a match one gets a draft with the error and a title; nothing is stored."""
    response = writer.post("/new/", {"paste": TRACE})

    draft = draft_in(response)
    assert response.status_code == 200
    assert "# OSError: [Errno 28] No space left on device" in draft
    assert TRACE.strip() in draft
    assert not Source.objects.exists()


def test_it_shows_what_is_known_already(writer: Client) -> None:
    """While a second text on the same error is written, the first is pointed to."""
    writer.post("/new/", {"text": TEXT, "base": 0})
    page = writer.post("/new/", {"paste": TRACE}).content.decode()

    assert "Already known?" in page
    assert Entry.objects.get().get_absolute_url() in page


def test_preview_without_script_saves_nothing(writer: Client) -> None:
    """The plain preview button shows the page beside the text and keeps both fields."""
    data = {"text": TEXT, "message": "half done", "base": 0, "preview": "1"}
    response = writer.post("/new/", data)

    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="half done"' in page
    assert "<h2>Uploads fail with a full disk</h2>" in page
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("---\ntags: [\n---\n\n# Broken\n", 422, "Line"),
        ("", 422, "The text is empty"),
        (" \n\n", 422, "The text is empty"),
        ("a" * (entries.MAX_CHARS + 1), 413, "characters"),
    ],
)
def test_it_refuses_and_keeps_the_text(writer: Client, text: str, status: int, said: str) -> None:
    """A text that cannot be saved comes back whole, with the reason and its line."""
    response = writer.post("/new/", {"text": text, "message": "mine", "base": 0})

    assert response.status_code == status
    assert draft_in(response) == text
    assert said in response.content.decode()
    assert 'value="mine"' in response.content.decode()
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    "data", [{"text": TEXT, "base": "x"}, {"text": TEXT, "base": "0", "message": "m" * 301}]
)
def test_it_refuses_a_form_that_is_not_ours(writer: Client, data: dict[str, str]) -> None:
    """Fields of the wrong shape save nothing and say so."""
    response = writer.post("/new/", data)

    assert response.status_code == 422
    assert "Not saved" in response.content.decode()
    assert not Source.objects.exists()


def test_two_texts_of_one_name_are_two_sources(writer: Client) -> None:
    """A second text with the same title stands beside the first."""
    for cause in ("one", "two"):
        writer.post("/new/", {"text": f"# Same name\n\n## Cause\n\n{cause}\n", "base": 0})

    assert Source.objects.count() == 2


def test_a_name_taken_meanwhile_is_no_conflict(
    writer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When someone takes the path between choosing and saving, another is chosen."""
    writer.post("/new/", {"text": "# Same name\n\n## Cause\n\nfirst\n", "base": 0})
    paths = iter([Source.objects.get().path, "wiki/another.md"])
    monkeypatch.setattr(entries, "new_path", lambda _: next(paths))
    response = writer.post("/new/", {"text": "# Same name\n\n## Cause\n\nsecond\n", "base": 0})

    assert response.status_code == 302
    assert set(Source.objects.values_list("path", flat=True)) == {
        "wiki/same-name.md",
        "wiki/another.md",
    }


def test_what_is_typed_is_shown_as_text(writer: Client) -> None:
    """Markup in a text, its title and its message is never part of our page."""
    evil = "</textarea><script>alert(1)</script># <img src=x onerror=alert(1)>"
    page = writer.post(
        "/new/", {"text": evil, "message": '"><script>', "base": 0, "preview": "1"}
    ).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert '"><script>' not in page


def test_a_name_that_stays_taken_loses_nothing(
    writer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When every path is taken the moment it is chosen, the text comes back beside the other."""
    writer.post("/new/", {"text": "# Same name\n\n## Cause\n\nfirst\n", "base": 0})
    taken = Source.objects.get().path
    monkeypatch.setattr(entries, "new_path", lambda _: taken)
    response = writer.post("/new/", {"text": "# Same name\n\n## Cause\n\nsecond\n", "base": 0})

    assert response.status_code == 409
    assert "second" in response.content.decode()
    assert 'action="/new/"' in response.content.decode()
