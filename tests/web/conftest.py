"""Who writes in the tests of pages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.conftest import ClientFor


@pytest.fixture
def writer(client_for: ClientFor, alice: User) -> Client:
    """Return a client signed in as Alice."""
    return client_for(alice)
