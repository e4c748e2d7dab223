"""Laws of `kb.markdown.split` and of what it is made of: guides, sections, prose."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kb.markdown.document import Document, ParsedEntry, ParsedSource
from kb.markdown.parse import parse
from kb.markdown.split import split


def kinds(entry: ParsedEntry) -> str:
    """Write an entry's section kinds in order, guessed ones with a question mark."""
    return " ".join(s.kind + "?" * s.guessed for s in entry.sections)


def read_one(text: str, name: str = "") -> ParsedEntry:
    """Split a text that is about one trouble."""
    (entry,) = split(parse(text), name=name).entries
    return entry


def titles(source: ParsedSource) -> list[str]:
    """List the titles of a source's entries."""
    return [entry.title for entry in source.entries]


@pytest.mark.parametrize(
    ("name", "title", "error", "expected"),
    [
        (
            "fix-first.md",
            "WORKER_BOOT_TIMEOUT Error - How It Was Solved",
            "WORKER_BOOT_TIMEOUT Error - How It Was Solved",
            "fix cause lessons detection alternatives lessons verification prevention resources",
        ),
        (
            "postmortem.md",
            "Search index filled the disk",
            "Search index filled the disk",
            "symptoms timeline cause lessons prevention timeline impact",
        ),
        ("runbook.md", "Queue Lag Growing", "QueueLagGrowing", "error impact diagnosis fix"),
        (
            "two-causes.md",
            "Sign-in page loops",
            "Sign-in page loops",
            "other? symptoms cause fix cause fix resources",
        ),
        (
            "list-labels.md",
            "Nightly backup hangs",
            "Nightly backup hangs",
            "symptoms cause fix lessons",
        ),
        ("plain-labels.md", "plain labels", "plain labels", "symptoms cause fix"),
        (
            "prose.md",
            "prose",
            "InvoiceDateError: day is out of range for month",
            "error? cause? fix? lessons? resources",
        ),
        (
            "solution-note.md",
            "Cart is lost at sign-in",
            "Cart is lost at sign-in",
            "symptoms cause environment alternatives fix lessons",
        ),
        ("hugo.md", "Mirror is out of date", "Mirror is out of date", "symptoms fix"),
        (
            "anchors-ru.md",
            "Очередь не пуста после остановки",
            "Очередь не пуста после остановки",
            "symptoms cause fix",
        ),
        ("german.md", "Drucker meldet „kein Papier“", "E-PAPER-07", "error cause fix lessons"),
        ("torture.md", "Setext title", "boom: disk is full", "symptoms? error cause fix"),
        ("windows-1252.md", "Schlüssel läuft ab", "Schlüssel läuft ab", "cause fix"),
        ("utf-16.md", "Key expires", "Key expires", "cause fix"),
        (
            "rule.md",
            "Sorter rejects every parcel after a restart",
            "Sorter rejects every parcel after a restart",
            "symptoms impact cause fix resources",
        ),
        ("known-issue.md", "Coupon is counted twice", "Coupon is counted twice", "symptoms fix"),
        (
            "desk-article.md",
            "The till asks for a password after every sale",
            "The till asks for a password after every sale",
            "symptoms cause fix",
        ),
        (
            "console-garbled.md",
            "Label printer – paper jam",
            "Label printer – paper jam",
            "cause fix",
        ),
    ],
)
def test_a_text_about_one_trouble_is_one_entry(
    read: Callable[[str], Document], name: str, title: str, error: str, expected: str
) -> None:
    """Each way of writing gives one entry with its title, its error line and its parts in order."""
    source = split(read(name), name=name)
    (entry,) = source.entries

    assert (entry.title, entry.error) == (title, error)
    assert kinds(entry) == expected
    assert source.sections == ()
    assert source.title == title


# title, error line, kinds, and a phrase from cause, fix and lessons each
GARBLED = [
    (
        "Broker Refuses Connections",
        "kombu.exceptions.OperationalError: [Errno 111] Connection refused",
        "error symptoms cause fix lessons",
        ("old bridge network", "wait-for broker", "no health check"),
    ),
    (
        "Tasks Vanish After a Restart",
        "Task parcels.scan[7f3a] was acknowledged but never finished",
        "error cause fix lessons",
        ("whenever a worker", "task_acks_late", "not what is begun"),
    ),
    (
        "Wrong Queue in Production",
        "parcels-staging received 41 production events",
        "error cause fix lessons",
        ("copied settings", "queue whoami", "belong in the environment"),
    ),
    (
        "Upload Verification Fails",
        "botocore.exceptions.ClientError: An error occurred (BadDigest) when calling PutObject",
        "error fix lessons",
        ("", "chronyc makestep", "at both ends – not"),
    ),
    (
        "Expired Certificate on the Label Printer",
        "ssl.SSLCertVerificationError: certificate has expired (_ssl.c:1006)",
        "error symptoms cause fix fix lessons",
        ("only when it is switched on", "printerctl renew", "certificates as well"),
    ),
]


