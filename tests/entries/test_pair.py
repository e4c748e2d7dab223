"""An entry keeps its address whatever about it changes, and a new trouble never takes an old one's."""

from __future__ import annotations

import time

import pytest

from kb.entries import pair as pairing
from kb.entries.pair import pair
from kb.entries.prepare import prepare
from kb.entries.save import archive
from kb.models import Entry, Source
from tests.entries.texts import NOTE, guide, put, trouble

pytestmark = pytest.mark.django_db

LONG = "The build host kept every image of every branch since it was set up, until none would fit."
DISK = trouble("Disk full", "OSError: [Errno 28] No space left on device", LONG)
LOGIN = trouble(
    "Login fails", "AuthError: token expired", "The clock of the host was an hour late."
)
PROXY = trouble(
    "Proxy answers 502", "upstream prematurely closed", "The worker died of a big upload."
)
OTHER = trouble(
    "Certificate outdated", "x509: certificate has expired", "Nobody renewed it in time."
)


def slugs_after(*texts: str) -> list[str]:
    """Save texts one after the other at one path; return the slugs of what stands there, in order."""
    Entry.objects.all().delete()
    path = f"{Source.objects.count()}.md"
    for base, text in enumerate(texts):
        saved = put(text, base, path)
    return [entry.slug for entry in saved.entries]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ((DISK, LOGIN), ["disk-full", "login-fails"]),
        ((LOGIN, DISK), ["login-fails", "disk-full"]),
        ((PROXY, DISK, LOGIN), ["proxy-answers-502", "disk-full", "login-fails"]),
        ((DISK, PROXY, LOGIN), ["disk-full", "proxy-answers-502", "login-fails"]),
        # the title
        ((("DISK FULL", *DISK[1:]), LOGIN), ["disk-full", "login-fails"]),
        ((("No room for images", *DISK[1:]), LOGIN), ["disk-full", "login-fails"]),
        ((LOGIN, ("No room for images", *DISK[1:])), ["login-fails", "disk-full"]),
        ((("Disk full", *LOGIN[1:]), ("Login fails", *DISK[1:])), ["disk-full", "login-fails"]),
        # the error
        ((("Disk full", "tar: write error", LONG), LOGIN), ["disk-full", "login-fails"]),
        # title and error
        ((("Disk is full", "tar: write error", "New."), LOGIN), ["disk-full", "login-fails"]),
        ((("No room for images", "tar: write error", LONG), LOGIN), ["disk-full", "login-fails"]),
        (
            (LOGIN, ("No room", "tar: write error", LONG.replace("branch", "tag")), PROXY),
            ["login-fails", "disk-full", "proxy-answers-502"],
        ),
        # one goes, another comes
        ((LOGIN, OTHER), ["login-fails", "certificate-outdated"]),
        ((OTHER, PROXY), ["certificate-outdated", "proxy-answers-502"]),
    ],
)
def test_an_entry_keeps_its_address(
    changed: tuple[tuple[str, str, str], ...], expected: list[str]
) -> None:
    """Title, error, text, order and neighbours may change; an entry that is another gets its own."""
    assert slugs_after(guide(DISK, LOGIN), guide(*changed)) == expected


def test_twins_keep_their_order(db: None) -> None:
    """Of entries with the same title each stays at its address, save after save."""
    first, second = ("Timeout", "A: x", LONG), ("Timeout", "B: y", LONG[:50])
    texts = [guide(first, second) + "\nMore.\n" * number for number in range(3)]

    assert slugs_after(*texts[:2]) == slugs_after(*texts) == ["timeout", "timeout-2"]


def test_when_a_twin_goes_the_other_stays(db: None) -> None:
    """The text tells them apart, though their titles do not."""
    first, second = ("Timeout", "A: x", LONG), ("Timeout", "B: y", LONG[:50])

    assert slugs_after(guide(first, second, LOGIN), guide(second, LOGIN)) == [
        "timeout-2",
        "login-fails",
    ]


def test_twins_are_known_by_their_errors(db: None) -> None:
    """Both were edited and moved: title and error together tell which is which."""
    before = guide(("Timeout", "A: x", LONG), ("Timeout", "B: y", LONG))
    after = guide(("Timeout", "B: y", "New words."), ("Timeout", "A: x", "Other words."))

    assert slugs_after(before, after) == ["timeout-2", "timeout"]


