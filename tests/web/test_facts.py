"""What an entry tells without anyone having written it down, summed up on its page."""

from __future__ import annotations

import pytest
from django.test import Client

from kb.entries.save import save
from kb.models import Entry
from kb.templatetags.words import bare_code

TEXT = """\
# Image build is killed

## Error

```
MemoryError: cannot allocate
Process finished with exit code 137
```

## Cause

The host has 2 GB, and Python 3.11 with pillow==10.2.0 wants more.
See [the limits](https://example.org/limits).

## Fix

```sh
docker builder prune --force
docker build --memory 4g .
```
"""


@pytest.fixture
def entry(db: None) -> Entry:
    """Save an entry that tells much."""
    return save(TEXT, author=None, path="docker/build.md", base=0).entries[0]


def test_it_works(client: Client, entry: Entry) -> None:
    """Errors, versions and each command by itself stand below the text."""
    page = client.get(entry.get_absolute_url()).content.decode()
    facts = page[page.index('id="facts"') :]

    for told in ("MemoryError", "exit code 137", "python 3.11", "pillow 10.2.0"):
        assert told.casefold() in facts.casefold()
    for command in ("docker builder prune --force", "docker build --memory 4g ."):
        assert f"<pre><code>{command}</code></pre>" in facts


def test_an_entry_without_facts_has_no_empty_box(client: Client, db: None) -> None:
    """Where nothing was found, nothing is shown."""
    found = save("# Odd\n\nIt was odd.\n", author=None, path="odd.md", base=0).entries[0]

    assert 'id="facts"' not in client.get(found.get_absolute_url()).content.decode()


def test_hostile_facts_stay_text(client: Client, db: None) -> None:
    """A command and a link are shown, never run."""
    text = (
        "# X\n\n## Fix\n\n```sh\ncurl '<script>alert(1)</script>'\n```\n\n[x](javascript:alert)\n"
    )
    found = save(text, author=None, path="x.md", base=0).entries[0]
    page = client.get(found.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "javascript:alert" not in page.replace("[x](javascript:alert)", "")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("exit:137", "exit code 137"),
        ("errno:EROFS", "EROFS"),
        ("http:502", "HTTP 502"),
        ("signal:SIGKILL", "SIGKILL"),
        ("plain", "plain"),
    ],
)
def test_codes_are_said_as_people_write_them(code: str, said: str) -> None:
    """A bare number would tell nobody what it counts."""
    assert bare_code(code) == said


def test_the_api_has_them_too(client: Client, entry: Entry) -> None:
    """Programs get every fact, and how complete the entry is."""
    whole = client.get(f"/api/v1/entries/{entry.slug}").json()

    assert whole["facts"]["exit_codes"] == ["exit:137"]
    assert [one["text"] for one in whole["facts"]["commands"]] == [
        "docker builder prune --force",
        "docker build --memory 4g .",
    ]
    assert whole["completeness"] == 70