@pytest.mark.parametrize("place", range(len(GARBLED)))
def test_a_numbered_guide_gives_an_entry_a_number(
    read: Callable[[str], Document], place: int
) -> None:
    """Every numbered error is an entry, whole and from the right lines, mojibake mended."""
    title, error, expected, phrases = GARBLED[place]
    entry = split(read("guide-garbled.md")).entries[place]
    texts = {
        kind: "\n".join(s.text for s in entry.sections if s.kind == kind)
        for kind in ("cause", "fix", "lessons")
    }

    assert (entry.title, entry.error, kinds(entry)) == (title, error, expected)
    assert all(phrase in text for phrase, text in zip(phrases, texts.values(), strict=True))


def test_chapters_of_a_guide_belong_to_the_source(read: Callable[[str], Document]) -> None:
    """Contents, lessons and celebrations are reachable, but are no troubles."""
    source = split(read("guide-garbled.md"))

    assert len(source.entries) == len(GARBLED)
    assert source.title == "Field Guide: Broken Builds & Bad Nights"
    assert [(s.kind, s.heading) for s in source.sections] == [
        ("other", ""),
        ("other", "📖 Contents"),
        ("other", "📮 Queues & Workers"),
        ("other", "🗄️ Storage & Certificates"),
        ("lessons", "🎯 Key Learnings"),
        ("other", "🎉 What We Have Now"),
        ("lessons", "🚀 Key Takeaways for Whoever Comes Next"),
    ]
    assert source.entries[0].meta == {"chapter": "Queues & Workers"}
    assert source.entries[4].meta == {"chapter": "Storage & Certificates"}


def test_a_guide_of_repeated_parts_gives_an_entry_each(read: Callable[[str], Document]) -> None:
    """Headings that hold parts of a trouble are entries; their neighbours without any are not."""
    source = split(read("repeated.md"))

    assert titles(source) == ["Jobs stay in the queue", "Jobs print twice", "Colours are off"]
    assert [kinds(e) for e in source.entries] == ["symptoms cause fix", "symptoms fix", "cause fix"]
    assert [(s.kind, s.heading) for s in source.sections] == [
        ("other", "Overview"),
        ("other", "Paper"),
        ("other", "Where the paper is kept"),
        ("other", "Ink"),
        ("lessons", "Lessons learned"),
    ]


