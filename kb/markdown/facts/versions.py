"""Find which versions of which products a text names: pins, images, manifests and plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from kb.markdown.facts.pins import (
    Place,
    Version,
    fold_name,
    make_version,
    read_field,
    read_glued,
    read_pin,
)
from kb.markdown.facts.products import CAPITAL, NAMES, is_version

MOST_NUMBERS = 2_000
"""Of so many numbers in one text none is expected to be another version."""
WINDOW = 90

_NUMBER = re.compile(
    r"\d++(?:\.\d++)*+(?:\.[x*](?!\w))?+"
    r"(?:-?(?:rc|alpha|beta|preview|canary|dev|post)[.-]?\d{1,3}(?!\w))?+\+?+"
)
_UNIT = re.compile(
    r"\s?(?:%|[kmgt]i?b(?:ps)?\b|(?:m|\u00b5)?s(?:ec(?:onds?)?)?\b|min(?:ute)?s?\b|h(?:ours?)?\b|days?\b"
    r"|weeks?\b|months?\b|years?\b|[mb]illion|thousand|times\b|[km]\b|x\b|cores?\b|v?cpus?\b|percent"
    r"|st\b|nd\b|rd\b|th\b|am\b|pm\b|points?\b)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s+(?:\w+ )?(?!releases|versions|series|was|is|has|does|process|access)[a-z]{2,}s\b"
)
_PART = re.compile(r"\d[:/-]$")
_MANY = re.compile(r"\s?(?:-|\u2013|of|/|\u00d7)\s?\d")
_SEPARATORS = " \t\"'`*_([:=|"
_SAID = ("version", "ver.", "release", "runtime", "versions", "ver")
_BETWEEN = re.compile(r"from|to|and|or|[<>=~]{1,2}|[vV]?\d[\d.x*]*,?")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{1,30}(?:[.+#_-][A-Za-z0-9]{1,30}){0,5}$")
_COMMON = frozenset(
    """a an and or the to from at in on of for with by is was are be than then until since before after
    version versions ver release releases released tag build api section chapter step figure table
    page part error errors issue bug ticket case level tier phase stage sprint appendix rule line
    lines port http https tls ssl tcp udp ipv4 ipv6 ip rfc pep cve oauth oidc saml spec openapi
    utf ansi iso ieee usb wifi cvss score about around approximately only over under upgrade
    upgraded upgrading downgrade downgraded update updated migrate bump bumped bumping install
    installed use using used run running runs new old latest alpha current previous next last
    first stable beta patch fixed both either some any this that our your their all no not as
    revision image chart package library module modules packages example branch commit changelog
    note notes python3 we it i you they works tested requires require needs supports server client
    cluster node workflow plugin driver firmware app application service policy schema protocol
    language date time january february march april may june july august september october
    november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday
    thursday friday saturday sunday utc""".split()
)

_MODULE = re.compile(r"(?:^|\s)([\w-]{1,40}\.[a-z]{2,6}/[\w./-]{1,60}) v$")
_IS_SAID = re.compile(r"(?:(?:^|[\s(*`])[vV]|(?<!\w)[Vv]ersion )$")
_DECLARED = re.compile(
    r"([^<>=~^]{1,80}?)(?:\s{0,3}[:@]\s{0,3}|\s{0,3}(?=[<>=~^])|\s{1,3})"
    r"([<>=~^]{0,2})\s?v?(\d[\w.+*-]{0,30})$"
)
_CODE = frozenset(
    """python py javascript js jsx typescript ts tsx java kotlin scala go rust c cpp csharp cs ruby rb php
    swift r sql promql perl lua html css""".split()
)


def find_versions(text: str, info: str | None = None) -> Iterator[Version]:
    """Yield the versions named in a text; `info` is the language of a code block, None for prose."""
    for found in islice(_NUMBER.finditer(text), MOST_NUMBERS):
        if not _can_be(text, found):
            continue
        start = found.start()
        line = max(start - WINDOW, text.rfind("\n", max(0, start - WINDOW), start) + 1, 0)
        place = Place(found[0], text[line:start], info in _CODE, info is None)
        if version := _read(place):
            yield version


def read_product(declared: str) -> Version | None:
    """Read `django 5.2`, `node: 18` or `next@14.1` as a front matter's list of products has it."""
    found = _DECLARED.match(declared.strip())
    if found is None:
        return None
    name = fold_name(found[1].strip(" \"'()"))
    sign = found[2] if found[2][:1] in ("<", ">") else ""
    return Version(name, sign + found[3]) if name else None


