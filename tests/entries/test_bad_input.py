"""A folder of bad things: each has one clear line in the report, and the good files go through."""

from __future__ import annotations

import builtins
import gzip
import io
import os
import re
import resource
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from kb.entries.ingest import FileReport, Report, ingest
from kb.markdown.limits import MAX_BYTES
from kb.models import Entry, Source
from tests.entries.texts import NOTE, lay, rows, told

pytestmark = pytest.mark.django_db

GOOD = {
    "a.md": NOTE,
    "shop/good.md": NOTE.replace("Disk full", "Till is shut"),
    "zz/z.md": NOTE.replace("Disk full", "Shelf is bare"),
}
SECONDS = 30
MEGABYTES = 300

ADVICE = re.compile(
    r"\b(?:allow|change|check|close|copy|correct|delete|fix|give|keep|mend|move|name the|put|remove"
    r"|rename|repair|repeat|replace|restore|run|save|shorten|split|take|try|use|write)\b",
    re.IGNORECASE,
)
"""What a person is told to do."""
LEFT_OUT = re.compile(rf"{ADVICE.pattern}|left out|not followed", re.IGNORECASE)
"""Or that there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Bad:
    """Something bad: how it is laid, what its line is about, and the line that is to be mended.

    `line` is 0 where it is the whole file, `shown` a pattern for a name that cannot be shown.
    """

    make: Callable[[Path], object]
    about: str
    line: int = 0
    shown: str = ""


def raw(content: bytes) -> Callable[[Path], object]:
    """Return what writes these bytes."""
    return lambda path: path.write_bytes(content)


def link(target: str) -> Callable[[Path], object]:
    """Return what makes a link."""
    return lambda path: path.symlink_to(target)


def bind(path: Path) -> None:
    """Leave a socket in the file system, whose address must be short."""
    with socket.socket(socket.AF_UNIX) as server, patch_cwd(path.parent):
        server.bind(path.name)


@contextmanager
def patch_cwd(folder: Path) -> Iterator[None]:
    """Work inside a folder for a moment."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def write_sparse(path: Path) -> None:
    """Write fifty megabytes that take no room."""
    path.touch()
    os.truncate(path, 50_000_000)


BOMB = (
    "---\na0: &a0 [lol, lol]\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    + "---\n# Bomb\n"
)
BAD: dict[str, Bad] = {
    "png.md": Bad(raw(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40), "not a text"),
    "gzip.md": Bad(raw(gzip.compress(NOTE.encode())), "not a text"),
    "noise.md": Bad(raw(bytes(range(256)) * 40), "not a text"),
    "empty.md": Bad(raw(b""), "empty"),
    "blank.md": Bad(raw(b" \t\r\n\r\n\f\n"), "empty"),
    "marks.md": Bad(raw(b"\xef\xbb\xbf\n"), "empty"),
    "gone.md": Bad(link("nowhere.md"), "not there|no such|not exist|leads? nowhere"),
    "self.md": Bad(link("self.md"), "link"),
    "ring.md": Bad(link("knot/ring.md"), "link"),
    "secret.md": Bad(link("../secret.md"), "link"),
    "passwd.md": Bad(link("/etc/passwd"), "link"),
    "device.md": Bad(link("/dev/zero"), "link"),
    "pipe.md": Bad(os.mkfifo, "not a file"),
    "socket.md": Bad(bind, "not a file|no such device"),
    "locked.md": Bad(raw(NOTE.encode()), "permission|may not"),
    "vanish.md": Bad(raw(NOTE.encode()), "not there|no such|gone|vanish"),
    "fifty.md": Bad(write_sparse, "larger|over|too (?:big|large)"),
    "flood.md": Bad(raw(b"# a\n" * 100_000), "headings|parts"),
    "setext.md": Bad(raw(b"a\n=\n" * 20_000), "headings", 4_001),
    "labels.md": Bad(raw(b"**Fix:** a\n\n" * 20_000), "headings", 4_001),
    "bomb.md": Bad(raw(BOMB.encode()), "alias", 3),
    "nested.md": Bad(raw(b"---\na: " + b"[" * 7_000 + b"]" * 7_000 + b"\n---\n# T\n"), "nest", 2),
    "dense.md": Bad(raw(b"---\na: " + b"{a: " * 3_000 + b"}" * 3_000 + b"\n---\n# T\n"), "nest", 2),
    "front.md": Bad(raw(b"---\n" + b"a: b\n" * 180_000 + b"---\n# T\n"), "front matter"),
    "yaml.md": Bad(raw(b"---\ntitle: T\ntags: [a, b\nowner: x\n---\n# T\n"), "YAML", 4),
    "tabs.md": Bad(raw(b"---\ntitle: T\nowner:\n\t- x\n---\n# T\n"), "YAML", 4),
    "toml.md": Bad(raw(b'+++\ntitle = "T"\n\ntags = [1,\n  x]\n+++\n# T\n'), "TOML", 5),
    "digits.md": Bad(raw(b"+++\na = 1\nb = " + b"9" * 5_000 + b"\n+++\n# T\n"), "TOML"),
    "page.md": Bad(raw(b"x" * MAX_BYTES), "characters|larger|over"),
    os.fsdecode(b"caf\xe9.md"): Bad(raw(NOTE.encode()), "name", shown="caf.{1,6}md"),
    "two\nlines.md": Bad(raw(NOTE.encode()), "name", shown="two.{1,6}lines.md"),
    "\x1b[31mred.md": Bad(raw(NOTE.encode()), "name", shown=".{0,9}red.md"),
    "/".join(["d" * 120] * 5) + "/long.md": Bad(raw(NOTE.encode()), "path"),
}
HARD = {
    "line.md": b"x" * 990_000,
    "words.md": b"word " * 198_000,
    "brackets.md": b"[" * 200_000,
    "pairs.md": b"[a](" * 50_000,
    "quotes.md": b">" * 100_000 + b" deep\n",
    "quoted.md": b"".join(b"> " * n + b"a\n" for n in range(400)),
    "lists.md": b"".join(b"  " * n + b"- a\n" for n in range(600)),
    "stars.md": b"*a **b " * 40_000,
    "ticks.md": b"".join(b"`" * n + b" " for n in range(600)),
    "table.md": b"|" * 100_000 + b"\n" + b"|-" * 50_000 + b"\n",
    "links.md": b"".join(b"[a%d]: /b\n" % n for n in range(30_000)),
    "errors.md": b"# T\n\n```\n" + b"ValueError: x of y\n" * 40_000 + b"```\n",
    "tags.md": b"<a>" * 60_000,
    "prose.md": b"It was caused by this. We fixed that! " * 20_000,
}
"""Odd, and yet Markdown."""
HARD_ENOUGH = ("line.md", "brackets.md", "quotes.md")


