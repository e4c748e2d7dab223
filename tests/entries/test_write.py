"""What was read becomes rows, and only what reads otherwise than before is written anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kb.entries.save import archive
from kb.entries.slugs import NUMBERED, free_slugs
from kb.models import Entry, Section, SignatureKey, Source, Tag
from tests.entries.texts import NOTE, guide, put, rows, trouble

pytestmark = pytest.mark.django_db

DISK, LOGIN, PROXY = trouble("Disk full"), trouble("Login fails"), trouble("Proxy answers 502")


def settle() -> None:
    """Pretend that the index has seen everything."""
    Entry.objects.update(stale=False)


def told(slug: str) -> dict[str, Any]:
    """Return what would make an entry look changed, or be indexed again."""
    entry = Entry.objects.get(slug=slug)
    return {"changed": entry.changed, "stale": entry.stale, "digest": entry.digest}


def test_it_works(db: None) -> None:
    """The sections of an entry are rows in order, with the lines they stand on."""
    (entry,) = put().entries

    parts = entry.sections.values_list("position", "kind", "heading", "text", "start", "end")
    assert list(parts) == [
        (0, "error", "Error", "    OSError: [Errno 28] No space left on device", 2, 6),
        (1, "cause", "Cause", "Old images were never removed.", 6, 10),
        (2, "fix", "Fix", "Prune the images.", 10, 14),
    ]
    assert (entry.start, entry.end) == (0, 14)


def test_what_was_guessed_is_marked(db: None) -> None:
    """A section that no heading names says so."""
    put("# Disk full\n\nIt broke when the disk of the build host was full.\n")

    assert {part.guessed for part in Section.objects.all()} == {True}


# What reads as before


def test_an_entry_that_reads_as_before_is_left_alone(db: None) -> None:
    """An edit beside it moves its lines, but neither its date nor the index hears of it."""
    put(guide(DISK, LOGIN))
    settle()
    before = told("login-fails")
    put(guide(PROXY, trouble("Disk full", body="New."), LOGIN), 1)

    assert told("login-fails") == before
    assert told("disk-full")["stale"]
    entry = Entry.objects.get(slug="login-fails")
    lines = put(guide(PROXY, trouble("Disk full", body="New."), LOGIN), 2).revision.text.split("\n")
    assert entry.position == 2
    assert lines[entry.start] == "## Error 3: Login fails"
    fix = entry.sections.get(kind="fix")
    assert lines[fix.start] == "### Fix"
    assert fix.source == entry.source


def test_a_chapter_that_changed_touches_no_entry(db: None) -> None:
    """The words between the troubles are the Source's own."""
    put(guide(DISK, LOGIN))
    settle()
    before = [told("disk-full"), told("login-fails")]
    put(guide(DISK, LOGIN).replace("Read on.", "Read it all."), 1)

    assert [told("disk-full"), told("login-fails")] == before
    assert Source.objects.get().sections.get(entry=None).text == "Read it all."


@pytest.mark.parametrize(
    "changed",
    [
        NOTE.replace("# Disk full", "# Disk is full"),
        NOTE.replace("Errno 28", "Errno 122"),
        NOTE.replace("Prune", "Remove"),
        NOTE.replace("## Fix", "## How to fix it"),
        f"---\ntags: [docker]\n---\n{NOTE}",
        f"---\nseverity: low\n---\n{NOTE}",
    ],
)
def test_any_change_that_can_be_seen_is_indexed(changed: str) -> None:
    """Whatever readers or matching see of an entry makes it changed and stale."""
    put()
    settle()
    before = told("disk-full")
    put(changed, 1)

    after = told("disk-full")
    assert after["stale"]
    assert after["changed"] > before["changed"]
    assert after["digest"] != before["digest"]


def test_old_facts_do_not_stay(db: None) -> None:
    """Tags, keys, signatures and sections of the text before are gone with it."""
    put(f"---\ntags: [docker]\nseverity: high\ndate: 2025-01-01\nstatus: done\n---\n{NOTE}")
    (entry,) = put("# Login fails\n\n## Cause\n\nClock skew.\n", 1).entries

    entry.refresh_from_db()
    assert (list(entry.tags.all()), entry.severity, entry.date) == ([], "", None)
    assert (entry.status, entry.summary) == (Entry.DRAFT, "Clock skew.")
    assert [part.kind for part in entry.sections.all()] == ["cause"]
    keys = SignatureKey.objects.values_list("key", flat=True)
    assert set(keys) == {"word:login", "word:fails", "pair:login fails"}
    assert {signature.section for signature in entry.signatures.all()} == {"title"}


# What is gone


def test_what_is_removed_is_archived(db: None) -> None:
    """It is neither matched nor indexed, keeps its words for writers, and stands on no line."""
    put(guide(DISK, LOGIN, PROXY))
    settle()
    before = told("disk-full")
    put(guide(LOGIN, PROXY), 1)

    entry = Entry.objects.get(slug="disk-full")
    assert (entry.archived, entry.stale, entry.end) == (True, True, 0)
    assert entry.changed > before["changed"]
    assert not entry.keys.exists()
    assert entry.sections.count() == 3


