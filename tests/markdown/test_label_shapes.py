"""Laws of `kb.markdown.headings.labels` and `kb.markdown.entry.sections`: what opens a section, and where."""

from __future__ import annotations

import pytest

from kb.markdown.parse import parse
from kb.markdown.split import split


def kinds(text: str) -> str:
    """Write the kinds of a text's sections in order, those that were guessed with a `?`."""
    source = split(parse(f"# Title\n\n{text}"))
    parts = [*source.sections, *(part for entry in source.entries for part in entry.sections)]
    ordered = sorted(parts, key=lambda part: part.start)
    return " ".join(f"{part.kind}{'?' * part.guessed}" for part in ordered)


@pytest.mark.parametrize(
    "text",
    [
        "**Root Cause:** x\n\n**Solutions:**\n\n- y",
        "**Root Cause**: x\n\n**Fix**: y",
        "__Root cause__\n\nx\n\n__Fix__\n\ny",
        "**Root Cause** - x\n\n**Fix** \u2013 y",
        "**Root Cause.** x\n\n**Fix.** y",
        "*Root cause:* x\n\n_Fix_: y",
        "***Root cause:*** x\n\n***Fix:*** y",
        "**1. Root Cause**\n\nx\n\n**2. Fix:** y",
        "🔍 **Root Cause:** x\n\n✅ **Fix:** y",
        "- **Root cause**: x\n- **Fix**: y",
        "- Root cause: x\n- Fix: y",
        "Root cause: x\n\nSolution: y",
        "**Ursache:** x\n\n**Lösung:** y",
        "**原因\uff1a** x\n\n**解决方案**\uff1ay",
        "## **Root cause**\n\nx\n\n## `Fix`\n\ny",
        '## <a name="c"></a>Root cause\n\nx\n\n## [Fix](#fix)\n\ny',
        "Root cause\n----------\nx\n\nFix\n---\ny",
        "## Почему так {#root-cause}\n\nx\n\n## Далее {#fix}\n\ny",
    ],
)
def test_labels_open_sections_however_they_are_set(text: str) -> None:
    """Bold, italic, plain, in a list, with a colon, dash or stop: the words decide."""
    assert kinds(text) == "cause fix"


@pytest.mark.parametrize(
    "text",
    [
        "*Fix* the cable first.\n\nThen go home.",
        "The **fix:** is inside a line.\n\nNo more.",
        "**Restart.** Then go home.\n\nNo more.",
        "**Note:** plain words.\n\nNo more.",
        "- Cause: x\n- plain",
    ],
)
def test_emphasis_inside_a_sentence_opens_nothing(text: str) -> None:
    """Only a label that the table knows, at the start of its line and closed, is one."""
    assert "?" in kinds(text).split(" ")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Cause\nx\n## What was changed\n### Before\ny\n### After\nz", "cause fix"),
        ("## Fix\n### What was changed\n**Before:**\nx\n**After:**\ny", "fix"),
        ("## Fix\nx\n### Steps\ny\n### Verification\nz\n### Rollback\na", "fix verification fix"),
        ("## Fix\nx\n### Notes\ny\n### Requirements\nz", "fix"),
        ("## Fix\nx\n### Verification\ny\n## Verification\nz", "fix verification"),
        ("## Summary\nx\n**Impact:** y\n## Cause\nz", "symptoms impact cause"),
        ("## Timeline\nx\n### Detection\ny\n## Cause\nz\n## Fix\na", "timeline cause fix"),
        ("## Summary\nx\n### What happened\ny\n## Root cause\nz", "symptoms cause"),
        (
            "## Symptoms\nx\n## Lessons learned\n### What went well\ny\n### What went wrong\nz",
            "symptoms lessons",
        ),
        ("## Problem\nx\n## Fix\ny\n## Summary\nz", "symptoms fix lessons"),
        ("## Solution\nx\n## What didn't work\ny", "fix alternatives"),
        ("## What worked\nx\n## What didn't work\ny\n## Root cause\nz", "lessons lessons cause"),
        ("## Impact\nx\n## Critical\ny\n## Warning\nz\n## Runbook\na", "impact impact impact fix"),
        ("## Runbook\nx\n### Example queries\ny\n#### Reads\nz", "fix diagnosis"),
    ],
)
def test_neighbours_and_depth_decide_what_opens(text: str, expected: str) -> None:
    """A sub-heading opens a part of its own only where no outer heading has that kind."""
    assert kinds(text) == expected
