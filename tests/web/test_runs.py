"""What the last runs did can be looked up: the list of them, one file by file, one file whole."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.entries.ingest import ingest
from kb.entries.runs import PAGE_SIZE
from kb.models import Run, RunFile, Source
from kb.web.runs import MOST_ROWS
from tests.entries.texts import guide, lay, trouble

GOOD = (
    "# Disk full\n\n## Cause\n\nOld images.\n\n## Fix\n\nPrune.\n\n## Colour of the day\n\nBlue.\n"
)
BAD = "---\ntitle: [\n---\n# T\n"


@pytest.fixture
def run(tmp_path: Path, db: None) -> Run:
    """Return a run over a good file, a bad one and a guide."""
    texts = {"good.md": GOOD, "bad.md": BAD, "guide.md": guide(trouble("One"), trouble("Two"))}
    ingest([lay(tmp_path / "notes", texts)])
    return Run.objects.get()


@pytest.fixture
def empty_run(db: None) -> Run:
    """Return a run that did nothing yet."""
    return Run.objects.create(started=timezone.now(), what="/srv/notes")


def add_files(run: Run, count: int, **over: Any) -> None:
    """Add files to a run, each a little more complete than the one before."""
    fields = {"status": "created", "entries": 1} | over
    RunFile.objects.bulk_create(
        RunFile(run=run, path=f"{number}.md", read=describe(number % 101), **fields)
        for number in range(count)
    )


def describe(completeness: int, rows: int = 1) -> dict[str, Any]:
    """Return how a file with one entry was read."""
    placed = {"heading": "Fix", "line": 3, "kind": "fix", "guessed": False}
    entry = {
        "title": "T",
        "line": 1,
        "completeness": completeness,
        "missing": ["cause"],
        "headings": [placed] * rows,
    }
    return {"notes": [], "entries": [entry], "chapters": [], "completeness": completeness}


def paths(response: Any) -> list[str]:
    """Return the paths that a page lists, in order."""
    return [line.file.path for line in response.context["files"]]


def words(response: Any) -> str:
    """Return a page's main part as words."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


# The list


def test_it_works(writer: Client, run: Run, tmp_path: Path) -> None:
    """Each run says what it read, when, by whom, and what became of the files."""
    shown = words(writer.get("/runs/"))

    assert f"{tmp_path}/notes just now 1 failed 2 created from the command line 3 entries" in shown
    assert re.search(r"3 entries \d+\.\d s", shown)


def test_newest_runs_come_first(writer: Client, run: Run, alice: User) -> None:
    """And an import says whose it was."""
    now = timezone.now()
    Run.objects.create(started=now, ended=now + timedelta(seconds=2.5), what="a.zip", by=alice)
    shown = words(writer.get("/runs/"))

    assert shown.index("a.zip just now by alice 2.5 s") < shown.index("/notes just now")


def test_a_run_without_an_end_is_told(writer: Client, empty_run: Run) -> None:
    """One that may be at work is told from one that another has followed, and from a stopped one."""
    assert "under way, or cut short" in words(writer.get("/runs/"))
    assert "under way, or cut short" in words(writer.get(empty_run.get_absolute_url()))
    Run.objects.create(started=timezone.now(), what="b", counts={"created": 1})

    assert words(writer.get("/runs/")).count("stopped") == 2
    assert "stopped" in words(writer.get(empty_run.get_absolute_url()))


def test_no_runs_lead_on(writer: Client) -> None:
    """Where nothing was read yet, the page says how to begin."""
    assert "No folder or archive has been read yet" in words(writer.get("/runs/"))


# One run


def test_each_file_has_its_line(writer: Client, run: Run) -> None:
    """Troubles come first, with line and reason; then how each entry was read."""
    response = writer.get(run.get_absolute_url())
    shown = words(response)

    assert paths(response) == ["bad.md", "good.md", "guide.md"]
    assert "bad.md failed Line 3: The front matter cannot be read" in shown
    assert "good.md 1 entry created edit" in shown
    assert re.search(r"\d\d of 100 Disk full no error no lessons where each heading", shown)
    assert "3 Cause cause 7 Fix fix 11 Colour of the day other" in shown
    assert "Kept as other, word for word: Colour of the day" in shown
    assert "1 heading outside its entries" in shown


