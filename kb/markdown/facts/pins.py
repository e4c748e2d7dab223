"""Versions where machines read them: requirements, images, manifests, and names glued to a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.markdown.facts.products import NAMES, PACKAGES, is_version

_PIN = re.compile(r"([A-Za-z][\w.-]{0,60})(?:\[[\w,-]{0,60}\])?[\"']?(===?|~=|>=|<=?|>)$")
_AT = re.compile(r"(?<![\w.+/@-])(@?[A-Za-z][\w.-]{0,60}(?:/[\w.-]{1,60})?)@$")
_IMAGE = re.compile(r"(?:^|[\s\"'`=/])([A-Za-z][\w.-]{0,60}):$")
_PULLED = re.compile(
    r"(?:\bFROM|\bimage:|docker (?:pull|run)\b.{0,60})\s{1,3}[\"']?[\w./-]{1,80}:$"
)
_FIELD = re.compile(r"([\"'])(@?[\w./-]{1,80})\1\s{0,3}:\s{0,3}[\"']$")
_SETTING = re.compile(
    r"^\s{0,20}([\w-]{1,60})\s{0,9}=\s{0,3}(?:\{\s{0,3}version\s{0,3}=\s{0,3})?[\"']$"
)
_GEM = re.compile(r"\bgem\s{1,3}\(?[\"']([\w-]{1,60})[\"'],\s{0,3}[\"'](?:[~>=]{1,2}\s{0,2})?$")
_BUILT = re.compile(
    r"(?:<artifactId>([\w.-]{1,60})</artifactId>\s{0,3}<version>|[\"'][\w.-]{1,60}:([\w.-]{1,60}):)$"
)
_GLUED = re.compile(
    r"(?:^|[^A-Za-z])(python|php|nodejs|ruby|java|jdk|openjdk|dotnet|postgresql)-?$", re.IGNORECASE
)
_SERVER = re.compile(
    r"\b(nginx|Apache|PHP|OpenSSL|curl|gunicorn|Werkzeug|Python|Django|envoy|aws-cli)/$"
)
_PROTOCOL = re.compile(r"-*(?:tls|ssl|https?|ecma|pkcs\#?\d*|oauth|smb|ip|usb|[^a-z]*$)(?:-|$)")
_NO_PRODUCTS = frozenset(
    "version apiversion schemaversion port ip host id name status code".split()
)


@dataclass(frozen=True, slots=True)
class Version:
    """One product, in small letters, and a version of it as it was written."""

    product: str
    version: str


@dataclass(frozen=True, slots=True)
class Place:
    """A number, what stands before it in its line, and whether the text is a program's."""

    number: str
    before: str
    code: bool
    prose: bool

    @property
    def dots(self) -> int:
        """Return how many dots the number has."""
        return self.number.count(".")


def read_pin(place: Place) -> Version | None:
    """Read `name==1.2`, `name@1.2`, `image:1.2` and what build files write."""
    before = place.before.rstrip("~^").removesuffix("v")
    if (found := _BUILT.search(before)) and place.dots:
        return make_version(found[1] or found[2], place)
    if found := _PIN.search(place.before):
        return _take_pin(place, found)
    if before[-1:] in ('"', "'"):
        return read_field(Place(place.number, before, place.code, place.prose), sure=True)
    if found := _AT.search(before):
        sure = place.dots or "/" in found[1] or _is_product(found[1], place)
        return make_version(found[1], place) if sure else None
    if (found := _IMAGE.search(before)) and not place.code:
        pulled = place.dots and _PULLED.search(before)
        return make_version(found[1], place) if pulled or _is_product(found[1], place) else None
    return None


def _take_pin(place: Place, found: re.Match[str]) -> Version | None:
    """Take a pin of a product that is known, or an exact one that is no comparison in a program."""
    name, sign = found[1], found[2]
    exact = sign in ("==", "===", "~=")
    if not (_is_product(name, place) or (exact and place.dots and not place.code)):
        return None
    return make_version(name, place, "" if exact else sign)


def read_field(place: Place, *, sure: bool = False) -> Version | None:
    """Read `"name": "1.2"`, `name = "1.2"` and `gem "name", "1.2"`."""
    if found := _FIELD.search(place.before):
        name = found[2]
    elif found := _GEM.search(place.before) or _SETTING.search(place.before):
        name = found[1]
        sure = sure or place.dots == 2
    else:
        return None
    if _is_product(name, place):
        return make_version(name, place)
    likely = place.dots == 2 or (sure and place.dots)
    return make_version(name, place) if likely and not place.code else None


def read_glued(place: Place) -> Version | None:
    """Read `python3.12`, `openjdk-17` and `nginx/1.18`."""
    if found := _SERVER.search(place.before):
        return make_version(found[1], place) if place.dots else None
    if found := _GLUED.search(place.before):
        whole = found[1].lower() not in ("python", "php", "ruby", "postgresql")
        return (
            make_version(found[1], place)
            if place.dots or (whole and _is_product(found[1], place))
            else None
        )
    return None


def _is_product(name: str, place: Place) -> bool:
    known = NAMES.get(name.lower().replace("_version", "").replace("-version", ""))
    return known is not None and is_version(known, place.number)


def make_version(name: str, place: Place, sign: str = "") -> Version | None:
    """Return the version of what has a product's name; protocols and mere fields have none."""
    product = fold_name(name)
    if product in _NO_PRODUCTS or _PROTOCOL.match(product):
        return None
    return Version(product, sign + place.number)


def fold_name(name: str) -> str:
    """Return a product's name in small letters, under the one name that we use for it."""
    small = " ".join(name.casefold().replace("_version", "").replace("-version", "").split())
    return PACKAGES.get(small) or NAMES.get(small, small)
