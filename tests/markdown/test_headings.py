"""Laws of `kb.markdown.headings` and its table of synonyms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown.headings import clear_kind, drop_number, kind_of, known_kind, normalise
from kb.markdown.synonyms import KINDS


def test_every_label_of_the_table_is_in_its_normal_form() -> None:
    """A label that `normalise` would change could never be found."""
    assert [label for label in KINDS if normalise(label) != label] == []


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Root Cause", "root cause"),
        ("❌ Root Cause:", "root cause"),
        ("🖼️ **Root** `Cause`", "root cause"),
        (":bug: :fire: Root Cause", "root cause"),
        ("1. Root Cause", "root cause"),
        ("2.1 Root Cause", "root cause"),
        ("(3) Root Cause", "root cause"),
        ("IV. Root Cause", "root cause"),
        ("Step 2: Root Cause", "root cause"),
        ("Error 6: Read-Only File System", "read-only file system"),
        ("Error 1045: Access denied", "error 1045 access denied"),
        ("Root Cause {#root-cause}", "root cause"),
        ("What Didn’t Work?", "what didn't work"),
        ("Causes & Solutions", "causes and solutions"),
        ("TL;DR", "tl dr"),
        ("ROOT   CAUSE!", "root cause"),
        ("Lösung:", "lösung"),
        ("原因\uff1a", "原因"),
        ("Мо́дуль", "мо́дуль"),
        ("", ""),
        ("🎉", ""),
    ],
)
def test_labels_lose_all_but_their_words(label: str, expected: str) -> None:
    """Case, pictures, numbers, marks and anchors say nothing about the kind."""
    assert normalise(label) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("❌ Error 6: Read-Only File System", "Read-Only File System"),
        ("3. Disk is full", "Disk is full"),
        ("Issue #12 - Slow start", "Slow start"),
        ("Step 2. Restart 🚀", "Restart"),
        ("503 Service Unavailable", "503 Service Unavailable"),
        ("Error 1045: Access denied", "Error 1045: Access denied"),
        ("3.11 breaks the build", "3.11 breaks the build"),
        ("Error 6", "Error 6"),
        ("FUNCTION_INVOCATION_FAILED Error", "FUNCTION_INVOCATION_FAILED Error"),
        ("❌", "❌"),
    ],
)
def test_numbers_of_a_list_are_dropped_but_codes_stay(label: str, expected: str) -> None:
    """`Error 6:` counts entries, `Error 1045:` and `503` are what people search for."""
    assert drop_number(label) == expected


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Meaning", "error"),
        ("Error Message", "error"),
        ("Stack trace", "error"),
        ("Mensagem de erro", "error"),
        ("Summary", "symptoms"),
        ("TL;DR", "symptoms"),
        ("Expected / actual", "symptoms"),
        ("Problem: disk is full", "symptoms"),
        ("Applies to", "environment"),
        ("Customer impact", "impact"),
        ("Who was affected?", "impact"),
        ("Stats", "impact"),
        ("4. Warning Signs to Recognize This Pattern", "detection"),
        ("How we noticed: alerts", "detection"),
        ("Debugging the error", "diagnosis"),
        ("What to check first", "diagnosis"),
        ("Contributing Factors (findings)", "cause"),
        ("Root Cause Analysis of the outage", "cause"),
        ("Root cause(s)", "cause"),
        ("Cause 2: clocks differ", "cause"),
        ("Why did the pods crash?", "cause"),
        ("What Misconception Led to This?", "cause"),
        ("Why This Error Occurred", "cause"),
        ("Ursachen", "cause"),
        ("Cause racine", "cause"),
        ("根本原因", "cause"),
        ("How we fixed it", "fix"),
        ("Fix: restart the pod", "fix"),
        ("Common Causes & Solutions", "fix"),
        ("Evolution of Solutions", "fix"),
        ("What Was Changed", "fix"),
        ("Before (Incorrect)", "fix"),
        ("After (Correct)", "fix"),
        ("Backend Changes", "fix"),
        ("Option 2", "fix"),
        ("Schritte zur Behebung", "fix"),
        ("解決策", "fix"),
        ("Alternatives and Trade-offs", "alternatives"),
        ("What Didn't Work", "alternatives"),
        ("Other approaches we considered", "alternatives"),
        ("Testing the Fix", "verification"),
        ("How to verify the solution", "verification"),
        ("Post-checks", "verification"),
        ("Key Takeaways for New Developers", "lessons"),
        ("Summary: Best Practices", "lessons"),
        ("3. Teaching the Concept", "lessons"),
        ("Understanding what broke", "lessons"),
        ("Why This Works", "lessons"),
        ("Why This Fixes It", "lessons"),
        ("What went well", "lessons"),
        ("Where we got lucky", "lessons"),
        ("Lecciones aprendidas", "lessons"),
        ("Action Items", "prevention"),
        ("Next Steps", "prevention"),
        ("How do we avoid this?", "prevention"),
        ("Timeline (UTC)", "timeline"),
        ("Atendees", "timeline"),
        ("See also", "resources"),
        ("Related issues and links", "resources"),
        ("Enviroment", "environment"),
        ("Root Casue", "cause"),
        ("Preferences", None),
        ("Migration", None),
        ("Architecture Patterns", None),
        ("Success Metrics", None),
        ("Table of Contents", None),
        ("Error: ECONNREFUSED", None),
        ("CORS Errors in Browser", None),
        ("", None),
    ],
)
def test_labels_have_their_kind(label: str, kind: str | None) -> None:
    """The table decides first, then the first words, one slip of the pen, and cues."""
    assert kind_of(label) == kind


@pytest.mark.parametrize(
    ("label", "siblings", "kind"),
    [
        ("What happened", [], "cause"),
        ("What Happened:", ["Solution"], "cause"),
        ("What happened", ["Root Cause", "Solution"], "symptoms"),
        ("What didn't work", ["Solution"], "alternatives"),
        ("What didn't work", ["What went well"], "lessons"),
        ("What didn't work", ["What worked", "Solution"], "alternatives"),
        ("Prevention Strategies", ["What Happened"], "fix"),
        ("Prevention Strategies", ["Solutions:"], "prevention"),
        ("Prevention", ["What Happened"], "prevention"),
    ],
)
def test_neighbours_settle_double_meanings(label: str, siblings: list[str], kind: str) -> None:
    """The same words mean different things beside a cause, beside a fix, or alone."""
    assert kind_of(label, siblings) == kind


@pytest.mark.parametrize(
    ("label", "clear", "known"),
    [
        ("Fix", "fix", "fix"),
        ("Fix: restart", "fix", None),
        ("Lessons from the outage", "lessons", None),
        ("Problems with printing", None, None),
        ("Issue in the queue", None, None),
        ("Error: disk is full", None, None),
        ("How we fixed it", None, None),
    ],
)
def test_only_the_table_makes_a_kind_clear(
    label: str, clear: str | None, known: str | None
) -> None:
    """Cues are good enough to sort a section, not to take a heading for one in the first place."""
    assert clear_kind(label) == clear
    assert known_kind(label) == known


@given(st.text(max_size=300))
def test_any_heading_has_an_answer(label: str) -> None:
    """No heading raises, and normalising twice changes nothing more but numbers and articles."""
    kind_of(label)

    assert normalise(label) == normalise(label).strip()