def _can_be(text: str, found: re.Match[str]) -> bool:
    """Tell whether a number stands alone and is no address, date, time, amount or count."""
    number, start, end = found[0], found.start(), found.end()
    dots = number.count(".")
    if dots > 3 or len(number.partition(".")[0]) > 4 or (number[0] == "0" and not dots):
        return False
    if text[start - 1 : start] in (".", ",") or _PART.match(text, max(0, start - 2), start):
        return False
    if dots == 3 and number.replace(".", "").isdigit():
        return False
    return _is_free(text[end : end + 24], dots)


def _is_free(after: str, dots: int) -> bool:
    """Tell whether what stands behind a number lets it be a version."""
    if after[:1].isalnum() or after[:1] in ("_", "@", "$") or _UNIT.match(after):
        return False
    if after[:1] in (":", "/", ",", "-") and after[1:2].isdigit() and dots < 2:
        return False
    return dots > 0 or not (_COUNTED.match(after) or _MANY.match(after))


def _read(place: Place) -> Version | None:
    return next(filter(None, (read(place) for read in _readers(place.before))), None)


def _readers(before: str) -> tuple[Callable[[Place], Version | None], ...]:
    """Return what can read a number behind this text."""
    last = before[-1:]
    if last in "=><@:~^" or before[-2:] in ("@v", ":v"):
        return (read_pin, _read_known)
    if last in ('"', "'"):
        return (read_field, _read_known)
    if last.isalpha() and last not in "vV":
        return (read_glued,)
    if last in ("/", "-"):
        return (read_glued,)
    return (_read_known, _read_general)


def _read_known(place: Place) -> Version | None:
    """Read a known product's name in words, with `version` or an earlier version between."""
    words = _words_before(place.before)
    if place.dots:
        while words and _BETWEEN.fullmatch(words[-1]):
            words.pop()
    for count in (3, 2, 1):
        written = " ".join(words[-count:])
        name = NAMES.get(written.lower()) if len(words) >= count else None
        if name and is_version(name, place.number) and _is_meant(written, place):
            return make_version(name, place)
    return None


def _read_general(place: Place) -> Version | None:
    """Read an unknown product where the text says that the number is a version."""
    if place.dots == 2 and (found := _MODULE.search(place.before)):
        return make_version(found[1], place)
    said = _IS_SAID.search(place.before)
    if not ((said and place.dots) or (place.dots == 2 and place.before.endswith(" "))):
        return None
    words = _words_before(place.before) if place.prose else []
    if not words:
        return None
    name = words[-1]
    named = name[:1].isupper() or any(letter in "-_0123456789" for letter in name)
    if not (named and _NAME.match(name)) or name.lower() in _COMMON or _is_dated(place.number):
        return None
    return make_version(name, place)


def _words_before(before: str) -> list[str]:
    """Return the last words before a number, without the signs and the `version` in front of it."""
    text = before.rstrip(_SEPARATORS)
    if text[-1:] in ("v", "V") and not text[-2:-1].isalnum():
        text = text[:-1].rstrip(_SEPARATORS)
    for said in _SAID:
        if text.lower().endswith(said) and not text[-len(said) - 1 : -len(said)].isalnum():
            text = text[: -len(said)].rstrip(_SEPARATORS + "-")
            break
    return [word.strip("\"'`*_([{,|-") for word in text[-50:].split()[-7:]]


def _is_meant(written: str, place: Place) -> bool:
    """Tell whether a name that is also a word is written as a name; counts in tables are no versions."""
    if ("|" in place.before[-3:] and not place.dots) or "different" in place.before[-30:]:
        return False
    return written.lower() not in CAPITAL or written[:1].isupper() or not place.prose


def _is_dated(number: str) -> bool:
    return number[:2] in ("19", "20") and len(number.partition(".")[0]) == 4


def distinct(found: Iterable[Version]) -> tuple[Version, ...]:
    """Return versions once each; a bare `3` is dropped beside a `3.9` of the same product."""
    kept = dict.fromkeys(found)
    exact = {(one.product, one.version.partition(".")[0]) for one in kept if "." in one.version}
    return tuple(
        one for one in kept if "." in one.version or (one.product, one.version) not in exact
    )
