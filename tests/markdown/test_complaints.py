"""Laws of `kb.markdown.troubles.complaints`."""

from __future__ import annotations

import pytest

from kb.markdown.troubles.complaints import (
    bare_heading,
    complains,
    drop_lead,
    find_shelf,
    gives_advice,
    names_alert,
    names_group,
    quoted_message,
    unquote,
)


@pytest.mark.parametrize(
    ("label", "shelf"),
    [
        ("🐛 Troubleshooting", "some"),
        ("7. Common VS Code problems", "all"),
        ("Known Issues {#known}", "all"),
        ("Common error messages", "all"),
        ("Queue alerts", "all"),
        ("Frequently asked questions", "some"),
        ("Problems and solutions", "some"),
        ("Häufige Fehler", "all"),
        ("常见错误信息", "all"),
        ("Устранение неполадок", "some"),
        ("Issues and pull requests", None),
        ("Error handling", None),
        ("Root cause", None),
        ("Installation", None),
    ],
)
def test_chapters_of_troubles_are_known_by_name(label: str, shelf: str | None) -> None:
    """Some hold nothing but troubles, some hold advice too, most hold none."""
    assert find_shelf(label) == shelf


@pytest.mark.parametrize(
    "heading",
    [
        "### `npm` is not recognized",
        "### ECONNREFUSED when pushing",
        "## ❌ Port 3000 already in use",
        '### "Cannot find module"',
        '### "Frame interrupted" in the viewer',
        "## Q: Why does the app say “damaged”?",
        "### I can’t sign in",
        "### How do I fix the blue screen?",
        "#### `ER_ACCESS_DENIED_ERROR`",
        "## 401 Unauthorized {#e401}",
        "Seite lädt nicht",
        "Hook 执行失败",
        "**The van won't start**",
    ],
)
def test_headings_complain(heading: str) -> None:
    """Quoted messages, error names and words of trouble say what went wrong."""
    assert complains(heading)
    assert not gives_advice(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "### Check the logs for errors",
        "## Still not working?",
        "### Enable debug logging",
        "## How do I see which version fails?",
        "## Please file an issue",
        "## Fixing errors",
    ],
)
def test_advice_is_no_complaint(heading: str) -> None:
    """What helps with troubles is none, even where it speaks of errors."""
    assert not complains(heading)
    assert gives_advice(heading)


@pytest.mark.parametrize("heading", ["## Overview", "### GRPC_TRACE", "## Running in Docker"])
def test_plain_headings_are_neither(heading: str) -> None:
    """Most headings only name a thing."""
    assert not complains(heading)


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("## `bad certificate`", "bad certificate"),
        ('## Pods die with "too many open files"', "too many open files"),
        ('## I get "Cannot read "x" from disk"', 'Cannot read "x" from disk'),
        ('## "no route" or "no such host"', "no route"),
        ("## The error 'disk not found' appears", "disk not found"),
        ("## `ECONNREFUSED` proxy error", ""),
        ("## Cannot load [`a b`](https://e.org/failed)", ""),
        ("## Don't panic, it's the printer's error", ""),
    ],
)
def test_the_message_of_a_heading_is_what_it_quotes(heading: str, message: str) -> None:
    """Quotes and code of more than one word that complain; quotes within quotes stay whole."""
    assert quoted_message(heading) == message


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("### 🐛 2. Problem: Gate sticks ###", "Gate sticks"),
        ("## Q: Why?", "Why?"),
        ('## Issue 3: "no paper"', '"no paper"'),
        ('## Error: "no paper"', '"no paper"'),
        ("## Error: no paper", "Error: no paper"),
        ("## `no paper` here", "`no paper` here"),
    ],
)
def test_leads_go_and_messages_stay(heading: str, words: str) -> None:
    """`Problem:` is a label, `Error: no paper` may be the message itself."""
    assert drop_lead(bare_heading(heading)) == words


def test_a_heading_that_is_one_quotation_loses_its_quotes() -> None:
    """Only where they enclose all of it."""
    assert unquote("“no paper”") == "no paper"
    assert unquote('"a" or "b"') == '"a" or "b"'


def test_groups_and_alerts_are_known_by_shape() -> None:
    """`Network errors` may stand above several troubles, `QueueDepthHigh` is an alert."""
    assert names_group("7. Network errors")
    assert not names_group("Errors in the network")
    assert names_alert("## `QueueDepthHigh`")
    assert not names_alert("## Queue")


@pytest.mark.parametrize("piece", ["a ", "[", '"', "_", "A_", "`", "no ", "E", "error: "])
def test_hostile_headings_are_read(piece: str) -> None:
    """Whatever repeats, every question is answered."""
    heading = "## " + piece * 5000

    assert isinstance(complains(heading) or gives_advice(heading), bool)
    assert isinstance(quoted_message(heading), str)