def open_badly(really: Callable[..., Any]) -> Callable[..., Any]:
    """Return an `open` to which one file is locked, and from which another vanishes."""

    def opened(path: Any, *args: Any, **options: Any) -> Any:
        name = path if isinstance(path, int) else Path(os.fsdecode(path)).name
        if name == "locked.md":
            raise PermissionError(13, "Permission denied", str(path))
        if name == "vanish.md":
            Path(path).unlink(missing_ok=True)
        return really(path, *args, **options)

    return opened


def run(folder: Path, **options: Any) -> Report:
    """Ingest where one file is locked and another vanishes."""
    with ExitStack() as stack:
        for module in (os, io, builtins):
            stack.enter_context(patch.object(module, "open", open_badly(module.open)))
        return ingest([folder], **options)


def lay_bad(folder: Path, names: list[str]) -> Path:
    """Lay good files and these bad ones."""
    lay(folder, GOOD)
    (folder.parent / "secret.md").write_text(NOTE)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        BAD[name].make(folder / name)
    if "ring.md" in names:
        (folder / "knot").mkdir()
        (folder / "knot" / "ring.md").symlink_to("../ring.md")
    return folder


def lines_of(report: Report, name: str) -> list[FileReport]:
    """Return what the report says of a file."""
    shown = BAD[name].shown if name in BAD else ""
    return [file for file in report.files if re.fullmatch(shown or re.escape(name), file.path)]


@pytest.mark.parametrize("name", BAD, ids=lambda name: ascii(name[-12:]))
def test_a_bad_file_has_one_clear_line(tmp_path: Path, name: str) -> None:
    """It says what is the matter, where, and what to do; the good files are read."""
    report = run(lay_bad(tmp_path / "in", [name]))
    (file,) = lines_of(report, name)

    assert {told(report)[good] for good in GOOD} == {"created"}
    assert file.status in ("failed", "skipped")
    assert re.search(BAD[name].about, file.message, re.IGNORECASE)
    assert file.line in ({BAD[name].line} if BAD[name].line else {0, 1})
    assert ADVICE.search(file.message)
    assert file.message.endswith(".")
    assert len(file.message) <= 200
    assert "sys." not in file.message
    assert not re.search(r"\bline \d", file.message)
    assert (file.path + file.message).isprintable()


@pytest.mark.parametrize("name", HARD)
def test_a_hard_file_is_read(tmp_path: Path, name: str) -> None:
    """Whatever Markdown it is, it goes in, quickly, and comes out again."""
    (tmp_path / name).write_bytes(HARD[name])
    began = time.process_time()
    report = ingest([tmp_path])

    assert time.process_time() - began < SECONDS
    assert told(report) == {name: "created"}
    assert Source.objects.get().newest().content() == HARD[name]


