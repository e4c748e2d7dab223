"""Slows down the guessing of passwords: ten failed tries in 15 minutes for an account and address.

A try is a row in the session table: it expires by itself, every server process sees it, and it
holds nothing (its key is a keyed hash, so nobody can present it as a session).
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

TRIES = 10
WINDOW = timedelta(minutes=15)
PREFIX = "try-"


def reserve_try(request: HttpRequest, account: str) -> bool:
    """Count one try before it is made, so that parallel ones cannot slip by; False when too many."""
    now, prefix = timezone.now(), _prefix(request, account)
    Session.objects.filter(session_key__startswith=PREFIX, expire_date__lt=now).delete()
    mine = Session.objects.create(
        session_key=prefix + get_random_string(16), session_data="", expire_date=now + WINDOW
    )
    if Session.objects.filter(session_key__startswith=prefix).count() <= TRIES:
        return True
    mine.delete()
    return False


def forget_tries(request: HttpRequest, account: str) -> None:
    """Start counting anew after a good sign-in."""
    Session.objects.filter(session_key__startswith=_prefix(request, account)).delete()


def _prefix(request: HttpRequest, account: str) -> str:
    value = f"{account.casefold()}|{client_address(request)}"
    return PREFIX + salted_hmac("kb.web.throttle", value, algorithm="sha256").hexdigest()[:20]


def client_address(request: HttpRequest) -> str:
    """Return who asks: the address our proxy saw where there is one; one network for IPv6."""
    text = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        text = str(request.META.get("HTTP_X_FORWARDED_FOR", text)).rsplit(",", 1)[-1].strip()
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))
    return str(address)
