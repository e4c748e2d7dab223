"""Bytes in, clean text out: encodings, line ends and mojibake, with a note of what was changed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from kb.markdown.document import ParseError
from kb.markdown.limits import MAX_BYTES

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY_STARTS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x7fELF",
    b"SQLite format 3",
    b"MZ\x90\x00",
    b"BZh9",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"\x28\xb5\x2f\xfd",
    b"Rar!",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"II*\x00",
    b"\x00asm",
    b"\xca\xfe\xba\xbe",
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_RUNS = re.compile(r"[^\x00-\x7f]{2,}+")

# Windows-1252 with the five bytes it leaves open passed through, as browsers do; it so covers
# Latin-1 too.
_LETTERS = {
    byte: char for byte in range(0x80, 0xA0) if (char := bytes([byte]).decode("cp1252", "ignore"))
}
_BYTES = {ord(char): byte for byte, char in _LETTERS.items()}


def _list_bytes(encoding: str) -> dict[int, int]:
    """Map each letter of a code page to its byte, and letters of Latin-1 it lacks to none."""
    letters = {byte: bytes([byte]).decode(encoding, "ignore") for byte in range(0x80, 0x100)}
    lacking = {byte: byte if byte < 0xA0 else 0xFFFD for byte in letters}
    return lacking | {ord(letter): byte for byte, letter in letters.items() if letter}


# Code pages of other countries and of the Windows console. What they make of an accented letter is
# an ordinary word somewhere, so only signs and pictures prove that one of them was at work.
_PAGES = tuple(map(_list_bytes, ("cp437", "cp850", "cp1254", "cp1250", "cp1251")))
_SIGN = re.compile(r"[\u2000-\u2bff\ufe0f\U0001f000-\U0001faff]")
_SURE = re.compile(r"[\u00a0-\u00ff\u2000-\u2bff\ufe0f\U0001f000-\U0001faff]")
_LIKELY = re.compile(
    r"[\x00-\x7f\u00a0-\u017f\u0386-\u03ce\u0401-\u045f\u05d0-\u05ea\u0620-\u064a\u1e00-\u1eff"
    r"\u2000-\u2bff\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\ufe0f\uff00-\uffef\ufffd"
    r"\U0001f000-\U0001faff]*+"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, how its bytes were read, and the 1-based lines whose letters were mended."""

    text: str
    encoding: str
    repaired: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def decode(raw: bytes) -> Decoded:
    """Read a file's bytes as clean text; raise ParseError when they are too many or not text."""
    if len(raw) > MAX_BYTES:
        raise ParseError(
            f"The file has {len(raw) / MAX_BYTES:.1f} MB; the limit is 1 MB. Split it in smaller files."
        )
    text, encoding, notes = _read_bytes(raw)
    before = clean(text)
    after = mend(before)
    repaired = _changed_lines(before, after)
    if repaired:
        notes += (f"{len(repaired)} lines had garbled letters and were mended.",)
    return Decoded(after, encoding, repaired, notes)


def clean(text: str) -> str:
    """Make line ends plain, and drop what no database or page can hold: NUL and lone surrogates."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", "")
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def mend(text: str) -> str:
    """Undo UTF-8 that was once read as Mac Roman, Windows-1252 or Latin-1; leave all else alone.

    The whole text is tried first, then each line, then each run: the smaller the piece, the less
    it proves, because `«é` or `ß“` in a clean text is a valid UTF-8 byte pair by chance.
    """
    if text.isascii():
        return text
    whole = _undo(text)
    if whole is not None:
        return mend(whole)
    return "\n".join(map(_mend_line, text.split("\n")))


def _mend_line(line: str) -> str:
    if line.isascii():
        return line
    whole = _undo(line)
    return _RUNS.sub(_mend_run, line) if whole is None else _mend_line(whole)


def _mend_run(run: re.Match[str]) -> str:
    mended = _undo(run.group(), least=2 * len(run.group()))
    return run.group() if mended is None else mended


def _undo(text: str, least: int = 2, depth: int = 2) -> str | None:
    """Return the text that was misread, once or more; None if that does not explain all letters."""
    for write in (_write_mac_roman, _write_windows):
        try:
            undone = write(text).decode("utf-8")
        except UnicodeError:
            continue
        if len(undone) < len(text) and _is_likely(undone, least):
            return undone
        if len(undone) < len(text) and depth and (deeper := _undo(undone, least, depth - 1)):
            return deeper
    return _undo_page(text)


def _undo_page(text: str) -> str | None:
    """Return the text that was misread in a code page, when signs in it leave no doubt."""
    for page in _PAGES:
        try:
            undone = text.translate(page).encode("latin-1").decode("utf-8")
        except UnicodeError:
            continue
        if len(undone) < len(text) and _SIGN.search(undone) and _LIKELY.fullmatch(undone):
            return undone
    return None


def _write_mac_roman(text: str) -> bytes:
    return text.encode("mac_roman")


def _write_windows(text: str) -> bytes:
    return text.translate(_BYTES).encode("latin-1")


def _is_likely(text: str, least: int) -> bool:
    """Tell whether the letters are common ones, with a sure sign or at least some of them."""
    if not _LIKELY.fullmatch(text):
        return False
    return bool(_SURE.search(text)) or sum(not char.isascii() for char in text) >= least


def _changed_lines(before: str, after: str) -> tuple[int, ...]:
    if before == after:
        return ()
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return tuple(number for number, (old, new) in enumerate(pairs, 1) if old != new)


def _read_bytes(raw: bytes) -> tuple[str, str, tuple[str, ...]]:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _read_marked(raw[len(bom) :], encoding)
    if (guess := _guess_wide(raw)) is not None:
        return _read_marked(raw, guess)
    if _is_binary(raw):
        raise ParseError(
            "This is not a text file. Save it as Markdown text in UTF-8 and try again."
        )
    try:
        return raw.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        return _read_lines(raw)


def _read_marked(raw: bytes, encoding: str) -> tuple[str, str, tuple[str, ...]]:
    try:
        return raw.decode(encoding), encoding, ()
    except UnicodeDecodeError:
        note = f"Some bytes are not {encoding.upper()}; they are shown as \ufffd."
        return raw.decode(encoding, "replace"), encoding, (note,)


def _guess_wide(raw: bytes) -> str | None:
    """Name the wide encoding a text without a mark is in: plain letters leave most bytes empty."""
    sample = raw[:4096]
    for width, encodings in ((4, ("utf-32-le", "utf-32-be")), (2, ("utf-16-le", "utf-16-be"))):
        whole = sample[: len(sample) // width * width]
        letters = len(whole) // width
        for encoding, place in zip(encodings, (0, width - 1), strict=True):
            empty = whole.count(0)
            filled = letters - whole[place::width].count(0)
            if letters >= 4 and filled == letters and empty > 0.7 * letters * (width - 1):
                return encoding
    return None


def _is_binary(raw: bytes) -> bool:
    sample = raw[:8192]
    controls = len(_CONTROLS.findall(sample))
    return raw.startswith(_BINARY_STARTS) or (controls >= 8 and controls > len(sample) / 20)


def _read_lines(raw: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Read each line as UTF-8 or else as Windows-1252: files are often glued from both."""
    lines = raw.split(b"\n")
    texts = [_read_line(line) for line in lines]
    foreign = sum(text is None for text in texts)
    note = f"{foreign} lines are not UTF-8; they were read as Windows-1252."
    joined = "\n".join(
        line.decode("latin-1").translate(_LETTERS) if text is None else text
        for line, text in zip(lines, texts, strict=True)
    )
    return joined, "cp1252", (note,)


def _read_line(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None
