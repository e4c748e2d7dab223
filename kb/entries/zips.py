"""Pack texts into a ZIP archive, and take them out of one, whoever made it and whatever for."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kb.entries.members import MARK, NO_ZIP, BadZip, Member, check_end, list_members, show
from kb.markdown.limits import MAX_BYTES

__all__ = ["BadZip", "Unpacked", "pack", "unpack", "wrap"]

WRAPPER = "rootnote"
"""The one folder that holds everything in an archive of ours; a single such folder is taken off."""
WHEN = (1980, 1, 1, 0, 0, 0)
"""The same texts make the same archive, so no file has a time of its own."""
MAX_MEMBER = 10 * MAX_BYTES
"""What is larger than a text may be but not than this is unpacked and gets its line in the report."""
MAX_TOTAL = 200 * MAX_BYTES

NO_TEXT = "It holds no Markdown file: one whose name ends in .md or .markdown."
DAMAGED = "{} is damaged; pack the folder again and upload that."
TOO_LARGE = f"{{}} is over {MAX_MEMBER >> 20} MB when unpacked; split it, or leave it out."
TOO_MUCH = f"With {{}} it is over {MAX_TOTAL >> 20} MB when unpacked; make several archives of it."
CLASHING = "{} has the name of another file or folder; rename one of them."

_READING = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What the standard library raises over an archive that is not what it says."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """How many texts were unpacked, and the names of what is no Markdown."""

    texts: int
    left_out: tuple[str, ...]


def pack(files: Iterable[tuple[str, bytes]], target: IO[bytes]) -> int:
    """Write paths and bytes as an archive, all in one folder; return how many files it holds."""
    count = 0
    with zipfile.ZipFile(target, "w") as archive:
        archive.comment = MARK
        for path, raw in files:
            info = zipfile.ZipInfo(wrap(path), WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, raw)
            count += 1
    return count


def wrap(path: str) -> str:
    """Return the name under which a path stands in an archive of ours."""
    return f"{WRAPPER}/{path}"


def unpack(
    file: IO[bytes], folder: Path, *, known: Callable[[Sequence[str]], bool] | None = None
) -> Unpacked:
    """Write the Markdown files of an archive below `folder`, which is empty; raises BadZip.

    A single folder around everything is taken off, unless the paths are `known` with it.
    """
    check_end(file)
    with _open(file) as archive:
        visible = [one for one in _unwrap(list_members(archive), known) if not one.is_hidden]
        texts = [one for one in visible if one.is_text]
        if not texts:
            raise BadZip(NO_TEXT)
        _write_all(archive, texts, folder)
    return Unpacked(len(texts), tuple(show(one.path) for one in visible if not one.is_text))


def _open(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _READING as error:
        raise BadZip(NO_ZIP) from error


def _unwrap(files: list[Member], known: Callable[[Sequence[str]], bool] | None) -> Sequence[Member]:
    """Take off the one folder that holds everything, as a packed folder and our exports have."""
    inside = [one.path for one in files if not one.path.startswith(("__MACOSX/", "."))]
    tops = {path.partition("/")[0] for path in inside}
    if len(tops) != 1 or not all("/" in path for path in inside) or (known and known(inside)):
        return files
    top = f"{tops.pop()}/"
    return [Member(one.info, one.path.removeprefix(top)) for one in files]


def _write_all(archive: zipfile.ZipFile, texts: Sequence[Member], folder: Path) -> None:
    left = MAX_TOTAL
    for one in texts:
        raw = _read(archive, one, left)
        left -= len(raw)
        _write(folder / one.path, raw, show(one.path))


def _read(archive: zipfile.ZipFile, member: Member, left: int) -> bytes:
    """Return what a member holds; what the archive says of its size is not believed."""
    name = show(member.path)
    most = min(left, MAX_MEMBER)
    try:
        with archive.open(member.info) as stream:
            raw = stream.read(most + 1)
    except _READING as error:
        raise BadZip(DAMAGED.format(name)) from error
    if len(raw) > most:
        raise BadZip((TOO_LARGE if most == MAX_MEMBER else TOO_MUCH).format(name))
    if len(raw) != member.info.file_size:
        raise BadZip(DAMAGED.format(name))
    return raw


def _write(path: Path, raw: bytes, name: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(raw)
    except (FileExistsError, NotADirectoryError) as error:
        raise BadZip(CLASHING.format(name)) from error