def test_the_most_alike_titles_belong_together(db: None) -> None:
    """Two alike titles, both changed a little and swapped, do not swap their addresses."""
    before = guide(
        trouble("Disk full on node one", "A: x", "1"), trouble("Disk full on node two", "B: y", "2")
    )
    after = guide(
        trouble("Disk full on node two!", "C: z", "3"),
        trouble("Disk full on node one!", "D: w", "4"),
    )

    assert slugs_after(before, after) == ["disk-full-on-node-two", "disk-full-on-node-one"]


@pytest.mark.parametrize(
    "back",
    [DISK, ("Disk full", "tar: write error", "Quite another text."), ("disk full", *LOGIN[1:])],
)
def test_what_was_removed_comes_back(back: tuple[str, str, str]) -> None:
    """Under its title it has its old address again, whatever else was rewritten."""
    assert slugs_after(
        guide(DISK, LOGIN, PROXY), guide(LOGIN, PROXY), guide(LOGIN, back, PROXY)
    ) == ["login-fails", "disk-full", "proxy-answers-502"]


@pytest.mark.parametrize(
    "new",
    [
        OTHER,
        trouble("Disk full again", "another: error", "Another text."),
        trouble("Socket closed", DISK[1], "Another text."),
        trouble("Socket closed", "another: error", LONG),
    ],
)
def test_a_new_trouble_takes_no_address_of_what_is_gone(new: tuple[str, str, str]) -> None:
    """Links to a removed entry must not show another one that is merely like it."""
    slugs = slugs_after(guide(DISK, LOGIN, PROXY), guide(LOGIN, PROXY), guide(LOGIN, PROXY, new))

    assert slugs[:2] == ["login-fails", "proxy-answers-502"]
    assert slugs[2] not in ("disk-full", *slugs[:2])
    assert Entry.objects.get(slug="disk-full").archived


def test_a_page_of_one_trouble_is_always_the_same_entry(db: None) -> None:
    """A page that is rewritten from top to bottom is still that page."""
    rewritten = "# Certificate outdated\n\n## Error\n\n    x509: expired\n\n## Fix\n\nRenew it.\n"

    assert slugs_after(NOTE, rewritten, NOTE) == ["disk-full"]


def test_a_page_that_grows_into_a_guide_keeps_its_entry(db: None) -> None:
    """The first trouble of the guide is the one that stood there alone, by its error."""
    grown = guide(LOGIN, ("No room", "OSError: [Errno 28] No space left on device", "x"))

    assert slugs_after(NOTE, grown) == ["login-fails", "disk-full"]


def test_the_slug_in_front_matter_says_which(db: None) -> None:
    """An entry that names itself is the one of that name, whatever else it says."""
    named = "---\nslug: No Room!\n---\n"
    other = "# Certificate outdated\n\n## Fix\n\nRenew it.\n"

    assert slugs_after(named + NOTE, named + other, NOTE) == ["no-room"]


def test_a_slug_that_another_has_is_numbered(db: None) -> None:
    """Front matter cannot take an address away from another text."""
    put(path="a.md")
    text = f"---\nslug: disk-full\n---\n{NOTE}"
    (entry,) = put(text, path="b.md").entries
    (again,) = put(text + "\nMore.\n", 1, path="b.md").entries

    assert (entry.slug, again.slug) == ("disk-full-2", "disk-full-2")


def test_archived_entries_are_known_as_well(db: None) -> None:
    """Editing an archived guide is no reason to lose addresses."""
    source = put(guide(DISK, LOGIN)).source
    archive(source, author=None, archived=True)
    put(guide(LOGIN, ("Disk is full", *DISK[1:])), 2)
    put(guide(LOGIN, PROXY), 3)
    source = put(guide(("Disk is full", *DISK[1:]), LOGIN, PROXY), 4).source
    archive(source, author=None, archived=False)

    current = Entry.objects.current().order_by("position").values_list("slug", flat=True)
    assert list(current) == ["disk-full", "login-fails", "proxy-answers-502"]


def test_comparing_is_bounded(db: None) -> None:
    """A long guide whose every trouble became another is paired at once; the excess is new."""
    before = [trouble(f"Alpha {number:03} {'x' * 40}", f"E{number}: a") for number in range(150)]
    after = [trouble(f"Omega {number:03} {'z' * 40}", f"F{number}: b") for number in range(150)]
    rows = list(put(guide(*before)).source.entries.order_by("position"))
    entries = prepare(guide(*after), "g.md").entries
    began = time.process_time()

    assert len(pair(rows, entries)) <= pairing.MOST_COMPARED
    assert time.process_time() - began < 2