LOOPS = {
    "parent": {"loop": "."},
    "far parent": {"a/b/up": "../.."},
    "each other": {"east/to-west": "../west", "west/to-east": "../east"},
    "neighbour": {"same": "shop"},
    "elsewhere": {"away": "../elsewhere"},
}


@pytest.mark.parametrize("links", LOOPS.values(), ids=LOOPS)
def test_a_loop_of_folders_has_its_line(tmp_path: Path, links: dict[str, str]) -> None:
    """A link to a folder is not followed and says so, so that nobody waits for what lies there."""
    folder = lay(tmp_path / "in", GOOD)
    lay(tmp_path / "elsewhere", {"x.md": NOTE})
    for name, target in links.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(target)
    report = ingest([folder])
    said = [file for file in report.files if file.path in links]

    assert {path: status for path, status in told(report).items() if path not in links} == (
        dict.fromkeys(GOOD, "created")
    )
    assert sorted(file.path for file in said) == sorted(links)
    assert {file.status for file in said} <= {"failed", "skipped"}
    assert [file.message for file in said if "link" not in file.message] == []
    assert [file.message for file in said if not LEFT_OUT.search(file.message)] == []


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    """Lay all that is bad in one folder, with loops, hard files and good ones."""
    folder = lay_bad(tmp_path / "in", list(BAD))
    for name in HARD_ENOUGH:
        (folder / name).write_bytes(HARD[name])
    (folder / "loop").symlink_to(folder)
    (folder / "zz" / "up").symlink_to("..")
    return folder


def test_everything_at_once_has_a_line_each(everything: Path) -> None:
    """No file goes without its line, none has two, and it is over in seconds, in bounded memory."""
    began, full = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = run(everything)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - full
    found = Counter(file.path for file in report.files)
    taken = (*HARD_ENOUGH, *GOOD)

    assert time.process_time() - began < SECONDS
    assert grown < MEGABYTES * 1_000
    assert [path for path, count in found.items() if count > 1] == []
    assert [name for name in (*BAD, *taken) if len(lines_of(report, name)) != 1] == []
    assert {path for path, status in told(report).items() if status == "created"} == {*taken}
    assert Source.objects.count() == len(taken)


def test_a_second_run_leaves_all_as_it_is(everything: Path) -> None:
    """A dry run says what a run would; after that what was bad is as bad, and no row is touched."""
    for name in ("flood.md", "setext.md", "labels.md"):
        (everything / name).unlink()
    dry = run(everything, dry_run=True)
    assert not Source.objects.exists()
    (everything / "vanish.md").write_text(NOTE)
    first, before = run(everything), content()
    (everything / "vanish.md").write_text(NOTE)
    second = run(everything)

    assert content() == before
    assert [say(file) for file in dry.files] == [say(file) for file in first.files]
    assert [say(file) for file in second.files] == [
        say(replace(file, status="unchanged") if file.status == "created" else file)
        for file in first.files
    ]


def say(file: FileReport) -> tuple[str, str, int, str]:
    """Return what is printed of a file."""
    return file.path, file.status, file.line, file.message


@pytest.mark.parametrize("name", ["/dev/zero", "pipe.md", "nowhere.md", "nowhere", "self.md"])
def test_what_is_named_itself_has_its_line(tmp_path: Path, name: str) -> None:
    """A device, a pipe or a slip of the pen on the command line ends nothing and holds nobody up."""
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "self.md").symlink_to("self.md")
    (tmp_path / "good.md").write_text(NOTE)
    bad, good = ingest([tmp_path / name, tmp_path / "good.md"]).files

    assert (bad.path, bad.status) == (Path(name).name, "failed")
    assert ADVICE.search(bad.message)
    assert good.status == "created"


@pytest.mark.parametrize("trouble", ["closed folder", "locked file", "lost folder"])
def test_what_cannot_be_seen_is_not_taken_for_deleted(tmp_path: Path, trouble: str) -> None:
    """Entries of a file that is there, or whose folder cannot be looked into, stay as they are."""
    folder = lay(tmp_path / "in", GOOD | {"shop/locked.md": NOTE.replace("Disk", "Till")})
    ingest([folder])
    before = content()
    really = os.scandir

    def scan(path: Any = ".") -> Any:
        if Path(os.fsdecode(path)).name == "shop" and trouble == "closed folder":
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    if trouble == "lost folder":
        folder.rename(tmp_path / "unplugged")
    with patch.object(os, "scandir", scan):
        report = run(folder)

    assert [f.path for f in report.files if f.status == "failed"] != []
    assert content() == before
    assert Entry.objects.current().count() == 4


def content() -> dict[str, list[dict[str, Any]]]:
    """Return all rows that readers see; the record of runs grows with each."""
    return {name: found for name, found in rows().items() if not name.startswith("Run")}