def test_a_list_of_named_errors_gives_an_entry_each(read: Callable[[str], Document]) -> None:
    """Codes and exception names as headings are troubles, their prose is sorted by guess."""
    source = split(read("named-errors.md"))

    assert titles(source) == ["ERR_BAD_HEADER", "RowTooLongError: row 12 has 40 cells"]
    assert kinds(source.entries[0]) == "cause? cause? fix?"
    assert [s.heading for s in source.sections] == ["", "Still stuck?"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Error 1: a\ntext\n# Error 2: b\ntext", ["a", "b"]),
        ("## Problem 1\n### Cause\nx\n## Problem 2\n### Cause\ny", ["Problem 1", "Problem 2"]),
        ("# A\n## Cause\nx\n## Fix\ny\n# B\n## Cause\nx\n## Fix\ny", ["A", "B"]),
        (
            "# G\n## A\n**Cause:** x\n**Fix:** y\n## B\n**Fix:** y\n## C\n```\nx\n```\n**Fix:** y",
            ["A", "B", "C"],
        ),
        ("# G\n## Common errors\n### Error 1: a\nx\n### Error 2: b\ny", ["a", "b"]),
        (
            "# G\n## X\n### A\n#### Cause\nx\n#### Fix\ny\n## Y\n### B\n#### Cause\nx\n#### Fix\ny",
            ["A", "B"],
        ),
        ("# G\n## Error 1: a\n### Error 2: sub\nx\n## Error 3: b\n### Error 4: sub\ny", ["a", "b"]),
    ],
)
def test_guides_are_known_by_their_shape(text: str, expected: list[str]) -> None:
    """Level never matters, only what stands below and beside what."""
    assert titles(split(parse(text))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# T\n## Issue 1: a\nx\n## Issue 2: b\ny\n## Root cause\nz",
        "# T\n## Fix\n### Error 1: a\nx\n### Error 2: b\ny",
        "# T\n## Cause\nx\n## More\n### A\n#### Cause\nx\n#### Fix\ny\n### B\n#### Cause\nx\n#### Fix\ny",
        "# T\n## Error 1: the only one\nx",
        (
            "# T\n## Phase 1\n### Symptoms\na\n### Mitigation\nb\n## Root cause\nc\n## Phase 2\n"
            "### Symptoms\na\n### Mitigation\nb"
        ),
        "# T\n## Option A\n**Pros:** x\n**Cons:** y\n## Option B\n**Pros:** x\n**Cons:** y",
    ],
)
def test_parts_of_one_trouble_do_not_make_a_guide(text: str) -> None:
    """Beside a cause or a fix, or inside a section, numbered and repeated headings are parts."""
    assert len(split(parse(text)).entries) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# T\n## Cause\nx\n### Fix\ny", "cause fix"),
        ("# T\n## Cause\nx\n### Fix\ny\n### Details\nz", "cause fix cause"),
        ("# T\n## Cause\nx\n### Fix\ny\n## Fix\nz", "cause fix"),
        ("# T\n## Cause\nx\n**Fix:** y", "cause fix"),
        ("# T\n## Cause\nx\n### Impact\ny", "cause"),
        ("# T\n### Symptoms\nx\n## Cause\ny\n### Fix\nz", "symptoms cause fix"),
        ("# T\n## Incident 42\n### Cause\nx\n### Fix\ny\n## Annex\nz", "other cause fix other"),
        ("# T\n## Incident 42\n### Cause\nx\n### Riddle\ny", "other cause other"),
        ("# T\n**Cause:** x\n**Riddle:**\ny\n**Fix:** z", "cause fix"),
        ("# T\n**Riddle:**\nx\n**Cause:** y", "symptoms? cause"),
        ("# T\n**Cause:** x\n## Annex\ny", "cause other"),
        ("# T\nlead\n## Cause\nx", "symptoms? cause"),
        ("# T\nlead\n## Symptoms\nx", "other? symptoms"),
        ("# T\n---\n## Cause\nx", "other? cause"),
        ("# T\n```\nboom\n```\nlead\n## Cause\nx", "error symptoms? cause"),
        ("# T\n```\nboom\n```", "error"),
        ("# T\n- a list\n- and no more", "symptoms?"),
        ("# Problem\nx\n# Solution\ny", "symptoms fix"),
        ("## Problem\nx", "symptoms"),
    ],
)
def test_sections_nest_by_relative_depth(text: str, expected: str) -> None:
    """Inner headings stay in their section, but for main parts that stand nowhere else."""
    assert kinds(read_one(text)) == expected


