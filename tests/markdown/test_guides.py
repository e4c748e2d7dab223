"""Guides and analyses of our own making: every section is filled from the right lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kb.markdown.document import Document
from kb.markdown.render import render
from kb.markdown.repair import decode
from kb.markdown.split import split
from tests.markdown.conftest import SAMPLES
from tests.markdown.pins import (
    WRITTEN,
    Pin,
    all_words,
    bare_sections,
    check_entry,
    lost_pins,
    read_pins,
)

ENTRIES = {
    "guide-garbled.md": """
Broker Refuses Connections
error 16 OperationalError: [Errno 111]
symptoms 19 minutes after each release
cause 21 old bridge network only
fix 27 both services sit here
fix 33 wait-for broker:5672
lessons 38 no health check

Tasks Vanish After a Restart
error 42 parcels.scan[7f3a]
cause 45 whenever a worker was replaced
fix 49 task_acks_late
lessons 53 not what is begun

Wrong Queue in Production
error 57 received 41 production events
cause 60 copied settings file
fix 65 ./queue whoami
lessons 69 belong in the environment

Upload Verification Fails
error 77 (BadDigest)
fix 84 proxy_request_buffering off
fix 89 chronyc makestep
lessons 93 at both ends – not

Expired Certificate on the Label Printer
error 97 certificate has expired
symptoms 100 stopped printing at midnight
cause 102 switched on – and nobody does
fix 108 hides the next failure too
fix 113 printerctl renew --all
fix 119 renew: weekly
lessons 123 have certificates as well
""",
    "guide-windows.md": """
All Probes Read Minus 127
error 22 reading -127.0 rejected
symptoms 25 drops to the floor
cause 27 pull-up resistor was missing
fix 31 – 4.7 kΩ between
fix 34 # Cause: this is a comment
fix 41 restart probe-reader
detection 46 vanish for a second
alternatives 52 Rücklauf liegt 40 m entfernt – 4 °C
lessons 57 silences a whole bus

Clock Jumps Every Sunday
error 62 TimeSkewError
cause 65 stamped in local time
fix 70 datetime.now(UTC)
lessons 75 a bug that comes twice

Valve 4 Never Closes
error 86 position unknown after 30 s
cause 91 the relay sticks
fix 97 valvectl learn 4
verification 101 within ten seconds
lessons 105 connector – seal them

Pump Trips the Fuse
error 111 overcurrent 21.4 A
cause 114 in the same second
fix 116 one after the other
fix 120 start_delay: 15
prevention 122 80 % of the fuse
lessons 124 so do timers

Night Watering Is Skipped
error 128 lock held by pid 1
cause 130 outlived a power cut ⚡
fix 135 /var/lib/water.lock
fix 141 /run/water.lock
lessons 144 belongs where it cannot
""",
    "fix-first.md": """
WORKER_BOOT_TIMEOUT Error - How It Was Solved
error 1 WORKER_BOOT_TIMEOUT
fix 12 up to forty seconds
fix 20 connect_later
fix 25 it now gets an answer
cause 34 a pool that had not
cause 42 taken for one thing
lessons 49 it never told me
lessons 58 answer first
lessons 82 retry in the start hook
detection 62 the size of the data
alternatives 72 hides the next slow start
alternatives 77 Longer timeout
verification 88 platform up --watch
prevention 93 boot time in the pipeline
resources 97 example.org/health
""",
}
CHAPTERS = {
    "guide-garbled.md": """
Field Guide: Broken Builds & Bad Nights
other 3 one year of running
other 7 Storage & Certificates
lessons 133 one owner each
lessons 137 not the last ✅
other 144 that someone reads
lessons 149 Local ≠ Production
lessons 155 Add your own night
""",
    "guide-windows.md": """
Greenhouse Controller: Trouble Diary
other 4 kept one of us up
other 6 is none
other 14 pumps--valves
lessons 153 a worst cable
lessons 157 show local
other 163 instead of nine
other 165 the heating – it has
""",
}
TABLE = [
    (name, place, title, pins)
    for name, table in ENTRIES.items()
    for place, (title, pins) in enumerate(read_pins(table).items())
]


@pytest.mark.parametrize(
    ("name", "place", "title", "pins"), TABLE, ids=[title for _, _, title, _ in TABLE]
)
def test_each_section_has_its_phrase(
    read: Callable[[str], Document], name: str, place: int, title: str, pins: tuple[Pin, ...]
) -> None:
    """Every section of every entry holds the words of its own lines, and none goes unwatched."""
    document = read(name)
    entry = split(document, name=name).entries[place]

    assert entry.title == title
    check_entry(document, entry, pins)


@pytest.mark.parametrize("name", ENTRIES)
def test_there_are_no_other_entries(read: Callable[[str], Document], name: str) -> None:
    """Each numbered error is one entry, and nothing else is."""
    source = split(read(name), name=name)

    assert [entry.title for entry in source.entries] == list(read_pins(ENTRIES[name]))


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapters_stay_with_the_source(read: Callable[[str], Document], name: str) -> None:
    """Contents, learnings and successes are no troubles, and are still there to be found."""
    document = read(name)
    source = split(document, name=name)
    ((title, pins),) = read_pins(CHAPTERS[name]).items()

    assert source.title == title
    assert lost_pins(source.sections, document.lines, pins) == []
    assert bare_sections(source.sections, pins) == []


def test_a_guide_that_went_through_windows_is_whole() -> None:
    """Garbled headings, garbled words between good ones and Windows line ends: all are mended."""
    raw = (SAMPLES / "guide-windows.md").read_bytes()
    decoded = decode(raw)

    assert (raw.count(b"\r\n"), decoded.text.count("\r")) == (165, 0)
    assert len(decoded.repaired) == 21
    assert {1, 19, 52} <= set(decoded.repaired)


@pytest.mark.parametrize("name", ENTRIES)
def test_no_garbled_letter_is_shown(read: Callable[[str], Document], name: str) -> None:
    """Titles, headings, sections and pages hold only what somebody meant to write."""
    document = read(name)
    shown = [*all_words(split(document, name=name))]
    shown += [render(text) for text in (document.text, *shown)]

    meant = str.maketrans(dict.fromkeys("üΩ°"))
    assert [text for text in shown if not WRITTEN.fullmatch(text.translate(meant))] == []
