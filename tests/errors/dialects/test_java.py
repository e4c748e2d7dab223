"""Java stack traces."""

from __future__ import annotations

import pytest

from kb.errors.dialects.java import find
from kb.errors.unit import ErrorUnit, Line

AT = "\tat shop.Depot.pick(Depot.java:5)"


def read(*rows: str) -> list[ErrorUnit]:
    """Return the errors of some rows."""
    return find([Line(number, row) for number, row in enumerate(rows, 1)])


@pytest.mark.parametrize(
    ("header", "kind", "message"),
    [
        ("java.lang.IllegalStateException: no", "java.lang.IllegalStateException", "no"),
        ("java.lang.IllegalStateException", "java.lang.IllegalStateException", ""),
        ('Exception in thread "main" a.b.C: x: y', "a.b.C", "x: y"),
        ("  a.b.C$D: x", "a.b.C$D", "x"),
    ],
)
def test_a_header_with_a_stack_is_an_error(header: str, kind: str, message: str) -> None:
    """The first line names the type, with its package, and the message."""
    (unit,) = read("starting", header, AT, "stopping")

    assert (unit.type, unit.message, unit.start, unit.end) == (kind, message, 2, 3)


@pytest.mark.parametrize("header", ["a.b.C: x", "shop.Depot - asked", "IllegalState: no", ""])
def test_a_header_without_a_stack_is_none(header: str) -> None:
    """Names with dots stand in many lines."""
    assert read(header, "going on", "", "", AT) == []


def test_a_message_may_go_on_before_the_stack() -> None:
    """The rows between header and first call belong to the message."""
    (unit,) = read("a.b.C: one", "  two", "three", AT)

    assert unit.message == "one\ntwo\nthree"


def test_a_cause_without_calls_takes_no_rows() -> None:
    """Where a stack was cut away, what follows is not part of the message."""
    (unit,) = read("Caused by: a.b.C: one", "going on", "and on")

    assert (unit.message, unit.start, unit.end) == ("one", 1, 1)


@pytest.mark.parametrize(
    ("rows", "roles"),
    [
        (["a.A", AT, "Caused by: a.B", AT], "wrapper root"),
        (
            ["a.A", AT, "Caused by: a.B", AT, "\t... 2 more", "Caused by: a.C"],
            "wrapper wrapper root",
        ),
        (["a.A", AT, "\t... 2 common frames omitted", "Caused by: a.B"], "wrapper root"),
        (["a.A", AT, "Wrapped by: a.B", AT], "root wrapper"),
        (["a.A", AT, "Wrapped by: a.B", AT, "Wrapped by: a.C"], "root wrapper wrapper"),
        (["a.A", AT, "\tSuppressed: a.B", "\t" + AT], "single wrapper"),
        (["a.A", AT, "a.B", AT], "single single"),
        (["Caused by: a.B", AT], "root"),
        (["a.A", AT, "1", "2", "3", "4", "Caused by: a.B", AT], "single root"),
    ],
)
def test_the_last_cause_is_the_root(rows: list[str], roles: str) -> None:
    """Causes lead inwards, wrappers outwards, and what was suppressed is beside the point."""
    assert " ".join(unit.role for unit in read(*rows)) == roles


@pytest.mark.parametrize(
    ("call", "module", "function", "own"),
    [
        ("shop.Depot.pick(Depot.java:5)", "Depot", "pick", True),
        ("shop.Depot$Shelf.<init>(Depot.java)", "Depot$Shelf", "<init>", True),
        ("shop.Depot$1.run(Unknown Source)", "Depot", "run", True),
        ("shop.Depot$$Lambda$14/0x00007f.apply(Unknown Source)", "Depot", "apply", True),
        ("shop.Depot$$EnhancerBySpringCGLIB$$1a2b.pick(<generated>)", "Depot", "pick", True),
        ("app//shop.Depot.pick(Depot.java:5)", "Depot", "pick", True),
        ("java.base/java.lang.Integer.parseInt(Integer.java:668)", "Integer", "parseInt", False),
        ("java.base@17.0.1/java.lang.Thread.run(Thread.java:1)", "Thread", "run", False),
        ("org.springframework.web.X.do(X.java:1) ~[web.jar:5.1]", "X", "do", False),
        ("jdk.internal.GeneratedMethodAccessor12.invoke(Unknown Source)", None, "invoke", False),
        ("pick(Depot.java:5)", "", "pick", True),
    ],
)
def test_a_frame_loses_what_varies(
    call: str, module: str | None, function: str, *, own: bool
) -> None:
    """Generated classes, lambdas and modules change from run to run; the class stays."""
    frame = read("a.b.C: x", f"\tat {call}")[0].frames[0]

    assert frame.module == (module if module is not None else "GeneratedMethodAccessor")
    assert (frame.function, frame.own) == (function, own)
