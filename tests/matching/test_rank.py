"""The evidence between one error asked and one known."""

from __future__ import annotations

import pytest

from kb.errors.signature import Signature
from kb.matching.rank import Asked, Evidence, Known, compare


def sign(kind: str = "", words: str = "", **facts: tuple[str, ...]) -> Signature:
    """Make a signature; every frame is an own one unless `library` names it."""
    frames = facts.get("frames", ())
    library = facts.get("library", ())
    return Signature(
        type=kind,
        codes=facts.get("codes", ()),
        words=tuple(words.split()),
        names=facts.get("names", ()),
        frames=frames,
        own=tuple(frame not in library for frame in frames),
    )


def evidence(asked: Signature, known: Signature, **rarity: float) -> Evidence:
    """Compare two signatures, with rarities given as `word_x=.5`."""
    keys = {key.replace("_", ":", 1): value for key, value in rarity.items()}
    return compare(Asked(asked), Known(known, "error"), keys)


def test_an_error_contains_itself() -> None:
    """What is asked just as it is known is contained in full."""
    error = sign("LedgerError", "ledger shard is locked by tariff", frames=("app.run", "shop.pick"))

    found = evidence(error, error)

    assert (found.containment, found.frames, found.type) == (1.0, 1.0, 1.0)
    assert found.conflict == 0


def test_more_in_the_paste_takes_nothing_away() -> None:
    """Containment is of the entry in the paste: what else the paste says does not count against."""
    known = sign(words="ledger shard is locked", frames=("shop.pick",))
    bare = evidence(known, known)

    wordy = sign(
        words="at noon the ledger shard is locked by tariff 7", frames=("a.b", "shop.pick", "c.d")
    )

    assert evidence(wordy, known).containment == bare.containment
    assert evidence(wordy, known).frames == bare.frames


def test_less_in_the_paste_does() -> None:
    """A paste that holds half of the entry's message holds about half of the evidence."""
    known = sign(words="ledger shard gasket turbine")

    assert evidence(sign(words="ledger shard"), known).containment < 0.6


def test_order_counts() -> None:
    """The same words in another order are less alike."""
    known = sign(words="ledger shard gasket turbine")

    assert evidence(sign(words="turbine gasket shard ledger"), known).containment < 0.8


def test_everyday_words_tell_little() -> None:
    """A message of words that every error uses is not much, even when it is the same."""
    common, telling = sign(words="file not found"), sign(words="gasket turbine beacon")

    assert evidence(common, common).telling < evidence(telling, telling).telling / 3
    assert evidence(common, common).containment < 0.7


def test_rare_words_tell_more() -> None:
    """What stands in many entries tells little about any of them."""
    error = sign(words="ledger shard")
    rarity = {"word_ledger": 0.1, "word_shard": 0.1}

    assert evidence(error, error, **rarity).telling < evidence(error, error).telling


def test_masked_words_do_not_count() -> None:
    """Ids, paths and numbers are no evidence."""
    assert evidence(sign(words="<number> <path>"), sign(words="<number> <path>")).telling == 0


@pytest.mark.parametrize("kind", ["ValueError", "Error", "NullPointerException", "RuntimeError"])
def test_a_plain_type_says_little(kind: str) -> None:
    """Types that every program raises are hardly evidence."""
    assert evidence(sign(kind), sign(kind)).type == 0.2


def test_own_calls_weigh_more_than_library_calls() -> None:
    """A shared framework says nothing; a shared own function does."""
    frames = ("shop.pick", "flask.dispatch", "werkzeug.call")
    known = sign(frames=frames, library=("flask.dispatch", "werkzeug.call"))

    own = evidence(sign(frames=("shop.pick",)), known).frames
    library = evidence(sign(frames=("flask.dispatch", "werkzeug.call")), known).frames

    assert own > 2 * library


def test_another_name_in_the_same_place_speaks_against() -> None:
    """`No module named 'a'` is not `No module named 'b'`."""
    known = sign(words="no module named ledger", names=("ledger",))
    asked = sign(words="no module named gasket", names=("gasket",))

    found = evidence(asked, known)

    assert found.conflict == 1
    assert "gasket" in found.conflicts[0]
    assert "ledger" in found.conflicts[0]


def test_another_code_speaks_against() -> None:
    """Two codes that each name an error cannot be the same error."""
    found = evidence(sign(codes=("letters:E0308",)), sign(codes=("letters:E0277",)))

    assert (found.code, found.conflict) == (0.0, 1.0)


def test_one_shared_code_is_enough() -> None:
    """An error with several codes is recognised by one of them."""
    asked = sign(codes=("name:LEDGER_LOCKED", "name:TRY_LATER"))

    found = evidence(asked, sign(codes=("name:LEDGER_LOCKED", "name:SHARD_FULL")))

    assert (found.code, found.conflict) == (1.0, 0.0)


@pytest.mark.parametrize("code", ["http:500", "errno:ENOENT", "exit:1", "net:ERR_FAILED"])
def test_a_weak_code_is_support_only(code: str) -> None:
    """Codes that many troubles share are told apart from those that name one."""
    found = evidence(sign(codes=(code,)), sign(codes=(code,)))

    assert (found.code, found.weak_code) == (0.0, 1.0)
