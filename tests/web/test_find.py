"""The box: a paste is matched and stays out of addresses; words lead to a search; nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kb.models import Entry, Revision
from kb.web.answers import is_paste
from tests.conftest import ClientFor, MakeEntry

SAMPLES = Path(__file__).parent.parent / "samples" / "pastes" / "known"
PASTE = (SAMPLES / "lambda-read-only" / "cloudwatch.txt").read_text()
UNKNOWN = (
    'Traceback (most recent call last):\n  File "a.py", line 1, in f\nZeroDivisionError: by zero'
)
HTMX = {"HX-Request": "true"}


def find(client: Client, text: Any, headers: dict[str, str] | None = None, **more: str) -> Any:
    """Put a text into the box and send it."""
    return client.post("/find/", {"text": text, **more}, headers=headers)


def test_it_works(client: Client, make_entry: MakeEntry) -> None:
    """A pasted log gets the entry's fix first, then its cause, then why."""
    make_entry()
    page = find(client, PASTE).content.decode()

    assert "Matches" in page
    fix, cause, why = (page.index(word) for word in (">Fix<", ">Cause<", ">Why this one<"))
    assert fix < page.index("{</span>") < cause < why
    assert "same code EROFS" in page


def test_reasons_and_lines_point_at_each_other(client: Client, make_entry: MakeEntry) -> None:
    """A reason links to its line of the paste, and the marked line back to the reason."""
    make_entry()
    page = find(client, PASTE).content.decode()

    assert '<a href="#line-5">line 5</a>' in page
    assert '<li id="line-5" class="marked" data-reasons="1 2 3"><a href="#reason-1"' in page
    assert '<li id="reason-1" data-reasons="1">' in page


def test_ordinary_lines_fold(client: Client, make_entry: MakeEntry) -> None:
    """A long healthy stretch becomes one line that says how long it is."""
    make_entry()
    noise = "\n".join(f"GET /health/{number} answered" for number in range(1_000))
    page = find(client, f"{noise}\n{PASTE}").content.decode()

    assert "… 1,002 ordinary lines" in page
    assert "GET /health/500" not in page.partition("Your paste")[2]


def test_unknown_shows_what_was_understood(
    client: Client, alice: User, client_for: ClientFor
) -> None:
    """An error nobody wrote about is still named, and a writer can start an entry from it."""
    stranger = find(client, UNKNOWN).content.decode()
    writer = find(client_for(alice), UNKNOWN).content.decode()

    assert "No entry explains this yet" in stranger
    assert '<dd class="mono">ZeroDivisionError</dd>' in stranger
    assert 'action="/new/"' not in stranger
    assert 'action="/new/"' in writer
    assert 'name="paste" value="Traceback' in writer


def test_weak_neighbours_are_called_weak(client: Client, make_entry: MakeEntry) -> None:
    """What is near but no match is listed as such."""
    make_entry(error="ZeroDivisionError: division by zero", title="Something else entirely")
    page = find(
        client, "Traceback (most recent call last):\nZeroDivisionError: modulo"
    ).content.decode()

    assert "Matches" not in page
    assert "Nearest, but weak" in page or "Possibly" in page


def test_words_lead_to_a_search(client: Client, db: None) -> None:
    """Words get an address of their own, so that back, reload and sharing work."""
    assert find(client, "lambda  read-only ")["Location"] == "/search/?q=lambda+read-only"


def test_words_can_be_matched_as_an_error(client: Client, make_entry: MakeEntry) -> None:
    """What was taken for words is matched when asked."""
    make_entry()

    assert (
        "Matches"
        in find(client, "Errno 30 Read-only file system", **{"as": "paste"}).content.decode()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lambda", False),
        ("django.db.utils.OperationalError", False),
        ("read-only file system", False),
        ("in:fix docker", False),
        ("error 502", False),
        ("OSError: [Errno 30] Read-only file system: 'a.jpg'", True),
        ("line one\nline two", True),
        ("word " * 13, True),
        ("x" * 161, True),
    ],
)
def test_it_tells_words_from_a_paste(text: str, expected: bool) -> None:  # noqa: FBT001  # from a table
    """A paste has lines, length or an error's shape; everything else is words."""
    assert is_paste(text) is expected


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_is_answered_kindly(client: Client, db: None, text: str) -> None:
    """An empty box gets a page that says what to put there."""
    response = find(client, text)

    assert response.status_code == 200
    assert "Nothing to match yet" in response.content.decode()


def test_opening_its_address_asks_for_a_paste(client: Client, db: None) -> None:
    """A reload finds no paste in the address; the page says so and lets the browser send it again."""
    page = client.get("/find/").content.decode()

    assert "data-paste-again" in page


def test_a_paste_stays_in_the_box(client: Client, make_entry: MakeEntry) -> None:
    """The answer's box holds the paste, escaped, below one line that says what it is."""
    make_entry()
    text = PASTE + "</textarea><script>alert(1)</script>"
    page = find(client, text).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert '<span class="what">Python · OSError: [Errno 30]' in page
    assert "<details>" in page


