"""Laws of `kb.markdown.frontmatter` and `kb.markdown.meta`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown.document import ParseError
from kb.markdown.frontmatter import FrontMatter, read_front_matter
from kb.markdown.limits import MAX_FRONT_MATTER
from kb.markdown.meta import name_fields


def read(text: str) -> FrontMatter:
    """Read the front matter of a text."""
    return read_front_matter(text.split("\n"))


def test_it_works() -> None:
    """A block between two rules is read under our names, and its lines are counted."""
    front = read("---\ntitle: Disk is full\ntags: [disk, linux]\n---\n\n# Body")

    assert front.meta == {"title": "Disk is full", "tags": ["disk", "linux"]}
    assert front.lines == 4


def test_toml_is_read_too() -> None:
    """Hugo's `+++` block gives plain texts, lists and days."""
    front = read('+++\ntitle = "T"\ndate = 2025-01-30T08:00:00Z\ndraft = true\nn = [1, 2.5]\n+++\n')

    assert front.meta == {
        "title": "T",
        "date": "2025-01-30",
        "status": "draft",
        "extra": {"n": ["1", "2.5"]},
    }
    assert front.lines == 6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Title",
        "---",
        "---\ntitle: never closed",
        "---\n\nprose between two rules\n\n---",
        "---\n- a list\n---",
        "+++\nprose\n+++",
        " ---\ntitle: indented\n---",
    ],
)
def test_what_is_no_front_matter_is_left_to_the_body(text: str) -> None:
    """A thematic break on the first line is not mistaken for front matter."""
    assert read(text) == FrontMatter()


@pytest.mark.parametrize("text", ["---\n---\n", "---\n# only a comment\n---\n", "---\n...\n"])
def test_an_empty_block_is_front_matter_without_fields(text: str) -> None:
    """The lines are still taken off the body."""
    assert read(text) == FrontMatter({}, text.count("\n"))


@pytest.mark.parametrize(
    ("block", "line", "message"),
    [
        ("title: [open\nx: y", 3, "not valid YAML"),
        ("a: b\n  c: : d", 3, "not valid YAML"),
        ("a: &x [1]\nb: *x", 3, "aliases"),
        ("a: " + "[" * 21 + "]" * 21, 2, "nests deeper than 20"),
        ("a: " + "[" * 5000, 2, "nests deeper than 20"),
        ("a: \x07bell", 1, "not valid YAML|cannot be read"),
        ("a: " + "x" * MAX_FRONT_MATTER, 1, "over 16 kB"),
        ("? [a, b]\n: c\nd: e", None, ""),
        ("key: !!python/object:os.system x", None, ""),
    ],
)
def test_broken_yaml_is_refused_with_its_line(block: str, line: int | None, message: str) -> None:
    """Every fault is one ParseError; what looks odd but is harmless is read."""
    if line is None:
        read(f"---\n{block}\n---")
        return
    with pytest.raises(ParseError, match=message) as caught:
        read(f"---\n{block}\n---")

    assert caught.value.line == line


@pytest.mark.parametrize(
    ("block", "line"),
    [("a = 1\nb = ", 3), ("a = [" * 400, 2), ("a = " + "9" * 5000, 1), ("title = 'x", 2)],
)
def test_broken_toml_is_refused_with_its_line(block: str, line: int) -> None:
    """TOML faults carry the line in the file; what has no line points at the block."""
    with pytest.raises(ParseError, match="not valid TOML") as caught:
        read(f"+++\n{block}\n+++")

    assert caught.value.line in (line, 1)


def test_the_size_limit_is_exact() -> None:
    """16 kB are read, one byte more is refused."""
    room = MAX_FRONT_MATTER - len("title: ")

    assert len(read(f"---\ntitle: {'x' * room}\n---").meta["title"]) == room
    with pytest.raises(ParseError, match="over 16 kB"):
        read(f"---\ntitle: {'x' * (room + 1)}\n---")


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("Title", "title"),
        ("short-description", "title"),
        ("Root Cause", "root_cause"),
        ("cause", "root_cause"),
        ("resolution", "fix"),
        ("priority", "severity"),
        ("author", "owner"),
        ("description", "summary"),
        ("error_message", "error"),
    ],
)
def test_text_fields_of_other_dialects_get_our_names(key: str, field: str) -> None:
    """One alias table serves KCS, Hugo, ServiceNow, docs/solutions and CRE keys."""
    assert name_fields({key: "x"}) == {field: "x"}


