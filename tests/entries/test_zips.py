"""Archives: what is packed comes out the same, and nothing harmful comes out at all."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from kb.entries import zips
from kb.entries.members import MAX_MEMBERS, NO_ZIP, OVERLAPPING, TOO_MANY, ZIP64, BadZip
from kb.entries.zips import NO_TEXT, Unpacked, pack, unpack
from tests.entries import archives
from tests.entries.archives import TEXT, archive


def files(folder: Path) -> dict[str, bytes]:
    """Return what lies below a folder."""
    paths = (path for path in folder.rglob("*") if not path.is_dir())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def take(raw: bytes, folder: Path) -> Unpacked:
    """Unpack an archive into a folder of its own."""
    folder.mkdir(exist_ok=True)
    return unpack(io.BytesIO(raw), folder)


def wrap(texts: dict[str, bytes]) -> bytes:
    """Return an archive of ours."""
    made = io.BytesIO()
    pack(texts.items(), made)
    return made.getvalue()


def test_it_works(tmp_path: Path) -> None:
    """Texts come out of an archive at their paths; what is no Markdown is named."""
    texts = {"a.md": TEXT, "docker/b.MARKDOWN": b"\xff\xfe\x00", "docker/empty.md": b""}
    unpacked = take(
        archive({**texts, "logo.png": b"\x89PNG", "docker/Makefile": b"all:\n"}), tmp_path
    )

    assert unpacked == Unpacked(3, ("logo.png", "docker/Makefile"))
    assert files(tmp_path) == texts


# Our own archives


@pytest.mark.parametrize(
    "texts",
    [
        {"docker/disk.md": TEXT, "docker/net.md": TEXT},
        {"rootnote/a.md": TEXT},
        {"rootnote/rootnote/a.md": TEXT, "b.md": TEXT},
        {"a.md": TEXT},
        {"README.md": TEXT, "readme.md": b"# Other\n"},
        {"\u00fc.md": TEXT, "u\u0308.md": TEXT, "日本/語.md": TEXT},
        {f"{'deep/' * 95}a.md": TEXT, f"{'n' * 252}.md": TEXT},
    ],
    ids=["one folder", "our name", "our name twice", "root", "case", "unicode", "deep and long"],
)
def test_what_is_packed_comes_out_the_same(tmp_path: Path, texts: dict[str, bytes]) -> None:
    """Whatever folders the texts lie in, each is at its own path again."""
    take(wrap(texts), tmp_path)

    assert files(tmp_path) == texts


@given(
    st.dictionaries(
        st.from_regex(
            r"([a-zA-Z0-9é .-]{0,8}[a-z0-9]/){0,3}[a-z0-9é][A-Za-z0-9é .-]{0,8}\.md", fullmatch=True
        )
        .map(lambda path: "/".join(part.lstrip(".") or "x" for part in path.split("/")))
        .filter(lambda path: path[1:2] != ":"),
        st.binary(max_size=200),
        min_size=1,
        max_size=6,
    ).filter(lambda texts: not any(a != b and b.startswith(f"{a}/") for a in texts for b in texts))
)
@profile(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)
def test_any_texts_come_out_the_same(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, bytes]
) -> None:
    """Pack and unpack undo each other."""
    folder = tmp_path_factory.mktemp("out")
    take(wrap(texts), folder)

    assert files(folder) == texts


def test_the_same_texts_make_the_same_archive() -> None:
    """No time or machine stands in it, and everything lies in one folder."""
    raw = wrap({"b.md": TEXT, "a.md": b"# A\n"})

    assert raw == wrap({"b.md": TEXT, "a.md": b"# A\n"})
    assert zipfile.ZipFile(io.BytesIO(raw)).namelist() == ["rootnote/b.md", "rootnote/a.md"]


# Others' archives


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["wiki-main/", "wiki-main/a.md", "wiki-main/docs/b.md"], {"a.md", "docs/b.md"}),
        (["wiki/a.md", "__MACOSX/wiki/._a.md", ".DS_Store"], {"a.md"}),
        (["wiki/a.md", "b.md"], {"wiki/a.md", "b.md"}),
        (["wiki/a.md", "other/b.md"], {"wiki/a.md", "other/b.md"}),
        (["wiki/a.md", "logo.png"], {"wiki/a.md"}),
        (["_posts/a.md"], {"a.md"}),
        (["wiki/docs/a.md"], {"docs/a.md"}),
        (["a.md"], {"a.md"}),
    ],
)
def test_one_folder_around_everything_is_taken_off(
    tmp_path: Path, names: list[str], expected: set[str]
) -> None:
    """A packed folder and a code host's download give the paths inside that folder."""
    take(archive({name: b"" if name.endswith("/") else TEXT for name in names}), tmp_path)

    assert files(tmp_path).keys() == expected


