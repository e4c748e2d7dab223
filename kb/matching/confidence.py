"""How sure a match is: a small logistic model whose coefficients all stand in one table."""

from __future__ import annotations

import math

from kb.errors.unit import Role
from kb.matching.rank import ROLE_WEIGHT, Evidence, section_weight
from kb.matching.result import Verdict

COEFFICIENTS = {
    "code": 5.5,
    "weak_code": 0.3,
    "containment": 3.2,
    "telling": 3.6,
    "type": 1.2,
    "frames": 2.5,
    "conflict": -2.8,
}
INTERCEPT = -4.2
"""Set by hand on the samples in tests/samples/pastes; the features are those of Evidence, 0..1 each."""

MATCH, POSSIBLE = 0.6, 0.21
"""From which confidence on a match is called so, and from which it is worth a look."""


def confidence_of(evidence: Evidence, role: Role) -> float:
    """Return the probability, 0..1, that the evidence joins the paste to the right entry.

    A code is as good in a title as in the error's own section.
    """
    z = INTERCEPT + sum(c * getattr(evidence, name) for name, c in COEFFICIENTS.items())
    weight = max(section_weight(evidence.section), evidence.code) * ROLE_WEIGHT[role]
    return weight / (1 + math.exp(-z))


def verdict_of(confidence: float) -> Verdict:
    """Return what to call a match of this confidence."""
    if confidence >= MATCH:
        return "match"
    return "possible" if confidence >= POSSIBLE else "none"
