"""As a person would: an error in the clipboard, the box, the fix."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Read-only file system in Lambda"
Put = Callable[[Page, str], None]


def test_it_works(page: Page, site: str, paste_text: str, put_in_clipboard: Put) -> None:
    """Open home, paste with the keyboard alone, see the fix; nothing jumps."""
    page.goto(site)
    put_in_clipboard(page, paste_text)
    page.keyboard.press("Control+V")

    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text("Write only under")).to_be_visible()
    expect(page.get_by_text("Matches", exact=True)).to_be_visible()
    expect(page.locator("#status")).to_have_text(f"matches: {TITLE}")
    expect(page.locator("#box summary")).to_contain_text("OSError: [Errno 30]")
    expect(page).to_have_title(f"{TITLE} · Rootnote")
    assert "Errno" not in page.url
    assert page.evaluate("window.shifted") <= 0.02


def test_paste_anywhere(page: Page, site: str, paste_text: str, put_in_clipboard: Put) -> None:
    """A paste outside every field goes to the box, whichever page is open."""
    page.goto(f"{site}/entries/")
    put_in_clipboard(page, paste_text)
    page.locator("h1").click()
    page.keyboard.press("Control+V")

    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def test_drop_a_log(page: Page, site: str, paste_text: str) -> None:
    """A log file dropped on a page is matched."""
    page.goto(f"{site}/entries/")
    transfer = page.evaluate_handle(
        """text => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "app.log", { type: "text/plain" }));
          return transfer;
        }""",
        paste_text,
    )
    page.dispatch_event("h1", "drop", {"dataTransfer": transfer})

    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def test_a_file_over_8_mb_stays_here(page: Page, site: str) -> None:
    """A log that is too big is not sent; the page says what to do."""
    page.goto(site)
    page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["x".repeat(9 * 1024 * 1024)], "app.log"));
          const event = new DragEvent("drop", { dataTransfer: transfer, bubbles: true });
          document.body.dispatchEvent(event);
        }"""
    )

    expect(page.locator("#trouble")).to_contain_text("over 8 MB")


def test_reload_and_back_keep_the_paste(page: Page, site: str, paste_text: str) -> None:
    """The answer survives a reload and a look at the entry; the address never holds the paste."""
    page.goto(site)
    page.get_by_label("paste an error, or search").fill(paste_text)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Why this one")).to_be_visible()
    page.get_by_role("link", name="the whole entry").click()
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    page.go_back()

    expect(page.get_by_role("heading", name="Why this one")).to_be_visible()
    assert page.url == f"{site}/find/"


def test_the_box_opens_again_for_editing(page: Page, site: str, paste_text: str) -> None:
    """The answered box is one line; opening it shows the paste, ready to be changed."""
    page.goto(site)
    box = page.get_by_label("paste an error, or search")
    box.fill(paste_text)
    expect(box).to_be_hidden()
    page.keyboard.press("/")

    expect(box).to_be_focused()
    expect(box).to_have_value(paste_text)


def test_reasons_and_lines_light_up_together(page: Page, site: str, paste_text: str) -> None:
    """Pointing at a reason marks its line, and at a line its reasons."""
    page.goto(site)
    page.get_by_label("paste an error, or search").fill(paste_text)
    reason, line = page.locator("#reason-1"), page.locator(".paste li.marked").first
    reason.hover()
    expect(line).to_have_class("marked lit")
    page.locator("h1").hover()
    expect(line).to_have_class("marked")
    line.hover()

    expect(reason).to_have_class("lit")


def test_c_copies_the_fix(page: Page, site: str, paste_text: str, put_in_clipboard: Put) -> None:
    """One key puts the fix's first command into the clipboard."""
    page.goto(site)
    page.get_by_label("paste an error, or search").fill(paste_text)
    expect(page.get_by_label("paste an error, or search")).to_be_hidden()
    page.keyboard.press("c")

    expect(page.locator("#status")).to_have_text("copied")
    assert page.evaluate("navigator.clipboard.readText()") == 'path = f"/tmp/{name}"'


def test_a_server_that_fails_keeps_the_text(page: Page, site: str, paste_text: str) -> None:
    """Without an answer the box still holds the paste and the page says so."""
    page.goto(site)
    page.route("**/find/", lambda route: route.abort())
    box = page.get_by_label("paste an error, or search")
    box.fill(paste_text)

    expect(page.get_by_text("Your text is still in the box").first).to_be_visible()
    expect(box).to_have_value(paste_text)