@pytest.mark.parametrize(
    ("key", "value", "field", "expected"),
    [
        ("tags", "a, b;c", "tags", ["a", "b", "c"]),
        ("categories", ["a", "a", "b"], "tags", ["a", "b"]),
        ("symptom", "slow, then dead", "symptoms", ["slow, then dead"]),
        ("match", ["a, b", "c"], "match", ["a, b", "c"]),
        ("negate", "x", "not_match", ["x"]),
        ("applications", [{"name": "nginx", "version": "1.25"}], "products", ["nginx 1.25"]),
        (
            "versions",
            {"django": "5.2", "python": "3.11"},
            "products",
            ["django 5.2", "python 3.11"],
        ),
        ("redirect_from", ["old-slug"], "aliases", ["old-slug"]),
        ("author", ["alice", "bob"], "owner", "alice, bob"),
        ("date", "2024-05-06T07:08:09+02:00", "date", "2024-05-06"),
        ("date", "2024/05/06", "date", "2024-05-06"),
        ("incident_date", "6 May 2024", "date", "2024-05-06"),
        ("created", "May 6, 2024", "date", "2024-05-06"),
        ("start_time", "06.05.2024", "date", "2024-05-06"),
        ("valid_to", "2030-01-01", "review_by", "2030-01-01"),
        ("status", "Work in Progress", "status", "draft"),
        ("status", "Resolved", "status", "validated"),
        ("state", "deprecated", "status", "archived"),
        ("confidence", "Not Validated", "status", "draft"),
        ("draft", "false", "status", "validated"),
    ],
)
def test_values_are_brought_to_one_shape(key: str, value: Any, field: str, expected: Any) -> None:
    """Lists, days and states come out alike however they were written."""
    assert name_fields({key: value}) == {field: expected}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("tags", {"a": {"b": "c"}}, "plain texts"),
        ("tags", [["nested"]], "plain texts"),
        ("title", {"en": "x"}, "line of text"),
        ("date", "soon", "2025-03-31"),
        ("date", "2024-13-45", "2025-03-31"),
        ("status", "0.9", "draft, validated or archived"),
        ("samples", [str(number) for number in range(201)], "200 items"),
        ("applications", [{"version": "1"}], "plain texts"),
    ],
)
def test_a_value_of_the_wrong_shape_is_kept_with_a_note(key: str, value: Any, reason: str) -> None:
    """People lose nothing by a mistake: the value stays in `extra` and the note says what is odd."""
    meta = name_fields({key: value})

    assert list(meta) == ["extra", "notes"]
    assert meta["extra"] == {key: value}
    assert meta["notes"][0].startswith(f"`{key}` was left as it is")
    assert reason in meta["notes"][0]


def test_unknown_and_empty_keys_are_kept_as_extra() -> None:
    """Nothing of the block is dropped, whatever its type."""
    meta = name_fields({"weight": 10, "flag": True, "none": None, "tags": [], 7: "seven", "x": "~"})

    assert meta == {
        "extra": {"weight": "10", "flag": "true", "none": "", "tags": [], "7": "seven", "x": ""}
    }


def test_two_keys_for_one_field_join_lists_and_keep_the_first_text() -> None:
    """Tags and categories both count; of two titles the first is the title."""
    meta = name_fields({"tags": "a", "keywords": ["b", "a"], "title": "one", "name": "two"})

    assert meta == {"tags": ["a", "b"], "title": "one", "extra": {"name": "two"}}


def test_versions_keep_their_zeros() -> None:
    """`3.10` stays 3.10, and `no` stays a word: YAML's guesses are not wanted."""
    front = read("---\nversions: [3.10, 0755]\nauthor: no\nsev: 2\n---")

    assert front.meta == {"products": ["3.10", "0755"], "owner": "no", "severity": "2"}


@given(st.text(max_size=200), st.sampled_from(["---", "+++"]))
def test_no_block_raises_anything_else(block: str, fence: str) -> None:
    """Any text between two fences is read, left alone, or refused with a ParseError."""
    try:
        front = read(f"{fence}\n{block}\n{fence}")
    except ParseError:
        return

    assert isinstance(front.meta, dict)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
keys = st.sampled_from(["title", "tags", "date", "status", "products", "match", "x"])


@given(st.dictionaries(keys, values))
def test_no_value_raises(fields: dict[str, Any]) -> None:
    """Whatever stands in a field, naming it never fails and every key is somewhere."""
    meta = name_fields(fields)

    assert len(fields) == len(set(meta) - {"extra", "notes"} | set(meta.get("extra", {})))
