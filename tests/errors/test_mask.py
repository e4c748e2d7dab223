"""Words of messages, and what in them varies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors.mask import MASKS, mask_token, quoted_names, split_words

VARYING = {
    "wildcard": "… ... XXXX xxxms",
    "email": "ann@shop.example a.b+c@mail.shop.co.uk",
    "url": "https://shop.example/a?b=c wss://x postgres://u:p@h:5/db s3://bucket/key",
    "arn": "arn:aws:lambda:eu-west-1::runtime:7a5e1c97",
    "uuid": "908ad625-a80e-4bdb-b3d2-6f93531cbd3f 908AD625-A80E-4BDB-B3D2-6F93531CBD3F",
    "date": "2026-11-22 2026/11/22 2026-11-22T18:00:01.120Z 18:00:01 18:00:01,120",
    "ip": "10.0.0.7 10.0.0.7:5432 10.0.0.0/8 ::1 fe80::1ff:fe23:4567 [::1]:8000 [fe80::2]",
    "place": "12:5 3:15 7:7:7",
    "path": "/srv/app/a.py /tmp /a/b:12:5 C:\\shop\\a.py C:\\shop ~/x ./a ../a a/b/c shop\\a.py \\\\nas\\x",
    "file": "app.py app.py:7 app.py:12:5 a.tar.gz photo.JPG lib/app.js libssl.so.3 temp_17.jpg",
    "host": "db.shop.internal shop.example.com localhost:8000 redis:6379 web:80",
    "hex": "0x7ffd1234 9f3a2bc 9F3A2BC0 da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "duration": "12ms 3.4s 90d 5min 250µs",
    "size": "512MB 1.5GiB 10kB 91bytes 8b",
    "number": "7 4711 -3 +4 1.5 99% 12345678 3/10 0.25%",
    "version": "1.2.3 v20.20.2 5.0.0-rc.1 3.11.7+build5",
    "identifier": "temp_1795370698 fra1::sw7ss-1795371924397-dae4 order-48213 req_00017 #12345",
    "long": "a" * 201,
}
TELLING = """KeyError read-only serverless_wsgi django.db django.conf google.auth process.env utf-8 x86_64
    text/html and/or @aws-sdk/client-s3 linux/amd64 std::io A::b() E0308 TS2322 node_modules python3.11
    0x0 deadbeef facade ECONNREFUSED FUNCTION_INVOCATION_FAILED größe 文件 h2 sha256 n/a exit:3""".split()


@pytest.mark.parametrize(
    ("name", "token"),
    [(name, token) for name, tokens in VARYING.items() for token in tokens.split()],
)
def test_what_varies_is_masked_by_its_name(name: str, token: str) -> None:
    """A value that differs from one occurrence to the next is named for what it is."""
    assert mask_token(token) == f"<{name}>"


@pytest.mark.parametrize("token", TELLING)
def test_what_tells_is_kept(token: str) -> None:
    """Names of types, modules, packages and codes are what an error is found by."""
    assert mask_token(token) == token


def test_every_mask_is_known_here() -> None:
    """A mask without an example is not known to work."""
    assert {name for name, _ in MASKS} | {"long"} == set(VARYING)


@settings(deadline=None)
@given(st.text(max_size=250) | st.sampled_from(sorted(" ".join(VARYING.values()).split())))
def test_masking_twice_changes_nothing(token: str) -> None:
    """A mask is no word to mask again."""
    assert mask_token(mask_token(token)) == mask_token(token)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("", ""),
        ("No module named 'serverless_wsgi'", "no module named serverless_wsgi"),
        ("Cannot open “a.jpg”: (denied)", "cannot open <file> denied"),
        ("a -> b | c * - = ++", "a b c"),
        ("<app> needs {id} of ${HOME}", "<wildcard> needs <wildcard> of <wildcard>"),
        ("end of sentence. Next!", "end of sentence next"),
        ("took 12ms, retried 3 times", "took <duration> retried <number> times"),
        ("see (https://a.example/b?c=d&e=7, twice)", "see <url> twice"),
        ("key=value; other=[1]", "key value other <number>"),
        ("wait ... done …", "wait <wildcard> done <wildcard>"),
        ("<urlopen error [SSL: CERT]>", "urlopen error ssl cert"),
        ("Fehler: Datei «öl.txt» fehlt", "fehler datei <file> fehlt"),
    ],
)
def test_a_message_is_cut_into_its_words(message: str, words: str) -> None:
    """Quotes, brackets and marks fall away; placeholders of authors stand for anything."""
    assert " ".join(split_words(message)) == words


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("No module named 'serverless_wsgi'", ("serverless_wsgi",)),
        ('relation "Invoice" has no column `Total`', ("invoice", "total")),
        ("cannot open '/tmp/a.jpg' or 'b.jpg' or '17'", ()),
        ("it's what the server can't do", ()),
        ("'two words' are no name", ()),
        ("''", ()),
    ],
)
def test_quoted_names_are_those_that_do_not_vary(message: str, names: tuple[str, ...]) -> None:
    """A module, key or table in quotes says what the error is about; a path or number does not."""
    assert quoted_names(message) == names


@settings(deadline=None)
@given(st.text(st.characters(), max_size=600))
def test_any_message_is_cut(message: str) -> None:
    """Words are short, not empty and without spaces; names are words."""
    words = split_words(message)
    assert all(word and len(word) <= 400 and not word.isspace() for word in words)
    assert isinstance(quoted_names(message), tuple)
