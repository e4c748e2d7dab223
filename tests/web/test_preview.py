"""The live page shows a text as a save would read it, and stores nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.entries import save as entries
from kb.models import Source
from kb.web.preview import MAX_LIVE, preview
from tests.conftest import MakeEntry

ERROR = "OSError: [Errno 28] No space left on device"
TEXT = f"# Disk full\n\n## Error\n\n```\n{ERROR}\n```\n\n## Fix\n\nRotate.\n"


def ask(client: Client, text: str, base: int = 1) -> str:
    """Return the live page of a text."""
    response = client.post("/preview/", {"text": text, "base": base})
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(writer: Client) -> None:
    """The part shows the entry's title and text, and is no whole page."""
    page = ask(writer, TEXT)

    assert page.startswith('<div class="seen">')
    assert "<h2>Disk full</h2>" in page
    assert "<p>Rotate.</p>" in page
    assert "<html" not in page
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("text", "lit"),
    [
        (TEXT, ["error", "fix"]),
        (
            TEXT + "\n## Root cause\n\nLogs.\n\n## Lessons learned\n\n- Watch.\n",
            ["error", "cause", "fix", "lessons"],
        ),
        ("# Only a title\n\n## Cause\n", []),
    ],
)
def test_fields_light_up_as_they_are_understood(text: str, lit: list[str]) -> None:
    """A light is on when the entry has that part with something in it."""
    understood = preview(text).entries[0]

    assert [light.kind for light in understood.lights if light.lit] == lit


def test_several_entries_are_named(writer: Client) -> None:
    """A text with several troubles lists each by its title, with lights of its own."""
    troubles = "".join(
        f"## {at}. {name} fails\n\n**Error:** `{name}Error: {at}`\n\n**Fix:** restart {name}\n\n"
        for at, name in enumerate(("Redis", "Kafka", "Nginx"), 1)
    )
    found = preview(f"# Guide\n\n{troubles}")

    assert len(found.entries) == 3
    assert ask(writer, f"# Guide\n\n{troubles}").count('href="#preview-') == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\ntags: [\n---\n", 'data-line="'),
        ("", "The text is empty"),
        ("a" * (entries.MAX_CHARS + 1), "characters"),
        ("# A\n\n" + "long " * (MAX_LIVE // 5), "too long for a preview"),
    ],
)
def test_it_says_what_is_wrong(writer: Client, text: str, said: str) -> None:
    """A text that cannot be read or shown is an answer, not an error."""
    assert said in ask(writer, text)


def test_a_new_text_is_compared_with_what_is_known(writer: Client, make_entry: MakeEntry) -> None:
    """Entries like it are pointed to while a text is new, not while an old one is edited."""
    known = make_entry(text=TEXT)

    assert known.get_absolute_url() in ask(writer, TEXT, base=0)
    assert known.get_absolute_url() not in ask(writer, TEXT, base=1)


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "# <script>alert(1)</script>\n",
        "## Fix\n\n<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        '<div hx-get="/people/" hx-trigger="load">x</div>',
        "```html\n</code></pre><script>alert(1)</script>\n```",
    ],
)
def test_nothing_in_a_text_runs(writer: Client, evil: str) -> None:
    """Scripts, handlers and htmx attributes in a text do not reach the page."""
    page = ask(writer, evil)

    for live in ("<script", "<img", 'href="javascript', "<div hx-"):
        assert live not in page


def test_it_refuses_readers_and_strangers(client: Client, bob: User) -> None:
    """Only writers may ask for work that costs this much."""
    assert client.post("/preview/", {"text": "x"}).status_code == 302
    client.force_login(bob)
    assert client.post("/preview/", {"text": "x"}).status_code == 403
