"""Whatever bytes a Markdown file holds: it has one line in the report, and comes out as it went in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.entries.export import export
from kb.entries.ingest import FileReport, ingest
from kb.models import OPERATOR, Source
from tests.entries.texts import guide, trouble

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[1] / "samples" / "markdown"
PIECES = (
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\r\n",
    b"\r",
    b"\n\n",
    b"\0",
    b"\x1b[31m",
    b"\xe2\x80\xa8",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x90",
    b"\xc3\xa9",
    b"caf\xe9 ",
    "‚ùå √© ".encode(),
    "Ã© â€“ ".encode(),
    "\N{PILE OF POO}".encode("utf-16-le"),
    b"---\n",
    b"+++\n",
    b"title: [a, {b: c\n",
    b"tags: [a, b]\ndate: 2024-02-30\nstatus: archived\nslug: ../x\n",
    b"a: &a [x]\nb: *a\n",
    b"# Title\n",
    b"Title\n===\n",
    b"## Cause\nbecause\n",
    b"**Fix:** undo\n",
    b"```\nValueError: bad\n```\n",
    b"<!-- ",
    b"> quoted\n",
    b"| a | b |\n|---|---|\n| 1 | 2 |\n",
    b"- [x] done\n",
    guide(trouble("Login fails"), trouble("Login fails")).encode(),
)
contents = st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=10).map(b"".join)
folders = st.lists(contents, min_size=1, max_size=8)
quick = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(files: dict[str, bytes]) -> list[FileReport]:
    """Assert the law for a folder of files, twice, in a base that is gone afterwards."""
    with TemporaryDirectory() as place, transaction.atomic():
        folder, out = Path(place, "in"), Path(place, "out")
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        first, second = ingest([folder]).files, ingest([folder]).files
        export(out, OPERATOR)
        written = {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        stored = set(Source.objects.values_list("path", flat=True))
        transaction.set_rollback(True)
    taken = {file.path for file in first if file.status == "created"}

    assert Counter(file.path for file in first) == dict.fromkeys(files, 1)
    assert {file.status for file in first} <= {"created", "failed"}
    assert all(file.message for file in first if file.status == "failed")
    assert not [file.message for file in first if "see the log" in file.message]
    assert written == {name: content for name, content in files.items() if name in taken}
    assert stored == taken
    assert [file.status for file in second] == [
        "unchanged" if file.path in taken else "failed" for file in first
    ]
    return list(first)


@given(folders)
@example([b""])
@example([b"---\n---\n", b"+++\n+++\n", b"---\n", b"---"])
@example([b"\xff\xfe\x00", b"\xff\xfe\x00\xd8", b"\x00\x00\xfe\xff\x00\x11\x00\x00"])
@example([b"# \xc2\xa0\n", b"# \n", b"\xe2\x80\x8b", b"\x0b", b"[a]: b"])
@quick
def test_any_bytes_are_taken_whole_or_refused(contents: list[bytes]) -> None:
    """Each file is reported once and never raises; what was taken is exported to the byte."""
    check({f"{number}.md": content for number, content in enumerate(contents)})


@given(st.data())
@quick
def test_damaged_samples_are_taken_whole_or_refused(data: st.DataObject) -> None:
    """The same for real texts that were cut, glued or hit by a few odd bytes on their way."""
    samples = sorted(SAMPLES.glob("*.md"))
    files: dict[str, bytes] = {}
    for number in range(3):
        whole = data.draw(st.sampled_from(samples)).read_bytes()
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
        files[f"{number}.md"] = whole[:start] + data.draw(st.binary(max_size=6)) + whole[end:]
    check(files)


def test_the_same_bytes_twice_are_two_files(tmp_path: Path) -> None:
    """Twins have a line each and come out as two."""
    texts = dict.fromkeys(("a.md", "b.md"), b"# T\n\nWords.\n")

    assert [file.status for file in check(texts)] == ["created", "created"]
