"""Read texts anew after an upgrade: signatures made by other rules are never compared with ours."""

from __future__ import annotations

import logging

from django.db import transaction

from kb.entries.prepare import TooLarge, prepare
from kb.entries.write import write_entries
from kb.errors.signature import VERSION
from kb.markdown.document import ParseError
from kb.models import Signature, SignatureKey, Source

log = logging.getLogger(__name__)


def reread_outdated() -> int:
    """Read every Source anew if any signature is of another version; return how many were read.

    All of them, because an entry that had no signature by the old rules may have one by ours.
    """
    outdated = Signature.objects.filter(entry__end__gt=0).exclude(version=VERSION)
    if not outdated.exists():
        return 0
    return sum(map(_reread, list(Source.objects.values_list("pk", flat=True))))


def _reread(pk: int) -> bool:
    source = Source.objects.get(pk=pk)
    try:
        prepared = prepare(source.newest().text, source.path)
    except (ParseError, TooLarge) as error:
        log.warning("%s is no longer matched, edit it: %s", source.path, error)
        return _forget(source)
    with transaction.atomic():
        # A save in the meantime was made by our rules already.
        if Source.objects.select_for_update().filter(pk=pk, revision=source.revision).exists():
            write_entries(source, prepared, touch=False)
    return True


def _forget(source: Source) -> bool:
    SignatureKey.objects.filter(entry__source=source).delete()
    Signature.objects.filter(entry__source=source).delete()
    return False
