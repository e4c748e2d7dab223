"""Laws of `kb.markdown.render`: what people write is shown as they meant it."""

from __future__ import annotations

import pytest

from kb.markdown.dialects import DIALECTS
from kb.markdown.page.highlight import LANGUAGES, find_language
from kb.markdown.render import find_definitions, plain, render

REL = 'rel="noopener noreferrer nofollow"'


def link(address: str, words: str) -> str:
    """Write a link as every page shows it."""
    return f'<a href="{address}" {REL}>{words}</a>'


def test_it_works() -> None:
    """Ordinary Markdown becomes ordinary HTML."""
    html = render("A *b* **c** ~~d~~ `e`\n\n- one\n- two\n\n> quoted\n")

    assert html == (
        "<p>A <em>b</em> <strong>c</strong> <s>d</s> <code>e</code></p>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
        "<blockquote>\n<p>quoted</p>\n</blockquote>\n"
    )


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# a\n## b", ["h3", "h4"]),
        ("### a\n#### b\n### c", ["h3", "h4", "h3"]),
        ("##### a\n###### b", ["h3", "h4"]),
        ("# a\n###### b", ["h3", "h6"]),
        ("a\n===\nb\n---", ["h3", "h4"]),
    ],
)
def test_headings_leave_the_top_to_the_page(text: str, tags: list[str]) -> None:
    """The highest heading of a section is h3, all others keep their distance to it."""
    html = render(text)

    assert [f"h{part[0]}" for part in html.split("<h")[1:]] == tags


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](https://x.y/z)", link("https://x.y/z", "a")),
        ("<https://x.y>", link("https://x.y", "https://x.y")),
        ("https://x.y/z?a=b&c", link("https://x.y/z?a=b&amp;c", "https://x.y/z?a=b&amp;c")),
        ("mailto:a@b.c", link("mailto:a@b.c", "mailto:a@b.c")),
        ("[a](https://x.y 'T')", link("https://x.y", "a").replace(" rel", ' title="T" rel')),
        ("[a **b**](./other.md)", "a <strong>b</strong>"),
        ("[a](#anchor)", "a"),
        ("[a](//evil.example)", "a"),
        ("[a](ftp://x.y)", "a"),
        (f"[a](https://x.y/{'z' * 2000})", "a"),
        ("app.py and example.com and a@b.c", "app.py and example.com and a@b.c"),
        ("ftp://x.y //x.y", "ftp://x.y //x.y"),
        ("[a][r]\n\n[r]: https://x.y", link("https://x.y", "a")),
    ],
)
def test_links_lead_out_safely_or_not_at_all(text: str, expected: str) -> None:
    """Web and mail addresses are links that leak nothing, all others are shown by their words."""
    assert render(text) == f"<p>{expected}</p>\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![a](https://x.y/z.png)", link("https://x.y/z.png", "a")),
        ("![](https://x.y/z.png)", link("https://x.y/z.png", "image")),
        ("![a **b**](z.png)", "a b"),
        ("![](z.png)", ""),
        ("![a](data:image/png;base64,AAAA)", "a"),
        ("![a](//x.y/z.png)", "a"),
        ("[![a](https://x.y/b.svg)](https://x.y)", link("https://x.y", "a")),
        ("[![a](https://x.y/b.svg)](local)", link("https://x.y/b.svg", "a")),
    ],
)
def test_no_image_is_loaded(text: str, expected: str) -> None:
    """A remote image is a link to it, any other is its words."""
    assert render(text) == f"<p>{expected}</p>\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [ ] a", "<li>☐ a</li>"),
        ("- [x] a", "<li>☑ a</li>"),
        ("- [x] **a**", "<li>☑ <strong>a</strong></li>"),
        ("- [y] a", "<li>[y] a</li>"),
        ("- **[x]** a", "<li><strong>[x]</strong> a</li>"),
    ],
)
def test_task_lists_show_their_boxes(text: str, expected: str) -> None:
    """Ticks are letters: no form element reaches a page."""
    assert expected in render(text)


def test_a_box_outside_a_list_is_text() -> None:
    """Only list items are tasks."""
    assert render("[x] a") == "<p>[x] a</p>\n"


def test_tables_say_their_sides_by_class() -> None:
    """A strict page takes no style attribute, so alignment is a class."""
    html = render("|a|b|c|d|\n|:--|:-:|--:|---|\n|1|2|3|4|")

    assert '<th class="left">a</th>\n<th class="center">b</th>\n<th class="right">c</th>' in html
    assert "<td>4</td>" in html
    assert "style" not in html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a<br>b<BR/>c", "<p>a<br>b<br>c</p>\n"),
        ("press <kbd>q</kbd>", "<p>press <kbd>q</kbd></p>\n"),
        ("a <!-- hidden --> b", "<p>a  b</p>\n"),
        ("<!-- hidden\n\n# not shown -->\n\nb", "\n<p>b</p>\n"),
        ("<!-- never closed", "&lt;!-- never closed"),
        ('<div align="center">\n\na\n\n</div>', "\n<p>a</p>\n"),
        ('## <a name="x"></a>a', "<h3>a</h3>\n"),
        ("<b class=x>a</b> <u>b</u>", "<p>a b</p>\n"),
        ("run <your-command> now", "<p>run &lt;your-command&gt; now</p>\n"),
        ("<unknown>\nx\n", "&lt;unknown&gt;\nx\n"),
        (
            "<details>\n<summary>Log</summary>\n\na\n\n</details>",
            "<details>\n<summary>Log</summary>\n<p>a</p>\n</details>",
        ),
    ],
)
def test_raw_html_is_shown_dropped_or_harmless(text: str, expected: str) -> None:
    """Comments and layout tags vanish, a few bare tags work, everything else is text."""
    assert render(text) == expected


