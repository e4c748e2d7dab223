"""Laws of `kb.markdown.repair`."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown.document import ParseError
from kb.markdown.limits import MAX_BYTES
from kb.markdown.repair import clean, decode, mend

SAMPLES = Path(__file__).parent.parent / "samples" / "markdown"

LINES = (
    "# ❌ Error 7: naïve – “quoted” … 日本語 Привет 🚀 🖼️",
    "l’été à l’école, « déjà vu » coûte 5 €",
    "„Spaß“ in der Straße, Größe: 3 m²",
    "“CAFÉ” costs ½ – Señor Ñandú",
    "Il est arrivé… non?",
    "Zażółć gęślą jaźń; ığdır; Ελληνικά; עברית; العربية",
)
READABLE = "\n".join(LINES)


@pytest.mark.parametrize(
    "raw",
    [
        READABLE.encode(),
        codecs.BOM_UTF8 + READABLE.encode(),
        READABLE.encode("utf-16"),
        codecs.BOM_UTF16_BE + READABLE.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + READABLE.encode("utf-32-le"),
        READABLE.replace("\n", "\r\n").encode(),
        READABLE.replace("\n", "\r").encode(),
        READABLE.replace("l", "l\0", 1).encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-be", "utf-32", "crlf", "cr", "nul"],
)
def test_it_reads_one_text_from_every_way_of_writing_it(raw: bytes) -> None:
    """The same words come out, with plain line ends, whatever the bytes were."""
    decoded = decode(raw)

    assert decoded.text == READABLE
    assert decoded.repaired == ()


def garble(line: str, encoding: str) -> str:
    """Read UTF-8 bytes in the wrong encoding; bytes it has no letter for pass, as in browsers."""
    return "".join(bytes([b]).decode(encoding, "ignore") or chr(b) for b in line.encode())


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "latin-1"])
def test_a_misread_line_is_mended_and_named(line: str, encoding: str) -> None:
    """A line of UTF-8 that was read in another encoding comes back, and the report says which."""
    garbled = garble(line, encoding)
    decoded = decode(f"plain\n{garbled}\nplain".encode())

    assert decoded.text == f"plain\n{line}\nplain"
    assert decoded.repaired == (2,)
    assert decoded.notes == ("1 lines had garbled letters and were mended.",)


@pytest.mark.parametrize("encoding", ["mac_roman", "latin-1"])
def test_a_line_garbled_twice_is_mended_twice(encoding: str) -> None:
    """Damage done by two programs in turn is undone in turn."""
    twice = "Größe ✅".encode().decode(encoding).encode().decode(encoding)

    assert mend(twice) == "Größe ✅"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("é â€™s", "é ’s"),
        ("‚úÖ né", "✅ né"),
        ("Ä° né", "Ä° né"),
        ("ok ✅ and ‚úÖ", "ok ✅ and ✅"),
        ("say â€\x9dhiâ€\x9d", "say ”hi”"),
    ],
)
def test_a_run_beside_clean_letters_needs_a_sure_sign(text: str, expected: str) -> None:
    """In a line that holds clean letters too, only an unmistakable run is changed."""
    assert mend(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "l’école",
        "d’été",
        "«été»",
        "—é",
        "„Spaß“",
        "“CAFÉ”",
        "arrivé…",
        "ÑU”",
        "naïveté",
        "√2",
        "—ой",
    ],
)
def test_letters_that_look_garbled_by_chance_are_left_alone(text: str) -> None:
    """Quotes and dashes beside accents form valid UTF-8 pairs now and then; nothing is done."""
    assert decode(text.encode()).text == text


def test_windows_1252_is_read_line_by_line() -> None:
    """A file glued from UTF-8 and Windows-1252 gives both parts whole, and says so."""
    raw = "schön ✅\n".encode() + "schön „so“ \x81".encode("cp1252", "ignore") + b"\x81"
    decoded = decode(raw)

    assert decoded.text == "schön ✅\nschön „so“ \x81"
    assert decoded.encoding == "cp1252"
    assert decoded.notes == ("1 lines are not UTF-8; they were read as Windows-1252.",)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf_16_without_a_mark_is_recognised(encoding: str) -> None:
    """Text from PowerShell pipes has no byte order mark; its empty bytes give it away."""
    decoded = decode("Key expires\nno mark\n".encode(encoding))

    assert decoded.text == "Key expires\nno mark\n"
    assert decoded.encoding == encoding


def test_a_torn_utf_16_file_keeps_what_can_be_read() -> None:
    """Half a letter at the end becomes a replacement sign and a note, not a failure."""
    decoded = decode("abc".encode("utf-16") + b"\x00")

    assert decoded.text == "abc\ufffd"
    assert "UTF-16-LE" in decoded.notes[0]


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(64)),
        b"PK\x03\x04" + b"zip" * 40,
        b"%PDF-1.7 text",
        b"\x7fELF\x02\x01\x01",
        b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f" * 20,
        gzip.compress(b"# Title", mtime=0),
        b"SQLite format 3\0" + bytes(80),
        b"{\\rtf1\\ansi Title}",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"MZ\x90\x00\x03" + bytes(60),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    """A picture or program renamed to .md gets one clear line."""
    with pytest.raises(ParseError, match="not a text file"):
        decode(raw)


def test_the_size_limit_is_exact() -> None:
    """One megabyte is read, one byte more is refused with the size in words."""
    assert len(decode(b"x" * MAX_BYTES).text) == MAX_BYTES

    with pytest.raises(ParseError, match=r"1\.0 MB; the limit is 1 MB"):
        decode(b"x" * (MAX_BYTES + 1))


def test_lone_surrogates_become_replacement_signs() -> None:
    """No text leaves this room that a database or a page would refuse."""
    assert clean("a\ud800b\ufeff") == "a\ufffdb\ufeff"


def test_the_garbled_guide_is_mended_on_every_line() -> None:
    """All non-ASCII lines of the sample are repaired, none of its letters stays wrong."""
    raw = (SAMPLES / "guide-garbled.md").read_bytes()
    broken = [n for n, line in enumerate(raw.decode().split("\n"), 1) if not line.isascii()]
    decoded = decode(raw)

    assert decoded.repaired == tuple(broken)
    assert "### ❌ Error 1: Broker Refuses Connections" in decoded.text
    assert "## 🗄️ Storage & Certificates" in decoded.text
    assert "Local ≠ Production" in decoded.text


# One odd letter beside ASCII is never valid UTF-8 in any of the three encodings.
clean_words = st.text("abc XYZ.\n", max_size=8)
clean_texts = st.lists(st.tuples(clean_words, st.sampled_from("éßñ→’“日я🚀")), max_size=20)


@given(clean_texts)
def test_decode_undoes_encode(parts: list[tuple[str, str]]) -> None:
    """What was written as UTF-8 is read back letter by letter."""
    text = "".join(f"{word} {letter} " for word, letter in parts)

    assert decode(text.encode()).text == text
    assert decode(text.encode()).repaired == ()


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(raw: bytes) -> None:
    """Any bytes are either read or refused with a ParseError; what is read is clean."""
    try:
        text = decode(raw).text
    except ParseError:
        return

    assert "\r" not in text
    assert "\0" not in text
    assert text.encode().decode() == text


SIGNS = "❌ Error – naïve “quote” ✅"


@pytest.mark.parametrize("page", ["cp437", "cp850", "cp1250", "cp1251", "cp1254"])
def test_other_code_pages_are_undone_where_signs_prove_them(page: str) -> None:
    """Consoles and foreign Windows garble too; a dash, a quote or a picture gives them away."""
    assert mend(garble(SIGNS, page)) == SIGNS


@pytest.mark.parametrize(
    "text",
    [
        "┌─┐\n│├┤└┘ ═╗ ─┐ ─┐\n├┤",
        "│   ├── a\n│   └── b",
        "Türkçe ığüşöç “alıntı” — iş",
        "Zażółć gęślą jaźń – „cytat” …",
        "Иванов”— «слово» — да… №5",
        "Šćđžč “navod” – đak",
        "▲▼ ░▒▓ █ α→β ≤ ≥",
        "caf├⌐",
    ],
)
def test_drawings_and_foreign_letters_are_left_alone(text: str) -> None:
    """What those code pages hold stands in clean texts as well."""
    assert mend(text) == text


def test_one_foreign_line_does_not_spoil_the_others() -> None:
    """A line pasted from an old editor is read by itself."""
    raw = (SAMPLES / "two-encodings.md").read_bytes()
    decoded = decode(raw)

    assert "Der Schlüssel war „alt“." in decoded.text
    assert "# Schlüssel läuft ab ✅" in decoded.text
    assert decoded.notes == ("1 lines are not UTF-8; they were read as Windows-1252.",)
