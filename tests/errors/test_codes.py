"""Codes that name an error."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors.codes import CODES, find_codes, is_weak

FOUND = [
    ("Code: FUNCTION_INVOCATION_FAILED", "name:FUNCTION_INVOCATION_FAILED"),
    ("It says FUNCTION_INVOCATION_FAILED.", "name:FUNCTION_INVOCATION_FAILED"),
    ("[SSL: CERTIFICATE_VERIFY_FAILED] x", "name:CERTIFICATE_VERIFY_FAILED"),
    ("Error [ERR_MODULE_NOT_FOUND]: no", "name:ERR_MODULE_NOT_FOUND"),
    ("net::ERR_CONNECTION_REFUSED", "net:ERR_CONNECTION_REFUSED"),
    ("[Errno 30] Read-only file system", "errno:EROFS"),
    ("[errno 2] no file", "errno:ENOENT"),
    ("[Errno 997] odd", "errno:997"),
    ("connect ECONNREFUSED 127.0.0.1:5432", "errno:ECONNREFUSED"),
    ("npm error code E404", "errno:E404 letters:E404"),
    ("[WinError 32] used by another process", "winerror:32"),
    ("error[E0308]: mismatched types", "letters:E0308"),
    ("error TS2322: Type 'a'", "letters:TS2322"),
    ("ORA-00942: table does not exist.", "letters:ORA-00942"),
    ("see C2039.", "letters:C2039"),
    ("NG0100 changed", "letters:NG0100"),
    ("SQLSTATE[42P01]: undefined table", "sqlstate:42P01"),
    ("sqlstate: 23505", "sqlstate:23505"),
    ("failed with 0x80070005", "hresult:0x80070005"),
    ("HTTP/1.1 502 Bad Gateway", "http:502"),
    ("status code: 404", "http:404"),
    ("503 Getting metadata failed", "http:503"),
    ("ServiceUnavailable: 503 Getting metadata failed", "http:503"),
    ("504: GATEWAY_TIMEOUT", "name:GATEWAY_TIMEOUT http:504"),
    ("exited with code 137", "exit:137"),
    ("exit status 2", "exit:2"),
    ("Exit Code:    1", "exit:1"),
    ("returned a non-zero code: 127", "exit:127"),
    ("SIGSEGV, segmentation fault", "signal:SIGSEGV"),
    ("Back-off: CrashLoopBackOff", "reason:CrashLoopBackOff"),
    ("Reason: OOMKilled", "reason:OOMKilled"),
]
NONE = """all is well
an id like AB_c-1 or $A_B
file A_B.txt
v-E1234 x/E1234
E1234.5
E1122 15:04:05 7 f.go:12] klog writes the date
HTTP/1.1 200 OK
took 404 ms
0x8007
SIGNAL
status 200""".split("\n")


@pytest.mark.parametrize(("text", "codes"), FOUND)
def test_a_code_is_found_with_its_kind(text: str, codes: str) -> None:
    """What names an error exactly is found wherever it stands in a line."""
    assert find_codes(f"first line\n{text}") == tuple(codes.split())


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    """A part of a file name, an id, a good status or a date names no error."""
    assert find_codes(text) == ()


def test_every_kind_of_code_has_an_example() -> None:
    """A kind without an example is not known to work."""
    assert {kind for kind, _ in CODES} == {
        code.partition(":")[0] for _, codes in FOUND for code in codes.split()
    }


@pytest.mark.parametrize(
    ("code", "weak"),
    [
        ("name:FUNCTION_INVOCATION_FAILED", False),
        ("letters:E0308", False),
        ("sqlstate:42P01", False),
        ("hresult:0x80070005", False),
        ("reason:OOMKilled", False),
        ("errno:ENOENT", True),
        ("winerror:5", True),
        ("net:ERR_FAILED", True),
        ("http:500", True),
        ("exit:1", True),
        ("signal:SIGKILL", True),
        ("name:INTERNAL_SERVER_ERROR", True),
        ("name:INIT_START", True),
    ],
)
def test_a_code_that_many_troubles_share_is_weak(code: str, *, weak: bool) -> None:
    """Such a code supports a match but never makes one."""
    assert is_weak(code) == weak


def test_codes_are_said_once_in_the_order_of_the_text_twelve_at_most() -> None:
    """A wall of codes does not drown what stands first."""
    text = "\n".join(f"A{name}_FAILED and A{name}_FAILED" for name in "BCDEFGHIJKLMNOP")

    assert find_codes(text) == tuple(f"name:A{name}_FAILED" for name in "BCDEFGHIJKLM")


@settings(deadline=None)
@given(st.text(st.characters() | st.sampled_from("E_[]: 0134ABZ"), max_size=300))
def test_any_text_is_searched(text: str) -> None:
    """Each code has a kind, a value and no space."""
    assert all(":" in code and not set(code) & set(" \n") for code in find_codes(text))
