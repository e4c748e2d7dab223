"""One leaf per runtime: a file with `find(lines) -> list[ErrorUnit]`; earlier ones claim their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kb.errors.dialects import browser, java, log, node, python
from kb.errors.unit import ErrorUnit, Line

DIALECTS: tuple[Callable[[Sequence[Line]], list[ErrorUnit]], ...] = (
    python.find,
    java.find,
    node.find,
    browser.find,
    log.find,
)
