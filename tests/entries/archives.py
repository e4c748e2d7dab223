"""Archives that are not what they seem, made by hand: a library would not write them."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from typing import Any

TEXT = b"# Disk full\n\n## Fix\n\nPrune.\n"


def archive(files: dict[str, bytes], comment: bytes = b"", **fields: Any) -> bytes:
    """Return an honest archive; `fields` are set on every member."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        target.comment = comment
        for name, raw in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for field, value in fields.items():
                setattr(info, field, value)
            target.writestr(info, raw)
    return made.getvalue()


def member(mode: int, name: str = "a.md") -> bytes:
    """Return an archive whose member has a Unix mode, as links and devices have."""
    return archive({name: TEXT}, external_attr=mode << 16, create_system=3)


def twice(*names: str) -> bytes:
    """Return an archive with a member of each name, the same one again included."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in names:
            target.writestr(zipfile.ZipInfo(name), TEXT)
    return made.getvalue()


def renamed(name: bytes) -> bytes:
    """Return an archive with a name that the library would not write."""
    return archive({"x" * len(name): TEXT}).replace(b"x" * len(name), name)


def flagged(bits: int) -> bytes:
    """Return an archive that says of itself by flags what it is not, such as encrypted."""
    raw = bytearray(archive({"a.md": TEXT}))
    for at, offset in ((raw.index(b"PK\x03\x04"), 6), (raw.index(b"PK\x01\x02"), 8)):
        struct.pack_into("<H", raw, at + offset, bits)
    return bytes(raw)


def sized(size: int, text: bytes = TEXT) -> bytes:
    """Return an archive whose list gives another size for its member than it has."""
    raw = bytearray(archive({"a.md": text}))
    struct.pack_into("<L", raw, raw.index(b"PK\x01\x02") + 24, size)
    return bytes(raw)


def damaged() -> bytes:
    """Return an archive with another byte in the middle of its member."""
    raw = bytearray(archive({"a.md": TEXT * 20}, compress_type=zipfile.ZIP_STORED))
    raw[raw.index(b"Prune")] ^= 1
    return bytes(raw)


def overlapping(count: int) -> bytes:
    """Return an archive whose many members are all the same bytes."""
    packed = zlib.compress(TEXT * 1_000)[2:-4]
    check = zlib.crc32(TEXT * 1_000)
    sizes = struct.pack("<3L2H", check, len(packed), len(TEXT) * 1_000, 4, 0)
    local = b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 33) + sizes + b"a.md" + packed
    central = b"".join(
        b"PK\x01\x02"
        + struct.pack("<6H", 20, 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<3H2L", 0, 0, 0, 0, 0)
        + b"%d.md" % (number % 10)
        + b""
        for number in range(count)
    )
    return local + central + end_record(count, len(central), len(local))


def end_record(count: int, length: int, offset: int) -> bytes:
    """Return the last record of an archive."""
    return b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, count, count, length, offset, 0)


def zip64() -> bytes:
    """Return an archive with the records of the kind for huge ones, and a lie in them."""
    raw = archive({"a.md": TEXT})
    at = raw.index(b"PK\x05\x06")
    record = b"PK\x06\x06" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, 1, 1, 2**40, 0)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, at, 1)
    return raw[:at] + record + locator + raw[at:]


LINK = stat.S_IFLNK | 0o777
DEVICE = stat.S_IFCHR | 0o600
PIPE = stat.S_IFIFO | 0o600
