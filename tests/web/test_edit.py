"""An edit adds a revision; of two edits of one revision the second gets both texts and a choice."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.entries.save import archive
from kb.models import Entry, Source
from tests.conftest import MakeEntry

TEXT = "# Disk full\n\n## Cause\n\nLogs.\n\n## Fix\n\nRotate them.\n\n## Lessons\n\n- Watch it.\n"


@pytest.fixture
def source(make_entry: MakeEntry) -> Source:
    """Return a text that is already there."""
    return make_entry(text=TEXT).source


def edit(client: Client, source: Source, text: str, base: int, message: str = "") -> Any:
    """Send the editor's form."""
    return client.post(
        f"/sources/{source.slug}/edit/", {"text": text, "base": base, "message": message}
    )


def test_it_works(writer: Client, source: Source, alice: User) -> None:
    """A save adds a revision by its author and leads to the entry."""
    changed = TEXT.replace("Rotate", "Delete")
    response = edit(writer, source, changed, 1, "clearer")

    newest = source.revisions.latest("number")
    assert response["Location"] == Entry.objects.get().get_absolute_url()
    assert (newest.number, newest.text, newest.author, newest.message) == (
        2,
        changed,
        alice,
        "clearer",
    )


def test_it_opens_with_the_newest_text(writer: Client, source: Source) -> None:
    """The editor holds the newest text and the number it began from."""
    edit(writer, source, TEXT + "\nmore\n", 1)
    page = writer.get(f"/sources/{source.slug}/edit/")

    assert page.context["form"]["text"].value() == TEXT + "\nmore\n"
    assert '<input type="hidden" name="base" value="2"' in page.content.decode()


def test_saving_the_same_text_adds_nothing(writer: Client, source: Source) -> None:
    """A save without a change leaves no revision."""
    response = edit(writer, source, TEXT, 1)

    assert response.status_code == 302
    assert source.revisions.count() == 1


def test_the_second_of_two_saves_loses_nothing(writer: Client, source: Source, dana: User) -> None:
    """The later save from an old revision is answered 409 with both texts; then it can be saved."""
    theirs, yours = TEXT.replace("Logs.", "Old logs."), TEXT.replace("Logs.", "Core dumps.")
    other = Client()
    other.force_login(dana)
    edit(other, source, theirs, 1)
    response = edit(writer, source, yours, 1, "dumps")

    page = response.content.decode()
    assert response.status_code == 409
    assert (response.context["stale"].yours, response.context["stale"].theirs) == (yours, theirs)
    assert f'<textarea id="draft" name="text" rows="20">\n{yours}</textarea>' in page
    assert '<input type="hidden" name="base" value="2">' in page
    assert 'value="dumps"' in page
    assert source.revisions.latest("number").text == theirs
    assert edit(writer, source, yours, 2).status_code == 302
    assert [revision.text for revision in source.revisions.all()] == [yours, theirs, TEXT]


def test_two_tabs_of_one_person_conflict_too(writer: Client, source: Source) -> None:
    """It does not matter that both edits are by the same person."""
    edit(writer, source, TEXT.replace("Logs.", "One."), 1)

    assert edit(writer, source, TEXT.replace("Logs.", "Two."), 1).status_code == 409


def test_edits_of_different_lines_come_with_a_suggestion(writer: Client, source: Source) -> None:
    """Where the edits do not touch, one text with both is offered, and only offered."""
    edit(writer, source, TEXT.replace("Logs.", "Old logs."), 1)
    response = edit(writer, source, TEXT.replace("Watch it.", "Watch it well."), 1)

    merged = TEXT.replace("Logs.", "Old logs.").replace("Watch it.", "Watch it well.")
    assert response.status_code == 409
    assert response.context["merged"] == merged
    assert source.revisions.count() == 2


def test_edits_of_the_same_line_come_without(writer: Client, source: Source) -> None:
    """Where a person must decide, nothing is suggested."""
    edit(writer, source, TEXT.replace("Logs.", "One."), 1)
    response = edit(writer, source, TEXT.replace("Logs.", "Two."), 1)

    assert "save both edits" not in response.content.decode()


@pytest.mark.parametrize("base", [0, 7, 2**31 - 1])
def test_a_base_that_never_was_saves_nothing(writer: Client, source: Source, base: int) -> None:
    """A made-up base cannot overwrite the newest text."""
    assert edit(writer, source, "# Mine\n", base).status_code == 409
    assert source.revisions.get().text == TEXT


@pytest.mark.parametrize(
    ("text", "status"), [("---\ntags: [\n---\n", 422), ("", 422), ("b" * 1_000_001, 413)]
)
def test_it_refuses_and_keeps_the_text(
    writer: Client, source: Source, text: str, status: int
) -> None:
    """A text that cannot be saved comes back whole and the base stays."""
    response = edit(writer, source, text, 1)

    assert response.status_code == status
    assert response.context["form"]["text"].value() == text
    assert '<input type="hidden" name="base" value="1"' in response.content.decode()
    assert source.revisions.count() == 1


def test_a_problem_names_its_line(writer: Client, source: Source) -> None:
    """The line that cannot be read is linked to its place in the text."""
    page = edit(writer, source, "---\ntitle: ok\ntags: [\n---\n", 1).content.decode()

    assert 'data-line="' in page


def test_an_edit_without_its_base_is_not_saved(writer: Client, source: Source) -> None:
    """A form without the number it began from is sent back."""
    response = writer.post(f"/sources/{source.slug}/edit/", {"text": "# Mine\n"})

    assert response.status_code == 422
    assert source.revisions.count() == 1


def test_an_archived_text_stays_archived(writer: Client, source: Source, alice: User) -> None:
    """Writers may edit what is archived; readers still do not see it."""
    archive(source, author=alice, archived=True)
    edit(writer, source, TEXT + "\nmore\n", 2)

    assert Client().get(f"/sources/{source.slug}/").status_code == 404


def test_an_unknown_source_is_not_found(writer: Client) -> None:
    """There is nothing to edit where nothing is."""
    assert writer.get("/sources/nothing/edit/").status_code == 404