def test_what_is_gone_is_touched_once(db: None) -> None:
    """Later saves of its Source leave an archived entry as it is."""
    put(guide(DISK, LOGIN, PROXY))
    put(guide(LOGIN, PROXY), 1)
    settle()
    before = told("disk-full")
    put(guide(PROXY, LOGIN), 2)

    assert told("disk-full") == before


def test_what_comes_back_is_as_it_was(db: None) -> None:
    """Keys, sections, tags and address are there again."""
    first = put(guide(DISK, LOGIN, PROXY))
    keys = set(SignatureKey.objects.values_list("key", "entry"))
    put(guide(LOGIN, PROXY), 1)
    again = put(guide(DISK, LOGIN, PROXY), 2)

    assert [entry.pk for entry in again.entries] == [entry.pk for entry in first.entries]
    assert set(SignatureKey.objects.values_list("key", "entry")) == keys
    assert not Entry.objects.filter(archived=True).exists()
    assert all(entry.end for entry in Entry.objects.all())


def test_what_is_gone_stays_so_when_the_source_comes_back(db: None) -> None:
    """Bringing back a Source restores its text, not what was removed from it before."""
    put(guide(DISK, LOGIN, PROXY))
    source = put(guide(LOGIN, PROXY), 1).source
    for archived in (True, False):
        archive(source, author=None, archived=archived)

    current = Entry.objects.current().values_list("slug", flat=True)
    assert set(current) == {"login-fails", "proxy-answers-502"}


# Values


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("## Cause\n\nA `full` disk. And more.", "A full disk."),
        ("## Cause\n\nWhy?", "Why?"),
        ("## Symptoms\n\nIt hangs\n\n## Fix\n\nx", "It hangs."),
        ("## Fix\n\nRestart.", ""),
        ("## Cause\n\n" + "long " * 200, " ".join(["long"] * 39) + "…"),
    ],
)
def test_the_summary_is_the_cause_in_a_sentence(text: str, summary: str) -> None:
    """Or what else comes first; a fix is no summary of the trouble."""
    (entry,) = put(f"# T\n\n{text}\n").entries

    assert entry.summary == summary


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2025-03-31", dt.date(2025, 3, 31)),
        ("2025-03-31T10:00:00Z", dt.date(2025, 3, 31)),
        ("31 March 2025", dt.date(2025, 3, 31)),
        ("2025-13-45", None),
        ("soon", None),
        ("99999-01-01", None),
    ],
)
def test_a_date_is_read_or_left_out(value: str, date: dt.date | None) -> None:
    """What is no date never stops a save."""
    (entry,) = put(f"---\ndate: {value}\n---\n{NOTE}").entries

    assert entry.date == date


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        ("AWS, aws", {"aws"}),
        ("c, c++, c#, .net", {"c", "c-plus-plus", "c-sharp", "net"}),
        ("'#docker'", {"docker"}),
        ("Диск, 磁盘", {"tag-cd9bad6b5a", "tag-de7b72a3f8"}),
        ("'  '", set()),
        ("x" * 200, {"x" * 80}),
    ],
)
def test_each_tag_has_an_address(names: str, slugs: set[str]) -> None:
    """Tags that are told apart by signs or letters alone are not thrown together."""
    put(f"---\ntags: [{names}]\n---\n{NOTE}")

    assert set(Tag.objects.values_list("slug", flat=True)) == slugs


def test_a_tag_is_made_once(db: None) -> None:
    """The first spelling of a tag is kept, and other texts share it."""
    put(f"---\ntags: [Docker]\n---\n{NOTE}", path="a.md")
    put(f"---\ntags: [docker]\n---\n{NOTE}", path="b.md")

    tag = Tag.objects.get()
    assert (tag.name, tag.entries.count()) == ("Docker", 2)


# Slugs


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Disk full!", "disk-full"),
        ("--__--", "entry-5be6dc62"),
        ("Диск полон", "entry-8821cf72"),
        ("x" * 300, "x" * 100),
        (f"{'x' * 99} y", "x" * 99),
    ],
)
def test_a_slug_is_made_of_the_title(title: str, slug: str) -> None:
    """A title without Latin letters gets a slug of its own, not a number in a crowd."""
    assert free_slugs(Entry, [title]) == [slug]


def test_taken_slugs_are_numbered(db: None) -> None:
    """The lowest free number is taken, however many there are."""
    for _ in range(NUMBERED + 4):
        put(path=f"{Source.objects.count()}.md")
    Entry.objects.filter(slug="disk-full-5").update(slug="moved")

    numbers = [f"disk-full-{number}" for number in range(2, NUMBERED + 5)]
    assert set(Source.objects.values_list("slug", flat=True)) == {"disk-full", *numbers}
    assert free_slugs(Entry, ["Disk full"]) == ["disk-full-5"]
    assert free_slugs(Source, ["Disk full"]) == [f"disk-full-{NUMBERED + 5}"]


def test_a_save_in_an_archived_source_matches_nothing(db: None) -> None:
    """New entries of an archived Source are archived from the start."""
    source = put(guide(DISK, LOGIN)).source
    archive(source, author=None, archived=True)
    saved = put(guide(DISK, LOGIN, PROXY), 2)

    assert [entry.archived for entry in saved.entries] == [True, True, True]
    assert rows()["SignatureKey"] == []
