"""Environment variables: typed, optional, and loud when wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

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
