"""Print for people: colours where there is a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

COLOURS = {
    "created": "green",
    "updated": "green",
    "match": "bold green",
    "archived": "yellow",
    "conflict": "yellow",
    "skipped": "dim",
    "unchanged": "dim",
    "possible": "bold yellow",
    "failed": "bold red",
}


def console_for(options: dict[str, Any]) -> Console:
    """Return where a command prints: its `stdout` option, else the terminal."""
    return Console(file=options.get("stdout") or sys.stdout, highlight=False, soft_wrap=True)


def show(text: object, style: str = "") -> Text:
    """Return `text` for a terminal: what could move the cursor or hide text is spelled out."""
    plain = "".join(c if c.isprintable() else _spell(c) for c in str(text))
    return Text(plain, style=style)


def _spell(char: str) -> str:
    return char.encode("unicode_escape").decode()


@contextmanager
def progress_bar(
    *, shown: bool
) -> Iterator[tuple[Callable[[str], None], Callable[[object, int], None]]]:
    """Give two functions, to say a line and to move a bar, that show on a terminal only."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not (shown and console.is_terminal)
    ) as bar:
        task = bar.add_task("", total=None)
        yield (
            lambda line: console.print(show(line)),
            lambda _, total: bar.update(task, total=total, advance=1),
        )
