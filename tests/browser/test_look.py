"""Both themes, every width, every reader: nothing scrolls sideways, and axe finds nothing."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from kb.entries.reindex import reindex
from tests.conftest import MakeEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOX = "paste an error, or search"
UNKNOWN = "Traceback (most recent call last):\nZeroDivisionError: flux capacitor"
ROWS = "| " + " | ".join(f"column {number}" for number in range(30)) + " |"
WIDE = f"{ROWS}\n|{'---|' * 30}\n{ROWS}"
LONG = (
    "```python\n"
    + "\n".join(f"value_{n} = compute({n}, '{'x' * 90}')" for n in range(1_000))
    + "\n```"
)


def make_odd_entry(make_entry: MakeEntry) -> str:
    """Save an entry of everything that breaks layouts, and return its address."""
    entry = make_entry(
        title=f"{'A title that goes on and on ' * 6}{'x' * 100}",
        error="y" * 300,
        cause=f"{'z' * 300} 文件系统是只读的 خطأ في نظام الملفات",
        fix=f"{WIDE}\n\n{LONG}\n\n1. one\n   - two\n\n     `{'w' * 200}`",
        tags=", ".join(f"tag-{'t' * number}" for number in range(1, 40)),
    )
    reindex()
    return entry.get_absolute_url()


def answer(page: Page, site: str, text: str) -> None:
    """Open home, hand in a text and wait for the answer."""
    page.goto(site)
    page.get_by_label(BOX).fill(text)
    expect(page.locator(".answer")).to_be_visible()


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, in a line each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_works(
    page: Page, site: str, paste_text: str, make_entry: MakeEntry, theme: str
) -> None:
    """Axe finds nothing on any page in either theme."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of its words
    odd = make_odd_entry(make_entry)
    wrong: dict[str, list[str]] = {}
    for path in (
        "/",
        "/entries/",
        odd,
        "/tags/",
        "/search/?q=OSError",
        "/search/?q=none",
        "/nothing/",
        "/sign-in/",
    ):
        page.goto(site + path)
        wrong[path] = violations(page)
    for name, text in (("result", paste_text), ("none", UNKNOWN)):
        answer(page, site, text)
        wrong[name] = violations(page)

    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_scrolls_sideways(
    page: Page, site: str, paste_text: str, make_entry: MakeEntry, width: int
) -> None:
    """Every page fits its window, whatever stands on it."""
    page.set_viewport_size({"width": width, "height": 800})
    odd = make_odd_entry(make_entry)
    source = odd.replace("/entries/", "/sources/")
    wide = []
    for path in (
        "/",
        "/entries/",
        odd,
        source,
        "/tags/",
        "/search/?q=compute",
        "/nothing/",
        "/sign-in/",
    ):
        page.goto(site + path)
        wide += [path] if sticks_out(page) else []
    for text in (paste_text, UNKNOWN, f"{paste_text}\n{'v' * 10_000}", "y" * 300):
        answer(page, site, text)
        wide += [text[:20]] if sticks_out(page) else []

    assert wide == []


def sticks_out(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def test_the_switch_changes_the_theme_and_is_remembered(page: Page, site: str) -> None:
    """One press darkens the page, before the first paint of the next one too."""
    page.emulate_media(color_scheme="light")
    page.goto(site)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="switch between light and dark").click()
    dark = page.evaluate(ground)
    page.goto(f"{site}/entries/")

    assert light != dark
    assert page.evaluate(ground) == dark
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_copy_takes_the_commands_without_prompts(
    page: Page, site: str, make_entry: MakeEntry
) -> None:
    """The button copies what to type, not what was printed."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    session = "```console\n$ sam build \\\n    --cached\nBuild Succeeded\n$ sam deploy\n```"
    entry = make_entry(title="Old build", fix=session)
    page.goto(site + entry.get_absolute_url())
    page.locator("#fix").get_by_role("button", name="copy").click()

    expect(page.get_by_role("button", name="copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "sam build \\\n    --cached\nsam deploy"


def test_everything_works_without_javascript(browser: Browser, site: str, paste_text: str) -> None:
    """Paste, words, folded candidates and browsing need no script."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_label(BOX).fill(paste_text)
    page.get_by_role("button", name="find").click()
    expect(page.get_by_text("Write only under")).to_be_visible()
    page.locator("#box summary").click()
    page.get_by_label(BOX).fill("lambda")
    page.get_by_role("button", name="find").click()
    expect(page).to_have_url(f"{site}/search/?q=lambda")
    page.get_by_role("link", name="Read-only file system in Lambda").click()

    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    context.close()


def test_a_text_being_written_is_not_swapped_away(
    page: Page, site: str, alice: User, sign_in: object
) -> None:
    """Typing into the box beside an editor leaves the editor where it is."""
    sign_in(alice)  # type: ignore[operator]  # a function
    page.clock.install()
    page.goto(f"{site}/new/")
    page.locator("#draft").fill("# Half written")
    page.get_by_label(BOX).fill("lambda")
    page.clock.run_for(2_000)

    expect(page.locator("#draft")).to_have_value("# Half written")


def test_the_first_load_is_light(page: Page, site: str) -> None:
    """Home asks for less than 120 kB, less than 30 kB of it script, as production compresses it."""
    bodies: dict[str, int] = {}

    def weigh(response: object) -> None:
        import gzip

        kind, body = response.request.resource_type, response.body()  # type: ignore[attr-defined]  # a Response
        bodies[kind] = bodies.get(kind, 0) + len(gzip.compress(body))

    page.on("response", weigh)
    page.goto(site, wait_until="networkidle")

    assert bodies["script"] <= 30_000
    assert sum(bodies.values()) <= 120_000
