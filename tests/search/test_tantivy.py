"""What only the tantivy backend must see to itself: tantivy trusts its files and may panic."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.search.index import Index, IndexUnavailable, Query
from tests.search.conftest import Open, doc


@pytest.fixture
def backend() -> str:
    """Run these laws on tantivy only, where it is installed."""
    pytest.importorskip("tantivy")
    return "tantivy"


@pytest.fixture
def filled(index: Index) -> Index:
    """Fill an index, with a document that was overwritten."""
    index.put([doc(key, title="word") for key in range(5)])
    index.put([doc(1, title="changed")])
    return index


def test_a_changed_byte_is_noticed_in_every_file(
    filled: Index, open_index: Open, folder: Path
) -> None:
    """Each file of a commit is compared with its checksum before tantivy reads it."""
    files = [path for path in folder.glob("*/*.*") if path.stem[:8].isalnum()]
    files = [path for path in files if path.suffix not in {".json", ".lock"}]
    assert {".term", ".idx", ".fieldnorm", ".del"} <= {path.suffix for path in files}
    for path in files:
        whole = path.read_bytes()
        path.unlink()
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        with pytest.raises(IndexUnavailable):
            open_index().count()
        path.unlink()
        path.write_bytes(whole)
    assert open_index().count() == 5


def test_what_a_writer_is_at_is_not_judged(filled: Index, open_index: Open, folder: Path) -> None:
    """Half-written files of a commit to come do not make the last one damaged."""
    (written,) = folder.glob("*/*.del")
    written.with_name(written.name.split(".")[0] + ".999999.del").write_bytes(b"half")
    written.with_name("0" * 32 + ".term").write_bytes(b"half")
    assert len(open_index().search(Query(("word",)), 9)) == 4


class PanicException(BaseException):  # the name tantivy's own has
    """Stands in for a panic in Rust, which Python sees as neither Exception nor ValueError."""


def test_a_panic_is_damage(filled: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """A panic inside tantivy ends as IndexUnavailable; an interruption stays one."""
    for raised, expected in (
        (PanicException, IndexUnavailable),
        (KeyboardInterrupt, KeyboardInterrupt),
    ):

        def fail(*_: object, error: type[BaseException] = raised) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr("kb.search.tantivy._refresh", fail)
            with pytest.raises(expected):
                filled.count()
    assert filled.count() == 5
