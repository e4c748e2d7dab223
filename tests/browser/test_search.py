"""Words: results while typing, an address that can be shared, everything by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOX = "paste an error, or search"


def test_it_works(page: Page, site: str) -> None:
    """Results come while typing, at an address of their own; nothing jumps."""
    page.goto(site)
    page.get_by_label(BOX).press_sequentially("lambda", delay=20)

    expect(page.get_by_role("heading", name="1 result")).to_be_visible()
    expect(page).to_have_url(f"{site}/search/?q=lambda")
    expect(page.locator("#status")).to_contain_text("1 result for lambda")
    expect(page.get_by_label(BOX)).to_be_focused()
    assert page.evaluate("window.shifted") <= 0.02


def test_back_leads_home_in_one_step(page: Page, site: str) -> None:
    """However many letters were typed, back is where one came from, and forward the results."""
    page.goto(site)
    for word in ("lam", "bda"):
        page.get_by_label(BOX).press_sequentially(word)
        expect(page.get_by_role("heading", name="1 result")).to_be_visible()
    expect(page).to_have_url(f"{site}/search/?q=lambda")
    page.go_back()
    expect(page.get_by_role("heading", name="Recently written")).to_be_visible()
    page.go_forward()

    expect(page.get_by_role("heading", name="1 result")).to_be_visible()
    expect(page.get_by_label(BOX)).to_have_value("lambda")


def test_arrows_lead_through_the_results(page: Page, site: str) -> None:
    """Down goes from the box to the hits, Enter opens, up leads back to the box."""
    page.goto(f"{site}/search/?q=OSError")
    hits = page.locator("[data-hit]")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label(BOX)).to_be_focused()
    first = hits.first.get_attribute("href") or ""
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(site + first)


def test_an_emptied_box_shows_home_again(page: Page, site: str) -> None:
    """Deleting what was typed brings back what was there."""
    page.goto(site)
    page.get_by_label(BOX).fill("lambda")
    expect(page.get_by_role("heading", name="1 result")).to_be_visible()
    page.get_by_label(BOX).fill("")

    expect(page.get_by_role("heading", name="Recently written")).to_be_visible()


def test_a_superseded_answer_is_dropped(page: Page, site: str) -> None:
    """A slow answer to earlier letters never replaces that to the last ones."""
    held: list[Route] = []
    page.route("**/find/", lambda route: route.continue_() if held else held.append(route))
    page.goto(site)
    with page.expect_request("**/find/"):
        page.get_by_label(BOX).fill("lambda")
    page.get_by_label(BOX).fill("blank")

    expect(page.get_by_role("link", name="The login page stays blank")).to_be_visible()
    expect(page).to_have_url(f"{site}/search/?q=blank")
    assert len(held) == 1
