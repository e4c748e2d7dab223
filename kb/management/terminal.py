"""Print for people: colours where there is a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.text import Text

COLOURS = {
    "created": "green",
    "updated": "green",
    "match": "bold green",
    "conflict": "yellow",
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
