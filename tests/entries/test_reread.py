"""Signatures carry the version of their rules: after an upgrade all texts are read anew."""

from __future__ import annotations

import logging
from unittest.mock import patch

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from kb.entries import prepare as preparing
from kb.entries import reread as rereading
from kb.entries import rules
from kb.entries import write as writing
from kb.entries.reindex import heal, reindex
from kb.entries.reread import reread_outdated
from kb.errors.signature import VERSION
from kb.markdown.document import ParseError
from kb.matching.match import match
from kb.models import OPERATOR, Entry, Signature, SignatureKey, Source
from tests.entries.texts import NOTE, PASTE, guide, put, trouble

pytestmark = pytest.mark.django_db


@pytest.fixture
def outdated() -> None:
    """Fill the base as an earlier version did: other keys, another number on them."""
    with (
        patch.object(preparing, "RULES", "0.0"),
        patch.object(rules, "RULES", "0.0"),
        patch.object(writing, "VERSION", VERSION - 1),
    ):
        put()
        put(guide(trouble("Login fails"), trouble("Proxy answers 502")), path="guide.md")
    SignatureKey.objects.update(key=Concat(Value("old:"), "key"))


def old() -> int:
    """Return how many signatures are of the earlier version."""
    return Signature.objects.exclude(version=VERSION).count()


@pytest.mark.usefixtures("outdated")
@pytest.mark.parametrize("act", [reread_outdated, reindex, heal])
def test_it_works(act: object) -> None:
    """Both a rebuild and the start of a server bring signatures up to date."""
    assert match(PASTE, user=OPERATOR).verdict == "none"
    act()  # type: ignore[operator]  # three functions

    assert old() == 0
    assert match(PASTE, user=OPERATOR).verdict == "match"


@pytest.mark.usefixtures("outdated")
def test_it_is_no_change_of_the_text(db: None) -> None:
    """Nobody edited anything: no revision, the same dates and addresses; only the index hears."""
    Entry.objects.update(stale=False)
    before = list(Entry.objects.order_by("pk").values_list("slug", "changed", "title"))

    assert reread_outdated() == 2
    assert list(Entry.objects.order_by("pk").values_list("slug", "changed", "title")) == before
    assert list(Source.objects.values_list("revision", flat=True)) == [1, 1]
    assert Entry.objects.stale().count() == 3


@pytest.mark.usefixtures("outdated")
def test_it_is_said(db: None) -> None:
    """Who starts the server reads what took the time."""
    assert heal().endswith("entries. 2 texts were read by newer rules.")
    assert "newer rules" not in heal()


@pytest.mark.usefixtures("outdated")
def test_it_is_done_once(db: None) -> None:
    """What is up to date is not read again, though something removed keeps its old signatures."""
    put(guide(trouble("Proxy answers 502"), trouble("Disk slow")), 1, path="guide.md")

    assert reread_outdated() == 1
    assert old() > 0
    assert reread_outdated() == 0


@pytest.mark.usefixtures("outdated")
def test_an_entry_without_errors_is_read_as_well(db: None) -> None:
    """The newer rules may see an error where the older ones saw none."""
    Signature.objects.filter(entry__slug="login-fails").delete()
    reread_outdated()

    assert Signature.objects.filter(entry__slug="login-fails").exists()


@pytest.mark.usefixtures("outdated")
def test_a_save_in_the_meantime_is_newer(db: None) -> None:
    """What someone saves while it is read was made by the new rules already."""
    really = rereading.prepare_here

    def save_meanwhile(text: str, path: str) -> preparing.Prepared:
        if path == "docker/disk.md":
            put(NOTE.replace("Prune", "Vacuum"), 1)
        return really(text, path)

    with patch.object(rereading, "prepare_here", save_meanwhile):
        reread_outdated()

    entry = Entry.objects.get(slug="disk-full")
    assert entry.sections.get(kind="fix").text == "Vacuum the images."


@pytest.mark.usefixtures("outdated")
def test_a_text_that_cannot_be_read_any_more_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """Newer limits may refuse an old text: it is kept, not matched, and asked for only once."""
    really = rereading.prepare_here

    def refuse(text: str, path: str) -> preparing.Prepared:
        if path == "docker/disk.md":
            raise ParseError("Too much of it.")
        return really(text, path)

    with patch.object(rereading, "prepare_here", refuse), caplog.at_level(logging.WARNING, "kb"):
        assert reread_outdated() == 1

    assert "docker/disk.md is no longer matched, edit it: Too much of it." in caplog.text
    assert not SignatureKey.objects.filter(entry__slug="disk-full").exists()
    assert Entry.objects.current().filter(slug="disk-full").exists()
    assert reread_outdated() == 0
