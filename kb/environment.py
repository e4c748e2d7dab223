"""Typed readers of environment variables: a wrong value stops the start and says what is allowed."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})
MAX_DIGITS = 19


def read_text(name: str, default: str = "") -> str:
    """Read `name`, or the file that `name`_FILE points to (for secrets), or return `default`."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error}") from error
    return os.environ.get(name) or default


def read_bool(name: str, *, default: bool) -> bool:
    """Read a yes or no."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in YES:
        return True
    if value.strip().lower() in NO:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: use 1 or 0")


def read_int(name: str, default: int, *, low: int, high: int) -> int:
    """Read a whole number between `low` and `high`."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    digits = value.isascii() and value.isdigit() and len(value) < MAX_DIGITS
    if not digits or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name}={value!r}: use a whole number from {low} to {high}")
    return int(value)


def read_list(name: str, default: Sequence[str] = ()) -> list[str]:
    """Read a comma-separated list."""
    value = os.environ.get(name)
    if value is None:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def read_choice(name: str, default: str, choices: Sequence[str]) -> str:
    """Read one of `choices`."""
    value = os.environ.get(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(choices)}")
    return value


def read_folder(name: str, default: Path) -> Path:
    """Read a folder's path, made absolute."""
    try:
        return Path(os.environ.get(name) or default).expanduser().resolve()
    except RuntimeError as error:  # no such user for ~, or links in a circle
        raise ImproperlyConfigured(f"{name}: {error}; use the full path of a folder") from error


def keep_secret(folder: Path) -> str:
    """Return the secret kept in `folder`, making one (readable by its owner only) the first time."""
    path = folder / "secret_key"
    try:
        return _read_secret(path) or _make_secret(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"KB_DATA_DIR: cannot keep a secret in {path}: {error}; choose another folder"
        ) from error


def _read_secret(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _make_secret(path: Path) -> str:
    """Write a secret unless another process does so at the same moment; then return theirs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        secret = file.read().strip()
        if not secret:
            secret = secrets.token_urlsafe(50)
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
    return secret
