"""Read texts anew after an upgrade: what was read by other rules is never mixed with what we read."""

from __future__ import annotations

import logging

from django.db import transaction

from kb.entries.prepare import TooLarge
from kb.entries.rules import prepare_here, present_rules
from kb.entries.write import write_entries
from kb.markdown.document import ParseError
from kb.models import Signature, SignatureKey, Source

log = logging.getLogger(__name__)


def reread_outdated() -> int:
    """Read every Source anew that was read by other rules; return how many could be."""
    outdated = Source.objects.exclude(read_by=present_rules()).filter(revision__gt=0)
    return sum(map(_reread, list(outdated.values_list("pk", flat=True))))


def _reread(pk: int) -> bool:
    source = Source.objects.get(pk=pk)
    try:
        prepared = prepare_here(source.newest().text, source.path)
    except (ParseError, TooLarge) as error:
        log.warning("%s is no longer matched, edit it: %s", source.path, error)
        return _forget(source)
    with transaction.atomic():
        # A save in the meantime was made by our rules already.
        rows = Source.objects.filter(pk=pk, revision=source.revision)
        if rows.update(read_by=present_rules(), dialect=prepared.dialect):
            write_entries(source, prepared, touch=False)
    return True


def _forget(source: Source) -> bool:
    Source.objects.filter(pk=source.pk).update(read_by=present_rules())
    SignatureKey.objects.filter(entry__source=source).delete()
    Signature.objects.filter(entry__source=source).delete()
    return False
