"""How many headings of real documents get the kind that a person gave them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kb.markdown.document import ParsedSource
from kb.markdown.parse import parse
from kb.markdown.repair import decode
from kb.markdown.split import split
from tests.markdown.conftest import SAMPLES

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
FIXTURE: dict[str, Any] = json.loads((SAMPLES / "labelled_headings.json").read_text())
DOCUMENTS: list[dict[str, Any]] = FIXTURE["documents"]
FLOOR = 0.95
PROSE = "Plain words stand here, one line of them."


@dataclass(frozen=True, slots=True)
class Case:
    """One heading, the kind a person gave it (or a second one) and the kind it was read as."""

    file: str
    heading: dict[str, Any]
    found: str | None

    @property
    def right(self) -> bool:
        return self.found in (self.heading["kind"], self.heading.get("also"))


def find_kind(source: ParsedSource, line: int) -> str | None:
    """Return the kind of the section that holds a line, counted from 1."""
    parts = [*source.sections, *(part for entry in source.entries for part in entry.sections)]
    return next((part.kind for part in parts if part.start < line <= part.end), None)


def write_skeleton(document: dict[str, Any]) -> tuple[str, list[int]]:
    """Write a document of the same headings above words of ours, with each heading's line."""
    lines: list[str] = []
    places: list[int] = []
    for heading in document["headings"]:
        places.append(len(lines) + 1)
        written = heading.get("written", f"{'#' * heading['level']} {heading['text']}")
        lines += [f"{written} {PROSE}" if heading.get("rest") else written, "", PROSE, ""]
    return "\n".join(lines), places


def read_skeletons() -> Iterator[Case]:
    """Read all labelled headings in skeletons of their documents."""
    for document in DOCUMENTS:
        text, places = write_skeleton(document)
        source = split(parse(text), name=Path(document["file"]).name)
        for heading, place in zip(document["headings"], places, strict=True):
            if "kind" in heading:
                yield Case(document["file"], heading, find_kind(source, place))


def read_files() -> Iterator[Case]:
    """Read all labelled headings in their documents themselves."""
    for document in DOCUMENTS:
        path = CORPORA / document["file"]
        source = split(parse(decode(path.read_bytes()).text), name=path.name)
        for heading in document["headings"]:
            if "kind" in heading:
                yield Case(document["file"], heading, find_kind(source, heading["line"]))


def measure(cases: list[Case], title: str) -> tuple[float, float, str]:
    """Count what is right, by places and by distinct texts, and say what is wrong."""
    wrong = [case for case in cases if not case.right]
    texts = {case.heading["text"] for case in cases}
    missed = {case.heading["text"] for case in wrong}
    report = (
        f"{title}: {len(cases) - len(wrong)} of {len(cases)} headings right, "
        f"{len(texts - missed)} of {len(texts)} distinct texts"
    )
    for case in wrong:
        report += f"\n  {case.file}:{case.heading['line']} {case.heading['text']!r} is "
        report += f"{case.heading['kind']}, was read as {case.found}"
    return 1 - len(wrong) / len(cases), 1 - len(missed) / len(texts), report


def check(cases: Iterable[Case], sample: str, title: str) -> None:
    """Assert that a sample reaches the floor, by places and by texts; write its figure either way."""
    chosen = [case for case in cases if case.heading["sample"] == sample]
    by_place, by_text, report = measure(chosen, f"{title}, {sample}")
    sys.stdout.write(f"{report}\n")

    assert len(chosen) == 100
    assert by_place >= FLOOR, report
    assert by_text >= FLOOR, report


@pytest.mark.parametrize("sample", ["first", "held_out"])
def test_headings_have_the_kind_that_a_person_gave_them(sample: str) -> None:
    """At least 95 of 100 headings, drawn at random and read by hand, are mapped to their kind."""
    check(read_skeletons(), sample, "skeletons")


@pytest.mark.skipif(
    not CORPORA.is_dir(), reason="the real documents are not part of this repository"
)
@pytest.mark.parametrize("sample", ["first", "held_out"])
def test_headings_of_the_real_files_have_their_kind_too(sample: str) -> None:
    """The figure is the same with the texts that really stand below the headings."""
    check(read_files(), sample, "real files")


def test_every_second_answer_has_its_reason() -> None:
    """A heading that two careful people read in two ways says why; there are at most ten a sample."""
    doubtful = [h for d in DOCUMENTS for h in d["headings"] if "also" in h]

    assert all(heading["why"] for heading in doubtful)
    for sample in FIXTURE["samples"]:
        assert sum(heading["sample"] == sample for heading in doubtful) <= 10
