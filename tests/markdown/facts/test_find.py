"""The facts of an entry: from the right sections, in order, once each, bounded, and fast."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from kb.markdown.document import ParsedEntry, ParsedSection, ParseError, SectionKind
from kb.markdown.facts.find import Facts, find_facts
from kb.markdown.parse import parse
from kb.markdown.repair import decode
from kb.markdown.split import split

SHARED = Path(__file__).resolve().parents[4] / "shared"

TEXT = """---
title: Uploads fail
date: 2024-03-05
products: [Django 5.2, nginx]
ticket: https://x.example/ticket/1
---

# Uploads fail

## Error

```text
OSError: [Errno 30] Read-only file system
$ not a fix
```

## Cause

Since Python 3.12, see [the notes](https://docs.example/notes) and <mailto:team@x.example>.
Do not read [this](javascript:alert(1)) or [that][ref].

[ref]: https://docs.example/ref "title"

## Fix

1. Install it with `pip install django`, never with `pip install x`:

   ```bash
   # first
   npm ci
   npm ci
   ```

2. Change the path:

   **Before**

   ```python
   open("a")
   ```

   **After**

   ```python
   open("/tmp/a")
   ```

## Verification

```console
$ curl -i http://localhost:8000
HTTP/1.1 200 OK
```

## Timeline

| 2024-03-06 10:00 | fixed |

**Duration:** about 2 hours
"""


def facts(text: str) -> Facts:
    """Return the facts of the one entry of a text."""
    (entry,) = split(parse(text)).entries
    return find_facts(entry)


def one(text: str, kind: SectionKind = "fix", **meta: Any) -> Facts:
    """Return the facts of an entry with one section."""
    return find_facts(ParsedEntry("T", "e", (ParsedSection(kind, "", text, 0, 1),), 0, 1, meta))


def test_it_works() -> None:
    """Every kind of fact is found where it stands."""
    found = facts(TEXT).to_dict()

    assert [(c["text"], c["language"], c["section"]) for c in found["commands"]] == [
        ("pip install django", "bash", "fix"),
        ("npm ci", "bash", "fix"),
        ("curl -i http://localhost:8000", "bash", "verification"),
    ]
    assert [(link["text"], link["url"]) for link in found["links"]] == [
        ("https://x.example/ticket/1", "https://x.example/ticket/1"),
        ("the notes", "https://docs.example/notes"),
        ("mailto:team@x.example", "mailto:team@x.example"),
        ("ref", "https://docs.example/ref"),
    ]
    (pair,) = found["pairs"]
    assert pair == {
        "before": 'open("a")',
        "after": 'open("/tmp/a")',
        "language": "python",
        "label": "Change the path",
    }
    assert [(v["product"], v["version"]) for v in found["versions"]] == [
        ("django", "5.2"),
        ("python", "3.12"),
    ]
    assert found["dates"] == ["2024-03-05", "2024-03-06"]
    assert found["duration"] == {"seconds": 7_200, "text": "2 hours"}


def test_an_entry_that_tells_nothing_has_no_facts() -> None:
    """All keys are there, and empty."""
    assert one("").to_dict() == {
        "commands": [],
        "links": [],
        "pairs": [],
        "versions": [],
        "dates": [],
        "duration": None,
    }


@pytest.mark.parametrize("kind", ["error", "cause", "symptoms", "lessons", "diagnosis"])
def test_commands_come_only_from_what_to_do(kind: SectionKind) -> None:
    """What caused the trouble or looked at it is no part of the fix."""
    assert one("```bash\nrm -rf x\n```\nand `npm ci`", kind).commands == ()


@pytest.mark.parametrize(
    "words", ["Never run", "Do not use", "Don't run", "Instead of", "avoid", "rather than"]
)
def test_what_a_text_warns_of_is_no_command(words: str) -> None:
    """Only what is advised can be copied."""
    assert one(f"{words} `git push -f`, run `git pull --rebase`.").commands == (
        one("`git pull --rebase`").commands
    )


def test_pairs_may_stand_under_headings_that_are_sections() -> None:
    """The halves find each other across sections."""
    sections = tuple(
        ParsedSection("other", heading, f"```\n{code}\n```", 0, 1)
        for heading, code in (("Before", "old"), ("After", "new"))
    )
    (pair,) = find_facts(ParsedEntry("T", "e", sections, 0, 1)).pairs

    assert (pair.before, pair.after) == ("old", "new")


def test_dates_in_logs_and_code_are_not_those_of_the_trouble() -> None:
    """Fences and inline code are samples."""
    text = 'On 2024-03-05:\n\n```\n2023-01-01 ERROR x\n```\n\n`"Version": "2012-10-17"`\n'

    assert one(text, "error").dates == ("2024-03-05",)


def test_a_table_row_is_read_as_one_line() -> None:
    """A label and its value stand in two cells."""
    text = "| what | how long |\n|---|---|\n| Duration | 2 h |\n| Python | 3.12 |\n\n```\nx\n```\n"
    found = one(text)

    assert found.duration
    assert found.duration.seconds == 7_200
    assert [(v.product, v.version) for v in found.versions] == [("python", "3.12")]


def test_what_the_parser_refuses_gives_no_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text too tangled to be read is passed over, and nothing is raised."""

    def refuse(text: str) -> list[Token]:
        raise ParseError("too tangled")

    monkeypatch.setattr("kb.markdown.facts.pieces.tokens", refuse)
    monkeypatch.setattr("kb.markdown.facts.pieces.read_inline", refuse)

    assert one("```bash\nls -l\n```").commands == ()
    assert one("https://x.example").links == ()


def test_local_addresses_are_no_links() -> None:
    """They lead nowhere for anybody else."""
    assert one("http://localhost:80/ and http://127.0.0.1/x and /page").links == ()


def test_a_link_keeps_its_words() -> None:
    """A bare address that is named elsewhere takes the name."""
    (link,) = one("https://x.example/a\n\n[The page](https://x.example/a)").links

    assert (link.text, link.url) == ("The page", "https://x.example/a")


def test_every_kind_is_bounded() -> None:
    """However much a text holds, the facts stay small."""
    many = "\n\n".join(
        f"```bash\necho {n}\n```\n\nhttps://x.example/{n} Python 3.{n} on 20{n % 90 + 10}-01-01\n"
        f"\n```diff\n-a{n}\n+b\n```"
        for n in range(200)
    )
    found = one(many)

    assert (len(found.commands), len(found.links), len(found.pairs)) == (60, 60, 20)
    assert (len(found.versions), len(found.dates)) == (40, 20)


@pytest.mark.parametrize(
    "piece",
    """`|`a |1|1.|a==1 |Django==1.2 |[|[a](http://x |http://x.y/ |*a |'"|( |```bash\nls -l\n```\n|2024
    |# Before\n|March 5, 2024 |outage of 2 h |it lasted |1 h |- Before:\n|mailto:a@b |<|v1.2 |a@1.2
    |total |`npm ci`|[a]: http://x.y/z\n|$ ls '\n|{ |Python |if x\n|exit code 1 | a""".replace(
        "\n    |", "|"
    ).split("|"),
)
@pytest.mark.parametrize("fence", ["", "bash"])
def test_a_hostile_text_takes_bounded_time(piece: str, fence: str) -> None:
    """Repeated a hundred thousand letters long, no piece makes it slow."""
    text = piece * (100_000 // len(piece))
    text = f"```{fence}\n{text}\n```\n" if fence else text
    began = time.process_time()
    one(text)

    assert time.process_time() - began < 0.5


LINES = st.sampled_from(
    """```~```bash~```diff~$ ls~-a~+b~**Before**~**After**~# Before~> quote~- item~`npm ci`~Python 3.9
    ~[a](http://x.y)~[b]: http://y.z~2024-03-05~Duration: 5 min~| a | b |~|---|---|~    code~\t~<b>
    ~"x": "1.2.3"~it's~\\""".replace("\n    ~", "~").split("~")
)


@settings(deadline=None)
@given(st.lists(LINES, max_size=25).map("\n".join))
def test_facts_can_be_stored_and_are_the_same_every_time(text: str) -> None:
    """Any text gives facts that are JSON, and the same ones again."""
    found = one(text)

    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    assert one(text) == found
    assert len(set(found.commands)) == len(found.commands)


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the documents of ../shared are not part of this repository"
)
def test_real_documents_give_their_facts() -> None:
    """The guide's changes and commands are found in the entries they belong to."""
    text = decode((SHARED / "seeds" / "troubleshooting-guide.md").read_bytes()).text
    found = [find_facts(entry) for entry in split(parse(text)).entries]

    assert [command.text for command in found[2].commands] == [
        "sam build --use-container",
        "docker-compose up --build",
    ]
    assert [(v.product, v.version) for v in found[2].versions] == [("google-cloud-vision", "3.4.4")]
    assert [pair.language for pair in found[16].pairs] == ["javascript", "python"]
    assert sum(len(facts_.pairs) for facts_ in found) == 2
