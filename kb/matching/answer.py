"""The answer to a match as JSON-ready values; the API and the command line print the same."""

from __future__ import annotations

from typing import Any

from kb.errors.unit import ErrorUnit
from kb.matching.result import Match, Reason, Result

MAX_MESSAGE = 500
"""Characters of an error's message that are repeated; the sender has the rest."""


def to_dict(result: Result) -> dict[str, Any]:
    """Return `result` as plain values; the cleaned paste is left out, the sender has it."""
    return {
        "verdict": result.verdict,
        "matches": [_describe_match(match) for match in result.matches],
        "units": [_describe_unit(unit) for unit in result.units],
        "notes": list(result.notes),
        "ms": result.ms,
    }


def _describe_match(match: Match) -> dict[str, Any]:
    return {
        "slug": match.slug,
        "path": match.path,
        "title": match.title,
        "url": match.url,
        "score": match.score,
        "confidence": match.confidence,
        "verdict": match.verdict,
        "reasons": [_describe_reason(reason) for reason in match.reasons],
        "against": [_describe_reason(reason) for reason in match.against],
    }


def _describe_reason(reason: Reason) -> dict[str, Any]:
    return {
        "kind": reason.kind,
        "text": reason.text,
        "lines": list(reason.lines),
        "section": reason.section,
        "weight": round(reason.weight, 4),
    }


def _describe_unit(unit: ErrorUnit) -> dict[str, Any]:
    return {
        "runtime": unit.runtime,
        "type": unit.type,
        "message": unit.message[:MAX_MESSAGE],
        "codes": list(unit.codes),
        "role": unit.role,
        "lines": [unit.start, unit.end],
    }