def test_a_file_leads_to_its_source(writer: Client, run: Run) -> None:
    """And to its editor; one that failed has neither."""
    page = writer.get(run.get_absolute_url()).content.decode()
    source = Source.objects.get(path="good.md")

    assert f'href="{source.get_absolute_url()}"' in page
    assert f'href="/sources/{source.slug}/edit/"' in page
    assert page.count("/edit/") == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?status=failed", ["bad.md"]),
        ("?status=created", ["good.md", "guide.md"]),
        ("?status=conflict", []),
        ("?status=unchanged", []),
        ("?status=nonsense", ["bad.md", "good.md", "guide.md"]),
        ("?at=zzz", ["bad.md", "good.md", "guide.md"]),
        ("?at=a99999999999999999999-1", ["bad.md", "good.md", "guide.md"]),
        ("?order=nonsense", ["bad.md", "good.md", "guide.md"]),
    ],
)
def test_counts_are_filters(writer: Client, run: Run, query: str, expected: list[str]) -> None:
    """Each count leads to its files; a strange question shows all of them."""
    response = writer.get(f"{run.get_absolute_url()}{query}")

    assert paths(response) == expected
    assert 'status=failed"' in response.content.decode()


def test_the_barest_come_first_when_asked(writer: Client, empty_run: Run) -> None:
    """What needs work most is on top; what was not read into entries is not in that list."""
    for number in (40, 100, 0, 70):
        RunFile.objects.create(
            run=empty_run, path=str(number), status="created", read=describe(number)
        )
    add_files(empty_run, 1, status="failed", entries=0)
    RunFile.objects.filter(status="failed").update(read={"notes": [], "entries": []})
    response = writer.get(f"{empty_run.get_absolute_url()}?order=completeness")

    assert paths(response) == ["0", "40", "70", "100"]


def test_a_text_of_several_entries_counts_as_its_barest(writer: Client, run: Run) -> None:
    """A guide with one bare entry stands among the bare."""
    for file in RunFile.objects.filter(status="created"):
        lowest = min(entry["completeness"] for entry in file.read["entries"])
        assert file.read["completeness"] == lowest
    assert "completeness" not in RunFile.objects.get(status="failed").read


@pytest.mark.parametrize("order", ["", "completeness"])
def test_pages_hold_every_file_once(writer: Client, empty_run: Run, order: str) -> None:
    """However many there are, turning on shows each once, and back again."""
    add_files(empty_run, 2 * PAGE_SIZE + 3)
    add_files(empty_run, 2, status="failed")
    base = f"{empty_run.get_absolute_url()}?order={order}"
    seen: list[int] = []
    turns: list[list[int]] = []
    at: str | None = ""
    while at is not None:
        response = writer.get(f"{base}&at={at}")
        turns.append([line.file.pk for line in response.context["files"]])
        seen += turns[-1]
        at = response.context["page"].next_cursor or None
    back = response.context["page"].previous_cursor
    before = writer.get(f"{base}&at={back}")

    assert len(seen) == len(set(seen)) == 2 * PAGE_SIZE + 5
    assert [line.file.pk for line in before.context["files"]] == turns[-2]


def test_what_was_unchanged_is_counted(writer: Client, run: Run, tmp_path: Path) -> None:
    """Files that were left alone are not listed, and the page says so."""
    (tmp_path / "notes" / "bad.md").unlink()
    ingest([tmp_path / "notes"])
    newest = Run.objects.latest("pk")
    shown = words(writer.get(newest.get_absolute_url()))

    assert "2 unchanged" in shown
    assert "Nothing to do: 2 files had not changed" in shown


