"""Front matter: the YAML or TOML block on top of a text, read safely and brought to our names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from kb.markdown.document import ParseError
from kb.markdown.frontmatter.aliases import OURS, plain_key
from kb.markdown.frontmatter.names import Path, name_fields
from kb.markdown.limits import MAX_FRONT_MATTER, MAX_NESTING

# Base loaders keep every scalar a string: no broken dates, no endless numbers, no lost zeros.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_KEY = re.compile(r"[\w\"'][^:=]{0,100}+[:=]|#")
_TABLE = re.compile(r"\s{0,20}\[{1,2}([^\[\]]{1,200})\]")
_TOML_KEY = re.compile(r"\s{0,20}[\"']?([\w.-]{1,100})[\"']?\s{0,20}=")
_MAX_BLANK = 5
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a front matter block says, under our names, and how many lines it takes."""

    meta: dict[str, Any] = field(default_factory=dict)
    lines: int = 0


@dataclass(frozen=True, slots=True)
class _Block:
    """A block's values, the lines of its keys by their path, and what is odd about it."""

    values: dict[str, Any]
    lines: dict[Path, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_front_matter(lines: Sequence[str]) -> FrontMatter:
    """Read the block on top of the lines, if any; raise ParseError when it is there but broken."""
    start = next((number for number, line in enumerate(lines[:_MAX_BLANK]) if line.strip()), 0)
    end = _find_end(lines, start)
    if end is None:
        return FrontMatter(_note_open_block(lines, start))
    block = "\n".join(lines[start + 1 : end])
    if len(block.encode()) > MAX_FRONT_MATTER:
        raise ParseError("The front matter is over 16 kB. Move long text below it.", start + 1)
    read = _read_toml if lines[start].startswith("+") else _read_yaml
    found = read(block, start + 2)
    return FrontMatter() if found is None else FrontMatter(_name(found), end + 1)


def _name(block: _Block) -> dict[str, Any]:
    meta = name_fields(block.values, block.lines)
    notes = [*block.notes, *meta.get("notes", ())]
    return meta | ({"notes": notes} if notes else {})


def _find_end(lines: Sequence[str], start: int) -> int | None:
    """Return the closing line; None when the first line is a mere rule above ordinary text."""
    closers = _FENCES.get(lines[start].rstrip()) if lines else None
    if closers is None:
        return None
    end = next((i for i in range(start + 1, len(lines)) if lines[i].rstrip() in closers), None)
    filled = [line for line in lines[start + 1 : end] if line.strip()]
    if end is None or (filled and not _KEY.match(filled[0])):
        return None
    return end


def _note_open_block(lines: Sequence[str], start: int) -> dict[str, Any]:
    """Say so when a block is opened, begins with a key that is known, and is never closed."""
    if len(lines) <= start + 1 or lines[start].rstrip() not in _FENCES:
        return {}
    key = re.match(r"([\w .-]{1,40})[:=]", lines[start + 1])
    if not key or plain_key(key.group(1)) not in OURS:
        return {}
    fence = lines[start].rstrip()
    words = (
        f"line {start + 1}: this {fence} is never closed, so the lines below it are read as text."
    )
    return {"notes": [words]}


def _read_toml(block: str, first: int) -> _Block:
    try:
        return _Block(tomllib.loads(block), _find_toml_lines(block, first))
    except (ValueError, RecursionError) as error:
        place = re.search(r"\(at line (\d{1,6})", str(error))
        line = int(place.group(1)) + first - 1 if place else first - 1
        raise ParseError(f"{_explain(error)} Correct its TOML.", line) from error


def _explain(error: object) -> str:
    """Say what a parser complains of, without the place, which we tell ourselves, or hints for coders."""
    said = re.sub(r"\s*\(at [^()]{1,40}\)|;.*", "", str(error).partition("\n")[0])
    return f"The front matter cannot be read: {said.strip().rstrip('.')}."


def _find_toml_lines(block: str, first: int) -> dict[Path, int]:
    table: Path = ()
    found: dict[Path, int] = {}
    for number, line in enumerate(block.split("\n"), first):
        if opened := _TABLE.match(line):
            table = tuple(part.strip(" \"'") for part in opened.group(1).split("."))
        elif key := _TOML_KEY.match(line):
            found.setdefault((*table, key.group(1)), number)
    return found


def _read_yaml(block: str, first: int) -> _Block | None:
    """Return the block's mapping, or None when it is plain prose between two rules."""
    try:
        _refuse_tricks(block, first)
        node = yaml.compose(block, Loader=_LOADER)
    except ParseError:
        raise
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first if error.problem_mark else first - 1
        raise ParseError(f"{_explain(error.problem)} Correct its YAML.", line) from error
    except Exception as error:
        raise ParseError(f"{_explain(error)} Correct its YAML.", first - 1) from error
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return _Block({})
    if not isinstance(node, yaml.MappingNode):
        return None
    found = _Block({})
    found.values.update(_build_mapping(node, (), first, found))
    return found


def _build(node: yaml.Node, path: Path, first: int, found: _Block) -> Any:
    """Turn nodes into strings, lists and mappings of them, whatever tags they carry."""
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, path, first, found)
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_build(item, (*path, str(place)), first, found) for place, item in items]
    return node.value


def _build_mapping(node: yaml.MappingNode, path: Path, first: int, found: _Block) -> dict[str, Any]:
    """Build a mapping; of a key that stands twice, the first value is used and the other noted."""
    values: dict[str, Any] = {}
    for key, item in node.value:
        line = key.start_mark.line + first
        if not isinstance(key, yaml.ScalarNode):
            raise ParseError("A key of the front matter must be a word, not a list.", line)
        if key.value in values:
            found.notes.append(f"line {line}: `{key.value}` stands twice; the first one is used.")
            continue
        here = (*path, key.value)
        found.lines[here] = line
        values[key.value] = _build(item, here, first, found)
    return values


def _refuse_tricks(block: str, first: int) -> None:
    """Stop before building anything from aliases (bombs when copied) or from deep nesting."""
    depth = 0
    for event in yaml.parse(block, Loader=_LOADER):
        line = event.start_mark.line + first if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise ParseError(
                "Front matter may not use YAML aliases (*name). Repeat the value.", line
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_NESTING:
            raise ParseError(
                f"The front matter nests deeper than {MAX_NESTING} levels. Keep it flat.", line
            )
