"""What every index backend promises to those who search and write."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from kb.search.analysis import analyse
from kb.search.folder import Home, hold_writer
from kb.search.index import FIELDS, Doc, Index, IndexBusy, Query
from tests.search.conftest import Open, doc, run_beside

DOCS = [
    doc(1, title="OperationalError: database is locked", cause="Two writers", tags="sqlite"),
    doc(2, title="Slow page", body="OperationalError seen once", fix="Add an index"),
    doc(3, error="[Errno 30] Read-only file system", code="EROFS", fix="Write under /tmp"),
    doc(4, title="错误信息 unreadable", lessons="Read the log in UTF-8"),
]


@pytest.fixture
def filled(index: Index) -> Index:
    """Fill an index with four entries."""
    index.put(DOCS)
    return index


def find(index: Index, *terms: str, **options: object) -> list[int]:
    """Search and return the ids, best first."""
    return [hit.id for hit in index.search(Query(terms, **options), 10)]  # type: ignore[arg-type]


def test_it_works(index: Index) -> None:
    """What is put is found; what is not there is not."""
    index.put([doc(7, title="Disk full")])
    assert (index.count(), find(index, "disk", "full"), find(index, "empty")) == (1, [7], [])


@pytest.mark.parametrize(
    ("terms", "options", "expected"),
    [
        (("operationalerror",), {}, {1, 2}),
        (("operationalerror", "locked"), {}, {1}),
        (("operationalerror", "absent"), {}, set()),
        (("locked", "erofs", "absent"), {"mode": "any"}, {1, 3}),
        (("operationalerror",), {"exclude": ("locked",)}, {2}),
        (("operationalerror",), {"exclude": ("absent",)}, {1, 2}),
        (("operationalerror",), {"exclude": ("locked",), "fields": ("title", "body")}, {2}),
        (("operationalerror",), {"exclude": ("sqlite",), "fields": ("title",)}, {1}),
        (("operationalerror",), {"fields": ("body",)}, {2}),
        (("operationalerror", "locked"), {"fields": ("title", "body")}, {1}),
        (("operationalerror",), {"fields": ()}, set()),
        (("operationalerror",), {"fields": ("unheard_of",)}, set()),
        ((), {"prefix": "oper"}, {1, 2}),
        (("locked",), {"prefix": "oper"}, {1}),
        (("erofs",), {"prefix": "oper"}, set()),
        (("locked", "erofs"), {"prefix": "oper", "mode": "any"}, {1}),
        ((), {"prefix": "oper", "fields": ("title",)}, {1}),
        ((), {"prefix": "oper", "exclude": ("locked",)}, {2}),
        ((), {"prefix": "op"}, set()),
        ((), {"prefix": "30"}, {3}),
        ((), {"prefix": "错"}, {4}),
        (("错误",), {}, {4}),
        (("/tmp",), {}, {3}),
        ((), {}, set()),
        ((), {"exclude": ("locked",)}, set()),
    ],
)
def test_a_query_finds_what_it_asks_for(
    filled: Index, terms: tuple[str, ...], options: dict[str, object], expected: set[int]
) -> None:
    """Terms, prefix and fields narrow; `any` widens; `exclude` bars."""
    assert set(find(filled, *terms, **options)) == expected


def test_the_title_outranks_the_body(filled: Index) -> None:
    """The same word weighs more in the title."""
    assert find(filled, "operationalerror") == [1, 2]
    assert find(filled, prefix="operational") == [1, 2]


def test_the_rarer_term_outranks_the_common(index: Index) -> None:
    """A document with the telling word comes before those with the word that all have."""
    index.put([doc(key, body="error common") for key in range(5)] + [doc(9, body="error rare")])
    assert find(index, "common", "rare", mode="any")[0] == 9


def test_the_limit_keeps_the_best(filled: Index) -> None:
    """A limit takes from the top; scores fall from hit to hit."""
    query = Query(("operationalerror", "locked"), "any")
    best, second = filled.search(query, 10)
    assert best.score > second.score > 0
    assert filled.search(query, 1) == [best]
    assert filled.search(query, 0) == []


def test_put_overwrites_what_has_the_same_id(filled: Index) -> None:
    """An id is one document, however often it is written, also within one commit."""
    filled.put([doc(1, title="First"), doc(1, title="Last")])
    assert (filled.count(), find(filled, "locked"), find(filled, "first")) == (4, [], [])
    assert find(filled, "last") == [1]


def test_remove_drops_and_ignores_the_unknown(filled: Index) -> None:
    """Removed documents are gone; removing what is not there changes nothing."""
    filled.remove([1, 99])
    filled.remove([1])
    filled.remove([])
    assert (filled.count(), find(filled, "operationalerror")) == (3, [2])


def test_an_entry_without_text_is_counted(index: Index) -> None:
    """A document may have no terms at all, and fields nobody knows are left out."""
    index.put([doc(1), doc(2, unheard_of="word")])
    assert (index.count(), find(index, "word")) == (2, [])


def test_frequencies_count_documents(filled: Index) -> None:
    """A term counts once a document, in whichever field; the unknown counts 0."""
    filled.put([doc(5, title="sqlite sqlite", body="sqlite")])
    expected = {"sqlite": 2, "operationalerror": 2, "absent": 0}
    assert filled.frequencies(list(expected)) == expected


def test_rebuild_replaces_everything(filled: Index, folder: Path) -> None:
    """After a rebuild only its documents are there, and the folder holds nothing of the old."""
    assert filled.rebuild(iter([doc(8, title="Only one")])) == 1
    assert (filled.count(), find(filled, "operationalerror")) == (1, [])
    assert find(filled, "only") == [8]
    assert {path.name for path in folder.iterdir() if path.is_file()} == {"lock", "meta.json"}
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def test_a_failed_rebuild_keeps_the_old_index(filled: Index, folder: Path) -> None:
    """When the documents cannot be had, their error is raised and the old index goes on."""

    def break_off() -> object:
        yield doc(8)
        raise LookupError

    with pytest.raises(LookupError):
        filled.rebuild(break_off())  # type: ignore[arg-type]  # an iterator of documents
    filled.put([doc(9, title="After")])
    assert (filled.count(), find(filled, "after")) == (5, [9])
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def test_leftovers_of_a_killed_rebuild_are_swept(filled: Index, folder: Path) -> None:
    """The next writer removes the build that nobody finished."""
    (folder / ("0" * 32)).mkdir()
    filled.put([doc(9)])
    assert not (folder / ("0" * 32)).exists()


def test_a_busy_writer_is_told_so(filled: Index, open_index: Open, folder: Path) -> None:
    """While another writes, put, remove and rebuild raise IndexBusy and searching goes on."""
    hurried = open_index(timeout=0)
    with hold_writer(Home(folder, "")):
        for write in (lambda: hurried.put(DOCS), lambda: hurried.remove([1])):
            with pytest.raises(IndexBusy, match="try again"):
                write()
        with pytest.raises(IndexBusy):
            hurried.rebuild([])
        assert find(hurried, "locked") == [1]
    hurried.put([doc(9)])
    assert hurried.count() == 5


def test_a_writer_waits_for_the_other(filled: Index, folder: Path) -> None:
    """A writer that comes second is served as soon as the first is done."""
    second = threading.Thread(target=filled.put, args=[[doc(9, title="second")]])
    with hold_writer(Home(folder, "")):
        second.start()
        second.join(0.1)
        assert find(filled, "second") == []
    second.join()
    assert find(filled, "second") == [9]


def test_threads_share_an_index(filled: Index) -> None:
    """Threads search one index while another thread writes, and each gets whole answers."""
    answers: list[list[int]] = []

    def search() -> None:
        answers.extend(find(filled, "operationalerror", prefix="lock") for _ in range(40))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for key in range(10, 20):
        filled.put([doc(key, body="operationalerror elsewhere")])
    for thread in threads:
        thread.join()
    assert answers == [[1]] * 160


def test_another_process_sees_each_commit(filled: Index, backend: str, folder: Path) -> None:
    """A reader elsewhere finds what was written, removed and rebuilt at its very next search."""
    script = "for line in sys.stdin: print(index.count(), len(index.search(Query(('new',)), 9)), flush=True)"
    with run_beside(backend, folder, script) as reader:
        assert reader.stdin
        assert reader.stdout

        def look() -> str:
            reader.stdin.write("\n")  # type: ignore[union-attr]  # asserted above
            reader.stdin.flush()  # type: ignore[union-attr]
            return reader.stdout.readline().strip()  # type: ignore[union-attr]

        seen = [look()]
        filled.put([doc(9, title="new")])
        seen.append(look())
        filled.remove([1, 2])
        seen.append(look())
        filled.rebuild([doc(1, title="new"), doc(2, body="new")])
        seen.append(look())
        filled.put([doc(3, title="new")])
        seen.append(look())
    assert seen == ["4 0", "5 1", "3 1", "2 2", "3 3"]


@pytest.mark.parametrize("acknowledged", [1, 4, 9])
def test_a_killed_writer_loses_nothing_it_acknowledged(
    index: Index, open_index: Open, backend: str, folder: Path, acknowledged: int
) -> None:
    """After kill -9 in a commit the index opens, holds all acknowledged, and takes new writes."""
    script = (
        "for key in range(1000):\n"
        "    index.put([Doc(key, {'title': f'word{key} ' * 50})])\n"
        "    print(key, flush=True)"
    )
    with run_beside(backend, folder, script) as writer:
        assert writer.stdout
        last = [int(writer.stdout.readline()) for _ in range(acknowledged)][-1]
        writer.kill()
        writer.wait()
    again = open_index()
    assert last + 1 <= again.count()
    assert [find(again, f"word{key}") for key in range(last + 1)] == [[k] for k in range(last + 1)]
    again.put([doc(5000, title="after")])
    assert find(again, "after") == find(index, "after") == [5000]


WORDS = "alpha beta gamma delta epsilon zeta eta-theta iota.kappa lambdaMu nu_xi".split()


def test_a_long_history_of_writes_answers_like_a_plain_search(index: Index) -> None:
    """After any puts, overwrites, removals and rebuilds, each query finds what a full scan finds."""
    dice = random.Random(5)  # noqa: S311  # a repeatable history, no secret
    kept: dict[int, Doc] = {}
    for _ in range(25):
        batch = [
            doc(dice.randrange(30), **{field: _say(dice) for field in dice.sample([*FIELDS], 3)})
            for _ in range(dice.choice([1, 1, 1, 8]))
        ]
        if dice.random() < 0.2:
            gone = dice.sample(range(30), 4)
            index.remove(gone)
            kept = {key: value for key, value in kept.items() if key not in gone}
        index.put(batch)
        kept |= {row.id: row for row in batch}
        if dice.random() < 0.05:
            index.rebuild(kept.values())
        query = _ask(dice)
        found = [hit.id for hit in index.search(query, 100)]
        assert len(found) == len(set(found))
        assert set(found) == {key for key, row in kept.items() if _fits(row, query)}
        assert index.count() == len(kept)


def _say(dice: random.Random) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randrange(1, 6)))


def _ask(dice: random.Random) -> Query:
    words = analyse(" ".join(WORDS))
    return Query(
        terms=tuple(dice.sample(words, dice.randrange(3))),
        mode=dice.choice(["all", "any"]),
        prefix=dice.choice(["", "", "alp", "eta"]),
        exclude=tuple(dice.sample(words, dice.randrange(2))),
        fields=tuple(dice.sample([*FIELDS], dice.choice([2, len(FIELDS)]))),
    )


def _fits(row: Doc, query: Query) -> bool:
    held = {term for field in query.fields for term in analyse(row.fields.get(field, ""))}
    wanted = [term in held for term in query.terms]
    enough = all if query.mode == "all" else any
    return (
        bool(query.terms or query.prefix)
        and (not wanted or enough(wanted))
        and any(term.startswith(query.prefix) for term in held | {""})
        and held.isdisjoint(query.exclude)
    )
