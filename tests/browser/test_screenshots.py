"""Pictures of the main pages; kept in `docs/screenshots/` when SCREENSHOTS=1."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOX = "paste an error, or search"
UNKNOWN = "Traceback (most recent call last):\nZeroDivisionError: division by zero in charge"
ENTRY = "/entries/read-only-file-system-when-a-lambda-function-writes-a-file/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the pictures go."""
    return ROOT / "docs" / "screenshots" if os.environ.get("SCREENSHOTS") == "1" else tmp_path


@pytest.mark.parametrize(
    ("name", "theme", "width"),
    [("light", "light", 1280), ("dark", "dark", 1280), ("phone", "light", 360)],
)
def test_it_works(
    page: Page, full_site: str, paste_text: str, folder: Path, name: str, theme: str, width: int
) -> None:
    """Home, result, none, entry and browse are drawn, each with a heading of its own."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of its words
    page.set_viewport_size({"width": width, "height": 800})
    pages: dict[str, Callable[[], object]] = {
        "home": lambda: page.goto(full_site),
        "entry": lambda: page.goto(full_site + ENTRY),
        "browse": lambda: page.goto(f"{full_site}/entries/"),
        "result": lambda: hand_in(page, full_site, paste_text),
        "none": lambda: hand_in(page, full_site, UNKNOWN),
    }
    for subject, show in pages.items():
        show()
        picture = folder / f"{subject}-{name}.png"
        page.screenshot(path=picture)

        expect(page.locator("h1")).to_have_count(1)
        assert picture.stat().st_size > 10_000


def hand_in(page: Page, site: str, text: str) -> None:
    """Open home, hand in a text and wait for the answer."""
    page.goto(site)
    page.get_by_label(BOX).fill(text)
    expect(page.locator(".answer")).to_be_visible()