def test_what_is_cut_out_of_a_section_keeps_its_words() -> None:
    """Headings are as written without Markdown, texts without their heading, lines as counted."""
    entry = read_one("# T\n\n## 1. **Root Cause:** {#why}\n\nA\n\n### Inner\n\nB\n\n## Fix\nC")
    cause, fix = entry.sections

    assert (cause.heading, cause.text) == ("1. Root Cause:", "A\n\n### Inner\n\nB")
    assert (cause.start, cause.end) == (2, 10)
    assert (fix.start, fix.end) == (10, 12)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("---\ntitle: From above\n---\n# H1\nx", "f.md", "From above"),
        ("# ❌ Error 6: Read-only\nx", "f.md", "Read-only"),
        ("## Only heading\nx", "f.md", "Only heading"),
        ("## First\nx\n## Fix\ny", "f.md", "First"),
        ("---\nx: y\n---\n## First\nx\n## Fix\ny", "f.md", "First"),
        ("# Problem\nx\n# Fix\ny", "disk_is-full.md", "disk is full"),
        ("## Fix\ny", "team/Disk is full.md", "Disk is full"),
        ("The disk is full.", "3f2a9c11-0b1d-4e2f-9a3b-aaaabbbbcccc.md", "The disk is full."),
        ("## Fix\nRestart **now**", "2024-03-05.md", "Restart now"),
        ("- " + "word " * 30, "", "word " * 15 + "word…"),
        ("---", "", "Untitled"),
    ],
)
def test_the_title_is_the_best_name_there_is(text: str, name: str, expected: str) -> None:
    """Front matter, the heading above all others, a speaking file name, the first words."""
    assert read_one(text, name).title == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nerror: from above\n---\n# T\n## Error\n`x`", "from above"),
        ("# T\n## Error\n```\n\nboom\n```", "boom"),
        ("# T\n## Error\n- a\n\n  ```\n  boom\n  ```", "boom"),
        ("# T\n## Error\n> boom\n> bang", "boom"),
        ("# T\n## Error\nsee `boom`", "boom"),
        ("# T\n## Error\nIt says **boom** here.\nAnd more.", "It says boom here."),
        ("# T\n## Meaning\nThe queue grows.", "T"),
        ("# T\n## Error\n", "T"),
        (
            (
                "# T\n## Error\n```\nTraceback (most recent call last):\n"
                '  File "a.py", line 1, in f\n    raise ValueError\nValueError: bad day\n```'
            ),
            "ValueError: bad day",
        ),
        ("# T\n## Error\n```\n$ run\nstarting\ncannot open file\n```", "cannot open file"),
        ("# T\n## Error\n```\n$ run\n```", "$ run"),
        ("# T\n## Symptoms\n```\nall fine\n```\n```\ndisk not found\n```", "disk not found"),
        ("# T\n## Symptoms\n```python\nraise X  # not found\n```\n## Fix\nx", "T"),
        ("# T\n## Symptoms\n```python\nValueError: x\n```\n## Fix\nx", "ValueError: x"),
        ("# T\n## Symptoms\nit says `KeyError: 'a'`\n## Fix\nx", "KeyError: 'a'"),
        ("# T\n## Fix\n```\nfailed\n```", "T"),
        ("---\ntitle: Long words\n---\n# ShortName\n## Fix\nx", "ShortName"),
        ("# T\n## Error\n```\n" + "x" * 400 + "\n```", "x" * 300),
    ],
)
def test_the_error_line_is_what_a_person_would_paste(text: str, expected: str) -> None:
    """Front matter first, then the error section, then pasted errors before cause and fix."""
    assert read_one(text).error == expected


def test_front_matter_fills_what_the_text_leaves_out() -> None:
    """A cause in the text wins its place; symptoms only named above become a section."""
    entry = read_one("---\nsymptoms: [a, b]\ncause: above\nfix: above\n---\n# T\n## Cause\nbelow")

    assert [(s.kind, s.text) for s in entry.sections] == [
        ("symptoms", "- a\n- b"),
        ("fix", "above"),
        ("cause", "below"),
    ]
    assert (entry.sections[0].start, entry.sections[0].end) == (0, 5)


def test_entries_of_a_guide_share_what_its_front_matter_says() -> None:
    """Tags, products, owner and the like hold for all; the title is the guide's alone."""
    text = "---\ntitle: G\ntags: [t]\nowner: ops\n---\n## Error 1: a\nx\n## Error 2: b\ny"
    source = split(parse(text))

    assert source.title == "G"
    assert [e.meta for e in source.entries] == [{"tags": ["t"], "owner": "ops"}] * 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "x.md"),
        ("# Only a title", "x.md"),
        ("---\ntitle: node\n---\n", "_index.md"),
        ("# Handbook\n\nHow we work.\n\n## Reason\n\nx", "README"),
    ],
)
def test_what_holds_no_trouble_gives_no_entry(text: str, name: str) -> None:
    """Index pages and empty files are sources without entries, their words still there."""
    source = split(parse(text), name=name)

    assert source.entries == ()
    assert source.title


def test_an_index_page_with_a_real_trouble_is_an_entry() -> None:
    """A folder's README may be the post-mortem itself."""
    assert len(split(parse("# T\n## Cause\nx\n## Fix\ny"), name="README.md").entries) == 1


def test_prose_is_sorted_by_what_its_sentences_say() -> None:
    """Without labels, cues move sentences to cause, fix and lessons; all of it is marked guessed."""
    entry = read_one(
        "# Night\n\nMail stopped. It was caused by `a. B` and [c. D](http://x.y).\n\n"
        "We restarted it.\n\n```\nlog\n```\n\nNothing more.\n\nWe learned to look first."
    )

    assert [(s.kind, s.text, s.start, s.end) for s in entry.sections] == [
        ("error", "Mail stopped.", 2, 3),
        ("cause", "It was caused by `a. B` and [c. D](http://x.y).", 2, 3),
        ("fix", "We restarted it.\n\n```\nlog\n```\n\nNothing more.", 4, 11),
        ("lessons", "We learned to look first.", 12, 13),
    ]
    assert all(section.guessed for section in entry.sections)


