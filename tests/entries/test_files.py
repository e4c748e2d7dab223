"""Finding files: all Markdown, in order, and a word on whatever cannot be read."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from unittest.mock import patch

import pytest

from kb.entries import files
from kb.entries.files import MAX_DEPTH, File, Unreadable, find_files, read_bytes
from kb.entries.prepare import TooLarge
from kb.markdown.limits import MAX_BYTES


def names(*paths: Path) -> list[str]:
    """Return the names of what is found, with what stands against it."""
    return [f"{file.shown} {file.trouble}".strip() for file in find_files(paths)]


def lay(folder: Path, *paths: str) -> Path:
    """Lay a small file at each path below the folder."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("# T\n\nWords.\n")
    return folder


def test_it_works(tmp_path: Path) -> None:
    """Markdown at any depth is found in order; what is hidden, a template or no Markdown is not."""
    lay(tmp_path, "b.md", "a.markdown", "c/D.MD", "_template.md", ".hidden.md", "notes.txt", "md")
    lay(tmp_path, ".git/x.md", "_drafts/x.md", "c/e/f.md", "c/__pycache__/x.md")

    assert names(tmp_path) == ["a.markdown", "b.md", "c/D.MD", "c/e/f.md"]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Disk full on the build host", "# Disk full\n\n## Fix\n\nPrune.\n", True),
        ("KubeNodeDown", "---\ntitle: Node down\n---\n\n# Meaning\n", True),
        ("notes", "Words without any heading.\n", False),
        ("LICENSE", "# Licence\n\n## Terms\n", False),
        ("Makefile", "# build\n\n## more\n", False),
        ("script", "#!/bin/sh\n# one\n# two\n", False),
        ("one", "# one comment\nx = 1\n", False),
        ("blob", "# a\0b\n# c\n", False),
    ],
)
def test_a_forgotten_suffix_is_no_loss(
    tmp_path: Path, name: str, text: str, *, found: bool
) -> None:
    """A file without a suffix is Markdown when it has headings; scripts and licences are not."""
    (tmp_path / name).write_text(text)

    assert names(tmp_path) == ([name] if found else [])


def test_what_is_named_is_read(tmp_path: Path) -> None:
    """A file may be named itself, whatever it is called; its folder is where it lies."""
    lay(tmp_path, "docker/_draft.txt")
    (file,) = find_files([tmp_path / "docker" / "_draft.txt"])

    assert (file.folder, file.name) == (tmp_path / "docker", "_draft.txt")
    assert read_bytes(file) == b"# T\n\nWords.\n"


def test_what_is_not_there_is_found_out_on_reading(tmp_path: Path) -> None:
    """A wrong path on the command line gets its line like any other."""
    (file,) = find_files([tmp_path / "none.md"])

    with pytest.raises(FileNotFoundError):
        read_bytes(file)


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    """A loop ends at once, and each link gets its line, whether what it leads to is read or not."""
    folder = lay(tmp_path / "in", "a/b/x.md", ".data/y.md")
    lay(tmp_path, "out/z.md")
    (folder / "a" / "b" / "up").symlink_to(folder)
    (folder / "a" / "same").symlink_to("b")
    (folder / "a" / ".git").symlink_to(tmp_path / "out")
    (folder / "a" / "kept").symlink_to(folder / ".data")
    (folder / "out").symlink_to(tmp_path / "out")

    assert names(folder) == [
        f"out {files.LINKED_FOLDER}",
        f"a/kept {files.LINKED_FOLDER}",
        f"a/same {files.LOOP}",
        f"a/b/up {files.LOOP}",
        "a/b/x.md",
    ]


