"""Look through a ZIP archive before anything in it is unpacked, and refuse what is not harmless."""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import IO

from kb.entries.files import HIDDEN, MAX_DEPTH, MAX_PATH, SUFFIXES

MARK = b"Rootnote export"
"""The comment of an archive of ours."""
MAX_MEMBERS = 20_000
MAX_DIRECTORY = 200 * MAX_MEMBERS
MAX_NAME = MAX_PATH + 100
MAX_PART = 255
SHOWN = 120

UTF8, ENCRYPTED = 0x800, 0x41
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Other methods may ask for any amount of memory before they give the first byte."""
END = struct.Struct("<4s4H2LH")
LOCATOR, LOCAL_HEADER = 20, 30
TAIL = END.size + 0xFFFF + LOCATOR

NO_ZIP = "This is no ZIP archive, or its end is missing; pack the folder again and upload that."
ZIP64 = "This is a ZIP64 archive, a kind for huge ones; pack the folder again as ordinary ZIP."
TOO_MANY = f"It holds more than {MAX_MEMBERS:,} files; pack only the folders with Markdown in them."
OVERLAPPING = "It has files that lie over each other, as no honest archive has; pack it again."


class BadZip(Exception):
    """An archive that is not taken; the message names the member and says what to do."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive, and its path."""

    info: zipfile.ZipInfo
    path: str

    @property
    def is_hidden(self) -> bool:
        """Tell whether whoever reads a folder would leave it out unasked."""
        return any(part.startswith(HIDDEN) for part in self.path.split("/"))

    @property
    def is_text(self) -> bool:
        """Tell whether it is Markdown by its name."""
        return self.path.lower().endswith(SUFFIXES)


def check_end(file: IO[bytes]) -> None:
    """Refuse by its last record a list of members that would fill the memory; raises BadZip."""
    file.seek(max(file.seek(0, 2) - TAIL, 0))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < END.size:
        raise BadZip(NO_ZIP)
    if tail[max(at - LOCATOR, 0) : at].startswith(b"PK\x06\x07"):
        raise BadZip(ZIP64)
    *_, count, length, _offset, _comment = END.unpack_from(tail, at)
    if count > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise BadZip(TOO_MANY)


def list_members(archive: zipfile.ZipFile) -> list[Member]:
    """Return the files of an archive; raises BadZip when anything is wrong with one of its members."""
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise BadZip(TOO_MANY)
    members = [Member(info, _name(info)) for info in infos]
    for one in members:
        trouble = question_name(one.path.removesuffix("/")) or _first(INFO_RULES, one.info)
        if trouble:
            raise BadZip(f"{show(one.path)} {trouble}.")
    files = [one for one in members if not one.path.endswith("/")]
    _check_twins(files, ours=archive.comment == MARK)
    _check_overlap(infos, archive.start_dir)
    return files


def question_name(name: str) -> str:
    """Say what stands against a member's name, or nothing."""
    return _first(NAME_RULES, name)


def show(name: str) -> str:
    """Return a name as a short text that is safe to show."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in name[:SHOWN])
    return f"{shown}…" if len(name) > SHOWN else shown


def _first(rules: Sequence[tuple[Callable[..., bool], str]], of: object) -> str:
    return next((trouble for is_so, trouble in rules if is_so(of)), "")


def _goes_elsewhere(name: str) -> bool:
    return any(part in ("", ".", "..") for part in name.split("/"))


def _lies_deep(name: str) -> bool:
    return name.count("/") > MAX_DEPTH + 1


def _has_long_part(name: str) -> bool:
    return any(len(part.encode(errors="replace")) > MAX_PART for part in name.split("/"))


def _is_odd(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a link, a device or the like."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    as_folder = info.orig_filename.endswith("/") and kind == stat.S_IFDIR
    return kind not in (0, stat.S_IFREG) and not as_folder


NAME_RULES: Sequence[tuple[Callable[[str], bool], str]] = (
    (lambda name: len(name) > MAX_NAME, f"has a path of over {MAX_NAME} characters; shorten it"),
    (lambda name: "\0" in name, "has a NUL character in its name; rename it"),
    (lambda name: "\\" in name, "has a backslash in its name; pack with a tool that writes /"),
    (lambda name: name[:1] == "/", "begins at the root of a disk; pack the folder by its name"),
    (lambda name: name[1:2] == ":", "begins with a drive letter; pack the folder by its name"),
    (_goes_elsewhere, "may lead out of the folder it is unpacked to; pack the folder by its name"),
    (_lies_deep, f"lies over {MAX_DEPTH} folders deep; move it up"),
    (_has_long_part, f"has a name of over {MAX_PART} bytes; give it a shorter one"),
)
"""What a member may not be called, and what to do about it."""

INFO_RULES: Sequence[tuple[Callable[[zipfile.ZipInfo], bool], str]] = (
    (lambda info: bool(info.flag_bits & ENCRYPTED), "is encrypted; pack it without a password"),
    (_is_odd, "is a link or no ordinary file; put the text itself in its place"),
    (
        lambda info: info.compress_type not in METHODS,
        "is compressed in an unusual way; pack the folder again as ordinary ZIP",
    ),
)
"""What a member may not be, and what to do about it."""


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; many tools write UTF-8 without saying so."""
    name = info.orig_filename
    if not info.flag_bits & UTF8:
        with suppress(UnicodeError):
            return name.encode("cp437").decode("utf-8")
    return name


def _check_twins(files: Iterable[Member], *, ours: bool) -> None:
    """Refuse two files of one name; where neither case nor accents count they would be one file.

    What we packed ourselves came from a base that tells them apart.
    """
    seen: dict[str, str] = {}
    for one in files:
        key = one.path if ours else unicodedata.normalize("NFC", one.path).casefold()
        if key in seen:
            where = "twice" if seen[key] == one.path else f"beside {show(seen[key])}"
            raise BadZip(f"{show(one.path)} is in it {where}; rename or remove one of them.")
        seen[key] = one.path


def _check_overlap(infos: Iterable[zipfile.ZipInfo], end: int) -> None:
    """Refuse members that share bytes, by which a small archive unpacks to any size."""
    starts = ((info.header_offset, info.compress_size) for info in infos)
    spans = [*sorted((start, start + LOCAL_HEADER + size) for start, size in starts), (end, end)]
    if any(after < ending for (_, ending), (after, _) in pairwise(spans)):
        raise BadZip(OVERLAPPING)