def test_prose_over_several_lines_counts_them_right() -> None:
    """A sentence that runs over a line end belongs to both lines."""
    entry = read_one("One\ntwo. Three\nfour because\nfive. Six.\n\nSeven.")

    assert [(s.kind, s.text, s.start, s.end) for s in entry.sections] == [
        ("error", "One\ntwo.", 0, 2),
        ("cause", "Three\nfour because\nfive. Six.\n\nSeven.", 1, 6),
    ]


def test_prose_is_cut_a_few_times_only() -> None:
    """However often the cues change, an entry stays readable and no sentence is lost."""
    entry = read_one("It was because of that. We fixed this. " * 200)

    assert len(entry.sections) == 20
    assert " ".join(part.text for part in entry.sections).count("We fixed this.") == 200


def test_prose_without_any_cue_is_error_then_symptoms() -> None:
    """The first paragraph says what failed, the rest what was seen."""
    entry = read_one("# T\n\nOne. Two.\n\nThree.")

    assert [(s.kind, s.text) for s in entry.sections] == [
        ("error", "One. Two."),
        ("symptoms", "Three."),
    ]


# title, error line, kinds and chapter of each entry; then the headings that stay with the source
PAGES: list[tuple[str, list[tuple[str, str, str, str]], list[str]]] = [
    (
        "faq.md",
        [
            (
                'Why does the map say "no route found" for every parcel?',
                "no route found",
                "error? fix?",
                "FAQ",
            ),
            (
                "TrackerOffline: no heartbeat for 90 s",
                "TrackerOffline: no heartbeat for 90 s",
                "error? cause? fix?",
                "FAQ",
            ),
            ("Label printer prints blank pages", "Label printer prints blank pages", "fix?", "FAQ"),
            ("Barcode cannot be read", "Barcode cannot be read", "error? fix?", "Scanner errors"),
            ("Scanner is not paired", "Scanner is not paired", "error? fix?", "Scanner errors"),
        ],
        [
            "",
            "FAQ",
            "Can I print two labels at once?",
            "Scanner errors",
            "Still not working?",
            "How we sort parcels",
        ],
    ),
    (
        "known-issues.md",
        [
            (
                "Belt stops after a cold start",
                "beltd: fatal: motor stalled (code 17)",
                "error? symptoms?",
                "",
            ),
            ("Double labels", "Double labels", "error?", ""),
            ("Sorter does not see blue boxes", "Sorter does not see blue boxes", "cause?", ""),
        ],
        ["Contents", "Getting help"],
    ),
    (
        "pairs.md",
        [
            ("The ramp does not rise", "The ramp does not rise", "symptoms? fix", ""),
            ("The gate closes on its own", "The gate closes on its own", "fix", ""),
        ],
        ["Who keeps this page"],
    ),
    (
        "alerts.md",
        [
            ("BeltTemperatureHigh", "BeltTemperatureHigh", "symptoms?", ""),
            ("LabelQueueGrowing", "LabelQueueGrowing", "symptoms?", ""),
        ],
        ["", "How the pager works"],
    ),
    (
        "bold-questions.md",
        [
            ("The van won't start", "The van won't start", "error? fix?", "Troubleshooting"),
            ('Radio shows "no signal"', "no signal", "error? fix?", "Troubleshooting"),
        ],
        ["Troubleshooting"],
    ),
]


@pytest.mark.parametrize(("name", "entries", "headings"), PAGES, ids=[page[0] for page in PAGES])
def test_pages_of_errors_give_an_entry_each(
    read: Callable[[str], Document],
    name: str,
    entries: list[tuple[str, str, str, str]],
    headings: list[str],
) -> None:
    """Where headings are the errors themselves each is an entry; advice stays with the source."""
    source = split(read(name), name=name)

    assert [
        (e.title, e.error, kinds(e), e.meta.get("chapter", "")) for e in source.entries
    ] == entries
    assert [s.heading for s in source.sections] == headings


