"""Code before and after a change is found however a text announces it."""

from __future__ import annotations

import pytest

from kb.markdown.facts.pairs import Pair, find_pairs, read_side
from kb.markdown.facts.pieces import read_pieces


def pairs(text: str) -> list[Pair]:
    """List the pairs of a text."""
    return list(find_pairs(read_pieces(text)))


def two(first: str, second: str, info: str = "python") -> str:
    """Write two blocks, each under its line."""
    return f"{first}\n\n```{info}\nold()\n```\n\n{second}\n\n```{info}\nnew()\n```\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("**Before**", "**After**"),
        ("**Before (Incorrect):**", "**After (Correct):**"),
        ("### Before", "### After"),
        ("Before the fix:", "After the fix:"),
        ("Old code:", "New code:"),
        ("❌ Wrong", "✅ Correct"),
        ("Bad:", "Good:"),
        ("Don't:", "Do:"),
        ("Incorrect:", "Correct:"),
        ("1. **Initial (Wrong) Approach:**", "2. **Corrected Approach:**"),
        ("Change this:", "to this:"),
        ("Replace", "with"),
        ("**Vorher:**", "**Nachher:**"),
    ],
)
def test_two_announced_blocks_are_a_pair(before: str, after: str) -> None:
    """Headings, bold labels, plain labels and signs announce the two halves."""
    (pair,) = pairs(two(before, after))

    assert (pair.before, pair.after, pair.language) == ("old()", "new()", "python")


def test_the_order_may_be_turned() -> None:
    """What is announced as good may stand first."""
    (pair,) = pairs(two("✅ Good", "❌ Bad"))

    assert (pair.before, pair.after) == ("new()", "old()")


@pytest.mark.parametrize("sign", ["# ", "// ", "-- "])
def test_comments_divide_one_block(sign: str) -> None:
    """Both halves may stand in one block under comments."""
    text = f"```js\n{sign}❌ Bad: it hangs\nold()\n\n{sign}✅ Good\nnew()\nmore()\n```\n"
    (pair,) = pairs(text)

    assert (pair.before, pair.after) == ("old()", "new()\nmore()")


def test_a_diff_is_taken_apart() -> None:
    """Context stands on both sides, headers on none."""
    text = "```diff\n--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n```\n"
    (pair,) = pairs(text)

    assert (pair.before, pair.after) == ("same\nold", "same\nnew")


def test_the_label_is_what_the_text_calls_the_change() -> None:
    """A short line above comes first, else the heading."""
    (by_step,) = pairs(f"1. Set the timeout:\n\n{two('**Before**', '**After**')}")
    (by_heading,) = pairs(f"## Handler\n\n{'Long. Story ' * 20}\n\n{two('Before:', 'After:')}")

    assert by_step.label == "Set the timeout"
    assert by_heading.label == "Handler"


@pytest.mark.parametrize(
    "text",
    [
        two("Before you start, run", "After that, run"),
        two("**Before**", "**Verify**"),
        two("Before", "Before"),
        two("**Before**", "**After**").replace("new()", "old()"),
        "```python\n# ❌ Bad\nold()\n```\n",
        "```python\n# Wrong: http\n# Correct: https\nget()\n```\n",
        "**Before**\n\n```\na\n```\n" + "\nwords\n" * 9 + "\n**After**\n\n```\nb\n```\n",
        "```js\n// before() is called first\na()\n// after() is called last\nb()\n```\n",
        "- ✅ **Good**: fast\n- ❌ **Bad**: slow\n",
        "```diff\n same\n```\n",
    ],
)
def test_what_is_not_announced_on_both_sides_is_no_pair(text: str) -> None:
    """One half, far halves, equal halves and mere words make none."""
    assert pairs(text) == []


@pytest.mark.parametrize(
    "line",
    ["Right-click", "New features", "Correct the path:", "Good to know:", "After restarting"],
)
def test_ordinary_words_announce_nothing(line: str) -> None:
    """A sentence that begins like a label is none."""
    assert read_side(line) is None
