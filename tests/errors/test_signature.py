"""What identifies an error, whatever varies."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors.envelope import normalise
from kb.errors.segment import segment
from kb.errors.signature import KEY_SIZE, Signature, signature_of, signatures_of
from kb.errors.unit import ErrorUnit, Frame

NAME = st.from_regex(r"[a-z][a-z0-9_-]{1,8}", fullmatch=True).filter(
    lambda name: name not in ("internal", "native")
)
PATH = st.lists(NAME, min_size=2, max_size=4).map(lambda names: "/" + "/".join(names))
VALUES = st.fixed_dictionaries(
    {
        "line": st.integers(1, 99_999),
        "n": st.integers(0, 10**9),
        "uuid": st.uuids(),
        "sha": st.integers(0, 16**38).map(lambda number: f"a1{number:038x}"),
        "address": st.integers(16**8, 16**12).map(hex),
        "time": st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(  # noqa: DTZ001  # a log's own clock
            lambda time: time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        ),
        "path": PATH,
        "windows": PATH.map(lambda path: "C:" + path.replace("/", "\\")),
        "ip": st.ip_addresses(v=4) | st.ip_addresses(v=6, network="2001:db8:7:7::/64"),
        "host": st.builds("{}.example.com:{}".format, NAME, st.integers(1_000, 65_535)),
        "url": st.builds("https://{}.example.com{}?page={}".format, NAME, PATH, st.integers(0)),
        "email": st.builds("{}@{}.example".format, NAME, NAME),
        "took": st.floats(0, 10**6, allow_nan=False).map("{:.2f}ms".format),
    }
)
TEMPLATES = {
    "python": """\
{time} INFO asked for {path}
Traceback (most recent call last):
  File "{path}/uploads.py", line {line}, in store
    with open(path, "wb") as handle:
OSError: [Errno 30] Read-only file system: '{path}'""",
    "python on Windows": """\
Traceback (most recent call last):
  File "{windows}\\uploads.py", line {line}, in store
shop.NotStored: order {n} is not stored at {windows} (see {url})""",
    "java": """\
{time} [main] INFO shop.Depot - asked
java.lang.IllegalStateException: lease {uuid} of {host} expired at {time}
\tat shop.Depot.pick(Depot.java:{line})
\tat java.base/java.lang.Thread.run(Thread.java:{line})""",
    "node": """\
{path}/app.js:{line}
TypeError: fetch of {url} failed after {took}
    at send ({path}/app.js:{line}:{line})
    at async file://{path}/main.mjs:{line}:{line}""",
    "browser": (
        "app-{sha}.js:{line} Access to fetch at '{url}' from origin 'https://{host}' "
        "has been blocked by CORS policy: none"
    ),
    "log": "{time} ERROR [worker-{n}] shop.Orders: order {n} of {email} not on {host} after {took}",
    "log ids": "ERROR request {uuid} from {ip} at {address} in build {sha} failed after {n} tries",
    "lambda": "[ERROR]\t{time}\t{uuid}\tunknown part rivet at {ip}",
    "nginx": '{time} [error] {n}#{n}: *{n} connect() failed, client: {ip}, server: x, host: "{host}"',
    "json": '{{"time": "{time}", "level": "error", "msg": "order {n} lost", "id": "{uuid}"}}',
    "klog": 'E1122 15:04:05.{line}       7 sync.go:{line}] "Sync failed" err="dial {ip}: refused"',
}


def identify(template: str, values: dict[str, object]) -> tuple[Signature, ...]:
    """Return what identifies the errors of a text made from a template."""
    return signatures_of(segment(normalise(template.format(**values)).lines))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
@settings(max_examples=10, deadline=None)
@given(VALUES, VALUES)
def test_what_varies_does_not_change_a_signature(
    template: str, one: dict[str, object], other: dict[str, object]
) -> None:
    """Line numbers, times, ids, paths, addresses and durations are not what identifies an error."""
    assert identify(template, one) == identify(template, other) != ()


def unit(message: str = "", kind: str = "", **over: object) -> ErrorUnit:
    """Return an error with the parts that matter."""
    fields = {"runtime": "text", "type": kind, "message": message, "start": 1, "end": 1}
    return ErrorUnit(**(fields | over))  # type: ignore[arg-type]  # a test's fields are right


FULL = unit(
    "No module named 'serverless_wsgi' in 12 ms",
    "a.b.OddError",
    codes=("errno:ENOENT",),
    frames=(
        Frame("app", "load", True, 3),
        Frame("app", "load", True, 4),
        Frame("x", "y", False, 5),
    ),
)


def test_a_signature_holds_the_facts_in_order() -> None:
    """Types lose their package, values their value, repeated frames their number."""
    assert signature_of(FULL) == Signature(
        type="OddError",
        codes=("errno:ENOENT",),
        words=("no", "module", "named", "serverless_wsgi", "in", "<number>", "ms"),
        names=("serverless_wsgi",),
        frames=("app.load", "x.y"),
        own=(True, False),
    )


def test_keys_run_from_the_most_telling_kind_to_the_least() -> None:
    """Codes, type, words without grammar, pairs, frames; what is masked is no key."""
    assert signature_of(FULL).search_keys() == (
        "code:errno:ENOENT",
        "type:OddError",
        "word:module",
        "word:named",
        "word:serverless_wsgi",
        "word:ms",
        "pair:no module",
        "pair:module named",
        "pair:named serverless_wsgi",
        "pair:serverless_wsgi in",
        "frame:app.load",
        "frame:x.y",
    )


def test_a_plain_type_is_no_key() -> None:
    """`ValueError` finds everything, so it finds nothing."""
    assert signature_of(unit("", "builtins.ValueError")).search_keys() == ()


def test_the_facts_survive_a_database() -> None:
    """A signature comes back from JSON as it was."""
    signature = signature_of(FULL)
    assert Signature.of_facts(json.loads(json.dumps(signature.facts()))) == signature


def test_a_key_fits_its_column() -> None:
    """However long a name is, its key has 160 characters at most, which the database column holds."""
    from kb.models import SignatureKey

    wide = unit(
        f"'{'İ' * 150}' {'w' * 200} {'a b ' * 40}",
        "T" * 300 + "Error",
        frames=tuple(Frame("m" * 300, f"f{at}" * 90, True, at) for at in range(40)),
    )

    signature = signature_of(wide)

    assert SignatureKey._meta.get_field("key").max_length == KEY_SIZE == 160
    assert max(map(len, signature.search_keys())) <= KEY_SIZE
    assert (len(signature.words), len(signature.frames)) == (40, 20)


def test_names_are_twelve_at_most() -> None:
    """A list of names does not fill a database."""
    assert (
        len(signature_of(unit(" ".join(f"'{a}{b}x'" for a in "abcdef" for b in "ghi"))).names) == 12
    )


@pytest.mark.parametrize(
    ("bare", "kept"),
    [
        (unit(), False),
        (unit("17 42"), False),
        (unit("", "ValueError"), False),
        (unit("", "OddError"), True),
        (unit("odd"), True),
        (unit("", codes=("http:500",)), True),
        (unit("", frames=(Frame("app", "load", True, 3),)), True),
    ],
)
def test_what_holds_nothing_to_compare_is_no_signature(bare: ErrorUnit, *, kept: bool) -> None:
    """An error without code, word, telling type or call matches nothing."""
    assert bool(signatures_of([bare])) == kept


def test_the_same_signature_is_given_once() -> None:
    """Two errors that differ in what varies are one."""
    assert len(signatures_of([unit("lost after 3 ms"), unit("lost after 77 ms")])) == 1
