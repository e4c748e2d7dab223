"""Find Markdown files on disk and read their bytes, whatever else lies or links there."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.entries.prepare import TooLarge
from kb.markdown.limits import MAX_BYTES
from kb.markdown.repair import clean

SUFFIXES = (".md", ".markdown")
HIDDEN = ("_", ".")
"""Files and folders whose name begins so are not read: templates, drafts, version control."""
HEADINGS = re.compile(rb"\A(?:---\n|#{1,3} )[^\0]*?\n#{1,3} ")
PEEK = 4_096
MAX_PATH = 500
MAX_DEPTH = 100

LINKED_FOLDER = "A link to a folder is not followed; name the folder itself to read it."
LOOP = "A link to a folder that is read by its own name; left out."
LINKED_AWAY = "A link to something else than a Markdown file of this folder; put a copy here."
TOO_DEEP = f"Lies more than {MAX_DEPTH} folders deep; move it up."
TOO_LONG = f"Its path is too long; keep it under {MAX_PATH} characters."
NO_TEXT = "Its name holds bytes that are no letters; rename the file or its folder."
NO_FILE = "Not a file that holds a text; put the text itself here."

ADVICE = {
    errno.ENOENT: "check the path, or mend the link",
    errno.ELOOP: "mend the link, it leads in a circle",
    errno.EACCES: "allow this account to read it",
    errno.EPERM: "allow this account to read it",
    errno.ENXIO: "put the text itself here",
}


class Unreadable(Exception):
    """A file that is not read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class File:
    """A file below the folder that was named, and what stands against reading it, if anything."""

    folder: Path
    path: Path
    trouble: str = ""

    @property
    def is_left_out(self) -> bool:
        """Tell whether it is not read because nobody expects it to be."""
        return self.trouble == LOOP

    @property
    def size(self) -> int:
        """Return its size in bytes, 0 where the system does not tell."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def name(self) -> str:
        """Return its path below the folder."""
        return self.path.relative_to(self.folder).as_posix()

    @property
    def shown(self) -> str:
        """Return its name as a text that can be stored and shown, even where it is none."""
        return "".join(c if c.isprintable() else "\ufffd" for c in clean(self.name))


def find_files(paths: Sequence[Path]) -> Iterator[File]:
    """Return the files that `paths` name or hold, in order, with those that cannot be read."""
    for path in (Path(os.path.realpath(path)) for path in paths):
        if os.path.isdir(path):  # noqa: PTH112  # Path.is_dir raises where it may not look
            yield from _walk(path)
        else:
            yield File(path.parent, path, _question_name(path.parent, path))


def read_bytes(file: File) -> bytes:
    """Return what a file holds; raises Unreadable, TooLarge or OSError."""
    if file.trouble:
        raise Unreadable(file.trouble)
    # Opening a pipe would wait for its writer, reading a device would not end.
    with os.fdopen(os.open(file.path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise Unreadable(NO_FILE)
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise TooLarge(f"Larger than {MAX_BYTES // 1_000_000} MB; split it into several files.")
    return raw


def explain(error: OSError) -> str:
    """Say in a sentence why the system does not let us read, and what to do."""
    advice = ADVICE.get(error.errno or 0, "check it, then run again")
    return f"Cannot be read: {error.strerror or error}; {advice}."


def _walk(folder: Path) -> Iterator[File]:
    closed: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=closed.append):
        here = Path(root)
        inner = [here / name for name in sorted(folders) if not name.startswith(HIDDEN)]
        yield from (
            File(folder, path, trouble) for path in inner if (trouble := _bar(folder, path))
        )
        # Links are not followed: they may lead in circles, or away.
        folders[:] = [p.name for p in inner if not p.is_symlink() and not _bar(folder, p)]
        for name in sorted(files):
            if not name.startswith(HIDDEN) and _is_markdown(here / name):
                yield File(folder, here / name, _question_file(folder, here / name))
    yield from (File(folder, Path(error.filename), explain(error)) for error in closed)


def _is_markdown(path: Path) -> bool:
    """Tell whether a file is Markdown by its suffix or, where it was forgotten, by its headings."""
    if path.name.lower().endswith(SUFFIXES):
        return True
    if "." in path.name or path.name.isupper() or path.name.endswith("file"):
        return False
    try:
        return path.is_file() and bool(HEADINGS.search(_peek(path)))
    except OSError:
        return False


def _peek(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(PEEK)


def _bar(folder: Path, path: Path) -> str:
    """Say why the files of a folder are not read at all, or nothing."""
    if path.is_symlink():
        target = Path(os.path.realpath(path))
        hidden = not target.is_relative_to(folder) or any(
            part.startswith(HIDDEN) for part in target.relative_to(folder).parts
        )
        return LINKED_FOLDER if hidden else LOOP
    return TOO_DEEP if len(path.relative_to(folder).parts) > MAX_DEPTH else ""


def _question_file(folder: Path, path: Path) -> str:
    if path.is_symlink():
        target = Path(os.path.realpath(path))
        # A link must not publish what lies elsewhere on this machine, such as keys.
        if not (target.is_relative_to(folder) and target.suffix.lower() in SUFFIXES):
            return LINKED_AWAY
    return _question_name(folder, path)


def _question_name(folder: Path, path: Path) -> str:
    """Refuse what no page can show: control characters, and other encodings' lone surrogates."""
    names = str(folder), path.relative_to(folder).as_posix()
    if any(clean(name) != name or not name.isprintable() for name in names):
        return NO_TEXT
    return TOO_LONG if max(map(len, names)) > MAX_PATH else ""
