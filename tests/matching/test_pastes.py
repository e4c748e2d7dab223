"""Real pastes against the content of a fresh start: what must be found, and what must not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from kb.matching.match import match
from kb.matching.result import Result
from kb.models import OPERATOR

PASTES = Path(__file__).parents[1] / "samples" / "pastes"

EXPECTED = {
    "lambda-read-only": {"aws-lambda/read-only-file-system.md"},
    "cors": {"browser/cors-blocked.md"},
    "pillow-in-flask": {
        "images/pillow-cannot-identify-image.md",
        "images/binary-media-types-not-configured.md",
    },
    "import-module-error": {"containers/module-not-found-in-container.md"},
    "vercel-500": {
        "vercel/python-handler-signature.md",
        "vercel/fallback-app-hides-import-error.md",
    },
    "websocket": {"browser/websocket-connection-failed.md"},
    "invalid-grant": {"credentials/google-invalid-grant.md"},
}
"""Which content may come first for each case; one paste can fit two causes of the same error."""

DOCUMENTED = {
    "near-errno-13": "uploads/upload-saved-empty.md",
    "near-errno-28": "uploads/upload-saved-empty.md",
}
"""Near misses whose very error text an entry documents."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(base: Path, settings: Settings) -> Path:
    """Use the module's base and its index."""
    settings.KB_DATA_DIR = base
    settings.KB_OPEN_READING = True
    return base


def read(path: Path) -> Result:
    """Match one paste as the shell does."""
    return match(path.read_bytes(), user=OPERATOR)


@pytest.mark.parametrize("case", sorted(EXPECTED))
def test_a_known_error_finds_its_entry_first(case: str) -> None:
    """Whatever a tool wrapped around it, a known error's entry comes first."""
    paths = sorted((PASTES / "known" / case).glob("*.txt"))

    found = {path.name: first(read(path)) for path in paths}
    missed = {name: path for name, path in found.items() if path not in EXPECTED[case]}

    assert len(paths) >= 6
    assert missed == {}


def test_nearly_all_known_errors_are_called_a_match() -> None:
    """A reader is told plainly that this is it, save for pastes that hardly say so."""
    paths = sorted(PASTES.glob("known/*/*.txt"))

    unsure = {path.stem for path in paths if read(path).verdict != "match"}

    assert len(unsure) / len(paths) <= 0.05, unsure


def test_unrelated_errors_are_never_called_a_match() -> None:
    """An error that no entry explains gets an honest answer, however near it looks."""
    paths = sorted(PASTES.glob("unrelated/*.txt"))

    wrong = {path.stem: first(read(path)) for path in paths if read(path).verdict == "match"}

    assert len(paths) >= 20
    assert wrong == {name: path for name, path in DOCUMENTED.items() if name in wrong}


def test_few_unrelated_errors_are_called_possible() -> None:
    """A weak neighbour is rarely worth a look."""
    paths = [path for path in PASTES.glob("unrelated/*.txt") if path.stem not in DOCUMENTED]

    possible = {path.stem for path in paths if read(path).verdict == "possible"}

    assert len(possible) / len(paths) <= 0.05, possible


@pytest.mark.parametrize("path", sorted(PASTES.glob("healthy/*.txt")), ids=lambda path: path.stem)
def test_a_healthy_log_has_nothing_to_match(path: Path) -> None:
    """A log without any error gets none, and says so."""
    result = read(path)

    assert result.verdict == "none"
    assert not result.matches
    assert "No error was found in this text." in result.notes


def first(result: Result) -> str:
    """Return the path of the best match, or nothing."""
    return result.matches[0].path if result.matches else ""
