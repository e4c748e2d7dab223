"""Errors in texts: from any pasted or documented text to what identifies the errors in it."""

from __future__ import annotations
