"""A draft holds the pasted error whole, wherever the template wants it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors.unit import ErrorUnit, Line
from kb.markdown.document import Block
from kb.markdown.parse import parse
from kb.markdown.split import split
from kb.matching.result import Result
from kb.web.draft import MAX_LINES, MAX_TITLE, SKELETON, draft, guess_title


def result(*texts: str, unit: ErrorUnit | None = None) -> Result:
    """Return what a match without a hit answers for these lines."""
    lines = tuple(Line(number, text) for number, text in enumerate(texts, 1))
    return Result("none", (), (unit,) if unit else (), lines, (), 0.0)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            "# T\n\n## Error\n\n```\nold\n```\n\n## Fix\n",
            "# T\n\n## Error\n\n```\nboom\n```\n\n## Fix\n",
        ),
        ("# T\n\n## Error\n\n## Fix\n", "# T\n\n## Error\n\n```\nboom\n```\n\n## Fix\n"),
        ("# T\n\n## Cause\n", "# T\n\n## Error\n\n```\nboom\n```\n\n\n## Cause\n"),
        ("", "\n## Error\n\n```\nboom\n```\n\n"),
        ("---\ntags: [\n---\n", None),
    ],
)
def test_it_fills_the_template(template: str, expected: str | None) -> None:
    """The error goes into the template's error block, or below its title; a broken one is not used."""
    filled = draft(result("boom"), template)

    assert filled == expected if expected is not None else filled.startswith(SKELETON[:10])


@given(st.lists(st.text(alphabet="`ab \\#", max_size=12), min_size=1, max_size=8))
def test_nothing_in_a_paste_closes_its_fence(texts: list[str]) -> None:
    """Whatever is pasted, the draft reads as one code block that holds it."""
    texts = [*texts, "end"]
    document = parse(draft(result(*texts), SKELETON))

    fences = [node for node in document.nodes if isinstance(node, Block) and node.kind == "fence"]
    assert [fence.content.rstrip("\n") for fence in fences] == ["\n".join(texts)]


def test_a_long_paste_is_cut_to_its_error() -> None:
    """Of a long log only the lines of the most telling error come along."""
    noise = [f"ordinary line {number}" for number in range(500)]
    unit = ErrorUnit("log", "", "boom", start=501, end=502)
    filled = draft(result(*noise, "boom", "more", unit=unit), SKELETON)

    assert "boom\nmore" in filled
    assert "ordinary" not in filled


def test_the_title_is_set_wherever_the_template_has_one() -> None:
    """A title in the front matter would win over the heading, so it is set too, as valid YAML."""
    unit = ErrorUnit("python", "KeyError", "\"a: b\" # 'c'", start=1, end=1)
    filled = draft(
        result("boom", unit=unit), "---\ntitle: old # say what\nseverity: low\n---\n\n# Old\n"
    )

    found = split(parse(filled))
    assert found.title == "KeyError: \"a: b\" # 'c'"
    assert "severity: low" in filled
    assert "# KeyError" in filled


def test_an_endless_error_is_cut() -> None:
    """Without a known error the last lines come along, and no more than a screen of them."""
    filled = draft(result(*[f"line {number}" for number in range(500)]), SKELETON)

    assert filled.count("\nline ") == MAX_LINES
    assert "line 499" in filled


@pytest.mark.parametrize(
    ("type_", "message", "title"),
    [
        ("OSError", "[Errno 28] full", "OSError: [Errno 28] full"),
        ("", "it  broke\nhere", "it broke here"),
        ("KeyError", "", "KeyError"),
        ("E", "x" * 500, f"E: {'x' * (MAX_TITLE - 3)}…"),
    ],
)
def test_the_title_is_the_error_in_one_line(type_: str, message: str, title: str) -> None:
    """A title is short and has no line ends, whatever the message holds."""
    assert guess_title([ErrorUnit("python", type_, message, 1, 1)]) == title
