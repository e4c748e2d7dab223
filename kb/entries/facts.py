"""What is known of an entry without anyone having written it down, ready to be stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kb.errors.codes import find_exits
from kb.errors.signature import Signature
from kb.markdown.document import ParsedEntry
from kb.markdown.facts.find import find_facts

TELLING = ("error", "symptoms", "diagnosis", "cause")
"""The kinds of section that may say how a program ended."""
ENDS = ("exit", "signal")
NO_TYPES = frozenset({"CORS", "FailedLoad", "Uncaught", "UncaughtError", "WebSocket"})
"""What we call an error that has no type of its own."""
MOST = 24
MAX_CHARS = 16_384

_HINT = re.compile(r"[Ee]xit|status|returncode|signal|SIG[A-Z]|non-zero")


def facts_of(entry: ParsedEntry, signatures: Sequence[tuple[str, Signature]]) -> dict[str, Any]:
    """Return the facts of an entry as JSON-ready values, those of its errors among them."""
    codes = [code for _, signature in signatures for code in signature.codes]
    types = (signature.type for _, signature in signatures)
    exits = [code for code in codes if _is_exit(code)]
    return {
        "types": _distinct(type_ for type_ in types if type_ and type_ not in NO_TYPES),
        "codes": _distinct(code for code in codes if not _is_exit(code)),
        "exit_codes": _distinct([*exits, *_find_exits(entry)]),
        **find_facts(entry).to_dict(),
    }


def _find_exits(entry: ParsedEntry) -> Iterator[str]:
    texts = (section.text for section in entry.sections if section.kind in TELLING)
    for text in (entry.title, entry.error, *texts):
        if _HINT.search(text, 0, MAX_CHARS):
            yield from find_exits(text[:MAX_CHARS])


def _is_exit(code: str) -> bool:
    return code.partition(":")[0] in ENDS


def _distinct(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))[:MOST]