def test_a_run_that_was_killed_still_counts(writer: Client, empty_run: Run) -> None:
    """The files that it had read are counted from themselves."""
    add_files(empty_run, 3)

    assert "all 3 created 3" in words(writer.get(empty_run.get_absolute_url()))


def test_a_run_over_nothing_leads_on(writer: Client, empty_run: Run) -> None:
    """Without any file the page says why and what to do."""
    Run.objects.update(ended=timezone.now())

    assert "This run came to no file: nothing there ends in .md" in words(
        writer.get(empty_run.get_absolute_url())
    )


def test_repaired_lines_and_notes_are_told(writer: Client, empty_run: Run) -> None:
    """What was mended in the bytes, and what the front matter says wrongly."""
    read = {"notes": ["The date is no date."], "entries": [], "chapters": []}
    lines = list(range(1, 21))
    RunFile.objects.create(run=empty_run, path="a.md", status="created", repaired=lines, read=read)
    shown = words(writer.get(empty_run.get_absolute_url()))

    assert "The date is no date." in shown
    assert "20 garbled lines repaired: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 …" in shown


def test_names_from_files_are_shown_as_text(writer: Client, empty_run: Run) -> None:
    """No path, title, heading or message is taken for markup."""
    evil = "<img src=x onerror=alert(1)>"
    read = describe(1)
    read["entries"][0] |= {
        "title": evil,
        "headings": [{**read["entries"][0]["headings"][0], "heading": evil}],
    }
    file = RunFile.objects.create(
        run=empty_run, path=evil, status="failed", message=evil, read=read | {"notes": [evil]}
    )
    Run.objects.update(what=evil)
    for url in (
        "/runs/",
        empty_run.get_absolute_url(),
        f"{empty_run.get_absolute_url()}{file.pk}/",
    ):
        assert evil not in writer.get(url).content.decode()


def test_there_is_no_such_run(writer: Client, run: Run) -> None:
    """A run that is gone, or a file of another, is nowhere."""
    other = Run.objects.create(started=timezone.now(), what="b")
    file = RunFile.objects.filter(run=run).first()
    assert file

    assert writer.get("/runs/999/").status_code == 404
    assert writer.get(f"{other.get_absolute_url()}{file.pk}/").status_code == 404


# One file


def test_a_long_report_is_cut_and_has_a_page(writer: Client, empty_run: Run) -> None:
    """Among many files a long report shows its beginning; its own page shows all of it."""
    read = describe(50, rows=MOST_ROWS + 30)
    file = RunFile.objects.create(run=empty_run, path="a.md", status="created", read=read)
    url = f"{empty_run.get_absolute_url()}{file.pk}/"
    short, whole = writer.get(empty_run.get_absolute_url()), writer.get(url)

    assert f'31 more lines: <a href="{url}">' in short.content.decode()
    assert short.content.decode().count("<td>fix</td>") == MOST_ROWS - 1
    assert whole.content.decode().count("<td>fix</td>") == MOST_ROWS + 30


# Cost


@pytest.mark.parametrize("query", ["", "?order=completeness", "?status=created"])
def test_queries_do_not_grow_with_files(writer: Client, empty_run: Run, query: str) -> None:
    """A thousand files cost as many queries as one."""

    def count() -> int:
        with CaptureQueriesContext(connection) as done:
            writer.get(f"{empty_run.get_absolute_url()}{query}")
        return len(done)

    source = Source.objects.create(path="a.md", slug="a", title="A", changed=timezone.now())
    add_files(empty_run, 1, source=source)
    few = count()
    add_files(empty_run, 1_000, source=source)

    assert count() == few


def test_queries_do_not_grow_with_runs(writer: Client, alice: User) -> None:
    """The list of runs costs the same however many are kept."""

    def count() -> int:
        with CaptureQueriesContext(connection) as done:
            writer.get("/runs/")
        return len(done)

    Run.objects.create(started=timezone.now(), what="a", by=alice)
    few = count()
    for number in range(10):
        Run.objects.create(started=timezone.now(), what=str(number), by=alice)

    assert count() == few