@pytest.mark.parametrize("text", ["---\n\na\n\n---", "a\n\n***\n", "\n\n___\n\na"])
def test_rules_around_a_section_are_dropped(text: str) -> None:
    """They parted it from neighbours that are not on the page."""
    assert render(text) == "<p>a</p>\n"


def test_rules_inside_a_section_stay() -> None:
    """A rule between two paragraphs still parts them."""
    assert render("a\n\n---\n\nb") == "<p>a</p>\n<hr>\n<p>b</p>\n"


def test_code_is_coloured_by_class() -> None:
    """A known language gives Pygments' short classes and names itself."""
    html = render("```Python title=x\nx = 1 < 2\n```")

    assert html == (
        '<div class="code"><pre><code class="language-python">'
        '<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span> '
        '<span class="o">&lt;</span> <span class="mi">2</span>\n</code></pre></div>\n'
    )


@pytest.mark.parametrize(
    "text", ["```\na <b>\n```", "```nonsense\na <b>\n```", "    a <b>\n", "~~~ {.x}\na <b>\n~~~"]
)
def test_other_code_is_plain(text: str) -> None:
    """Code without a known language is shown as it is, never guessed."""
    expected = '<div class="code"><pre><code>a &lt;b&gt;\n</code></pre></div>\n'

    assert render(text) == expected


def test_at_most_25_languages_are_highlighted() -> None:
    """Each lexer is more code that hostile text can reach; each of them works and is clean."""
    assert len(LANGUAGES) <= 25
    for language in LANGUAGES:
        html = render(f"```{language}\nkey: 'value' # x\n```")
        assert f'<code class="language-{language}">' in html
        assert "key" in html


@pytest.mark.parametrize(
    ("info", "expected"),
    [("py", "python"), ("{.yaml}", "yaml"), ("SH -x", "bash"), ("", ""), ("   ", ""), ("x", "")],
)
def test_languages_have_other_names(info: str, expected: str) -> None:
    """`py`, `sh` and `{.yaml}` are understood."""
    assert find_language(info) == expected


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_letters_that_turn_a_line_around_are_shown(code: int) -> None:
    """What is read is what is run: each of the nine bidi controls becomes a token."""
    text = f"a{chr(code)}b `c{chr(code)}` \n\n```\nd{chr(code)}\n```"
    html = render(text)

    assert chr(code) not in html
    assert html.count(f"[U+{code:04X}]") == 3
    assert plain(text).count(f"[U+{code:04X}]") == 3


def test_a_section_can_use_links_defined_elsewhere() -> None:
    """Link definitions stand at the end of a file; its sections are shown one by one."""
    source = "See [the docs][d] and [x].\n\n[d]: https://x.y/d 'T'\n[X]: https://x.y/x\n"
    definitions = find_definitions(source)

    assert definitions == "[D]: <https://x.y/d>\n[X]: <https://x.y/x>"
    assert render("[the docs][d]", definitions=definitions) == (
        f"<p>{link('https://x.y/d', 'the docs')}</p>\n"
    )
    assert render("[the docs][d]") == "<p>[the docs][d]</p>\n"


def test_notes_are_shown_without_links() -> None:
    """Many sections share a page, so that addresses of notes would clash; numbers are enough."""
    html = render("a[^x] b[^y] c[^x] [^z]\n\n[^y]: *two*\n[^x]: one\n\n    more\n\nd")

    assert html == (
        "<p>a<sup>[1]</sup> b<sup>[2]</sup> c<sup>[1]</sup> [^z]</p>\n<p>d</p>\n"
        '<div class="footnotes">\n<ol>\n<li><p>one</p>\n<p>more</p>\n</li>\n'
        "<li><p><em>two</em></p>\n</li>\n</ol>\n</div>\n"
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_section_can_use_notes_defined_elsewhere(dialect: str) -> None:
    """Notes stand at the end of a file, too; a section shows those that it refers to."""
    source = (
        "a[^1] b[^2]\n\n[^1]: one\n\n[^2]: two\n\n    ```sh\n    ls\n    ```\n\n[r]: https://x.y\n"
    )
    definitions = find_definitions(source, dialect)
    html = render("b[^2] [r]", definitions=definitions, dialect=dialect)

    assert "b<sup>[1]</sup>" in html
    assert "two" in html
    assert '<code class="language-bash">' in html
    assert 'href="https://x.y"' in html
    assert "one" not in html
    assert render("b", definitions=definitions, dialect=dialect).strip() == "<p>b</p>"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_section_may_have_a_note_of_its_own(dialect: str) -> None:
    """The nearer note counts where two have one name."""
    html = render("a[^1]\n\n[^1]: near", definitions="[^1]: far", dialect=dialect)

    assert "near" in html
    assert "far" not in html


def test_a_maze_has_no_link_definitions() -> None:
    """What the parser refuses is not searched for links either."""
    assert find_definitions("* * * a\n" * 40_000 + "\n[r]: https://x.y") == ""


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("# A **b** `c`\n\n- d\n- e", 200, "A b c d e"),
        ("[words](http://x.y) ![alt](z.png) <br> end", 200, "words alt end"),
        ("```\ncode  here\n```", 200, "code here"),
        ("a\nb  \nc", 200, "a b c"),
        ("", 200, ""),
        ("one two three four", 10, "one two…"),
        ("onetwothreefour", 10, "onetwothr…"),
        ("one, two", 6, "one…"),
        ("exactly ten", 11, "exactly ten"),
        ("word " * 10_000, 20, "word word word…"),
    ],
)
def test_plain_is_one_bounded_line_of_words(text: str, limit: int, expected: str) -> None:
    """Lists show the words of a text, cut between words where that is possible."""
    assert plain(text, limit) == expected
    assert len(plain(text, limit)) <= limit
