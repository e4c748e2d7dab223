"""Files in, files out: the same bytes, and a second base made from them holds the same entries."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from kb.entries.export import export
from kb.entries.ingest import ingest
from kb.models import OPERATOR, Entry, Source
from tests.entries.texts import NOTE, guide, told, trouble

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[1] / "samples" / "markdown"
SHARED = Path(__file__).resolve().parents[3] / "shared"
FOLDERS = [
    SAMPLES,
    *(
        pytest.param(
            SHARED / name,
            marks=pytest.mark.skipif(
                not (SHARED / name).is_dir(), reason="../shared is not part of this repository"
            ),
        )
        for name in ("seeds", "corpora/postmortems", "corpora/runbooks")
    ),
]

WORDS = f"{NOTE}\nGrüße – 4 °C, „kalt“ ❌ 🔑\n"
GARBLED = WORDS.replace("\N{KEY}", "")
RAW = {
    "Windows": WORDS.replace("\n", "\r\n").encode(),
    "old Mac": WORDS.replace("\n", "\r").encode(),
    "mixed line ends": WORDS.replace("\n", "\r\n", 5).replace("Prune", "Prune\r").encode(),
    "mark": b"\xef\xbb\xbf" + WORDS.encode(),
    "two marks": b"\xef\xbb\xbf" * 2 + WORDS.encode(),
    "UTF-16": WORDS.encode("utf-16"),
    "UTF-16 big": b"\xfe\xff" + WORDS.encode("utf-16-be"),
    "UTF-16 bare": WORDS.encode("utf-16-le"),
    "UTF-16 cut": WORDS.encode("utf-16")[:-1],
    "UTF-32": WORDS.encode("utf-32"),
    "cp1252": WORDS.encode("cp1252", "replace"),
    "Latin-1": f"{NOTE}Grüße\x85\n".encode("latin-1"),
    "glued": f"{NOTE}Grüße\n".encode() + "Grüße\n".encode("cp1252"),
    "garbled by a Mac": WORDS.encode().decode("mac_roman").encode(),
    "garbled by Windows": GARBLED.encode().decode("latin-1").encode(),
    "garbled twice": GARBLED.encode().decode("latin-1").encode().decode("latin-1").encode(),
    "no newline": WORDS.rstrip("\n").encode(),
    "many newlines": f"\n\n{WORDS}\n\n\t \n\n".encode(),
    "one letter": b"x",
    "a NUL": NOTE.replace("Prune", "Pr\0une").encode(),
    "odd breaks": f"{NOTE}a\fb\vc\x1cd\x85e\u2028f\u2029g\n".encode(),
    "half a pair": f"{NOTE}\ud83d\n".encode("utf-8", "surrogatepass"),
    "right to left": f"{NOTE}\u202etxt.exe\u202c\n".encode(),
    "YAML": f"---\ntitle: 'A: b'\ntags: [x, y]\n---\r\n{NOTE}".encode(),
    "TOML": f'+++\ntitle = "A"\n+++\n{NOTE}'.encode(),
    "guide": guide(trouble("Login fails"), trouble("Proxy answers 502")).encode(),
    "twins": guide(trouble("Login fails"), trouble("Login fails")).encode(),
}
NAMES = (
    "plain.md",
    "two words.md",
    " space before and after .md",
    "Käse & Brötchen.md",
    unicodedata.normalize("NFD", "Käse & Brötchen.md"),
    "日本語/エラー.md",
    "🔥/🧯.md",
    "SHOUTED.MD",
    "long.markdown",
    "-rf.md",
    "~home.md",
    "a#b?c=d&e.md",
    "100%25.md",
    'it\'s "quoted" `here` $HOME *.md',
    "back\\slash.md",
    "dots...md",
    "x.md/inner.md",
    "con.md",
    "/".join(["deep"] * 40) + "/down.md",
    "l" * 200 + ".md",
)
ODD = {
    f"{number}/{name}": raw
    for number, (raw, name) in enumerate(
        zip([*RAW.values(), *RAW.values()], cycle(NAMES), strict=False)
    )
}


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the Markdown below a folder that is neither hidden nor a template.

    Some of the real files lack their suffix and begin with a heading all the same.
    """
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    files = {path: (folder / path).read_bytes() for path in paths}
    return {
        path.as_posix(): raw
        for path, raw in files.items()
        if path.suffix.lower() in (".md", ".markdown", "" if raw.startswith(b"#") else "none")
        and not any(part.startswith(("_", ".")) for part in path.parts)
    }


def lay_bytes(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files of any name below a folder, and return it."""
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder


def see_entries() -> list[Any]:
    """Return all that readers see of every entry, and of what belongs to none."""
    parts = ("kind", "heading", "text", "start", "end", "guessed")
    entries = Entry.objects.order_by("source__path", "position")
    sources = Source.objects.order_by("path")
    return [
        *((e.slug, e.title, e.error, list(e.sections.values_list(*parts))) for e in entries),
        *((s.path, s.title, list(s.sections.values_list(*parts))) for s in sources),
    ]


@contextmanager
def another_base() -> Iterator[None]:
    """Work on a base of its own, that is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def check_round_trip(folder: Path, out: Path) -> None:
    """Assert that export gives back the files, and that these make the same base again."""
    given = read_files(folder)
    seen = []
    for place, target in ((folder, out / "once"), (out / "once", out / "twice")):
        with another_base():
            assert told(ingest([place])) == dict.fromkeys(given, "created")
            assert export(target, OPERATOR) == len(given)
            seen.append(see_entries())
        assert read_files(target) == given

    assert seen[0] == seen[1]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_real_files_make_the_round_trip(folder: Path, tmp_path: Path) -> None:
    """Samples, seeds and corpora come out to the byte, and make the same entries once more."""
    check_round_trip(folder, tmp_path)


def test_odd_names_and_bytes_make_the_round_trip(tmp_path: Path) -> None:
    """Encodings, line ends, odd letters in names and deep folders: all comes out as it went in."""
    assert len(ODD) >= 2 * len(RAW)
    assert {path.split("/", 1)[1] for path in ODD} == set(NAMES)
    check_round_trip(lay_bytes(tmp_path / "in", ODD), tmp_path / "out")


@pytest.mark.parametrize("case", RAW)
def test_each_encoding_alone_makes_the_round_trip(case: str, tmp_path: Path) -> None:
    """Whatever its bytes, one file comes out as it went in, and once more from what came out."""
    check_round_trip(lay_bytes(tmp_path / "in", {"a.md": RAW[case]}), tmp_path / "out")


def test_an_edited_text_comes_out_as_it_was_edited(tmp_path: Path) -> None:
    """What was saved over a file in another encoding is exported as saved, the rest untouched."""
    from kb.entries.save import save

    folder = lay_bytes(tmp_path / "in", {"a.md": RAW["UTF-16"], "b.md": RAW["Windows"]})
    ingest([folder])
    save(f"{NOTE}Again – 4 °C.\n", author=None, path="a.md", base=1)
    export(tmp_path / "out", OPERATOR)

    assert read_files(tmp_path / "out") == {
        "a.md": f"{NOTE}Again – 4 °C.\n".encode(),
        "b.md": RAW["Windows"],
    }
