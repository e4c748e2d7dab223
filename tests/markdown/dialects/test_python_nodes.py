"""Laws of the python-markdown dialect: headings and blocks with their lines."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.markdown.dialects import load_dialect
from kb.markdown.document import LABEL_LEVEL, Block, Document, Heading, ParseError
from kb.markdown.limits import MAX_NOTE_MARKS, MAX_PYTHON_BLOCKS, MAX_PYTHON_BYTES
from kb.markdown.parse import parse
from kb.markdown.render import render

DIALECT = "python-markdown"
load_dialect(DIALECT)  # here, so that it is not the first example that takes so long


def read(text: str) -> Document:
    """Parse a text written for MkDocs."""
    return parse(text, dialect=DIALECT)


def headings(text: str) -> list[Heading]:
    """List the real headings of a text."""
    return [n for n in read(text).nodes if isinstance(n, Heading) and not n.label]


def labels(text: str) -> list[str]:
    """List the labels of a text."""
    return [n.text for n in read(text).nodes if isinstance(n, Heading) and n.label]


class Outline(HTMLParser):
    """Collects the words of the headings that stand in nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "hr"):
            return
        if re.fullmatch("h[1-6]", tag) and not self.open:
            self.found.append("")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and re.fullmatch("h[1-6]", self.open[0]):
            self.found[-1] += data


def shown_headings(text: str) -> list[str]:
    """List the outermost headings of the page that a text makes."""
    outline = Outline()
    outline.feed(render(text, dialect=DIALECT))
    return [" ".join(words.split()) for words in outline.found]


PIECES = (
    "# A|## B {#why}|#nospace|### C ###|#|Title|===|---|***|text|**Cause:** because|- item|  more|1. one|"
    '    deep|        deeper|```|```python|~~~|> quote|>|!!! failure "Cause"|!!! note|??? bug "Fix"|'
    '=== "Linux"|=== "Fix"|\t# tabbed|    # inside|<div>|</div>|<!-- c|-->|<b>x</b>|a <br> b|| a | b |'
    "||---|---||[r]: http://x.y|[a][r]|[^1]|[^1]: note|*[text]: words|Term|:   meaning|`# code`|- [ ]|+++|"
    "{: .wide}|\\# no|# a \\|1.|x | y|&copy; & c|~~~ {.py}|# <i>t</i> *u*|# ![i](http://x.y/i.png)|```` a"
)  # fmt: skip
LINES = st.sampled_from(re.split(r"(?<!\|)\|(?!\|)", PIECES))
texts = st.lists(st.one_of(LINES, st.just("")), max_size=14).map(
    lambda lines: "\n".join(("text", "", *lines))
)


@given(texts)
@example("# A\ntext\n# B\n\n```\n# C\n```")
def test_headings_are_those_of_the_page(text: str) -> None:
    """Structure and page come from one parser, so neither knows a heading that the other lacks."""
    assert [heading.text for heading in headings(text)] == shown_headings(text)


@given(texts)
def test_every_line_is_covered(text: str) -> None:
    """No line with anything on it is outside all nodes, and nodes come in order."""
    document = read(text)
    covered = {n for node in document.nodes for n in range(node.start, node.end)}
    starts = [node.start for node in document.nodes]
    filled = {n for n, line in enumerate(document.lines) if line.strip()}

    assert filled - set(range(document.body_start)) <= covered
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A", [(1, "A", "")]),
        ("#A", [(1, "A", "")]),
        ("####### seven", [(6, "# seven", "")]),
        ("## A ##", [(2, "A", "")]),
        ("text\n# A\nmore", [(1, "A", "")]),
        ("A\n===", [(1, "A", "")]),
        ("> A\n---", [(2, "> A", "")]),
        ("<b>A</b>\n===", [(1, "A", "")]),
        ("## A {#why}", [(2, "A", "why")]),
        ("## A {: .wide #why }", [(2, "A", "why")]),
        ("A {#why}\n---", [(2, "A", "why")]),
        ("## **B** `c` [d][1] ![e](f.png)\n\n[1]: http://x.y", [(2, "B c d e", "")]),
        ("## A &amp; B &copy;", [(2, "A & B ©", "")]),
        ("## A[^1]\n\n[^1]: note", [(2, "A", "")]),
        ("## 2024", [(2, "2024", "")]),
        ("  # indented", []),
        ("# a \\", []),
        ("```\n# A\n```", []),
        ("~~~ {.py}\n# A\n~~~", []),
        ("    # A", []),
        ("- # A", []),
        ("- a\n\n    # A", []),
        ("> # A", []),
        ("<!--\n# A\n-->", []),
        ("<div>\n# A\n</div>", []),
        ("!!! note\n    # A", []),
        ("[^1]: a\n\n    # A", []),
    ],
)
def test_headings_are_what_python_markdown_says(
    text: str, expected: list[tuple[int, str, str]]
) -> None:
    """Its rules hold, not CommonMark's; attribute lists give anchors."""
    assert [(h.level, h.text, h.anchor) for h in headings(text)] == expected


