"""A text to begin from: the team's template, or a draft around a pasted error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone

from kb.errors.unit import ErrorUnit, Line
from kb.markdown.document import Block, Heading, ParseError
from kb.markdown.headings.kinds import known_kind
from kb.markdown.parse import parse
from kb.matching.result import Result

TEMPLATE = "_template.md"
MAX_TEMPLATE = 64 * 1024
MAX_TITLE = 120
MAX_LINES = 60
MAX_LINE = 500
SKELETON = """\
---
tags: []
---

# What broke, in a few words

## Error

```
the message as the software prints it
```

## Cause

Why it happened.

## Fix

1. What to do, step by step.

## Lessons

- What to remember, and what would have caught it earlier.
"""


def read_template() -> str:
    """Return the team's template with the date of today, or the built-in skeleton."""
    try:
        with (settings.KB_CONTENT_DIR / TEMPLATE).open(encoding="utf-8") as file:
            lines = (file.read(MAX_TEMPLATE) or SKELETON).split("\n")
    except (OSError, UnicodeDecodeError):
        return SKELETON
    _set_meta(lines, "date", timezone.localdate().isoformat())
    return "\n".join(lines)


def draft(result: Result, template: str) -> str:
    """Return `template` with the pasted error in its error block and a guess at the title."""
    title = guess_title(result.units)
    try:
        return _fill(template, title, list(_quote(result)))
    except ParseError:
        return _fill(SKELETON, title, list(_quote(result)))


def guess_title(units: Sequence[ErrorUnit]) -> str:
    """Name the most telling error in one line."""
    if not units:
        return ""
    parts = (part.strip() for part in (units[0].type, units[0].message))
    title = " ".join(": ".join(filter(None, parts)).split())
    return title if len(title) <= MAX_TITLE else f"{title[:MAX_TITLE].rstrip()}…"


def _quote(result: Result) -> Iterator[str]:
    """Yield the paste in a fence that nothing in it closes; a long paste is cut to its error."""
    lines = _choose(result.lines, result.units)
    inside = [line.text[:MAX_LINE] for line in lines]
    ticks = max((len(run) for line in inside for run in re.findall(r"`++", line)), default=0)
    fence = "`" * max(3, ticks + 1)
    yield from (fence, *inside, fence)


def _choose(lines: Sequence[Line], units: Sequence[ErrorUnit]) -> Sequence[Line]:
    while lines and not lines[-1].text.strip():
        lines = lines[:-1]
    if len(lines) > MAX_LINES and units:
        lines = [line for line in lines if units[0].start <= line.number <= units[0].end]
    return lines[-MAX_LINES:]


def _fill(template: str, title: str, quote: list[str]) -> str:
    """Put title and quote where the template has its own, or add them where it has none."""
    document = parse(template)
    lines, nodes = list(document.lines), document.nodes
    headings = [node for node in nodes if isinstance(node, Heading) and not node.label]
    error = next((head for head in headings if known_kind(head.text) == "error"), None)
    fence = _fence_below(nodes, error) if error else None
    name = next((head for head in headings if head.level == 1), None)
    if fence:
        lines[fence.start : fence.end] = quote
    elif error:
        lines[error.end : error.end] = ["", *quote]
    else:
        end = name.end if name else document.body_start
        lines[end:end] = ["", "## Error", "", *quote, ""]
    if name and title:
        lines[name.start : name.end] = [f"# {title}"]
    if title:
        _set_meta(lines, "title", json.dumps(title, ensure_ascii=False))
    return "\n".join(lines)


def _set_meta(lines: list[str], key: str, value: str) -> None:
    """Set the front matter's line for `key`, where there is one."""
    if not lines or lines[0].strip() != "---":
        return
    for at, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return
        if line.startswith(f"{key}:"):
            lines[at] = f"{key}: {value}"
            return


def _fence_below(nodes: Sequence[Heading | Block], heading: Heading) -> Block | None:
    after = nodes[nodes.index(heading) + 1 :]
    stop = next((at for at, node in enumerate(after) if isinstance(node, Heading)), len(after))
    blocks = (node for node in after[:stop] if isinstance(node, Block))
    return next((block for block in blocks if block.kind == "fence"), None)
