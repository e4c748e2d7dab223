"""Our names for what front matter says, whatever dialect it was written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.markdown.frontmatter.aliases import FIELDS, FLAGS, INSIDE, OURS, WRAPPERS, plain_key
from kb.markdown.frontmatter.values import Misfit, read_value, to_plain
from kb.markdown.repair import clean

Path = tuple[str, ...]

_NO_PRODUCTS = frozenset({"schema", "doc", "document", "template", "content", "format", "spec"})
_MOST_WRAPPERS = 6


@dataclass(frozen=True, slots=True)
class _Named:
    """What was understood, what is kept as it was, and what people should know of it."""

    lines: Mapping[Path, int]
    meta: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def note(self, path: Path, words: str) -> None:
        """Keep a plain sentence with the line it is about, where that is known."""
        line = self.lines.get(path)
        self.notes.append(f"line {line}: {words}" if line else words)


def name_fields(
    values: Mapping[Any, Any], lines: Mapping[Path, int] | None = None
) -> dict[str, Any]:
    """Sort values under our names; what has no name, or not the right shape, goes to `extra`.

    `lines` are the 1-based lines of the keys, by the path of keys that leads to each.
    """
    named = _Named(lines or {})
    plain = {clean(str(key)): to_plain(value) for key, value in values.items()}
    for path, told in _open_wrappers(plain, (), named):
        name, value = _name(path, told, plain)
        if name is None or value in ("", [], {}) or not _put(named, name, value, path):
            named.extra[".".join(path)] = value
    _complete(named.meta)
    kept = (("extra", named.extra), ("notes", named.notes))
    return named.meta | {name: part for name, part in kept if part}


def _open_wrappers(
    values: Mapping[str, Any], above: Path, named: _Named
) -> Iterator[tuple[Path, Any]]:
    for key, value in values.items():
        path = (*above, key)
        if plain_key(key) == "rules" and _is_rules(value):
            yield from _open_rules(value, path, named)
        elif _is_wrapper(key, value) and len(path) <= _MOST_WRAPPERS:
            yield from _open_wrappers(value, path, named)
        else:
            yield path, value


def _open_rules(
    rules: list[dict[str, Any]], path: Path, named: _Named
) -> Iterator[tuple[Path, Any]]:
    """Open the first rule of a file of rules; the others are kept."""
    if rules[1:]:
        named.note(path, f"only the first of {len(rules)} rules is read; one file, one rule.")
        named.extra[".".join(path)] = rules[1:]
    return _open_wrappers(rules[0], (*path, "0"), named)


def _is_wrapper(key: str, value: Any) -> bool:
    return plain_key(key) in WRAPPERS and isinstance(value, dict)


def _is_rules(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _name(path: Path, value: Any, values: Mapping[str, Any]) -> tuple[str | None, Any]:
    """Return our name for a key and its value, which tells about some keys what they mean."""
    key = plain_key(path[-1])
    if isinstance(value, str) and (key, value.lower()) in FLAGS:
        return FLAGS[key, value.lower()]
    stem, _, last = key.rpartition("_")
    if (
        last == "version"
        and key not in OURS
        and stem not in _NO_PRODUCTS
        and isinstance(value, str)
    ):
        return "products", [f"{stem.replace('_', ' ')} {value}"]
    if key == "url" and isinstance(value, str) and "://" not in value:
        return None, value
    name = INSIDE.get((plain_key(path[-2]), key)) if len(path) > 1 else None
    name = name or OURS.get(key)
    if name == "tags" and "layout" in values and isinstance(value, str) and "," not in value:
        return name, value.split()
    return name, value


def _put(named: _Named, name: str, value: Any, path: Path) -> bool:
    """Store one value under our name; lists of two keys are joined, a second text is not."""
    kind = FIELDS[name][0]
    try:
        ours = read_value(kind, value, name)
    except Misfit as misfit:
        named.note(path, f"`{path[-1]}` was left as it is: {misfit}")
        return False
    if name in named.meta and kind == "list":
        ours = list(dict.fromkeys([*named.meta[name], *ours]))
    elif name in named.meta:
        return False
    named.meta[name] = ours
    return True


def _complete(meta: dict[str, Any]) -> None:
    """Join a product with its versions, and take the day from the next best moment."""
    versions, products = meta.pop("versions", []), meta.get("products", [])
    if versions:
        one = products[0] if len(products) == 1 else ""
        told = [f"{one} {version}".strip() for version in versions]
        meta["products"] = told if one else [*products, *told]
    if "date" not in meta and (day := meta.get("start") or meta.get("updated")):
        meta["date"] = day[:10]