def test_a_link_must_lead_to_a_text_of_the_folder(tmp_path: Path) -> None:
    """A link in a shared folder cannot publish a key that lies elsewhere on the machine."""
    lay(tmp_path, "in/..data/real.md", "in/.git/config", "secret.md")
    folder = tmp_path / "in"
    (folder / "a.md").symlink_to("..data/real.md")
    (folder / "b.md").symlink_to(tmp_path / "secret.md")
    (folder / "c.md").symlink_to(".git/config")
    (folder / "d.md").symlink_to("/etc/passwd")
    (folder / "e.md").symlink_to("e.md")
    (folder / "f.md").symlink_to("/dev/zero")

    found = names(folder)
    assert found[:4] == ["a.md", *(f"{name}.md {files.LINKED_AWAY}" for name in "bcd")]
    with pytest.raises(OSError, match="symbolic links"):
        read_bytes(next(file for file in find_files([folder]) if file.name == "e.md"))
    with pytest.raises(Unreadable, match="Markdown file of this folder"):
        read_bytes(next(file for file in find_files([folder]) if file.name == "f.md"))


def test_a_named_link_is_followed(tmp_path: Path) -> None:
    """Who names a link means what it leads to; the file has its own path."""
    lay(tmp_path, "real/x.md")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "x.md").symlink_to(tmp_path / "real" / "x.md")

    for named in ("link", "x.md"):
        (file,) = find_files([tmp_path / named])
        assert file == File(tmp_path / "real", tmp_path / "real" / "x.md")


@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "folder"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    """A pipe without a writer or a device without an end holds nobody up."""
    path = tmp_path / "x.md"
    made = {
        "pipe": lambda: os.mkfifo(path),
        "socket": lambda: bind(path),
        "device": lambda: None,
        "folder": path.mkdir,
    }
    made[kind]()

    with pytest.raises((Unreadable, OSError)):
        read_bytes(File(tmp_path, Path("/dev/zero") if kind == "device" else path))


def bind(path: Path) -> None:
    """Leave a socket in the file system."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def test_a_file_may_have_a_megabyte(tmp_path: Path) -> None:
    """At the limit it is read; one byte more is refused with what to do."""
    path = tmp_path / "x.md"
    path.write_bytes(b"x" * MAX_BYTES)
    assert len(read_bytes(File(tmp_path, path))) == MAX_BYTES
    path.write_bytes(b"x" * (MAX_BYTES + 1))

    with pytest.raises(TooLarge, match="Larger than 1 MB; split it"):
        read_bytes(File(tmp_path, path))


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Such a name can be neither stored nor shown."""
    Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.md")).write_text("# T\n\nWords.\n")

    assert names(tmp_path) == [f"caf\ufffd.md {files.NO_TEXT}"]


def test_a_path_has_a_limit(tmp_path: Path) -> None:
    """At the limit it is read; one character more is refused."""
    for length in (500, 501):
        path = "/".join(["d" * 99] * 4 + ["f" * (length - 403) + ".md"])
        assert len(path) == length
        lay(tmp_path, path)

    assert [file.trouble for file in find_files([tmp_path])] == ["", files.TOO_LONG]


def test_folders_have_a_depth(tmp_path: Path) -> None:
    """Folders in folders without end are cut off with a line."""
    lay(
        tmp_path, "/".join(["d"] * MAX_DEPTH + ["x.md"]), "/".join(["d"] * 2 * MAX_DEPTH + ["y.md"])
    )

    assert names(tmp_path) == [
        f"{'/'.join(['d'] * (MAX_DEPTH + 1))} {files.TOO_DEEP}",
        f"{'/'.join(['d'] * MAX_DEPTH)}/x.md",
    ]


def test_a_closed_folder_gets_a_line(tmp_path: Path) -> None:
    """What may not be entered is named, and the rest is read."""
    lay(tmp_path, "a/x.md", "b/y.md")
    really = os.scandir

    def scan(path: str) -> object:
        if str(path).endswith("/a"):
            raise PermissionError(13, "Permission denied", path)
        return really(path)

    with patch.object(os, "scandir", scan):
        assert names(tmp_path) == [
            "b/y.md",
            "a Cannot be read: Permission denied; allow this account to read it.",
        ]
