"""The one Django app."""

from __future__ import annotations

from django.apps import AppConfig


class RootnoteConfig(AppConfig):
    """Name the app; its label is `kb`."""

    name = "kb"
    verbose_name = "Rootnote"
    default_auto_field = "django.db.models.BigAutoField"
