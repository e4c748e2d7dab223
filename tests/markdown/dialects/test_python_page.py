"""Laws of the python-markdown dialect: pages look as MkDocs writers meant them, in our shape."""

from __future__ import annotations

import pytest

from kb.markdown.limits import MAX_PYTHON_RICH_BYTES
from kb.markdown.quotes import Quote, find_quotes
from kb.markdown.render import find_definitions, plain, render

DIALECT = "python-markdown"
REL = 'rel="noopener noreferrer nofollow"'


def show(text: str, definitions: str = "") -> str:
    """Render a text written for MkDocs, without the line ends between tags."""
    html = render(text, definitions=definitions, dialect=DIALECT)
    return html.replace(">\n", ">").replace("\n<", "<").strip()


def code(words: str, language: str = "") -> str:
    """Write a code block as every page shows it."""
    name = f' class="language-{language}"' if language else ""
    return f'<div class="code"><pre><code{name}>{words}</code></pre></div>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A *b* **c** `d`", "<p>A <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("# a\n## b", "<h3>a</h3><h4>b</h4>"),
        ("##### a\n###### b", "<h3>a</h3><h4>b</h4>"),
        ("# a {#x .y}", "<h3>a</h3>"),
        ("a\n{: #x .code style='x' onclick=y }", "<p>a</p>"),
        ("***\n\na\n\n***", "<p>a</p>"),
        ("a\n\n***\n\nb", "<p>a</p><hr><p>b</p>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- [ ] a\n- [x] **b**\n- [y] c", "<ul><li>☐ a</li><li>☑ <strong>b</strong></li><li>[y] c</li></ul>"),
        ("- [x] a\n\n- b", "<ul><li><p>☑ a</p></li><li><p>b</p></li></ul>"),
        ("a\n:   b", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("a HTML\n\n*[HTML]: b", '<p>a <abbr title="b">HTML</abbr></p>'),
        ("&copy; &amp; & <", "<p>© &amp; &amp; &lt;</p>"),
    ],
)  # fmt: skip
def test_ordinary_text_has_the_shape_of_every_page(text: str, expected: str) -> None:
    """Headings leave the top to the page, and no text brings names or styles of its own."""
    assert show(text) == expected


@pytest.mark.parametrize(
    ("kind", "tone"),
    [("note", "note"), ("tip", "tip"), ("check", "success"), ("caution", "warning"),
     ("bug inline end", "danger"), ("FAILURE", "danger"), ("anything", "note")],
)  # fmt: skip
def test_boxes_have_one_of_few_tones(kind: str, tone: str) -> None:
    """A page styles five tones, whatever words a text uses."""
    title = '<p class="admonition-title">T</p>'

    assert show(f'!!! {kind} "T"\n    a') == (
        f'<div class="admonition {tone}">{title}<p>a</p></div>'
    )
    assert show(f'??? {kind} "T"\n    a') == (
        f'<details class="{tone}"><summary>T</summary><p>a</p></details>'
    )


def test_an_open_box_stands_open() -> None:
    """`???+` is the writer's wish that all should read it."""
    assert show("???+ note\n    a").startswith('<details class="note" open="open">')


