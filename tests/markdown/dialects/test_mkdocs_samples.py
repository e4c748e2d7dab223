"""Documents written for MkDocs give the sections that a reader sees in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.markdown.document import ParsedEntry, ParsedSource
from kb.markdown.parse import parse
from kb.markdown.split import split

SAMPLES = Path(__file__).parents[2] / "samples" / "markdown"


def split_sample(name: str) -> ParsedSource:
    """Split a sample by its file name."""
    return split(parse((SAMPLES / name).read_text()), name=name)


def find_text(entry: ParsedEntry, kind: str) -> str:
    """Join the texts of an entry's sections of one kind."""
    return "\n".join(part.text for part in entry.sections if part.kind == kind)


@pytest.mark.parametrize(
    ("kind", "phrase"),
    [
        ("symptoms", "answers *507*"),
        ("error", "OSError: [Errno 28]"),
        ("diagnosis", '=== "Linux"\n\n    ```sh\n    df -i'),
        ("cause", "made with few inodes.\n\n- one file for each part"),
        ("fix", "1. Remove the old parts:\n\n    ```sh\n    find"),
        ("fix", "!!! warning\n    Never remove"),
        ("lessons", "- [ ] clean up by a timer"),
    ],
)
def test_boxes_become_sections(kind: str, phrase: str) -> None:
    """A runbook whose parts stand in boxes has them all, without their indent."""
    (entry,) = split_sample("mkdocs-runbook.md").entries

    assert entry.title == 'Uploads stop with "no space left on device"'
    assert entry.error.startswith("OSError: [Errno 28]")
    assert phrase in find_text(entry, kind)


@pytest.mark.parametrize(
    ("title", "kind", "phrase"),
    [
        ("Connection refused", "error", "ConnectionRefusedError: [Errno 111]"),
        ("Connection refused", "cause", "loopback address only"),
        ("Connection refused", "fix", "listener = 10.0.0.5:5672"),
        ("Connection refused", "lessons", "*before* the firewall"),
        ("Consumer hangs", "error", "TimeoutError"),
        ("Consumer hangs", "cause", "declared twice"),
        ("Consumer hangs", "fix", "Declare it in one place"),
    ],
)
def test_tabs_and_folded_boxes_become_sections(title: str, kind: str, phrase: str) -> None:
    """A guide of several troubles is split by its headings, each trouble by its tabs and boxes."""
    source = split_sample("mkdocs-guide.md")
    (entry,) = [one for one in source.entries if one.title == title]

    assert len(source.entries) == 2
    assert source.title == "Broker troubles"
    assert [part.kind for part in source.sections] == ["other"]
    assert phrase in find_text(entry, kind)
