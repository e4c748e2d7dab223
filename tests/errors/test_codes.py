"""Codes that name an error are found, and told apart from those that many share."""

from __future__ import annotations

import time

import pytest

from kb.errors.codes import CODES, MOST, find_codes, is_weak


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Code: FUNCTION_INVOCATION_FAILED", ["name:FUNCTION_INVOCATION_FAILED"]),
        ("x-vercel-error: FUNCTION_INVOCATION_FAILED", ["name:FUNCTION_INVOCATION_FAILED"]),
        ("GET /a net::ERR_CONNECTION_REFUSED", ["net:ERR_CONNECTION_REFUSED"]),
        ("[Errno 30] Read-only file system", ["errno:EROFS"]),
        ("[Errno 9999] what", ["errno:9999"]),
        ("connect ECONNREFUSED 127.0.0.1:1", ["errno:ECONNREFUSED"]),
        ("error[E0308]: mismatched types", ["letters:E0308"]),
        ("error TS2345: no", ["letters:TS2345"]),
        ("ORA-00942: no table", ["letters:ORA-00942"]),
        ("SQLSTATE[42P01]: no", ["sqlstate:42P01"]),
        ("failed with 0x80070005", ["hresult:0x80070005"]),
        ("HTTP/1.1 502 Bad Gateway", ["http:502"]),
        ("503 Service Unavailable", ["http:503"]),
        ("exited with code 137", ["exit:137"]),
        ("killed by SIGSEGV", ["signal:SIGSEGV"]),
        ("State: CrashLoopBackOff", ["reason:CrashLoopBackOff"]),
        ("the price is 503 euro, 42 pieces", []),
        ("see /var/E0308/x.py", []),
    ],
)
def test_codes_are_found_by_kind(text: str, expected: list[str]) -> None:
    """Each kind of code in the words that programs put around it, and no code where there is none."""
    assert list(find_codes(text)) == expected


@pytest.mark.parametrize(
    ("code", "weak"),
    [
        ("name:FUNCTION_INVOCATION_FAILED", False),
        ("letters:E0308", False),
        ("reason:CrashLoopBackOff", False),
        ("name:INTERNAL_SERVER_ERROR", True),
        ("net:ERR_CONNECTION_REFUSED", True),
        ("errno:EROFS", True),
        ("http:503", True),
        ("exit:1", True),
    ],
)
def test_shared_codes_are_weak(code: str, *, weak: bool) -> None:
    """What many troubles share supports a match and never makes one."""
    assert is_weak(code) is weak


def test_no_more_codes_than_help() -> None:
    """A text full of codes is not known by all of them."""
    assert len(find_codes(" ".join(f"CODE_{chr(65 + n)}X" for n in range(26)))) == MOST


@pytest.mark.parametrize(
    ("name", "pattern"), CODES, ids=lambda value: value if isinstance(value, str) else ""
)
@pytest.mark.parametrize("piece", ["A", "A_", "E0", "0", "a", " ", "status ", "exit ", "[", "E"])
def test_patterns_take_linear_time(name: str, pattern: object, piece: str) -> None:
    """Every pattern passes over its own worst text without stumbling."""
    text = piece * (100_000 // len(piece))
    began = time.process_time()

    list(pattern.finditer(text))  # type: ignore[attr-defined]  # a pattern, whatever the table holds

    assert time.process_time() - began < 1
