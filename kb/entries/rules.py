"""The rules that texts are read by here: those of this version, and the team's usual dialect."""

from __future__ import annotations

from django.conf import settings

from kb.entries.prepare import RULES, Prepared, prepare, read
from kb.markdown.document import ParsedSource


def usual_dialect() -> str:
    """Return the dialect of texts whose front matter does not name one."""
    return str(settings.KB_MARKDOWN_DIALECT)


def present_rules() -> str:
    """Return what tells texts that were read as we read from those that were read otherwise."""
    return f"{RULES}.{usual_dialect()}"


def read_here(text: str, path: str) -> ParsedSource:
    """Return what `text` would be saved as; raises TooLarge or ParseError."""
    return read(text, path, usual_dialect())


def prepare_here(text: str, path: str) -> Prepared:
    """Return `text` ready to be written; raises TooLarge or ParseError."""
    return prepare(text, path, usual_dialect())
