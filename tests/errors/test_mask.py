"""A message is cut into words, and what varies is masked."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors.mask import mask_token, quoted_names, split_words


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("alice@example.org", "<email>"),
        ("https://shop.example/a?b=c", "<url>"),
        ("wss://live.example/feed", "<url>"),
        ("arn:aws:lambda:eu-west-1:1:function:x", "<arn>"),
        ("908ad625-a80e-4bdb-b3d2-6f93531cbd3f", "<uuid>"),
        ("2026-11-22T18:04:58Z", "<date>"),
        ("18:04:58", "<date>"),
        ("127.0.0.1:8000", "<ip>"),
        ("::1", "<ip>"),
        ("db.internal:5432", "<host>"),
        ("shop.example.com", "<host>"),
        ("0x7f9ec70efce0", "<hex>"),
        ("d4b64b78a937", "<hex>"),
        ("/var/task/app.py", "<path>"),
        (r"C:\shop\depot.py", "<path>"),
        ("upload_7.jpg", "<file>"),
        ("depot.py:12", "<file>"),
        ("250ms", "<duration>"),
        ("512MB", "<size>"),
        ("3.11.7", "<version>"),
        ("4711", "<number>"),
        ("-3.5", "<number>"),
        ("invoice-1753333941", "<identifier>"),
        ("…", "<wildcard>"),
        ("XXXX", "<wildcard>"),
    ],
)
def test_what_varies_is_named(token: str, expected: str) -> None:
    """Ids, addresses, paths and amounts give way to what they are."""
    assert mask_token(token) == expected


@pytest.mark.parametrize(
    "token",
    [
        "ledger",
        "ERR_REQUIRE_ESM",
        "E0308",
        "serverless_wsgi",
        "read-only",
        "NoneType",
        "x-api-key",
        "utf-8",
    ],
)
def test_what_names_stays(token: str) -> None:
    """Names, codes and everyday words are what an error is known by."""
    assert mask_token(token) == token


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "[Errno 30] Read-only file system: 'a_7.jpg'",
            "errno <number> read-only file system <file>",
        ),
        ("No module named 'serverless_wsgi'", "no module named serverless_wsgi"),
        ("<app>@<version> needs {count} of ${name}", "… @ … needs … of …"),
        ("no ledger … in the shard", "no ledger <wildcard> in the shard"),
        ("", ""),
    ],
)
def test_a_message_becomes_words(message: str, expected: str) -> None:
    """Quotes and brackets go, placeholders of authors become wildcards."""
    wanted = [word for word in expected.replace("…", "<wildcard>").split() if word != "@"]

    assert [word for word in split_words(message) if word != "@"] == wanted


def test_names_in_quotes_are_found() -> None:
    """What a message is about stands in quotes; what varies does not count."""
    message = "relation 'Ledger' of \"shard\" and `gasket` has no '/tmp/x_1.jpg' for 'two words'"

    assert quoted_names(message) == ("ledger", "shard", "gasket")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_masking_twice_changes_nothing(text: str) -> None:
    """A masked word is masked for good."""
    once = split_words(text)

    assert split_words(" ".join(word for word in once if not word.startswith("<"))) == tuple(
        word for word in once if not word.startswith("<")
    )


@pytest.mark.parametrize(
    "piece", ["a.", "a@", "0", "a/", "-", "a-0", "x", ".", ":", "0:", "f0", "a_1"], ids=repr
)
def test_long_tokens_take_bounded_time(piece: str) -> None:
    """No token makes a pattern stumble."""
    began = time.process_time()

    split_words(piece * 100_000)
    mask_token((piece * 200)[:200])

    assert time.process_time() - began < 0.5
