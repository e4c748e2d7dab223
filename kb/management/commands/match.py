"""`manage.py match`: find the entry that explains an error."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kb.management.stores import migrate_when_needed
from kb.matching.answer import to_dict
from kb.matching.match import match
from kb.matching.result import Match, Result
from kb.models import OPERATOR

MAX_MATCHES = 20
VERDICTS = {"match": "Matches", "possible": "Possibly", "none": "Unlikely"}
TOO_LONG = b"too long"
EXAMPLE = '{"id": 1, "text": "what went wrong"}'


class Command(BaseCommand):
    """Match a paste from a file or from standard input."""

    help = "Find the entries that explain an error read from FILE, or from standard input."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", metavar="FILE")
        parser.add_argument("--limit", type=_read_limit, default=5, help="most entries to show")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="print the answer as JSON")
        form.add_argument(
            "--jsonl", action="store_true", help=f"match one JSON object a line, such as {EXAMPLE}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with _open(options["file"]) as file:
            migrate_when_needed()
            if options["jsonl"]:
                for line in _read_lines(file):
                    self.stdout.write(json.dumps(_answer_line(line, options["limit"])))
                    self.stdout.flush()
                return
            text = _read_text(file)
        result = match(text, limit=options["limit"], user=OPERATOR)
        if options["json"]:
            self.stdout.write(json.dumps(to_dict(result)))
        else:
            _print_result(result, options)


def _read_limit(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_MATCHES:
        return int(text)
    raise ArgumentTypeError(f"use a whole number from 1 to {MAX_MATCHES}")


def _open(name: str) -> AbstractContextManager[IO[bytes]]:
    if name == "-":
        if sys.stdin.isatty():
            sys.stderr.write("Paste the error, then press Ctrl-D.\n")
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise CommandError(f"Cannot read {name}: {error.strerror}.") from error


def _read_text(file: IO[bytes]) -> bytes:
    text = file.read(settings.KB_PASTE_BYTES + 1)
    if len(text) > settings.KB_PASTE_BYTES:
        raise CommandError(_explain_size())
    return text


def _read_lines(file: IO[bytes]) -> Iterator[bytes]:
    # JSON may write one byte of a text as six.
    longest = 6 * settings.KB_PASTE_BYTES + 1024
    while line := file.readline(longest):
        if len(line) == longest and not line.endswith(b"\n"):
            line = TOO_LONG
            while (rest := file.readline(longest)) and not rest.endswith(b"\n"):
                pass
        if not line.isspace():
            yield line


def _answer_line(line: bytes, limit: int) -> dict[str, Any]:
    try:
        asked = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        return _fail(None, _explain_size() if line is TOO_LONG else f"Not JSON; send {EXAMPLE}.")
    name, text = asked.get("id"), asked.get("text")
    if not isinstance(name, str | int | None):
        return _fail(None, f"The id is neither text nor a whole number; send {EXAMPLE}.")
    if not isinstance(text, str):
        return _fail(name, f"There is no text; send {EXAMPLE}.")
    if len(text.encode(errors="replace")) > settings.KB_PASTE_BYTES:
        return _fail(name, _explain_size())
    return {"id": name} | to_dict(match(text, limit=limit, user=OPERATOR))


def _fail(name: str | int | None, error: str) -> dict[str, Any]:
    return {"id": name, "error": error}


def _explain_size() -> str:
    size = settings.KB_PASTE_BYTES // 1024 // 1024
    return f"Larger than {size} MB; send the part around the error."


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _print_result(result: Result, options: dict[str, Any]) -> None:
    from kb.management.terminal import COLOURS, console_for, show

    console = console_for(options)
    if result.verdict == "none":
        console.print(show("Nothing known", "bold"))
    for found in result.matches:
        console.print(
            show(VERDICTS[found.verdict], COLOURS.get(found.verdict, "")), show(found.title, "bold")
        )
        for line in _describe(found):
            console.print(show(f"  {line}"))
    if not result.matches:
        for unit in result.units:
            console.print(show(f"  read: {unit.type} {unit.message}".rstrip()[:200]))
    for note in result.notes:
        console.print(show(note, "dim"))


def _describe(found: Match) -> Iterator[str]:
    yield f"{settings.KB_URL}{found.url}"
    yield found.path
    for sign, reasons in (("+", found.reasons), ("-", found.against)):
        for reason in reasons:
            lines = ", ".join(map(str, reason.lines))
            yield f"{sign} {reason.text}" + (f" (line {lines})" if lines else "")
