"""From evidence to a verdict."""

from __future__ import annotations

from dataclasses import fields

import pytest

from kb.matching.confidence import COEFFICIENTS, MATCH, POSSIBLE, confidence_of, verdict_of
from kb.matching.rank import Evidence


def judge(section: str = "error", **features: float) -> str:
    """Return the verdict for these features."""
    return verdict_of(confidence_of(Evidence(asked=0, section=section, **features), "single"))  # type: ignore[arg-type]  # features are floats


def test_every_coefficient_names_a_feature() -> None:
    """The table and the evidence speak of the same things."""
    assert set(COEFFICIENTS) <= {field.name for field in fields(Evidence)}


@pytest.mark.parametrize(
    "features",
    [
        {"type": 1.0},
        {"weak_code": 1.0},
        {"type": 1.0, "weak_code": 1.0},
        {"frames": 1.0},
        {"telling": 0.2, "type": 1.0},
    ],
    ids=str,
)
def test_one_weak_sign_never_matches(features: dict[str, float]) -> None:
    """A type, a shared status or a shared stack alone is no match."""
    assert judge(**features) != "match"


@pytest.mark.parametrize(
    "features",
    [
        {"code": 1.0},
        {"containment": 1.0, "telling": 0.5},
        {"containment": 1.0, "telling": 0.4, "type": 1.0},
        {"containment": 0.8, "telling": 0.4, "frames": 1.0},
    ],
    ids=str,
)
def test_strong_evidence_matches(features: dict[str, float]) -> None:
    """A naming code, or the message in full, is a match."""
    assert judge(**features) == "match"


def test_a_conflict_outweighs_the_same_template() -> None:
    """The same words around another name are no match."""
    assert judge(containment=0.9, telling=0.4, type=1.0, conflict=1.0) == "none"


def test_a_code_is_as_good_in_a_title() -> None:
    """Where a code stands does not matter; where words stand does."""
    assert judge("title", code=1.0) == "match"
    assert judge("other", containment=1.0, telling=1.0) != "match"


def test_a_wrapper_counts_a_little_less_than_a_root() -> None:
    """What was raised on top of another error is the weaker sign."""
    evidence = Evidence(asked=0, section="error", containment=1.0, telling=0.5)

    assert confidence_of(evidence, "wrapper") < confidence_of(evidence, "root")


def test_verdicts_follow_the_two_cuts() -> None:
    """Confidence is cut twice: worth a look, and worth believing."""
    cuts = [0.0, POSSIBLE - 0.01, POSSIBLE, MATCH - 0.01, MATCH, 1.0]

    assert [verdict_of(cut) for cut in cuts] == [
        "none", "none", "possible", "possible", "match", "match",
    ]  # fmt: skip