def test_paths_that_are_known_stay(tmp_path: Path) -> None:
    """Who packs one folder of those that are here gets no second copy of its texts."""
    raw = archive({"docker/a.md": TEXT})
    asked: list[list[str]] = []

    def known(paths: object) -> bool:
        asked.append(list(paths))  # type: ignore[call-overload]  # a sequence of names
        return True

    unpack(io.BytesIO(raw), tmp_path, known=known)

    assert asked == [["docker/a.md"]]
    assert files(tmp_path).keys() == {"docker/a.md"}


def test_hidden_files_are_left_out_unsaid(tmp_path: Path) -> None:
    """As in a folder: templates, version control, and what systems strew about."""
    names = ["a.md", "_template.md", ".git/b.md", "docs/_old/c.md", "__MACOSX/._a.md", ".DS_Store"]
    unpacked = take(archive(dict.fromkeys(names, TEXT)), tmp_path)

    assert unpacked == Unpacked(1, ())
    assert files(tmp_path).keys() == {"a.md"}


def test_names_in_utf_8_are_read_though_nobody_said_so(tmp_path: Path) -> None:
    """Many tools do not set the flag; others mean the old letters by it."""
    utf8, old = "ü.md".encode(), "ü.md".encode("cp437")
    take(archives.renamed(utf8), tmp_path / "new")
    take(archives.renamed(old), tmp_path / "old")

    assert files(tmp_path / "new").keys() == files(tmp_path / "old").keys() == {"ü.md"}


# What is refused

REFUSED = {
    "climbs": (archive({"../a.md": TEXT}), "../a.md may lead out"),
    "climbs inside": (archive({"a/../../b.md": TEXT}), "may lead out"),
    "climbs at the end": (archive({"a/..": TEXT, "a.md": TEXT}), "a/.. may lead out"),
    "dot": (archive({"./a.md": TEXT}), "may lead out"),
    "empty part": (archive({"a//b.md": TEXT}), "may lead out"),
    "no name": (archive({"": TEXT}), "may lead out"),
    "folder climbs": (archive({"../x/": b"", "a.md": TEXT}), "../x/ may lead out"),
    "absolute": (archive({"/etc/a.md": TEXT}), "/etc/a.md begins at the root"),
    "network": (archive({"//host/a.md": TEXT}), "begins at the root"),
    "drive": (archive({"C:/a.md": TEXT}), "drive letter"),
    "drive alone": (archive({"c:a.md": TEXT}), "drive letter"),
    "backslash": (archive({"a\\..\\b.md": TEXT}), "backslash"),
    "nul": (archives.renamed(b"a.md\0.png"), "NUL"),
    "long": (archive({f"{'a/' * 400}b.md": TEXT}), "characters"),
    "long part": (archive({f"{'a' * 300}.md": TEXT}), "bytes"),
    "deep": (archive({f"{'a/' * 110}b.md": TEXT}), "folders deep"),
    "link": (archives.member(archives.LINK), "a.md is a link"),
    "link of another name": (archives.member(archives.LINK, "passwd"), "passwd is a link"),
    "link as a folder": (archives.member(archives.LINK, "a.md/"), "is a link"),
    "device": (archives.member(archives.DEVICE), "no ordinary file"),
    "pipe": (archives.member(archives.PIPE), "no ordinary file"),
    "encrypted": (archives.flagged(0x1), "without a password"),
    "strongly encrypted": (archives.flagged(0x41), "without a password"),
    "patched": (archives.flagged(0x20), "a.md is damaged"),
    "lzma": (archive({"a.md": TEXT}, compress_type=zipfile.ZIP_LZMA), "unusual way"),
    "bzip2": (archive({"a.md": TEXT}, compress_type=zipfile.ZIP_BZIP2), "unusual way"),
    "case": (archive({"a.md": TEXT, "A.md": TEXT}), "A.md is in it beside a.md"),
    "accents": (archive({"\u00fc.md": TEXT, "u\u0308.md": TEXT}), "rename or remove"),
    "file and folder": (archive({"a.md": TEXT, "a.md/b.md": TEXT}), "another file or folder"),
    "folder and file": (archive({"a.md/b.md": TEXT, "a.md": TEXT}), "another file or folder"),
    "size too small": (archives.sized(3), "a.md is damaged"),
    "size too large": (archives.sized(900), "a.md is damaged"),
    "size of all": (archives.sized(0), "a.md is damaged"),
    "check sum": (archives.damaged(), "a.md is damaged"),
    "overlap": (archives.overlapping(5), OVERLAPPING),
    "zip64": (archives.zip64(), ZIP64),
    "cut": (archive({"a.md": TEXT})[:-30], NO_ZIP),
    "beginning gone": (archive({"a.md": TEXT})[40:], "a.md is damaged"),
    "no archive": (b"%PDF-1.7\n" + b"x" * 900, NO_ZIP),
    "only an end": (b"PK\x05\x06", NO_ZIP),
    "nothing": (b"", NO_ZIP),
    "many": (archives.end_record(MAX_MEMBERS + 1, 99, 0), TOO_MANY),
    "long list": (archives.end_record(1, 2**31, 0), TOO_MANY),
    "no text": (archive({"a.txt": TEXT}), NO_TEXT),
    "empty": (archive({}), NO_TEXT),
    "only hidden": (archive({"docs/_a.md": TEXT, "b/.c.md": TEXT}), NO_TEXT),
}