def test_a_paste_is_kept_nowhere(client: Client, make_entry: MakeEntry) -> None:
    """Matching writes nothing: no row, no session."""
    make_entry()
    with CaptureQueriesContext(connection) as queries:
        find(client, PASTE)

    assert not [query for query in queries if not query["sql"].startswith("SELECT")]
    assert Revision.objects.count() == Entry.objects.count() == 1


def test_a_log_file_is_read(client: Client, make_entry: MakeEntry) -> None:
    """A file's bytes are decoded by what they are, UTF-16 included."""
    make_entry()
    for encoding in ("utf-8", "utf-16"):
        log = SimpleUploadedFile("app.log", PASTE.encode(encoding))
        page = client.post("/find/", {"text": "", "log": log}).content.decode()

        assert "Matches" in page


def test_a_file_that_is_no_text_is_refused_in_words(client: Client, db: None) -> None:
    """Binary bytes get a sentence, not a guess."""
    page = client.post("/find/", {"log": SimpleUploadedFile("a.png", b"\x89PNG\r\n\0\0\0")})

    assert "This is not text" in page.content.decode()


@pytest.mark.parametrize("extra", [0, 1])
def test_the_limit_is_8_mb(client: Client, settings: Settings, db: None, extra: int) -> None:
    """A paste at the limit is read; one byte more gets a page that says what to do."""
    size = settings.KB_PASTE_BYTES + extra
    text = find(client, "a" * 79 + "\n" + "b" * (size - 80))
    log = client.post("/find/", {"log": SimpleUploadedFile("a.log", b"a" * size)})

    assert (text.status_code, log.status_code) == ((413, 413) if extra else (200, 200))
    assert not extra or "more than 8 MB" in text.content.decode()


def test_a_body_beyond_what_is_read_gets_the_same_page(
    client: Client, settings: Settings, db: None
) -> None:
    """A form that the framework refuses to read ends on the friendly page too."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    response = find(client, "a\n" * 1_000)

    assert response.status_code == 413
    assert "more than 8 MB" in response.content.decode()


def test_a_huge_file_is_refused_unread(client: Client, settings: Settings, db: None) -> None:
    """A file beyond any limit is turned away by its length; a smaller one passes."""
    settings.FILE_UPLOAD_HANDLERS = [
        "kb.web.uploads.BodyLimit",
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
    ]
    small, huge = (SimpleUploadedFile("a.log", b"a" * size) for size in (100, 11 * 1024 * 1024))

    assert client.post("/find/", {"log": small}).status_code == 200
    assert client.post("/find/", {"log": huge}).status_code == 413


def test_a_part_comes_from_the_same_template(client: Client, make_entry: MakeEntry) -> None:
    """Htmx gets the main part alone, with title, live words and an address without the paste."""
    make_entry()
    response = find(client, PASTE, HTMX | {"HX-Current-URL": "http://testserver/"})
    part, whole = response.content.decode(), find(client, PASTE).content.decode()

    assert part.startswith("<title>")
    assert "<html" not in part
    assert response["HX-Push-Url"] == "/find/"
    assert "HX-Request" in response["Vary"]
    assert part[part.index('<div class="verdict') : part.index('<p id="status')].strip() in whole


def test_typing_words_shows_results_at_their_address(client: Client, make_entry: MakeEntry) -> None:
    """The first letters get a step of their own in the browser's history, the next ones rename it."""
    make_entry()
    first = find(client, "lam", HTMX | {"HX-Current-URL": "http://testserver/"}, live="1")
    more = find(
        client, "lamb", HTMX | {"HX-Current-URL": "http://testserver/search/?q=lam"}, live="1"
    )

    assert first["HX-Push-Url"] == "/search/?q=lam"
    assert more["HX-Replace-Url"] == "/search/?q=lamb"


def test_an_emptied_box_brings_home_back(client: Client, make_entry: MakeEntry) -> None:
    """Deleting the last letter shows what home shows."""
    make_entry()
    response = find(
        client, "", HTMX | {"HX-Current-URL": "http://testserver/search/?q=l"}, live="1"
    )

    assert "Recently written" in response.content.decode()
    assert response["HX-Push-Url"] == "/"


def test_others_may_not_read(client: Client, settings: Settings, db: None) -> None:
    """Where reading is closed a stranger's paste is not looked at."""
    settings.KB_OPEN_READING = False

    assert find(client, PASTE)["Location"].startswith("/sign-in/")


def test_it_needs_its_token(make_entry: MakeEntry) -> None:
    """A form from elsewhere is refused."""
    assert find(Client(enforce_csrf_checks=True), PASTE).status_code == 403


def test_queries_do_not_grow_with_rows(client: Client, make_entry: MakeEntry) -> None:
    """Five candidates cost as many queries as two."""
    counts = []
    for size in (2, 3):
        for number in range(size):
            make_entry(title=f"Read-only file system {size}.{number}")
        with CaptureQueriesContext(connection) as queries:
            find(client, PASTE)
        counts.append(len(queries))

    assert counts[0] == counts[1]
