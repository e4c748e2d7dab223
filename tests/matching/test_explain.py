"""Evidence in words, with the lines it rests on."""

from __future__ import annotations

from typing import Any

import pytest

from kb.errors.unit import ErrorUnit, Frame
from kb.matching.explain import explain, object_to
from kb.matching.rank import Evidence

UNIT = ErrorUnit(
    runtime="python",
    type="shop.LedgerError",
    message="shard is locked",
    start=3,
    end=6,
    frames=(Frame("depot", "pick", own=True, line=4),),
)
LINES = {
    3: "Traceback",
    4: "  File depot.py",
    5: "    pick()",
    6: "shop.LedgerError: shard is locked",
}


def say(**features: Any) -> list[tuple[str, tuple[int, ...]]]:
    """Return the reasons for evidence with these features."""
    evidence = Evidence(asked=0, **{"section": "error"} | features)
    return [(reason.text, reason.lines) for reason in explain(evidence, UNIT, LINES)]


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        (
            {"shared_words": ("shard", "locked"), "known_words": ("shard", "locked")},
            ("same error text: shard locked", (6,)),
        ),
        (
            {"shared_words": ("shard", "locked"), "known_words": ("shard", "locked", "twice")},
            ("error text differs in twice", (6,)),
        ),
        (
            {"shared_words": ("is", "shard"), "known_words": ("a", "is", "shard", "b", "c")},
            ("2 of 5 words of the error text: shard, is", (6,)),
        ),
        (
            {"section": "title", "shared_words": ("shard",), "known_words": ("shard",)},
            ("same title: shard", (6,)),
        ),
        ({"type": 0.5}, ("same error type shop.LedgerError", (6,))),
        ({"shared_codes": ("http:503",), "weak_code": 1.0}, ("same code HTTP 503", (6,))),
        ({"shared_codes": ("exit:137",), "weak_code": 1.0}, ("same code exit code 137", (6,))),
        ({"shared_codes": ("name:SHARD_LOCKED",), "code": 1.0}, ("same code SHARD_LOCKED", (6,))),
        (
            {"shared_frames": ("depot.pick",), "known_frames": 3, "frames": 0.4},
            ("1 of 3 calls: depot.pick", (4,)),
        ),
    ],
)
def test_each_kind_of_evidence_has_its_words(
    features: dict[str, Any], expected: tuple[str, tuple[int, ...]]
) -> None:
    """A reason says what is shared and on which line of the paste."""
    assert say(**features) == [expected]


def test_little_words_are_no_reason() -> None:
    """Nobody is shown an entry because both texts hold `in`."""
    assert say(shared_words=("in", "of"), known_words=("in", "of", "shard")) == []


def test_the_weightiest_reason_comes_first() -> None:
    """A naming code stands above a type."""
    said = say(type=1.0, shared_codes=("name:SHARD_LOCKED",), code=1.0)

    assert [text for text, _ in said] == [
        "same code SHARD_LOCKED",
        "same error type shop.LedgerError",
    ]


def test_what_spoke_against_is_said() -> None:
    """A conflict has its words, its line, and weighs against."""
    evidence = Evidence(asked=0, section="error", conflicts=("names “a”, the entry “b”",))

    (reason,) = object_to(evidence, UNIT, LINES)

    assert reason.text == "this paste names “a”, the entry “b”"
    assert (reason.lines, reason.weight < 0) == ((6,), True)
