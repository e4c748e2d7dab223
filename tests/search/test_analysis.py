"""Documents and queries are cut into terms by one analyser, whole tokens and parts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.analysis import (
    MAX_PARTS,
    MAX_QUERY,
    MAX_TERM,
    MAX_TEXT,
    analyse,
    can_complete,
    query_terms,
    required_terms,
    typed_terms,
)

TOKENS = {
    "django.db.utils.OperationalError": (
        "django.db.utils.operationalerror django db utils operationalerror operational error"
    ),
    "ERR_REQUIRE_ESM": "err_require_esm err require esm",
    "kube-proxy": "kube-proxy kube proxy",
    "::1": "::1",
    "0x80070005": "0x80070005",
    "#4282": "#4282 4282",
    "C++": "c++",
    "C#": "c#",
    ".env": ".env env",
    "camelCase": "camelcase camel case",
    "HTTPServerError": "httpservererror http server error",
    "Utf8Error": "utf8error utf8 error",
    "foo_bar": "foo_bar foo bar",
    "__init__": "__init__ init",
    "/tmp/x.jpg": "/tmp/x.jpg tmp x.jpg jpg",
    "E0308": "e0308",
    "ORA-00942:": "ora-00942 ora 00942",
    "wss://": "wss",
    "wss://example.com/ws?x=1": "wss://example.com/ws wss example.com example com ws x 1",
    "serverless_wsgi.py": "serverless_wsgi.py serverless_wsgi serverless wsgi py",
    "app.py:42:13": "app.py:42:13 app.py app py 42 13",
    "std::vector<int>": "std::vector std vector int",
    "Foo$Bar": "foo$bar foo bar",
    "@angular/core": "@angular/core angular core",
    "--no-verify": "no-verify no verify",
    "./run.sh ...and": "run.sh run sh and",
    ":symbol": "symbol",
    r"end\nTraceback": "end ntraceback traceback",
    "[Errno 30] Read-only!": "errno 30 read-only read only",
    "+----+ == --": "",
    "错误": "错 误 错误",
    "错": "错",
    "Error错误": "error 错 误 错误",
    "Café naïve Ångström": "cafe naive angstrom",
    "Cafe\u0301": "cafe",
    "ﬁle １２３": "file 123",
    "straße ΑΣ İ": "strasse ασ i",
    "हिन्दी": "हिन्दी",
    "soft\u00adhyphen\u200b": "softhyphen",
    "“quoted” — dash…": "quoted dash",
    "a\x00b\ud800c": "a b c",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), TOKENS.items(), ids=map(ascii, TOKENS))
def test_a_token_gives_itself_and_its_parts(text: str, expected: str) -> None:
    """Codes, names and paths stay findable whole, and by each of their words."""
    assert analyse(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the read-only file", "read only file"),
        ("utils.OperationalError", "utils operationalerror"),
        ("ERR_REQUIRE_ESM", "err_require_esm"),
        ("/tmp", "tmp"),
        (".env #4282 ::1 C++", ".env #4282 ::1 c++"),
        ("错误信息", "错误 误信 信息"),
        ("错", "错"),
        ("to be or not to be", "to be or not"),
        ("a.b.c", "a.b.c"),
    ],
)
def test_required_terms_are_the_words_one_by_one(text: str, expected: str) -> None:
    """Joined words count singly, identifiers whole, and stop words only when there are no others."""
    assert required_terms(text) == tuple(expected.split())


def test_a_query_has_no_stop_words_and_no_doubles() -> None:
    """A query asks for each telling word once."""
    assert query_terms("The db of the DB is locked") == ("db", "locked")


@pytest.mark.parametrize(
    ("text", "finished", "prefix"),
    [
        ("errno conn", ("errno",), "conn"),
        ("errno conn ", ("errno", "conn"), ""),
        ("errno 30", ("errno", "30"), ""),
        ("errno c", ("errno",), ""),
        ("c", ("c",), ""),
        ("utils.Oper", ("utils",), "oper"),
        ("", (), ""),
    ],
)
def test_the_word_being_typed_is_a_prefix(
    text: str, finished: tuple[str, ...], prefix: str
) -> None:
    """A search while typing neither loses hits to half a word nor asks for half the dictionary."""
    assert typed_terms(text) == (finished, prefix)


def test_a_short_prefix_stands_for_itself() -> None:
    """Two Latin letters begin too many words to complete; one Chinese character does not."""
    assert [can_complete(prefix) for prefix in ("er", "err", "错")] == [False, True, True]


SCRAPS = st.sampled_from([*TOKENS, *". : / - _ @ # + $ A a 9".split(), " ", "\u0301", "\u3099"])
TEXTS = st.one_of(st.text(), st.lists(SCRAPS).map("".join), st.lists(SCRAPS).map(" ".join))


@given(TEXTS)
def test_terms_are_plain_bounded_and_lower_case(text: str) -> None:
    """A term holds no space, is storable, short and already in lower case."""
    for term in analyse(text):
        assert term.split() == [term]
        assert term.encode()
        assert term == term.lower()
        assert len(term) <= MAX_TERM


@given(TEXTS)
def test_a_text_is_found_by_itself(text: str) -> None:
    """What a query asks for is among the terms of a document with the same words."""
    terms = set(analyse(text))
    assert terms >= set(query_terms(text))
    assert terms >= set(required_terms(text))
    assert max(len(query_terms(text)), len(required_terms(text))) <= MAX_QUERY


HOSTILE = {
    "one word": "a" * 100_000,
    "humps": "aB" * 50_000,
    "dots": "a." * 50_000,
    "underscores": "_a" * 50_000,
    "dashes": "-" * 100_000,
    "dashes and letters": ("-" * 255 + "a") * 400,
    "colons": ":" * 100_000 + "a",
    "here and here": "./" * 50_000,
    "marks": "\u0300\u0323" * 50_000,
    "letters with marks": "e\u0300\u0323" * 30_000,
    "letters that unfold": "\ufdfa" * 100_000,
    "characters": "错" * 100_000,
    "surrogates": "\ud800x" * 50_000,
    "all different": "".join(map(chr, range(0x80, 0x18080))),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    """100,000 hostile characters take no minutes, even under coverage, and give few terms for each."""
    begun = time.process_time()
    terms = analyse(text)
    required_terms(text)
    assert time.process_time() - begun < 10
    assert len(terms) <= max(2 * len(text), MAX_PARTS)


def test_the_end_of_a_giant_text_is_left_out() -> None:
    """Beyond the limit nothing is read."""
    assert analyse(" " * MAX_TEXT + "late") == []
    assert analyse(" " * (MAX_TEXT - 5) + "early") == ["early"]
