"""`manage.py match`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.core.management import CommandError, call_command

from kb.models import Entry

MakeEntry = Callable[..., Entry]
Send = Callable[[bytes], None]

PASTE = b"OSError: [Errno 30] Read-only file system: '/var/task/upload_99.jpg'\n"


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Send:
    """Return a function that lays bytes into standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text)))


def run(*args: str | Path) -> str:
    """Run the command and return what it printed."""
    out = StringIO()
    call_command("match", *map(str, args), stdout=out)
    return out.getvalue()


def test_it_works(make_entry: MakeEntry, send: Send) -> None:
    """A paste on standard input gets the entry, its address and the reasons."""
    entry = make_entry(path="aws/lambda.md")
    send(PASTE)
    printed = run()

    assert f"Matches {entry.title}" in printed
    assert f"/entries/{entry.slug}/" in printed
    assert "aws/lambda.md" in printed
    assert "(line 1)" in printed


def test_at_a_terminal_it_says_what_to_do(
    db: None, send: Send, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who calls it without a file is told to paste, and how to end."""
    send(b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    run()

    assert capsys.readouterr().err == "Paste the error, then press Ctrl-D.\n"


def test_it_reads_a_file(make_entry: MakeEntry, tmp_path: Path) -> None:
    """A log file can be named instead."""
    make_entry()
    log = tmp_path / "app.log"
    log.write_bytes(PASTE)

    assert run(log).startswith("Matches")


def test_nothing_known_tells_what_was_read(make_entry: MakeEntry, send: Send) -> None:
    """Without an entry the answer says which error was understood."""
    send(b"ZeroDivisionError: division by zero\n")
    printed = run()

    assert printed.startswith("Nothing known")
    assert "read: ZeroDivisionError division by zero" in printed


def test_json_has_the_shape_of_the_api(make_entry: MakeEntry, send: Send) -> None:
    """Programs get the same object on both doors."""
    entry = make_entry(path="aws/lambda.md")
    send(PASTE)
    answer = json.loads(run("--json"))

    assert set(answer) == {"verdict", "matches", "units", "notes", "ms"}
    best = answer["matches"][0]
    assert (answer["verdict"], best["slug"], best["path"]) == ("match", entry.slug, "aws/lambda.md")
    assert {"title", "url", "score", "confidence", "reasons"} <= set(best)


def test_limit_cuts_the_list(make_entry: MakeEntry, send: Send) -> None:
    """No more entries than asked for are shown."""
    for number in range(3):
        make_entry(path=f"{number}.md")
    send(PASTE)

    assert len(json.loads(run("--json", "--limit", "2"))["matches"]) == 2


@pytest.mark.parametrize("limit", ["0", "21", "-1", "ten", "²", "9" * 5000])
def test_a_limit_out_of_range_is_refused(limit: str) -> None:
    """The range is said."""
    with pytest.raises(CommandError, match="whole number from 1 to 20"):
        run(f"--limit={limit}")


def test_terminal_output_escapes_control_characters(make_entry: MakeEntry, send: Send) -> None:
    """Neither a paste nor an entry can move the cursor, colour the text or turn it round."""
    make_entry(title="Evil \x1b[31m red \u202e txt")
    send(PASTE)
    printed = run()
    send(b"Boom\x07Error: \x1b]0;title\x07 x\xc2\x9b31m\n")
    printed += run()

    assert not [c for c in printed if not c.isprintable() and c != "\n"]


def test_a_paste_beyond_the_limit_is_refused(db: None, send: Send, settings: Any) -> None:
    """At the limit it is read; one byte more is refused with what to do."""
    settings.KB_PASTE_BYTES = 1024 * 1024
    send(b"x" * 1024 * 1024)
    run()
    send(b"x" * (1024 * 1024 + 1))

    with pytest.raises(CommandError, match="Larger than 1 MB; send the part around the error"):
        run()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message says which file and why."""
    with pytest.raises(CommandError, match=r"Cannot read .*nothing\.log: No such file"):
        run(tmp_path / "nothing.log")


def test_jsonl_answers_line_by_line(make_entry: MakeEntry, send: Send) -> None:
    """One object in, one out, in the same order; a bad line does not stop the others."""
    entry = make_entry()
    paste = PASTE.decode()
    lines = [
        json.dumps({"id": 1, "text": paste}),
        "not json",
        json.dumps({"id": "b", "text": "all is well"}),
        '{"id": NaN, "text": "x"}',
        "[" * 100_000,
        "",
        json.dumps({"id": "c"}),
        json.dumps({"id": ["d"], "text": "x"}),
        json.dumps({"text": paste, "id": None}),
        '{"id": "\\ud800", "text": "\\ud800"}',
    ]
    send("\n".join(lines).encode())
    answers = [json.loads(line) for line in run("--jsonl").splitlines()]

    assert [answer["id"] for answer in answers] == [
        1,
        None,
        "b",
        None,
        None,
        "c",
        None,
        None,
        "\ud800",
    ]
    assert ["error" in a for a in answers] == [
        False,
        True,
        False,
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert answers[0]["matches"][0]["slug"] == entry.slug
    assert answers[1]["error"] == 'Not JSON; send {"id": 1, "text": "what went wrong"}.'


def test_jsonl_bounds_a_line(db: None, send: Send, settings: Any) -> None:
    """A line without end is answered with an error and skipped to its end."""
    settings.KB_PASTE_BYTES = 1000
    send(
        b'{"id": 1, "text": "'
        + b"x" * 30_000
        + b'"}\n'
        + b'{"id": 2, "text": "'
        + b"x" * 1001
        + b'"}\n'
        + b'{"id": 3, "text": "ok"}'
    )
    answers = [json.loads(line) for line in run("--jsonl").splitlines()]

    assert [(a["id"], "error" in a) for a in answers] == [(None, True), (2, True), (3, False)]


def test_it_starts_without_the_web(tmp_path: Path) -> None:
    """The command line does not load what only the API needs; it would double its start."""
    script = (
        "import sys, django; django.setup();"
        "from kb.management.commands import match, ingest, reindex, export;"
        "sys.exit(', '.join({'ninja', 'pydantic', 'kb.web', 'rich'} & set(sys.modules)) or 0)"
    )
    env = {"DJANGO_SETTINGS_MODULE": "kb.settings", "KB_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=live.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
