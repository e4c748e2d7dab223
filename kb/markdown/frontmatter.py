"""Front matter: the YAML or TOML block on top of a text, read safely and brought to our names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from kb.markdown.document import ParseError
from kb.markdown.limits import MAX_FRONT_MATTER, MAX_NESTING
from kb.markdown.meta import name_fields

# Base loaders keep every scalar a string: no broken dates, no endless numbers, no lost zeros.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_KEY = re.compile(r"[\w\"'][^:=]{0,100}+[:=]|#")
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a front matter block says, under our names, and how many lines it takes."""

    meta: dict[str, Any] = field(default_factory=dict)
    lines: int = 0


def read_front_matter(lines: Sequence[str]) -> FrontMatter:
    """Read the block on top of the lines, if any; raise ParseError when it is there but broken."""
    end = _find_end(lines)
    if end is None:
        return FrontMatter()
    block = "\n".join(lines[1:end])
    if len(block.encode()) > MAX_FRONT_MATTER:
        raise ParseError("The front matter is over 16 kB. Move long text below it.")
    values = _read_toml(block) if lines[0].startswith("+") else _read_yaml(block)
    return FrontMatter() if values is None else FrontMatter(name_fields(values), end + 1)


def _find_end(lines: Sequence[str]) -> int | None:
    """Return the closing line; None when the first line is a mere rule above ordinary text."""
    closers = _FENCES.get(lines[0].rstrip()) if lines else None
    if closers is None:
        return None
    end = next((i for i in range(1, len(lines)) if lines[i].rstrip() in closers), None)
    filled = [line for line in lines[1:end] if line.strip()]
    if end is None or (filled and not _KEY.match(filled[0])):
        return None
    return end


def _read_toml(block: str) -> dict[str, Any]:
    try:
        return tomllib.loads(block)
    except (ValueError, RecursionError) as error:
        place = re.search(r"\(at line (\d{1,6})", str(error))
        line = int(place.group(1)) + 1 if place else 1
        raise ParseError(f"The front matter is not valid TOML: {error}", line) from error


def _read_yaml(block: str) -> dict[str, Any] | None:
    """Return the block's mapping, or None when it is plain prose between two rules."""
    try:
        _refuse_tricks(block)
        values = yaml.load(block, Loader=_LOADER)  # noqa: S506 - base loader: strings, lists, maps
    except ParseError:
        raise
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise ParseError(f"The front matter is not valid YAML: {error.problem}", line) from error
    except Exception as error:
        raise ParseError(f"The front matter cannot be read: {error}", 1) from error
    if values is None or values == "":
        return {}
    return values if isinstance(values, dict) else None


def _refuse_tricks(block: str) -> None:
    """Stop before building anything from aliases (bombs when copied) or from deep nesting."""
    depth = 0
    for event in yaml.parse(block, Loader=_LOADER):
        line = event.start_mark.line + 2 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise ParseError(
                "Front matter may not use YAML aliases (*name). Repeat the value.", line
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_NESTING:
            raise ParseError(f"The front matter nests deeper than {MAX_NESTING} levels.", line)
