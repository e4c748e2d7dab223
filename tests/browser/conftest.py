"""A real browser, watched: no page may complain, ask another origin for anything or jump."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request
from pytest_django.live_server_helper import LiveServer

from kb.entries.ingest import ingest
from kb.entries.reindex import reindex
from kb.models import AnyUser
from tests.conftest import ClientFor, MakeEntry

# Playwright's own loop runs in this thread, which Django would take for an async caller.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "tests" / "samples" / "pastes" / "known"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
EXPECTED = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")
"""What a browser and htmx say of pages that fail on purpose and of requests that were superseded."""
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium, or the one that CHROMIUM names, and keep it off the network."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found or not Path(found).exists():
        pytest.fail(
            f"The browser tests need Chromium; {named or 'none'} was found. "
            "Install it (apt-get install chromium) or let CHROMIUM name it."
        )
    return {**browser_type_launch_args, "executable_path": found, "args": QUIET}


@pytest.fixture
def page(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """Watch a page from its first request to the end of the test."""
    complaints: list[str] = []
    watch(page, live_server.url, complaints)
    page.add_init_script(SHIFTS)
    page.set_default_timeout(15_000)
    yield page
    assert complaints == []


def watch(page: Page, origin: str, complaints: list[str]) -> None:
    """Note what a page complains about and what it asks others for."""

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            complaints.append(message.text)

    def follow(request: Request) -> None:
        if not request.url.startswith((origin, "data:", "blob:")):
            complaints.append(f"asked {request.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", follow)


@pytest.fixture
def site(live_server: LiveServer, make_entry: MakeEntry) -> str:
    """Return the address of a site with an entry for the Lambda log, and two others."""
    make_entry()
    others = (
        ("Disk full on the build host", "OSError: [Errno 28] No space left on device"),
        ("The login page stays blank", "TypeError: t is not a function"),
    )
    for title, error in others:
        make_entry(title=title, error=error, cause="Nobody knew.", fix="Restart it.", lessons="")
    reindex()
    return str(live_server.url)


@pytest.fixture
def full_site(live_server: LiveServer, db: None) -> str:
    """Return the address of a site with all of `content/`."""
    ingest([ROOT / "content"])
    reindex()
    return str(live_server.url)


@pytest.fixture
def paste_text() -> str:
    """Return a Lambda log that ends on the read-only file system."""
    return (SAMPLES / "lambda-read-only" / "cloudwatch.txt").read_text()


@pytest.fixture
def put_in_clipboard(context: BrowserContext) -> Callable[[Page, str], None]:
    """Return a function that fills the clipboard, as copying elsewhere would."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])

    def put(page: Page, text: str) -> None:
        page.evaluate("text => navigator.clipboard.writeText(text)", text)

    return put


@pytest.fixture
def sign_in(context: BrowserContext, live_server: LiveServer, client_for: ClientFor) -> Any:
    """Return a function that makes the browser one of the cast."""

    def become(user: AnyUser) -> None:
        cookie = client_for(user).cookies["sessionid"]
        context.add_cookies(
            [{"name": "sessionid", "value": cookie.value, "url": str(live_server.url)}]
        )

    return become