@pytest.mark.parametrize(("raw", "words"), REFUSED.values(), ids=REFUSED)
def test_it_refuses_what_is_not_harmless(tmp_path: Path, raw: bytes, words: str) -> None:
    """The message names the member and says what to do; nothing lies outside the folder."""
    with pytest.raises(BadZip) as bad:
        take(raw, tmp_path / "in")

    assert words in str(bad.value)
    assert str(bad.value).endswith(".")
    assert {path.name for path in tmp_path.iterdir()} == {"data", "in"}
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_the_same_name_twice_is_refused_even_of_ours(tmp_path: Path) -> None:
    """Only one of the two could be kept."""
    with pytest.warns(UserWarning, match="Duplicate"):
        raw = archives.twice("a.md", "a.md")

    with pytest.raises(BadZip, match=r"a\.md is in it twice"):
        take(raw, tmp_path)


def test_a_bomb_is_counted_while_it_unpacks(tmp_path: Path) -> None:
    """A thousand to one: it ends at the limit, with little memory, whatever its size is said to be."""
    bomb = archive({"a.md": b"0" * 60_000_000})
    tracemalloc.start()
    with pytest.raises(BadZip, match=r"a\.md is over 10 MB when unpacked"):
        take(bomb, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(bomb) < 100_000
    assert peak < 40_000_000
    assert files(tmp_path) == {}


def test_many_small_bombs_are_counted_together(tmp_path: Path) -> None:
    """What all of them come to has a limit of its own."""
    raw = archive({f"{number}.md": b"0" * 1_000 for number in range(10)})
    with patch.object(zips, "MAX_TOTAL", 5_500), pytest.raises(BadZip, match=r"With 5\.md"):
        take(raw, tmp_path)

    assert len(files(tmp_path)) == 5


def test_a_text_that_is_too_large_is_left_to_the_report(tmp_path: Path) -> None:
    """One of 2 MB is no bomb: it is unpacked, and the run says what is the matter with it."""
    raw = b"# Large\n" * 250_000
    take(archive({"a.md": raw}), tmp_path)

    assert files(tmp_path) == {"a.md": raw}


def test_many_members_are_looked_through_quickly(tmp_path: Path) -> None:
    """As many as may be, each with a nasty name, take a few seconds at most."""
    marks = "\u0300\u0323" * 60
    raw = archive({f"{marks}{number}.md": b"" for number in range(3_000)})
    began = time.process_time()
    take(raw, tmp_path)

    assert time.process_time() - began < 5


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 255))
@profile(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300
)
def test_any_bytes_are_unpacked_or_refused(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int, byte: int
) -> None:
    """Noise, and an archive with one byte changed, raise nothing else than BadZip."""
    whole = bytearray(archive({"docs/a.md": TEXT * 3, "docs/b.png": TEXT}))
    whole[at % len(whole)] = byte
    folder = tmp_path_factory.mktemp("fuzz")
    for raw in (noise, bytes(whole), bytes(whole) + noise):
        with suppress(BadZip):
            take(raw, folder / str(len(raw)))

    assert not any(path.is_symlink() for path in folder.rglob("*"))


def test_a_full_disk_is_no_bad_archive(tmp_path: Path) -> None:
    """What the system cannot write is its own error."""
    full = OSError(28, "No space left on device")
    with patch.object(Path, "open", side_effect=full), pytest.raises(OSError, match="No space"):
        take(archive({"a.md": TEXT}), tmp_path)
