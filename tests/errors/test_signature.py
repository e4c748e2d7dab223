"""What identifies an error does not change with the occasion."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.errors.envelope import normalise
from kb.errors.segment import segment
from kb.errors.signature import KEY_SIZE, PLAIN_TYPES, Signature, signature_of, signatures_of

TRACE = """Traceback (most recent call last):
  File "{root}/depot.py", line {line}, in pick
    shelf[item]
  File "/usr/lib/python3.11/site-packages/shop/core.py", line {line}, in load
    raise StoreError()
shop.StoreError: parcel {number} of 'ledger' is locked at {root}/x_{number}.db"""


def sign(text: str) -> Signature:
    """Return the signature of the first error in `text`."""
    return signature_of(segment(normalise(text).lines)[0])


@given(
    number=st.integers(0, 10**12),
    line=st.integers(1, 99_999),
    root=st.sampled_from(["/srv/app", "/var/task", "/home/deploy/releases/42"]),
)
def test_values_of_an_occasion_change_nothing(number: int, line: int, root: str) -> None:
    """Line numbers, ids and folders are not part of what an error is."""
    first = sign(TRACE.format(root="/srv/app", line=1, number=7))

    assert sign(TRACE.format(root=root, line=line, number=number)) == first


def test_it_holds_what_names_the_error() -> None:
    """Short type, words, quoted names, and calls from the crash outwards with own ones marked."""
    found = sign(TRACE.format(root="/srv/app", line=1, number=7))

    assert found.type == "StoreError"
    assert found.names == ("ledger",)
    assert found.frames == ("core.load", "depot.pick")
    assert found.own == (False, True)
    assert "locked" in found.told()


def test_another_name_is_another_signature() -> None:
    """What stands in quotes and does not vary is part of what an error is."""
    text = "ModuleNotFoundError: No module named '{}'"

    assert sign(text.format("ledger")) != sign(text.format("gasket"))


def test_facts_go_to_json_and_back() -> None:
    """What is stored is what was read."""
    found = sign(TRACE.format(root="/srv/app", line=1, number=7))

    assert Signature.of_facts(found.facts()) == found


@given(st.text(max_size=2_000))
def test_keys_fit_their_column(text: str) -> None:
    """No key is longer than the database holds, and none comes twice."""
    keys = [
        key
        for s in signatures_of(segment(normalise(text).lines, "always"))
        for key in s.search_keys()
    ]

    assert all(len(key) <= KEY_SIZE for key in keys)
    assert "\x00" not in "".join(keys)


def test_plain_types_are_no_keys() -> None:
    """Nothing is looked up by a type that every program raises."""
    keys = [
        sign(f"{kind}: the gasket is lost").search_keys()
        for kind in sorted(PLAIN_TYPES)
        if "Error" in kind
    ]

    assert not any(key.startswith("type:") for found in keys for key in found)
    assert "type:StoreError" in sign("StoreError: the gasket is lost").search_keys()


def test_what_holds_nothing_is_left_out() -> None:
    """A line of dashes identifies nothing."""
    assert signatures_of(segment(normalise("12 / 34").lines, "always")) == ()
