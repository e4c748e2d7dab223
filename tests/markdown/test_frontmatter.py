"""Laws of `kb.markdown.frontmatter.block` and `kb.markdown.frontmatter.names`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown.document import ParseError
from kb.markdown.frontmatter.block import FrontMatter, read_front_matter
from kb.markdown.frontmatter.names import name_fields
from kb.markdown.limits import MAX_FRONT_MATTER


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
        "---\nnever: closed",
        "---\nword:word\n---",
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
        ("title: [open\nx: y", 3, "Correct its YAML"),
        ("a: b\n  c: : d", 3, "Correct its YAML"),
        ("a: &x [1]\nb: *x", 3, "aliases"),
        ("a: " + "[" * 21 + "]" * 21, 2, "nests deeper than 20"),
        ("a: " + "[" * 5000, 2, "nests deeper than 20"),
        ("a: \x07bell", 1, "cannot be read"),
        ("a: " + "x" * MAX_FRONT_MATTER, 1, "over 16 kB"),
        ("? [a, b]\n: c\nd: e", None, ""),
        ("d: e\n? [a, b]\n: c", 3, "must be a word"),
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
    with pytest.raises(ParseError, match="Correct its TOML") as caught:
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
        ("ms.date", "1/28/2020", "date", "2020-01-28"),
        ("ms.date", "28/1/2020", "date", "2020-01-28"),
        ("date", "Monday, May 6th, 2024", "date", "2024-05-06"),
        ("date", "2024-5-6 07:08", "date", "2024-05-06"),
        ("end_time", "2024-05-06T07:08:09Z", "end", "2024-05-06T07:08:09+00:00"),
        ("incidentEnd", "06.05.2024", "end", "2024-05-06"),
        ("duration", "2h 15m", "duration", "2h 15m"),
        ("updatedBy", "", "extra", {"updatedBy": ""}),
        ("url", "/posts/x/", "extra", {"url": "/posts/x/"}),
        ("slug", "x", "slug", "x"),
        ("valid_to", "2030-01-01", "review_by", "2030-01-01"),
        ("status", "Work in Progress", "status", "draft"),
        ("status", "Resolved", "status", "validated"),
        ("state", "deprecated", "status", "archived"),
        ("confidence", "Not Validated", "status", "draft"),
        ("draft", "false", "status", "validated"),
        ("published", "true", "status", "validated"),
        ("archived", "true", "status", "archived"),
        ("kiStatus", "Backlog", "status", "draft"),
        ("kiStatus", "Scheduled", "status", "draft"),
        ("kiStatus", "No Fix", "status", "validated"),
        ("kiStatus", "Fixed", "status", "validated"),
        ("confidence", "WIP", "status", "draft"),
        ("author", {"name": "alice", "email": "a@example.org"}, "owner", "alice"),
        ("authors", [{"name": "alice"}, "bob"], "owner", "alice, bob"),
        ("slugEN", "old-name", "aliases", ["old-name"]),
        ("internalReference", "4711", "ids", ["4711"]),
        ("category", "docs/solutions/logic-errors/", "tags", ["logic-errors"]),
        ("component", "belt (left, right), gate", "products", ["belt (left, right)", "gate"]),
        ("juce_version", "8.0.9", "products", ["juce 8.0.9"]),
        ("cause", ["a", "b"], "root_cause", "- a\n- b"),
        ("root_cause", "logic_error", "root_cause", "logic error"),
        ("match", [{"regex": "a.*b"}, {"value": "c"}], "match", ["/a.*b/", "c"]),
        ("match", {"value": "c"}, "match", ["c"]),
        ("url", "https://example.org/x", "references", ["https://example.org/x"]),
        (
            "references",
            [{"title": "x", "url": "https://example.org"}],
            "references",
            ["[x](https://example.org)"],
        ),
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
        ("permalink", "/:categories/:title/", "written-out address"),
        ("cause", {"a": "b"}, "a text or a list of texts"),
        ("match", [{"count": "3"}], "plain texts"),
        ("links", [{"title": {"a": "b"}, "url": "c"}], "plain texts"),
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


def test_one_product_takes_its_versions() -> None:
    """A version alone says nothing; beside its product it does."""
    both = name_fields({"product": "nginx", "versions": ["1.24", "1.25"]})
    many = name_fields({"products": ["a", "b"], "version": "2"})

    assert both == {"products": ["nginx 1.24", "nginx 1.25"]}
    assert many == {"products": ["a", "b", "2"]}


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"start_time": "2024-05-06T07:08:09Z", "updated": "2024-06-01"}, "2024-05-06"),
        ({"lastmod": "2024-06-01"}, "2024-06-01"),
        ({"start": "2024-05-06 at noon"}, "2024-05-06"),
        ({"date": "2024-05-07", "start_time": "2024-05-06"}, "2024-05-07"),
    ],
)
def test_the_day_is_the_best_there_is(fields: dict[str, str], day: str) -> None:
    """Its own date, else the beginning of the incident, else the last change."""
    assert name_fields(fields)["date"] == day


def test_wrappers_are_opened() -> None:
    """Hugo, Zola and CRE group keys in tables; what has no name keeps its whole path."""
    text = (
        "+++\ntitle = 'T'\n[taxonomies]\ntags = ['a']\n[params]\nauthor = 'ann'\nwide = true\n+++"
    )

    assert read(text).meta == {
        "title": "T",
        "tags": ["a"],
        "owner": "ann",
        "extra": {"params.wide": "true"},
    }


def test_the_first_rule_of_a_rule_file_is_read() -> None:
    """One file holds one trouble: further rules are kept and named with their line."""
    text = (
        "---\nrules:\n  - cre: {title: a, severity: 1, description: d}\n    rule: {set: {match: "
        "[{value: x}], negate: [{value: y}]}}\n  - cre: {title: b}\n---"
    )
    meta = read(text).meta

    assert (meta["title"], meta["severity"], meta["symptoms"]) == ("a", "1", ["d"])
    assert (meta["match"], meta["not_match"]) == (["x"], ["y"])
    assert meta["extra"] == {"rules": [{"cre": {"title": "b"}}]}
    assert meta["notes"] == ["line 2: only the first of 2 rules is read; one file, one rule."]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (
            "---\ntitle: a\ndate: soon\n---",
            ["line 3: `date` was left as it is: a date such as 2025-03-31 is expected."],
        ),
        (
            "---\ntitle: a\n\ntitle: b\n---",
            ["line 4: `title` stands twice; the first one is used."],
        ),
        (
            "+++\n# c\n[params]\nstatus = 'odd'\n+++",
            ["line 4: `status` was left as it is: draft, validated or archived is expected."],
        ),
        (
            "\n\n---\na: b\nstatus: odd\n---",
            ["line 5: `status` was left as it is: draft, validated or archived is expected."],
        ),
        (
            "---\ntitle: never closed\n\n# T",
            ["line 1: this --- is never closed, so the lines below it are read as text."],
        ),
    ],
)
def test_notes_name_the_line(text: str, notes: list[str]) -> None:
    """What was not understood is said with the line where it stands."""
    assert read(text).meta["notes"] == notes


def test_blank_lines_above_the_block_do_not_hide_it() -> None:
    """Editors leave some; the lines of the body are counted from the top all the same."""
    front = read("\n\n---\ntitle: T\n---\nbody")

    assert (front.meta, front.lines) == ({"title": "T"}, 5)


def test_words_of_a_jekyll_post_are_tags() -> None:
    """There a plain string of categories is split at its spaces."""
    assert name_fields({"layout": "post", "categories": "a b"})["tags"] == ["a", "b"]
    assert name_fields({"categories": "a b"})["tags"] == ["a b"]
