"""An entry is identified by the errors it quotes, read by the same rules as pastes."""

from __future__ import annotations

import pytest

from kb.entries.identify import MOST, MOST_CHARS, identify
from kb.entries.prepare import read
from kb.errors.envelope import normalise
from kb.errors.segment import segment
from kb.errors.signature import Signature, signatures_of

TRACE = """\
Traceback (most recent call last):
  File "/srv/app/store.py", line 31, in keep
    path.write_bytes(data)
OSError: [Errno 30] Read-only file system: '/srv/app/7.jpg'
"""


def found(text: str) -> list[tuple[str, Signature]]:
    """Identify the only entry of a text."""
    (entry,) = read(text, "note.md").entries
    return identify(entry)


def kinds(text: str) -> list[str]:
    """Return the sections that told an error, other than the title."""
    return [section for section, _ in found(text) if section != "title"]


def test_it_works() -> None:
    """A quoted trace gives the very signature that a paste of it gives."""
    (section, signature), (last, title) = found(f"# No disk\n\n## Error\n\n```\n{TRACE}```\n")

    assert (section, last) == ("error", "title")
    assert (signature,) == signatures_of(segment(normalise(TRACE).lines))
    assert signature.codes == ("errno:EROFS",)
    assert title.words == ("no", "disk")


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Error", ["error"]),
        ("Symptoms", ["symptoms"]),
        ("Root cause", ["cause"]),
        ("Diagnosis", ["diagnosis"]),
        ("Fix", []),
        ("Alternatives", []),
        ("Lessons", []),
    ],
)
def test_only_sections_that_tell_are_read(heading: str, expected: list[str]) -> None:
    """Whatever a fix prints is not the trouble."""
    text = f"# T\n\n## Symptom\n\nIt hangs.\n\n## {heading}\n\n```\nBoomError: it broke\n```\n"

    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("```\nupstream closed early\n```", ["error"]),
        ("```text\nupstream closed early\n```", ["error"]),
        ("    upstream closed early", ["error"]),
        ("> upstream closed early", ["error"]),
        ("```python\nopen(path)\n```", []),
        ("```bash\ndocker ps\n```", []),
        ("It was `docker ps` that hung.", []),
        ("It said `BoomError: it broke` then.", ["error"]),
    ],
)
def test_an_error_section_quotes_errors(quote: str, expected: list[str]) -> None:
    """A plain quote is the error whatever it looks like; code and commands must look like one."""
    text = f"---\nerror: T\n---\n# T\n\n## Error\n\n{quote}\n"

    assert kinds(text) == expected


def test_elsewhere_a_quote_must_look_like_an_error() -> None:
    """A command in the symptoms is no symptom."""
    assert kinds("# T\n\n## Cause\n\n```\ndocker ps\n```\n") == []


def test_front_matter_tells_errors() -> None:
    """The `error` and the `symptoms` written there count like quotes."""
    meta = "---\nerror: 'BoomError: it broke'\nsymptoms: ['CrashError: exit 3', it is slow]\n---\n"

    assert kinds(f"{meta}# T\n\n## Fix\n\nWait.\n")[:2] == ["error", "symptoms"]


def test_a_title_is_an_error_too() -> None:
    """People paste a sentence; each of its words counts."""
    ((section, signature),) = found("# Certificate has expired\n\n## Fix\n\nRenew.\n")

    assert section == "title"
    assert signature.words == ("certificate", "has", "expired")


def test_the_same_error_twice_is_one() -> None:
    """An error that is quoted again says nothing new, and counts for its first section."""
    text = f"# T\n\n## Error\n\n```\n{TRACE}```\n\n## Cause\n\n```\n{TRACE}```\n"

    assert kinds(text) == ["error"]


def test_lines_that_lead_up_to_a_trace_are_no_errors() -> None:
    """Beside a real trace a mere log line would match everything."""
    text = f"# T\n\n## Error\n\n```\nstarting worker\nlistening on port 80\n{TRACE}```\n"

    assert [signature.type for _, signature in found(text)][:-1] == ["OSError"]


def test_it_keeps_the_first_of_very_many() -> None:
    """A page of a thousand errors is known by those on top."""
    quotes = "\n\n".join(
        f"```\nBoom{chr(97 + n % 26) * (1 + n // 26)}Error: it broke\n```" for n in range(100)
    )
    signatures = found(f"# T\n\n## Error\n\n{quotes}\n")

    assert len(signatures) == MOST
    assert signatures[0][1].type == "BoomaError"


def test_what_follows_very_long_sections_is_not_read() -> None:
    """The work for one entry has an end, counted over its sections."""
    filler = "word " * (MOST_CHARS // 5)
    late = "```\nLateError: it broke\n```"
    text = (
        f"# T\n\n## Error\n\n```\nEarlyError: x\n```\n\n{filler}\n\n{late}\n\n## Cause\n\n{late}\n"
    )

    assert [signature.type for _, signature in found(text)] == ["EarlyError", ""]
