"""Python tracebacks."""

from __future__ import annotations

import pytest

from kb.errors.dialects.python import MAX_FRAMES, find
from kb.errors.unit import ErrorUnit, Line

HEADER = "Traceback (most recent call last):"
FRAME = '  File "/srv/app/shop.py", line 3, in store'
CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
DURING = "\nDuring handling of the above exception, another exception occurred:\n\n"


def read(text: str) -> list[ErrorUnit]:
    """Return the errors of a text, as if nothing had to be cleaned."""
    return find([Line(number, row) for number, row in enumerate(text.split("\n"), 1)])


def test_a_traceback_gives_type_message_and_calls_crash_first() -> None:
    """The last line names the error, the last frame is where it happened."""
    text = f"""\
starting
{HEADER}
  File "/srv/app/main.py", line 9, in <module>
    store()
{FRAME}
    raise NotStored("order 7")
    ^^^^^^^^^^^^^^^^^^^^^^^^^^
shop.errors.NotStored: order 7
stopping"""

    (unit,) = read(text)

    assert (unit.type, unit.message, unit.role) == ("shop.errors.NotStored", "order 7", "single")
    assert [(f.module, f.function, f.line) for f in unit.frames] == [
        ("shop", "store", 5),
        ("main", "<module>", 3),
    ]
    assert (unit.start, unit.end) == (2, 8)


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ("KeyError: 'x'", [("KeyError", "'x'")]),
        ("KeyError", [("KeyError", "")]),
        ("KeyError:", [("KeyError", "")]),
        ("a.b.Odd: one: two", [("a.b.Odd", "one: two")]),
        ("Odd: one\n  two\n  three\nfour", [("Odd", "one\ntwo\nthree")]),
        ("Odd: \ntwo", [("Odd", "two")]),
        ("  | Odd: in a group", []),
        ("INFO: the server goes on", []),
        ("ERROR: the server goes on", []),
        ("two words", []),
        ("", []),
        (f"{HEADER}\nKeyError: 'x'", [("KeyError", "'x'")]),
    ],
)
def test_the_first_line_that_is_not_indented_names_the_error(
    last: str, found: list[tuple[str, str]]
) -> None:
    """A message may go on, indented; a traceback without its end is none."""
    assert [(unit.type, unit.message) for unit in read(f"{HEADER}\n{FRAME}\n{last}")] == found


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (f"{HEADER}\nA: 1\n{CAUSE}{HEADER}\nB: 2", "root wrapper"),
        (f"{HEADER}\nA: 1\n{DURING}{HEADER}\nB: 2", "wrapper root"),
        (f"{HEADER}\nA: 1\n{CAUSE}{HEADER}\nB: 2\n{CAUSE}{HEADER}\nC: 3", "root wrapper wrapper"),
        (f"{HEADER}\nA: 1\n{DURING}{HEADER}\nB: 2\n{DURING}{HEADER}\nC: 3", "wrapper wrapper root"),
        (f"{HEADER}\nA: 1\n\n\n\n{HEADER}\nB: 2", "single single"),
        (f"{HEADER}\nA: 1\nserver goes on\n{HEADER}\nB: 2", "single single"),
        (f"{CAUSE}{HEADER}\nB: 2", "single"),
    ],
    ids=["cause", "during", "two causes", "twice during", "apart", "unlinked", "cut off"],
)
def test_a_chain_has_its_root(text: str, roles: str) -> None:
    """A direct cause is the root; of errors during handling the last one is."""
    assert " ".join(unit.role for unit in read(text)) == roles


@pytest.mark.parametrize(
    ("file", "module", "own"),
    [
        ("/srv/app/shop.py", "shop", True),
        ("C:\\shop\\orders.py", "orders", True),
        ("app.py", "app", True),
        ("<string>", "<string>", True),
        ("/venv/lib/python3.11/site-packages/flask/app.py", "app", False),
        ("/usr/lib/python3/dist-packages/x.py", "x", False),
        ("/usr/local/lib/python3.11/json/__init__.py", "__init__", False),
        ("C:\\Python311\\Lib\\json\\decoder.py", "decoder", False),
        ("C:\\shop\\venv\\Lib\\site-packages\\x\\y.py", "y", False),
        ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap>", False),
        ("/var/runtime/bootstrap.py", "bootstrap", False),
    ],
)
def test_a_frame_is_the_teams_own_or_a_librarys(file: str, module: str, *, own: bool) -> None:
    """What a package manager or the runtime put there is not the team's own."""
    frame = read(f'{HEADER}\n  File "{file}", line 3, in store\nKeyError')[0].frames[0]

    assert (frame.module, frame.own) == (module, own)


def test_of_a_deep_recursion_the_calls_nearest_the_crash_stay() -> None:
    """A thousand calls do not make a thousand frames."""
    calls = "\n".join(f'  File "a.py", line 1, in f{at}' for at in range(1_000))

    (unit,) = read(f"{HEADER}\n{calls}\nRecursionError: too deep")

    assert len(unit.frames) == MAX_FRAMES
    assert (unit.frames[0].function, unit.frames[-1].function) == ("f999", "f600")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"[ERROR] OSError: no disk\n{HEADER}\n{FRAME}\n    x\nEND RequestId: 1", (1, 4)),
        (f"[ERROR] OSError: no disk\n{HEADER}\n{FRAME}", (1, 3)),
        (f"[ERROR] OSError: no disk\n{HEADER}", (1, 2)),
        (f"[ERROR] OSError: no disk\n{HEADER}\n[ERROR] OSError: other", (1, 2)),
    ],
)
def test_a_lambda_names_the_error_first(text: str, lines: tuple[int, int]) -> None:
    """AWS Lambda prints the error above its traceback, and nothing below."""
    unit = read(text)[0]

    assert (unit.type, unit.message, (unit.start, unit.end)) == ("OSError", "no disk", lines)


def test_a_line_that_merely_ends_like_a_header_needs_an_error() -> None:
    """Prose about tracebacks is none."""
    assert read("It printed Traceback (most recent call last):\nand then it stopped") == []
