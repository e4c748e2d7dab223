"""The last gate before a page: only these tags, attributes, classes and addresses pass."""

from __future__ import annotations

import nh3
from pygments.token import STANDARD_TYPES

TAGS = frozenset(
    """a abbr blockquote br code dd del details div dl dt em h3 h4 h5 h6 hr ins kbd li mark ol p pre
    s span strong sub summary sup table tbody td th thead tr ul""".split()
)
ATTRIBUTES = {
    "a": frozenset({"href", "title"}),
    "abbr": frozenset({"title"}),
    "details": frozenset({"open"}),
    "ol": frozenset({"start"}),
}
SCHEMES = frozenset({"http", "https", "mailto"})
# What a boxed part says it is; MkDocs knows some thirty words for these.
TONES = frozenset({"note", "tip", "success", "warning", "danger"})
CLASSES = {
    "div": frozenset({"code", "footnotes", "admonition", "tab"}) | TONES,
    "details": TONES,
    "p": frozenset({"admonition-title"}),
    "span": frozenset(filter(None, STANDARD_TYPES.values())),
    "code": frozenset(),
    "td": frozenset({"left", "center", "right"}),
    "th": frozenset({"left", "center", "right"}),
}
_REL = "noopener noreferrer nofollow"


def make_cleaner(languages: frozenset[str]) -> nh3.Cleaner:
    """Build the gate; code may carry the class of each language that is highlighted."""
    named = frozenset(f"language-{language}" for language in languages)
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        strip_comments=True,
        link_rel=_REL,
        url_schemes=set(SCHEMES),
        url_relative="deny",
        allowed_classes={tag: set(names) for tag, names in CLASSES.items()} | {"code": set(named)},
    )
