"""The verb: one paste in, one answer out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from kb.entries.reindex import heal
from kb.entries.save import archive
from kb.matching.match import match
from kb.models import OPERATOR, Entry, Source
from kb.search import get_index

MakeEntry = Callable[..., Entry]

pytestmark = pytest.mark.django_db

ERROR = "OSError: [Errno 30] Read-only file system: '/var/task/upload_7.jpg'"
PASTE = """START RequestId: 1 Version: $LATEST
[ERROR] OSError: [Errno 30] Read-only file system: 'other_99.png'
Traceback (most recent call last):
  File "/var/task/app.py", line 3, in handler
    open(name, "wb")
END RequestId: 1"""


def test_it_works(make_entry: MakeEntry) -> None:
    """A known error is matched, with reasons that name its line and section."""
    entry = make_entry()

    result = match(PASTE, user=OPERATOR)

    assert (result.verdict, result.matches[0].slug) == ("match", entry.slug)
    assert result.matches[0].url == entry.get_absolute_url()
    assert {reason.lines for reason in result.matches[0].reasons} == {(2,)}
    assert result.matches[0].reasons[0].section == "error"


@pytest.mark.parametrize(
    "text",
    [
        "OSError: no gasket at the turbine",
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    x\nOSError: gasket lost',
        "OSError",
    ],
)
def test_a_type_alone_is_never_a_match(make_entry: MakeEntry, text: str) -> None:
    """The same type with another message is not the same trouble."""
    make_entry()

    assert match(text, user=OPERATOR).verdict == "none"


def test_another_name_is_no_match_and_says_why(make_entry: MakeEntry) -> None:
    """The same template around another name is another trouble; what spoke against is shown."""
    error = "StoreError: relation '{}' of the parcel shard does not exist"
    make_entry(title="Ledger", error=error.format("ledger"))

    result = match(error.format("gasket"), user=OPERATOR)

    assert result.verdict == "none"
    assert "gasket" in result.matches[0].against[0].text


def test_lines_are_those_of_the_original(make_entry: MakeEntry) -> None:
    """Peeling does not move the line that a reason points at."""
    make_entry()
    wrapped = "\r\n".join(f"web-1  | {line}" for line in ["", "", *PASTE.split("\n")])

    result = match(wrapped, user=OPERATOR)

    assert result.matches[0].reasons[0].lines == (4,)
    assert "Peeled off compose prefixes." in result.notes


def test_nothing_is_shown_without_a_reason(make_entry: MakeEntry) -> None:
    """Every match, however weak, says what it rests on."""
    make_entry()

    shown = match("upload to the file system failed: disk is broken", user=OPERATOR).matches

    assert all(one.reasons for one in shown)


def test_it_obeys_who_may_read(make_entry: MakeEntry, settings: Settings, bob: User) -> None:
    """Where reading is closed, a stranger matches nothing."""
    make_entry()
    settings.KB_OPEN_READING = False

    assert match(PASTE, user=AnonymousUser()).matches == ()
    assert match(PASTE, user=bob).verdict == "match"


def test_what_is_archived_is_not_matched(make_entry: MakeEntry, alice: User) -> None:
    """An archived entry explains nothing any more, not even to writers."""
    archive(make_entry().source, author=alice, archived=True)

    assert match(PASTE, user=alice).matches == ()


@pytest.mark.parametrize("text", ["", "  \n\t\n", b"", "\x00\x00"])
def test_an_empty_paste_has_nothing_to_match(text: str | bytes) -> None:
    """Nothing in, a plain word out."""
    result = match(text, user=OPERATOR)

    assert (result.verdict, result.notes[0]) == ("none", "Nothing to match: the paste is empty.")


def test_binary_is_named_as_such() -> None:
    """A picture is no log; the note says what to paste instead."""
    result = match(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), user=OPERATOR)

    assert result.verdict == "none"
    assert "not text" in result.notes[0]


def test_without_an_index_signatures_answer(make_entry: MakeEntry, settings: Settings) -> None:
    """A missing index costs breadth, not the answer, and the answer says so."""
    make_entry()
    heal()
    settings.KB_DATA_DIR = Path(settings.KB_DATA_DIR, "elsewhere")

    result = match(PASTE, user=OPERATOR)

    assert result.verdict == "match"
    assert any("Full text is being rebuilt" in note for note in result.notes)


def test_the_limit_holds(make_entry: MakeEntry) -> None:
    """No more matches than asked for."""
    for number in range(4):
        make_entry(title=f"Case {number} of a read-only disk")

    assert len(match(PASTE, limit=2, user=OPERATOR).matches) == 2


def test_equals_come_in_a_steady_order(make_entry: MakeEntry) -> None:
    """The same question has the same answer, ties included."""
    for number in range(3):
        make_entry(title=f"Case {number} of a read-only disk")
    first = [one.slug for one in match(PASTE, user=OPERATOR).matches]

    assert all([m.slug for m in match(PASTE, user=OPERATOR).matches] == first for _ in range(3))


def test_queries_do_not_grow(
    make_entry: MakeEntry, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A match asks the database the same few things, whatever the base and the paste hold."""
    make_entry()
    heal()
    match(PASTE, user=OPERATOR)
    with django_assert_num_queries(5):
        match(PASTE, user=OPERATOR)
    for number in range(12):
        make_entry(title=f"Case {number}", error=f"GasketError: turbine {number} is read-only")
    log = [
        f"ERROR pump {number} lost the system file {chr(97 + number % 26) * 9}"
        for number in range(400)
    ]

    with django_assert_num_queries(5):
        match("\n".join([*log, PASTE]), user=OPERATOR)


