"""The WSGI entry for production servers."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
application = get_wsgi_application()

# After Django is set up: models cannot be imported before.
from kb.entries.reindex import heal_soon  # noqa: E402  # see above
from kb.search import on_damage  # noqa: E402  # see above

on_damage(heal_soon)
