"""The facts of an entry with those of its errors, ready to be stored."""

from __future__ import annotations

import json

import pytest

from kb.entries.facts import facts_of
from kb.entries.identify import identify
from kb.entries.prepare import read
from kb.errors.codes import find_exits

TEXT = """# Worker dies

## Error

```text
Traceback (most recent call last):
  File "/app/worker.py", line 3, in run
    save(path)
OSError: [Errno 28] No space left on device
```

The container exited with code 137.

## Fix

Run `docker system prune -f`.
"""


def test_it_works() -> None:
    """Types, codes and exit codes stand beside what the text tells."""
    (entry,) = read(TEXT, "worker.md").entries
    found = facts_of(entry, identify(entry))

    assert found["types"] == ["OSError"]
    assert found["codes"] == ["errno:ENOSPC"]
    assert found["exit_codes"] == ["exit:137"]
    assert [command["text"] for command in found["commands"]] == ["docker system prune -f"]
    assert list(found) == [
        "types", "codes", "exit_codes", "commands", "links", "pairs", "versions", "dates", "duration",
    ]  # fmt: skip
    assert json.loads(json.dumps(found)) == found


def test_without_errors_there_are_no_types() -> None:
    """An entry of mere words has empty lists."""
    (entry,) = read("# Slow page\n\n## Cause\n\nToo much on it.\n", "a.md").entries
    found = facts_of(entry, ())

    assert (found["types"], found["codes"], found["exit_codes"]) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exit code 137", "exit:137"),
        ("exited with code 1", "exit:1"),
        ("exit status 2", "exit:2"),
        ("Exited (139) 5 minutes ago", "exit:139"),
        ("terminated with status 137", "exit:137"),
        ('"exitCode": 134', "exit:134"),
        ("returned a non-zero code: 100", "exit:100"),
        ("exit code was 3", "exit:3"),
        ("killed by SIGKILL", "signal:SIGKILL"),
        ("terminated by signal 9", "signal:9"),
    ],
)
def test_exits_are_found_in_many_words(text: str, expected: str) -> None:
    """However a program's end is put."""
    assert find_exits(text) == (expected,)


@pytest.mark.parametrize(
    "text", ["status 200", "status 404", "HTTP 500", "exit code 0", "signal 5 bars"]
)
def test_other_numbers_are_no_exits(text: str) -> None:
    """Answers over HTTP, success and other counts are left out."""
    assert find_exits(text) == ()