def test_nothing_of_a_paste_is_stored(make_entry: MakeEntry, settings: Settings) -> None:
    """After a match, no file and no row holds the paste."""
    make_entry()
    match(f"{PASTE}\nERROR secret-gasket-4711 leaked", user=OPERATOR)

    files = [path for path in Path(settings.KB_DATA_DIR).rglob("*") if path.is_file()]
    assert Source.objects.count() == 1
    assert not any(b"gasket-4711" in path.read_bytes() for path in files)


@pytest.fixture
def base(make_entry: MakeEntry) -> Entry:
    """Give the base one entry that must stay first and one that must not."""
    make_entry(title="Gasket", error="GasketError: the turbine has no file")
    return make_entry()


ENVELOPES: dict[str, Callable[[str], str]] = {
    "compose": lambda line: f"web-1  | {line}",
    "actions": lambda line: f"2026-11-22T18:04:58.8770000Z {line}",
    "quoted": lambda line: f"> {line}",
    "cri": lambda line: f"2026-11-22T18:04:58.877123456Z stderr F {line}",
    "syslog": lambda line: f"Nov 22 18:04:58 host app[123]: {line}",
    "coloured": lambda line: f"\x1b[31m{line}\x1b[0m",
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_envelope_changes_nothing(base: Entry, name: str) -> None:
    """However a tool wraps the lines, the same entry comes first with the same confidence."""
    plain = match(PASTE, user=OPERATOR).matches[0]

    wrapped = match("\n".join(map(ENVELOPES[name], PASTE.split("\n"))), user=OPERATOR).matches[0]

    assert (
        (wrapped.slug, wrapped.confidence)
        == (plain.slug, plain.confidence)
        == (base.slug, plain.confidence)
    )


@bounded(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_noise_and_values_change_nothing(base: Entry, data: Any) -> None:
    """Benign lines around, other ids, paths and times: the same entry comes first."""
    number = data.draw(st.integers(0, 10**9))
    noise = [f"2026-11-22 18:00:{n % 60:02d} INFO served {n * number} in {n} ms" for n in range(30)]
    before = data.draw(st.integers(0, 30))
    paste = PASTE.replace("other_99.png", f"/data/{number}/x_{number}.png").replace(
        "line 3", f"line {number}"
    )

    result = match("\n".join([*noise[:before], paste, *noise[before:]]), user=OPERATOR)

    assert result.matches[0].slug == base.slug


@bounded(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_it_never_raises(base: Entry, text: str | bytes) -> None:
    """Whatever is pasted, there is an answer."""
    assert match(text, user=OPERATOR).verdict in ("match", "possible", "none")


def test_the_index_is_asked_for_few_terms(
    make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A raw paste never becomes an index query: only a few rare terms do."""
    make_entry()
    heal()
    asked: list[int] = []
    index = get_index()
    search = index.search
    monkeypatch.setattr(
        index, "search", lambda query, limit: asked.append(len(query.terms)) or search(query, limit)
    )

    match(
        "\n".join([PASTE, *(f"ERROR read-only system {word}" for word in ["upload"] * 300)]),
        user=OPERATOR,
    )

    assert asked
    assert max(asked) <= 16
