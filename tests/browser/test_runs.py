"""Runs, import and export in a browser: both themes, a phone, and no script at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from kb.entries.ingest import ingest
from kb.models import AnyUser, Run
from tests.browser.test_look import sticks_out, violations
from tests.conftest import PASSWORD
from tests.entries.archives import archive, member
from tests.entries.texts import guide, lay, trouble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTE = b"# Disk full\n\n## Fix\n\nPrune.\n\n## Colour of the day\n\nBlue.\n"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a run over what breaks layouts."""
    odd = f"# {'A title that goes on ' * 8}{'x' * 90}\n\n## {'Heading' * 40}\n\nText.\n"
    texts = {f"{'deep/' * 40}{'n' * 90}.md": odd, "bad.md": "---\ntitle: [\n---\n# T\n"}
    ingest([lay(tmp_path / "notes", texts | {"guide.md": guide(trouble("One"), trouble("Two"))})])
    return Run.objects.get()


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
def test_it_works(
    page: Page,
    live_server: LiveServer,
    run: Run,
    alice: User,
    sign_in: Callable[[AnyUser], None],
    theme: str,
    width: int,
) -> None:
    """Nothing scrolls sideways and axe finds nothing, with all details open."""
    sign_in(alice)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of its words
    page.set_viewport_size({"width": width, "height": 800})
    wrong = {}
    for path in ("/transfer/", "/runs/", run.get_absolute_url(), "/runs/1/?status=conflict"):
        page.goto(f"{live_server.url}{path}")
        page.evaluate("document.querySelectorAll('details.read').forEach(one => one.open = true)")
        wrong[path] = violations(page) + (["sticks out"] if sticks_out(page) else [])

    assert {path: found for path, found in wrong.items() if found} == {}


def test_an_archive_is_imported_without_javascript(
    browser: Browser, live_server: LiveServer, alice: User
) -> None:
    """Sign in, send a harmful archive and a good one, and look what became of it."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/transfer/")
    page.get_by_label("user name").fill(alice.username)
    page.get_by_label("password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="sign in").click()
    send(page, member(0o120777))
    expect(page.get_by_role("alert")).to_contain_text("notes.zip: a.md is a link")
    send(page, archive({"notes/docker/disk.md": NOTE}))
    page.locator("summary").filter(has_text="Disk full").click()

    expect(page.get_by_role("link", name="docker/disk.md", exact=True)).to_be_visible()
    expect(page.get_by_text("Kept as other, word for word: Colour of the day")).to_be_visible()
    context.close()


def send(page: Page, raw: bytes) -> None:
    """Choose an archive and send it."""
    file: FilePayload = {"name": "notes.zip", "mimeType": "application/zip", "buffer": raw}
    page.get_by_label("archive").set_input_files(file)
    page.get_by_role("button", name="import").click()


def test_everything_is_downloaded(
    page: Page,
    live_server: LiveServer,
    run: Run,
    alice: User,
    sign_in: Callable[[AnyUser], None],
    tmp_path: Path,
) -> None:
    """The button saves an archive under a name that says what it is."""
    sign_in(alice)
    page.goto(f"{live_server.url}/transfer/")
    with page.expect_download() as download:
        page.get_by_role("link", name="export 2 texts").click()
    download.value.save_as(tmp_path / "out.zip")

    assert download.value.suggested_filename.startswith("rootnote-")
    assert (tmp_path / "out.zip").read_bytes().startswith(b"PK")