@pytest.mark.parametrize(
    ("text", "kind", "span"),
    [
        ("text\nmore", "paragraph", (0, 2)),
        ("```py\ncode\n```", "fence", (0, 3)),
        ("```\n\n```", "fence", (0, 3)),
        ("    code\n\n    more", "fence", (0, 3)),
        ("- a\n\n    ```\n    x\n    ```\n- b", "list", (0, 6)),
        ("- [ ] a\n- [ ]", "list", (0, 2)),
        ("Term\n:   words", "list", (0, 2)),
        ("> a\n>", "quote", (0, 2)),
        ("!!! note\n    a\n\n    ***", "quote", (0, 4)),
        ('??? "Title"\n    a', "quote", (0, 2)),
        ('=== "A"\n    a\n\n=== "B"\n    b', "quote", (0, 5)),
        ("| a |b|\n|---|---|\n| 1 |2|", "table", (0, 3)),
        ("<!-- c\n\nc -->", "html", (0, 3)),
        ("<div>\n\nx\n\n</div>", "html", (0, 5)),
        ("***", "rule", (0, 1)),
        ("[ref]: http://x.y", "paragraph", (0, 1)),
        ("*[a]: b", "paragraph", (0, 1)),
        ("[^1]: note\n\n    more", "paragraph", (0, 3)),
    ],
)
def test_blocks_have_their_kind_and_lines(text: str, kind: str, span: tuple[int, int]) -> None:
    """Every kind of block is known; what is nowhere in the tree is covered all the same."""
    nodes = [n for n in read(text).nodes if isinstance(n, Block)]

    assert {node.kind for node in nodes} == {kind}
    assert (nodes[0].start, nodes[-1].end) == span


@pytest.mark.parametrize(
    ("text", "info", "content"),
    [
        ('```python title="x"\na\n\n  b\n```', 'python title="x"', "a\n\n  b\n"),
        ("~~~ {.sh hl_lines=1}\na\n~~~", "{.sh hl_lines=1}", "a\n"),
        ("``` nonsense here!\na\n```", "nonsense here!", "a\n"),
        ("  ```\n  a\n  ```", "", "a\n"),
        ("```\n\ta\n```", "", "\ta\n"),
        ("    a\n      b", "", "a\n  b\n"),
        ("text\n```\na\n```\nmore", "", "a\n"),
    ],
)
def test_a_fence_knows_its_language_and_code(text: str, info: str, content: str) -> None:
    """Signatures are read from code, so it comes without fence and indent, as it was typed."""
    (block,) = [n for n in read(text).nodes if isinstance(n, Block) and n.kind == "fence"]

    assert (block.info, block.content) == (info, content)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('!!! failure "Root cause"\n    a', ["Root cause"]),
        ('!!! bug inline end "Error message"\n    a', ["Error message"]),
        ('??? "**Fix**"\n    a', ["Fix"]),
        ('???+ success "Resolution"\n    a', ["Resolution"]),
        ('=== "Cause"\n    a\n\n=== "Fix"\n    b', ["Cause", "Fix"]),
        ('=== "Cause"\n    a\n=== "Linux"\n    b', ["Cause"]),
        ('!!! note "Something else"\n    a', []),
        ("!!! failure\n    a", []),
        ('=== "Linux"\n    a', []),
        ('- a\n\n    !!! bug "Fix"\n        b', []),
        ('!!! note\n    !!! bug "Fix"\n        b', []),
    ],
)
def test_a_box_with_a_known_title_is_a_label(text: str, expected: list[str]) -> None:
    """MkDocs writers put cause and fix into boxes; boxes with other titles stay as they are."""
    assert labels(text) == expected


def test_what_is_in_a_labelled_box_comes_without_its_indent() -> None:
    """A section's text is Markdown of its own, so that fences and lists in it are read."""
    document = read(
        'lead\n\n!!! bug "Fix"\n\n    - a\n\n        b\n\n    ```\n    c\n    ```\nafter'
    )

    assert document.nodes == (
        Block("paragraph", 0, 1),
        Heading(LABEL_LEVEL, "Fix", 2, 3, label=True),
        Block("quote", 2, 11, content="- a\n\n    b\n\n```\nc\n```"),
        Block("paragraph", 11, 12),
    )


def test_a_long_line_keeps_its_place() -> None:
    """What is too long for the parser is shortened there, and nowhere else."""
    text = f"# A\n\n{'word ' * 5_000}\n\n# B\n"
    document = read(text)

    assert [(node.start, node.end) for node in document.nodes] == [(0, 1), (2, 3), (4, 5)]
    assert document.text == text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x" * (MAX_PYTHON_BYTES + 1), "over 512 kB"),
        ("a\n\n" * (MAX_PYTHON_BLOCKS + 2), "too many small parts"),
        ("[^1]\n" * (MAX_NOTE_MARKS + 1), "too many footnotes"),
        ("```py " + "a='' " * 21 + "!", "too many options"),
        ("# a\n" * 20_000, "too tangled"),
        ("1. " * 600, "Nest its parts less deeply"),
    ],
    ids=["size", "blocks", "notes", "options", "headings", "depth"],
)
def test_a_maze_is_refused(text: str, complaint: str) -> None:
    """What would hold the parser for long is one clear line instead."""
    with pytest.raises(ParseError, match=complaint):
        read(text)