def test_tabs_are_boxes_one_below_the_other() -> None:
    """Nothing is hidden behind a script or a trick of style."""
    assert show('=== "A *b*"\n    a\n\n=== "C"\n    c\n\nd') == (
        '<div class="admonition tab"><p class="admonition-title">A <em>b</em></p><p>a</p></div>'
        '<div class="admonition tab"><p class="admonition-title">C</p><p>c</p></div><p>d</p>'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```sql\nb\n```", code('<span class="n">b</span>\n', "sql")),
        ("```nonsense x=y z\n<b>\n```", code("&lt;b&gt;\n")),
        ("~~~ {.json #x hl_lines='1'}\n~~~", code("", "json")),
        ("    <a> &amp;\n      b", code("&lt;a&gt; &amp;amp;\n  b\n")),
        ("text\n```\na\n```\nmore", f"<p>text</p>{code('a' + chr(10))}<p>more</p>"),
        ("- a\n\n    ```\n    b\n    ```", f"<ul><li><p>a</p>{code('b' + chr(10))}</li></ul>"),
        ("> ```\n> a\n> ```", f"<blockquote>{code('a' + chr(10))}</blockquote>"),
        ("    ```\n    a\n    ```", code("```\na\n```\n")),
    ],
)
def test_code_is_written_like_all_code(text: str, expected: str) -> None:
    """One writer colours code and knows its limits."""
    assert show(text) == expected.replace("\n<", "<")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](https://x.y 'T')", f'<a href="https://x.y" title="T" {REL}>a</a>'),
        ("[a *b*](./other.md)", "a <em>b</em>"),
        ("[a](#anchor){ .md-button }", "a"),
        ("<https://x.y?a=b&c>", f'<a href="https://x.y?a=b&amp;c" {REL}>https://x.y?a=b&amp;c</a>'),
        ("![a](https://x.y/z.png){ width=9 }", f'<a href="https://x.y/z.png" {REL}>a</a>'),
        ("![](https://x.y/z.png)", f'<a href="https://x.y/z.png" {REL}>image</a>'),
        ("![a](z.png)", "a"),
        ("[![a](https://x.y/b.svg)](https://x.y)", f'<a href="https://x.y" {REL}>a</a>'),
        ("[![a](https://x.y/b.svg)](local)", f'<a href="https://x.y/b.svg" {REL}>a</a>'),
        ("[a][r]\n\n[r]: https://x.y", f'<a href="https://x.y" {REL}>a</a>'),
    ],
)
def test_links_and_images_follow_the_rules_of_all_pages(text: str, expected: str) -> None:
    """Links lead out safely or not at all, and no image is loaded."""
    assert show(text) == f"<p>{expected}</p>"


def test_an_address_of_a_mailbox_is_readable_in_the_end() -> None:
    """The library hides it behind letters' numbers; the gate sees through that."""
    assert show("<me@x.y>") == f'<p><a href="mailto:me@x.y" {REL}>me@x.y</a></p>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a<br>b <kbd>q</kbd>", "<p>a<br>b <kbd>q</kbd></p>"),
        ("a <!-- hidden --> b", "<p>a  b</p>"),
        ("<!-- hidden\n\n# not shown -->\n\nb", "<p>b</p>"),
        ("run <your-command> now", "<p>run &lt;your-command&gt; now</p>"),
        ("<div>\n**a** <i>b</i>\n</div>", "**a** b"),
        ("<div>\n```\na\n```\n</div>", code("a\n").replace("\n<", "<")),
        (
            "<details>\n<summary>a</summary>\nb\n</details>",
            "<details><summary>a</summary>b</details>",
        ),
        ("<b>a</b>", "<p>a</p>"),
    ],
)
def test_raw_html_is_shown_dropped_or_harmless(text: str, expected: str) -> None:
    """Raw HTML is no way around the rules of all pages."""
    assert show(text) == expected


def test_tables_say_their_sides_by_class() -> None:
    """A strict page takes no style attribute."""
    html = show("a | b\n:--|--:\n1 | `x|y`")

    assert '<th class="left">a</th><th class="right">b</th>' in html
    assert '<td class="right"><code>x|y</code></td>' in html


def test_notes_are_numbered_as_they_are_referred_to() -> None:
    """They stand at the end, without links, and those that no one refers to are left out."""
    html = show(
        "a[^b] c[^a] d[^b] [^?]\n\n[^a]: A\n[^b]: B\n\n    ```\n    x\n    ```\n[^c]: C\n[^d]:"
    )

    assert html == (
        "<p>a<sup>[1]</sup> c<sup>[2]</sup> d<sup>[1]</sup> [^?]</p>"
        '<div class="footnotes"><ol>'
        f"<li><p>B</p>{code('x')}</li><li><p>A</p></li></ol></div>"
    )  # fmt: skip


