"""Laws of `kb.markdown.parse`, its dialect and its labels."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from kb.markdown.document import LABEL_LEVEL, Block, Document, Heading, ParseError
from kb.markdown.limits import MAX_BYTES, MAX_HEADINGS
from kb.markdown.parse import parse
from kb.markdown.split import split


def headings(text: str) -> list[Heading]:
    """List the real headings of a text."""
    return [n for n in parse(text).nodes if isinstance(n, Heading) and not n.label]


def labels(text: str) -> list[str]:
    """List the labels of a text."""
    return [n.text for n in parse(text).nodes if isinstance(n, Heading) and n.label]


def blocks(text: str) -> list[Block]:
    """List the blocks of a text."""
    return [n for n in parse(text).nodes if isinstance(n, Block)]


def test_it_works() -> None:
    """Headings and blocks come in order with their lines."""
    document = parse("---\ntitle: T\n---\n# One\n\ntext\n\nTwo\n---\n\n- a\n- b\n")

    assert document.meta == {"title": "T"}
    assert document.body_start == 3
    assert document.nodes == (
        Heading(1, "One", 3, 4),
        Block("paragraph", 5, 6),
        Heading(2, "Two", 7, 9),
        Block("list", 10, 12),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A", [(1, "A", "")]),
        ("###### A ######", [(6, "A", "")]),
        ("A\n===", [(1, "A", "")]),
        ("A\nB\n---", [(2, "A B", "")]),
        ("## **Bold** `code` [link](http://x.y)", [(2, "Bold code link", "")]),
        ("## A <br> B", [(2, "A B", "")]),
        ("## ![logo](a.png) A", [(2, "logo A", "")]),
        ("## Отладка {#debugging-the-error}", [(2, "Отладка", "debugging-the-error")]),
        ("## A { .wide #why }", [(2, "A { .wide #why }", "")]),
        ("## A {: #why .wide }", [(2, "A", "why")]),
        ("#nospace", []),
        ("####### seven", []),
        ("```\n# in a fence\n```", []),
        ("- item\n\n  ```\n  # in a fence in a list\n  ```", []),
        ("- # in a list", []),
        ("> # in a quote", []),
        ("    # in indented code", []),
        ("<!--\n# in a comment\n-->\n# real", [(1, "real", "")]),
        ("<details>\n\n# inside\n\n</details>", [(1, "inside", "")]),
        ("| a |\n|---|\n# after a table", [(1, "after a table", "")]),
    ],
)
def test_headings_are_what_commonmark_says(text: str, expected: list[tuple[int, str, str]]) -> None:
    """No line that merely looks like a heading is one; words come without Markdown."""
    assert [(h.level, h.text, h.anchor) for h in headings(text)] == expected


@pytest.mark.parametrize(
    ("text", "kind", "span"),
    [
        ("text\nmore", "paragraph", (0, 2)),
        ("```py\ncode\n```", "fence", (0, 3)),
        ("~~~\nopen to the end", "fence", (0, 2)),
        ("    code", "fence", (0, 1)),
        ("1. a\n\n   ```\n   x\n   ```\n2. b", "list", (0, 6)),
        ("> a\nb", "quote", (0, 2)),
        ("| a |\n|---|\n| 1 |", "table", (0, 3)),
        ("<!-- c\n\nc -->", "html", (0, 3)),
        ("***", "rule", (0, 1)),
        ("[ref]: http://x.y", "paragraph", (0, 1)),
        ("[^1]: note\n    # more\n\n    - a", "paragraph", (0, 4)),
    ],
)
def test_blocks_have_their_kind_and_lines(text: str, kind: str, span: tuple[int, int]) -> None:
    """Every kind of block is known, link definitions are covered like any other line."""
    (block,) = blocks(text)

    assert (block.kind, (block.start, block.end)) == (kind, span)


def test_a_fence_knows_its_language_and_code() -> None:
    """Signatures are read from code, so it comes without fence and indent."""
    (block,) = blocks("```python title=x\nraise Error\n```")

    assert (block.info, block.content) == ("python title=x", "raise Error\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Root Cause:** text", ["Root Cause"]),
        ("**Root Cause**: text", ["Root Cause"]),
        ("__Root Cause:__ text", ["Root Cause"]),
        ("**Root Cause:**\n- list", ["Root Cause"]),
        ("**Root Cause:**text", ["Root Cause"]),
        ("**原因\uff1a**文本", ["原因"]),
        ("⚠️ **Root Cause:** text", ["Root Cause"]),
        ("**What happened?**: text", ["What happened"]),
        ("**Cause:** a\n**Fix:** b", ["Cause", "Fix"]),
        ("**Cause:** a\nb\n**Odd one:** c", ["Cause"]),
        ("**Cause:** a  \n**Fix**  \nb", ["Cause", "Fix"]),
        ("**Anything at all**", ["Anything at all"]),
        ("**Anything:**\ntext", ["Anything"]),
        ("**Fix the cause: now**", ["Fix the cause: now"]),
        ("**Note** this is prose", []),
        ("**Cause** this is prose", []),
        ("**Anything:** prose", []),
        ("text **Cause:** prose", []),
        ("text\n**Anything**", []),
        ("`**Cause:**` code", []),
        ("> **Cause:** quoted", []),
        ("| **Cause:** |\n|---|", []),
        ("** Cause:** no bold", []),
        ("**:**", []),
        ("**Cause", []),
        ("__init__: text", []),
    ],
)
def test_bold_labels_count_as_headings(text: str, expected: list[str]) -> None:
    """Known labels count at the start of any line, unknown ones only alone on a first line."""
    assert labels(text) == expected


def test_a_label_parts_its_paragraph() -> None:
    """What follows a label on its line is a block of its own that starts on that line."""
    document = parse("lead\n**Cause:** it broke\nbadly\n**Fix:**\nglue it")

    assert document.nodes == (
        Block("paragraph", 0, 1),
        Heading(LABEL_LEVEL, "Cause", 1, 2, label=True),
        Block("paragraph", 1, 3, content="it broke\nbadly"),
        Heading(LABEL_LEVEL, "Fix", 3, 4, label=True),
        Block("paragraph", 4, 5),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- **Cause:** a\n- **Fix:** b", ["Cause", "Fix"]),
        ("1. **Cause**: a\n2. **Fix**: b", ["Cause", "Fix"]),
        ("* **Cause:** a\n\n  more\n\n* **Fix:**\n  b", ["Cause", "Fix"]),
        ("- **Cause:** a\n  - **Fix:** nested\n- **Fix:** b", ["Cause", "Fix"]),
        ("- **Cause:** a\n- **Fix:** b\n- plain", []),
        ("- **Cause:** a\n- **Reason:** b", []),
        ("- **Severity:** a\n- **Version:** b", []),
        ("- **Option A:** a\n- **Option B:** b", []),
        ("- **Cause:** alone", []),
    ],
)
def test_a_list_of_labels_counts_when_every_item_has_one(text: str, expected: list[str]) -> None:
    """Short notes list their parts; an ordinary list with a bold word stays a list."""
    assert labels(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Problem: a\nCause: b\n\nSolution:\nc", ["Problem", "Cause", "Solution"]),
        ("Ursache: a\n\nLösung: b", ["Ursache", "Lösung"]),
        ("Error: disk full\nText", []),
        ("Cause: only one kind", []),
        ("Error: a\n\nProblem: b", []),
        ("Cause:a\nFix:b", []),
        ("Note: a\nVersion: b", []),
    ],
)
def test_plain_labels_count_where_a_text_uses_several(text: str, expected: list[str]) -> None:
    """`Cause: …` is a label only beside another one; a pasted `Error: …` line is not."""
    assert labels(text) == expected


def test_every_line_of_the_torture_sample_is_covered(read: Callable[[str], Document]) -> None:
    """No non-blank line is outside all nodes, and no two real nodes share one."""
    document = read("torture.md")
    covered = [n for node in document.nodes for n in range(node.start, node.end)]
    filled = [n for n, line in enumerate(document.lines) if line.strip()]

    assert set(filled) <= set(covered)
    assert [h.text for h in document.nodes if isinstance(h, Heading) and not h.label] == [
        "Setext title",
        "Error",
        "Cause",
        "Fix",
    ]


def test_the_size_limit_is_exact() -> None:
    """A text of one megabyte is read, one letter more is refused."""
    assert parse("x" * MAX_BYTES).lines == ("x" * MAX_BYTES,)

    with pytest.raises(ParseError, match="over 1 MB"):
        parse("x" * (MAX_BYTES + 1))


def test_the_number_of_headings_has_a_limit() -> None:
    """A flood of headings is one clear line, with the place where it became too much."""
    assert len(parse("# a\n" * MAX_HEADINGS).nodes) == MAX_HEADINGS

    with pytest.raises(ParseError, match="2,000 headings") as caught:
        parse("# a\n" * (MAX_HEADINGS + 1))
    assert caught.value.line == MAX_HEADINGS + 1


@pytest.mark.parametrize("mark", ["* * * a\n", "|a\n|-\n"])
def test_a_text_of_countless_small_parts_is_refused(mark: str) -> None:
    """A megabyte of list marks or cells would hold the parser for many seconds."""
    with pytest.raises(ParseError, match="too many small parts"):
        parse(mark * (900_000 // len(mark)))


@pytest.mark.parametrize(
    ("front", "default", "expected"),
    [
        ("", "commonmark", "commonmark"),
        ("", "mkdocs", "python-markdown"),
        ("dialect: python-markdown", "commonmark", "python-markdown"),
        ("dialect: Python_Markdown", "commonmark", "python-markdown"),
        ("markdown: MkDocs", "commonmark", "python-markdown"),
        ("dialect: commonmark", "python-markdown", "commonmark"),
        ("dialect: gfm", "python-markdown", "commonmark"),
        ("dialect:", "python-markdown", "python-markdown"),
    ],
)
def test_front_matter_chooses_the_dialect_before_the_setting(
    front: str, default: str, expected: str
) -> None:
    """A file says for itself how it is written, else the setting of its folder holds."""
    document = parse(f"---\nowner: ops\n{front}\n---\n#Title\n", dialect=default)
    titled = any(isinstance(node, Heading) for node in document.nodes)

    assert document.dialect == expected
    assert titled is (expected == "python-markdown")
    assert split(document).dialect == expected


def test_an_unknown_dialect_is_noted() -> None:
    """A file written for another tool is read as usual, and its report says so."""
    document = parse("---\ndialect: asciidoc\n---\n#Title\n", dialect="mkdocs")

    assert document.dialect == "python-markdown"
    (note,) = document.meta["notes"]
    assert "'asciidoc'. Write commonmark or python-markdown" in note


def test_an_unknown_setting_is_refused() -> None:
    """Who sets a dialect for a whole folder learns at once that it is misspelled."""
    with pytest.raises(ParseError, match=r"'asciidoc'\. Write commonmark or python-markdown"):
        parse("# T", dialect="asciidoc")


def test_the_second_parser_is_loaded_only_when_asked_for() -> None:
    """Commands start fast: a site that is all CommonMark never imports Python-Markdown."""
    code = (
        "import sys; from kb.markdown.parse import parse; from kb.markdown.render import render;"
        "parse('# a'); render('# a'); assert 'markdown' not in sys.modules;"
        "render('# a', dialect='mkdocs'); assert 'markdown' in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
