"""Typed readers of environment variables: a wrong value stops the start and says what is allowed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})


def read_text(name: str, default: str = "") -> str:
    """Read `name`, or the file that `name`_FILE points to (for secrets), or return `default`."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
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
    if not (value.isascii() and value.isdigit()) or not low <= int(value) <= high:
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
    return Path(os.environ.get(name) or default).expanduser().resolve()


def keep_secret(folder: Path) -> str:
    """Return the secret kept in `folder`, making one (readable by its owner only) the first time."""
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            _write_secret(path)
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImproperlyConfigured(
            f"KB_DATA_DIR: cannot write to {folder}: {error}; choose another folder"
        ) from error


def _write_secret(path: Path) -> None:
    """Write a new secret whole or not at all, so that two first starts agree on one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