@pytest.mark.parametrize(
    "text",
    [
        "# T\n## Symptoms\nx\n## Troubleshooting\n### Pods fail\ny\n### Disk is full\nz",
        "# T\n## Troubleshooting\n### Pods fail\ny\n### Disk is full\nz\n## Resolution\nw",
        "# Troubleshooting\n## Enable error logs\nx\n## Check for failed jobs\ny\n## Reset\nz",
        "# Service\n## It fails\nx\n## It hangs\ny",
        "# T\n## Cause 1\nx\n#### Resolution\ny\n## Cause 2\nx\n#### Resolution\ny",
        "---\nsymptoms: [a]\n---\n# T\n## Issue 1: a\n### Fix\nx\n## Issue 2: b\n### Fix\ny",
        "# FAQ\n## It fails\nx",
        "---\ntitle: Known issues\n---\n## Symptoms\nx\n## It fails\ny\n## It hangs\nz",
    ],
)
def test_a_chapter_of_one_trouble_is_no_page_of_errors(text: str) -> None:
    """Beside symptoms or a fix, as advice, alone, or below front matter of one trouble: a part."""
    assert len(split(parse(text)).entries) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Troubleshooting\n## A\n### It fails\nx\n## B\n### It hangs\ny", ["It fails", "It hangs"]),
        ("# FAQ\n## Network errors\n### It fails\nx\n## It hangs\ny", ["It fails", "It hangs"]),
        ("---\ntitle: Known issues\n---\n## Old disks\nx\n## It hangs\ny", ["Old disks", "It hangs"]),
        ("# S\n## Häufige Fehler\n### Geht nicht\nx\n### Hängt\ny", ["Geht nicht", "Hängt"]),
        ("FAQ\n===\n\nIt fails\n---\nx\n\nIt hangs\n---\ny", ["It fails", "It hangs"]),
        ("# T\n## Bug 1\nx\n## Fix\ny\n## Bug 2\nx\n## Fix\ny", ["Bug 1", "Bug 2"]),
    ],
)  # fmt: skip
def test_chapters_of_errors_are_known_by_their_name(text: str, expected: list[str]) -> None:
    """In any language, at any depth, with groups between, or named by the front matter alone."""
    assert titles(split(parse(text))) == expected


def test_commands_below_an_error_mend_it() -> None:
    """A shell block right below a heading is no error message, an output block is."""
    text = "# FAQ\n## It is missing\n```bash\nnpm i\n```\n## It fails\n```\nboom\n```\n"
    first, second = split(parse(text)).entries

    assert (kinds(first), kinds(second)) == ("fix?", "error")


def test_words_below_an_error_quote_mend_explain_or_describe_it() -> None:
    """What stands unlabelled below a heading that is the error goes on from there, as a guess."""
    text = (
        "# FAQ\n## It fails\nWhen you print:\n\n```\nboom: no such tray\n```\n\nThe tray is open."
    )
    text += " Close it.\n\n- Push.\n## It hangs\nx"
    entry = split(parse(text)).entries[0]

    assert kinds(entry) == "symptoms? error? fix? fix?"
    assert entry.error == "boom: no such tray"


def test_an_error_quoted_after_its_cause_is_still_the_error_line() -> None:
    """The heading says it in other words than the program."""
    text = "# FAQ\n## It fails\nThe tray is open.\n```\nboom: no such tray\n```\n## It hangs\nx"
    entry = split(parse(text)).entries[0]

    assert (kinds(entry), entry.error) == ("cause? error?", "boom: no such tray")


def test_a_list_of_links_is_no_entry() -> None:
    """A table of contents leads to troubles and is none."""
    text = "# Runbooks\n" + "".join(f"- [page {n}](p{n}.md) fails\n" for n in range(5))

    assert split(parse(text), name="overview").entries == ()


def test_front_matter_alone_can_be_an_entry() -> None:
    """Rules and desk articles say everything above the body."""
    entry = read_one("---\ntitle: T\nfix: Do x.\nprevention: [a, b]\nurl: https://e.org\n---\n")

    assert [(s.kind, s.text) for s in entry.sections] == [
        ("fix", "Do x."),
        ("prevention", "- a\n- b"),
        ("resources", "https://e.org"),
    ]


def test_an_empty_heading_makes_no_section() -> None:
    """Templates leave some behind."""
    assert kinds(read_one("# T\n## Cause\nx\n\n##\n\n## Fix\ny")) == "cause fix"
