"""The wiki as a team uses it: write, find, meet another's edit, look back, go back."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from kb.entries.save import save
from kb.invitation import first_admin_link
from kb.models import AnyUser, Entry, Source
from tests.conftest import MakeEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[AnyUser], None]
PASSWORD = "a long phrase for tests"
ERROR = "java.lang.IllegalStateException: queue invoices-7 is sealed"
TEXT = f"""\
# The invoice queue is sealed

## Error

```
{ERROR}
```

## Cause

A consumer of the old release sealed the queue.

## Fix

1. Unseal it with `queuectl unseal`.
"""


@pytest.fixture
def entry(site: str, make_entry: MakeEntry) -> Entry:
    """Return an entry of two revisions."""
    entry = make_entry(text=TEXT)
    changed = TEXT.replace("old release", "release before last")
    save(changed, author=None, path=entry.source.path, base=1, message="which release")
    return entry


def open_editor(page: Page, site: str, source: Source) -> str:
    """Open the editor and return its text."""
    page.goto(f"{site}/sources/{source.slug}/edit/")
    return page.locator("#draft").input_value()


def press_save(page: Page) -> None:
    """Press the button below the editor."""
    page.get_by_role("button", name="save", exact=True).click()


def test_what_is_written_is_found_by_a_paste_within_a_second(
    page: Page, site: str, alice: User, sign_in: SignIn
) -> None:
    """A text saved in the browser is the answer to the very next paste of its error."""
    sign_in(alice)
    page.goto(f"{site}/new/")
    page.locator("#draft").fill(TEXT)
    page.get_by_label("What changed").fill("met it today")
    press_save(page)
    expect(page.get_by_role("heading", name="The invoice queue is sealed")).to_be_visible()
    saved = time.monotonic()
    answer = page.request.post(f"{site}/api/v1/match", data={"text": f"12:07:31 ERROR {ERROR}"})
    elapsed = time.monotonic() - saved

    found = answer.json()
    assert (found["verdict"], found["matches"][0]["title"]) == (
        "match",
        "The invoice queue is sealed",
    )
    assert elapsed < 1
    page.get_by_label("paste an error, or search").fill(f"12:07:31 ERROR {ERROR}\nat Queue.push")
    expect(page.get_by_text("Unseal it with")).to_be_visible()


def test_fields_light_up_while_typing(page: Page, site: str, alice: User, sign_in: SignIn) -> None:
    """The strip above the live page shows a field as soon as it is understood."""
    sign_in(alice)
    page.goto(f"{site}/new/")
    draft, strip = page.locator("#draft"), page.locator("#preview .strip")
    draft.fill("# Queue sealed\n\n## Cause\n\nOld release.\n")
    expect(strip.get_by_text("cause understood")).to_be_visible()
    expect(strip.get_by_text("fix missing")).to_be_visible()
    draft.press_sequentially("\n## Fix\n\nUnseal it.\n")

    expect(strip.get_by_text("fix understood")).to_be_visible()
    expect(page.locator("#preview").get_by_role("heading", name="Queue sealed")).to_be_visible()


def test_a_problem_leads_to_its_line(page: Page, site: str, alice: User, sign_in: SignIn) -> None:
    """A text that cannot be saved stays in the editor, and one click selects the line at fault."""
    sign_in(alice)
    page.goto(f"{site}/new/")
    page.locator("#draft").fill("---\nstatus: draft\ntags: [queue\n---\n\n# Queue sealed\n")
    press_save(page)
    page.get_by_role("alert").get_by_role("link").click()

    selected = page.evaluate("draft.value.slice(draft.selectionStart, draft.selectionEnd)")
    line = page.get_by_role("alert").get_by_role("link").inner_text()
    lines = page.locator("#draft").input_value().split("\n")
    assert selected == lines[int(line.split()[1]) - 1]


def test_two_tabs_lose_nothing(
    page: Page, site: str, entry: Entry, alice: User, sign_in: SignIn
) -> None:
    """The second save from one revision shows both texts; saved again, both are in the history."""
    sign_in(alice)
    other = page.context.new_page()
    text = open_editor(page, site, entry.source)
    open_editor(other, site, entry.source)
    other.locator("#draft").fill(text.replace("queuectl unseal", "queuectl open"))
    press_save(other)
    expect(other.get_by_text("Saved as revision 3.")).to_be_visible()
    mine = text.replace("queuectl unseal", "queuectl unseal --now")
    page.locator("#draft").fill(mine)
    press_save(page)

    expect(page.get_by_role("heading", name="Two edits met")).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value(mine)
    assert "queuectl open" in page.get_by_label("Theirs").input_value()
    expect(page.locator(".diff ins").first).to_be_visible()
    page.get_by_role("button", name="save your text over theirs").click()
    expect(page.get_by_text("Saved as revision 4.")).to_be_visible()
    texts = [revision.text for revision in entry.source.revisions.all()[:2]]
    assert [texts[0], "queuectl open" in texts[1]] == [mine, True]


def test_looking_back_and_going_back(
    page: Page, site: str, entry: Entry, alice: User, sign_in: SignIn
) -> None:
    """From an entry to its history, the changed words, and the old text restored."""
    sign_in(alice)
    page.goto(site + entry.get_absolute_url())
    page.get_by_role("link", name="history").click()
    expect(page.get_by_text("which release")).to_be_visible()
    page.get_by_role("button", name="compare the two chosen").click()
    expect(page.locator(".diff del")).to_have_text("old release")
    expect(page.locator(".diff ins")).to_have_text("release before last")
    page.get_by_role("button", name="restore revision 1").click()

    expect(page.get_by_text("Saved as revision 3.")).to_be_visible()
    expect(page.get_by_text("A consumer of the old release")).to_be_visible()
    assert entry.source.revisions.latest("number").text == TEXT


def test_a_text_that_was_not_saved_can_be_put_back(
    page: Page, site: str, entry: Entry, alice: User, sign_in: SignIn
) -> None:
    """Who leaves by accident finds the text again in the same tab."""
    sign_in(alice)
    page.on("dialog", lambda dialog: dialog.accept())
    open_editor(page, site, entry.source)
    page.locator("#draft").fill("# Half written")
    expect(page.locator("#preview").get_by_text("No trouble is understood")).to_be_visible()
    page.goto(f"{site}/entries/")
    open_editor(page, site, entry.source)
    page.get_by_role("button", name="put it back").click()

    expect(page.locator("#draft")).to_have_value("# Half written")


def test_signing_in_again_does_not_cost_the_text(
    page: Page, site: str, entry: Entry, alice: User, sign_in: SignIn
) -> None:
    """A session that ends while someone writes loses neither the text nor the way back to it."""
    sign_in(alice)
    page.on("dialog", lambda dialog: dialog.accept())
    open_editor(page, site, entry.source)
    page.context.clear_cookies()
    page.locator("#draft").fill("# Written while signed out")
    expect(page.get_by_text("This preview is behind")).to_be_visible()
    page.context.add_cookies([{"name": "csrftoken", "value": "a" * 32, "url": site}])
    page.evaluate(
        "document.querySelector('#editor [name=csrfmiddlewaretoken]').value = 'a'.repeat(32)"
    )
    press_save(page)
    page.get_by_label("user name").fill("alice")
    page.get_by_label("password").fill(PASSWORD)
    page.locator("form.form").get_by_role("button", name="sign in").click()
    page.get_by_role("button", name="put it back").click()

    expect(page.locator("#draft")).to_have_value("# Written while signed out")


def test_a_team_begins(page: Page, live_server: object, db: None) -> None:
    """The first link makes the admin, who adds a writer, who chooses a password by another link."""
    origin = str(live_server)
    page.goto(origin + str(first_admin_link()).partition("8000")[2])
    page.get_by_label("user name").fill("dora")
    page.get_by_label("password", exact=True).fill(PASSWORD)
    page.get_by_label("password, once more").fill(PASSWORD)
    page.get_by_role("button", name="become the admin").click()
    page.get_by_label("user name").fill("erin")
    page.get_by_label("role").select_option("writer")
    page.get_by_role("button", name="add", exact=True).click()
    link = page.locator(".handover code").inner_text()
    page.locator(".menu summary").click()
    page.get_by_role("button", name="sign out").click()
    page.goto(link)
    page.get_by_label("password", exact=True).fill(PASSWORD)
    page.get_by_label("password, once more").fill(PASSWORD)
    page.get_by_role("button", name="set the password").click()

    expect(page.get_by_role("link", name="new entry")).to_be_visible()
    assert User.objects.get(username="erin").check_password(PASSWORD)


def test_writing_needs_no_script(browser: Browser, site: str, alice: User) -> None:
    """Sign-in, preview, save and compare work where scripts are off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/sign-in/?next=/new/")
    page.get_by_label("user name").fill("alice")
    page.get_by_label("password").fill(PASSWORD)
    page.locator("form.form").get_by_role("button", name="sign in").click()
    page.locator("#draft").fill(TEXT)
    page.get_by_role("button", name="preview").click()
    expect(page.locator("#preview").get_by_text("Unseal it with")).to_be_visible()
    press_save(page)

    expect(page.get_by_role("heading", name="The invoice queue is sealed")).to_be_visible()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_barriers_or_sticks_out(
    page: Page, site: str, entry: Entry, dana: User, sign_in: SignIn, theme: str
) -> None:
    """Axe finds nothing on any page of the wiki, and none is wider than a phone."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of its words
    page.set_viewport_size({"width": 360, "height": 740})
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(dana)
    source = f"/sources/{entry.source.slug}"
    wrong: dict[str, object] = {}

    def look(name: str) -> None:
        found = Axe().run(page).response["violations"]
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        problems = [one["id"] for one in found] + (["too wide"] if page.evaluate(wide) else [])
        wrong.update({name: problems} if problems else {})

    for path in (
        "/new/",
        f"{source}/edit/",
        f"{source}/revisions/",
        f"{source}/revisions/1/",
        f"{source}/diff/1/2/",
        "/people/",
        f"/people/{dana.pk}/",
        "/welcome/x/",
        "/set-password/x/y/",
    ):
        page.goto(site + path)
        look(path)
    open_editor(page, site, entry.source)
    save(f"{TEXT}\nMore.\n", author=None, path=entry.source.path, base=2)
    page.locator("#draft").fill(TEXT.replace("sealed", "shut"))
    press_save(page)
    expect(page.get_by_role("heading", name="Two edits met")).to_be_visible()
    look("conflict")

    assert wrong == {}