def test_what_is_defined_elsewhere_can_be_used() -> None:
    """Sections are shown one by one; links, notes and abbreviations stand anywhere."""
    source = "[R]: https://x.y 'T'\n*[AB]: c\n\n[^n]: note\n\n    <b>two</b>\n"
    definitions = find_definitions(source, DIALECT)

    assert definitions == "[r]: <https://x.y>\n*[AB]: c\n\n[^n]: note\n\n    <b>two</b>"
    assert show("[a][r] AB [^n]", definitions) == (
        f'<p><a href="https://x.y" {REL}>a</a> <abbr title="c">AB</abbr> <sup>[1]</sup></p>'
        '<div class="footnotes"><ol><li><p>note</p><p>two</p></li></ol></div>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "x " * (MAX_PYTHON_RICH_BYTES // 2 + 1),
        "[" * 10_000,
        "![" * 5_000,
        "[a](" * 2_500,
        "``a`" * 2_500,
        "<![CDATA[" * 10_000,
        "<a " * 30_000,
        "1. " * 4_000,
        "***\n" * 5_000,
        "!!! a\n" * 10_000,
        "*[a\n" * 10_000,
        "|a" * 1_000 + "\n" + "|-" * 1_000 + "\n" + "|\n" * 1_000,
        "```py " + "a='' " * 30 + "!",
        "[a]: https://x.y/" + "z" * 1_900 + "\n\n" + "[a] " * 4_500,
        "x" * 100_000,
    ],
    ids=lambda text: repr(text[:9]),
)
def test_a_maze_of_marks_is_shown_as_typed(text: str) -> None:
    """Where the library would take seconds, formatting is given up at once."""
    html = show(text)

    assert html.startswith("<pre>")
    assert html.endswith("</pre>")


@pytest.mark.parametrize(
    "mark", ["*", "_a_ ", "> ", "- a\n", "    - a\n", "&", "{: .a }", "# a\n\n"]
)
def test_a_page_of_one_mark_is_bounded(mark: str) -> None:
    """A hundred kilobytes of a mark that costs little are formatted or not, but never swell."""
    text = mark * (100_000 // len(mark))

    assert len(show(text)) < 8 * len(text) + 100


def test_deep_nests_end_somewhere() -> None:
    """Quotes and lists within each other are cut off before the parser is."""
    text = "".join(f"{'    ' * depth}- a\n" for depth in range(300)) + "\n" + ">" * 2_000 + " a"

    assert "<" in show(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```Log\nboom\n```", [Quote("fence", "log", "boom\n")]),
        ("- a\n\n    ```\n    boom\n    ```", [Quote("fence", "", "boom\n")]),
        ("!!! bug\n    ```\n    boom\n    ```", [Quote("fence", "", "boom\n")]),
        ("    boom <x>", [Quote("fence", "", "boom <x>\n")]),
        ("> boom `x`", [Quote("quote", "", "boom `x`")]),
        (
            "a `boom` and `` b`c `` and `d",
            [Quote("inline", "", "boom"), Quote("inline", "", "b`c")],
        ),
        ("# `a<b`", [Quote("inline", "", "a<b")]),
        ("plain words", []),
    ],
)
def test_it_finds_what_machines_said(text: str, expected: list[Quote]) -> None:
    """Fences, quotes and inline code are found at any depth, in order."""
    assert list(find_quotes(text, DIALECT)) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("# A **b** `c<d`\n\n- e\n- f", 200, "A b c<d e f"),
        ('!!! bug "Title"\n    words', 200, "Title words"),
        ("<!-- " + "hidden " * 900 + "-->\n\nwords", 20, "words"),
        ("word " * 10_000, 20, "word word word…"),
        ("[" * 9_000, 20, "[" * 19 + "…"),
        ("", 200, ""),
    ],
)
def test_plain_is_one_bounded_line_of_words(text: str, limit: int, expected: str) -> None:
    """Lists show the words of a text, whatever its dialect."""
    assert plain(text, limit, DIALECT) == expected
