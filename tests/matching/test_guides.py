"""Pastes against guides that hold many errors, garbled letters included."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from kb.matching.match import match
from kb.models import OPERATOR, Entry, Section, Source

ROOT = Path(__file__).parents[2]
PASTES = ROOT / "tests" / "samples" / "pastes"
SEEDS = ROOT.parent / "shared" / "seeds"

EXPECTED = {
    "lambda-read-only": {"Read-Only File System in Lambda"},
    "cors": {"CORS Errors in Browser"},
    "pillow-in-flask": {"PIL Cannot Open Image", "Binary Media Type Issues"},
    "import-module-error": {"Module Not Found in Container"},
    "invalid-grant": {"Invalid Grant - Expired Credentials"},
    "vercel-500": {
        "FUNCTION_INVOCATION_FAILED Error - Complete Analysis & Fix",
        "FUNCTION_INVOCATION_FAILED Error - Complete Fix Guide",
    },
    "websocket": {"WebSocket Connection Failed"},
}
UNDOCUMENTED = {
    "node",
    "compose",
    "cloudwatch-export",
    "actions",
    "buried-node",
    "node-plain-http-port",
    "firefox",
}
"""Pastes that never say what the guide says, that a WebSocket failed to connect: Node's, Firefox's."""

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not SEEDS.is_dir(), reason="the seed documents are not beside this checkout"
    ),
]


@pytest.fixture(autouse=True)
def data_dir(base: Path, settings: Settings) -> Path:
    """Use the module's base and its index."""
    settings.KB_DATA_DIR = base
    settings.KB_OPEN_READING = True
    return base


@pytest.fixture(scope="module")
def base_folder() -> Path:
    """Fill the base with the seed documents."""
    return SEEDS


def test_a_guide_gives_its_entries() -> None:
    """Seventeen numbered errors are seventeen entries; a document on one trouble is one."""
    counts = {source.path: source.entries.count() for source in Source.objects.all()}

    assert counts == {
        "troubleshooting-guide.md": 17,
        "function-invocation-failed-django.md": 1,
        "function-invocation-failed-fastapi.md": 1,
    }


def test_no_letters_stay_garbled() -> None:
    """Nothing that readers see is mojibake."""
    texts = [
        *Entry.objects.values_list("title", flat=True),
        *Entry.objects.values_list("error", flat=True),
        *Section.objects.values_list("heading", flat=True),
        *Section.objects.values_list("text", flat=True),
    ]

    assert not [text for text in texts if any(sign in text for sign in ("‚", "ü", "√", "Ã", "â€"))]


def test_known_errors_find_their_entry_first() -> None:
    """Whatever is wrapped around it, what the guide documents is found."""
    missed = {}
    for path in sorted(PASTES.glob("known/*/*.txt")):
        if path.parent.name == "websocket" and path.stem in UNDOCUMENTED:
            continue
        found = match(path.read_bytes(), user=OPERATOR).matches
        if not found or found[0].title not in EXPECTED[path.parent.name]:
            missed[f"{path.parent.name}/{path.stem}"] = found[:1]

    assert missed == {}


def test_unrelated_errors_and_healthy_logs_get_no_match() -> None:
    """Nothing else is called a match."""
    paths = [*PASTES.glob("unrelated/*.txt"), *PASTES.glob("healthy/*.txt")]

    wrong = [
        path.stem for path in paths if match(path.read_bytes(), user=OPERATOR).verdict == "match"
    ]

    assert wrong == []
