"""Open JSON log records: what they say, as the lines a plain logger would have printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MESSAGE_KEYS = ("log", "message", "msg", "event", "textPayload", "@message")
ERROR_KEYS = ("errorMessage", "error", "err", "exception", "detail", "error_description")
TYPE_KEYS = ("errorType", "exc_type", "exceptionType", "type", "class")
LEVEL_KEYS = ("level", "severity", "levelname", "log.level")
STACK_KEYS = ("exc_info", "stack_trace", "stacktrace", "stackTrace", "stack", "traceback", "trace")
LEVELS = {10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL"}
"""What Node's loggers write as numbers."""

MAX_CHARS = 500_000
MAX_LINES = 400
MAX_NAME = 200


def open_record(text: str) -> list[tuple[str, str]]:
    """Return what a JSON record says as (key, line), or nothing where `text` is no such record.

    The key of what an inner record says starts with the key it stands under and a dot.
    """
    text = text.strip()
    if not (text.startswith("{") and text.endswith("}")) or len(text) > MAX_CHARS:
        return []
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return []
    said = [(key, row) for key, value in _say(record).items() for row in value.split("\n")]
    return said[:MAX_LINES]


def _say(record: Mapping[str, Any]) -> dict[str, str]:
    """Return by key the record's message, its error with type and level, then its stack."""
    before = _before(record)
    found = {
        key: before + str(record[key]).rstrip("\n")
        for keys in (MESSAGE_KEYS, ERROR_KEYS)
        for key in [key for key in keys if isinstance(record.get(key), str)][:1]
    }
    for key in [key for key in ERROR_KEYS if isinstance(record.get(key), dict)][:1]:
        found |= {f"{key}.{inner}": said for inner, said in _flat(record[key]).items()}
    for key in [key for key in STACK_KEYS if record.get(key)][:1]:
        rows = record[key] if isinstance(record[key], list) else [record[key]]
        found[key] = "\n".join(str(row).rstrip("\n") for row in rows)
    return found


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    """Read an error that is a record itself, and not what may be nested in it in turn."""
    return _say({key: value for key, value in record.items() if not isinstance(value, dict)})


def _before(record: Mapping[str, Any]) -> str:
    kind = next((record[key] for key in TYPE_KEYS if isinstance(record.get(key), str)), "")
    if kind[:1].isupper():
        return f"{kind[:MAX_NAME]}: "
    level = next((record[key] for key in LEVEL_KEYS if record.get(key)), "")
    name = LEVELS.get(level, "") if isinstance(level, int) else str(level)
    return f"{name[:MAX_NAME].upper()} " if name else ""
