"""Environment variables: typed, optional, and loud when wrong."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.core.exceptions import ImproperlyConfigured

from kb import environment
from kb.environment import (
    keep_secret,
    read_bool,
    read_choice,
    read_folder,
    read_int,
    read_list,
    read_text,
)

READERS = {
    "text": lambda: read_text("KB_X", "default"),
    "bool": lambda: read_bool("KB_X", default=True),
    "int": lambda: read_int("KB_X", 7, low=1, high=9),
    "list": lambda: read_list("KB_X", ["a"]),
    "choice": lambda: read_choice("KB_X", "one", ["one", "two"]),
    "folder": lambda: read_folder("KB_X", Path("/srv")),
}


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        ("text", None, "default"),
        ("text", "", "default"),
        ("text", "word", "word"),
        ("bool", None, True),
        ("bool", "", False),
        ("bool", "0", False),
        ("bool", "Yes", True),
        ("int", None, 7),
        ("int", "", 7),
        ("int", "9", 9),
        ("list", None, ["a"]),
        ("list", "", []),
        ("list", " a, b ,,", ["a", "b"]),
        ("choice", None, "one"),
        ("choice", "two", "two"),
        ("folder", None, Path("/srv")),
        ("folder", "/srv/../tmp", Path("/tmp")),
    ],
)
def test_a_value_is_read(
    monkeypatch: pytest.MonkeyPatch, reader: str, value: str | None, expected: Any
) -> None:
    """Each reader takes its values, and its default where there is none."""
    monkeypatch.delenv("KB_X", raising=False)
    if value is not None:
        monkeypatch.setenv("KB_X", value)

    assert READERS[reader]() == expected


@pytest.mark.parametrize(
    ("reader", "value", "says"),
    [
        ("bool", "maybe", "1 or 0"),
        ("int", "x", "from 1 to 9"),
        ("int", "10", "from 1 to 9"),
        ("int", "-1", "from 1 to 9"),
        ("int", "٣", "from 1 to 9"),
        ("int", "9" * 5_000, "from 1 to 9"),
        ("folder", "~nobody-of-that-name/x", "use the full path of a folder"),
        ("choice", "three", "one, two"),
    ],
)
def test_a_wrong_value_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, reader: str, value: str, says: str
) -> None:
    """A mistake is named together with what is allowed."""
    monkeypatch.setenv("KB_X", value)

    with pytest.raises(ImproperlyConfigured, match=says):
        READERS[reader]()


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NAME_FILE wins, and a file that cannot be read is named."""
    (tmp_path / "key").write_text("hidden\n")
    monkeypatch.setenv("KB_X_FILE", str(tmp_path / "key"))
    assert read_text("KB_X") == "hidden"

    monkeypatch.setenv("KB_X_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match="KB_X_FILE"):
        read_text("KB_X")


def test_the_secret_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    """A first start makes a key that nobody else may read; later ones find it."""
    first = keep_secret(tmp_path / "data")

    assert len(first) >= 50
    assert keep_secret(tmp_path / "data") == first
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A data folder that is a file says what to change."""
    (tmp_path / "file").write_text("")

    with pytest.raises(ImproperlyConfigured, match="KB_DATA_DIR"):
        keep_secret(tmp_path / "file")


def test_a_secret_file_must_be_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Going on with half a secret would be worse than not starting."""
    (tmp_path / "key").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("KB_X_FILE", str(tmp_path / "key"))

    with pytest.raises(ImproperlyConfigured, match=r"KB_X_FILE: cannot read .*key"):
        read_text("KB_X")


def test_folders_may_not_link_in_a_circle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The folder that is meant has to be there."""
    (tmp_path / "circle").symlink_to("circle")
    monkeypatch.setenv("KB_X", str(tmp_path / "circle"))

    with pytest.raises(ImproperlyConfigured, match=r"KB_X: .*use the full path"):
        read_folder("KB_X", Path("/srv"))


def test_a_secret_that_was_put_there_is_kept(tmp_path: Path) -> None:
    """The line end of an editor is no part of it, and the file may be closed to writing."""
    (tmp_path / "secret_key").write_text("mine\n")
    (tmp_path / "secret_key").chmod(stat.S_IRUSR)

    assert keep_secret(tmp_path) == "mine"


def test_an_empty_secret_is_made_anew(tmp_path: Path) -> None:
    """A crash between making the file and writing it does not stop every later start."""
    (tmp_path / "secret_key").touch()

    assert len(keep_secret(tmp_path)) >= 50


def test_a_secret_that_another_start_just_made_is_taken(tmp_path: Path) -> None:
    """Whoever comes to write second finds the first one's under the lock."""
    theirs = keep_secret(tmp_path)

    assert environment._make_secret(tmp_path / "secret_key") == theirs


def test_many_starts_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    """Processes that start together in a new folder sign with the same key."""
    code = (
        "import sys; from pathlib import Path; from kb.environment import keep_secret;"
        "print(flush=True); sys.stdin.read(1); print(keep_secret(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "data")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    starts = [subprocess.Popen(command, cwd=live.BASE_DIR, text=True, **pipes) for _ in range(6)]
    for start in starts:
        assert start.stdout
        start.stdout.readline()
    found = {start.communicate("x")[0].strip() for start in starts}

    assert len(found) == 1
    assert len(found.pop()) >= 50


@pytest.mark.parametrize("harm", ["folder", "bytes"])
def test_a_secret_that_is_none_stops_the_start(tmp_path: Path, harm: str) -> None:
    """What lies in its place is named."""
    path = tmp_path / "secret_key"
    if harm == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"\xff\xfe")

    with pytest.raises(ImproperlyConfigured, match=r"KB_DATA_DIR: cannot keep a secret in .*key"):
        keep_secret(tmp_path)
