"""A careless deployment does not start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
OPENNESS = "from django.conf import settings; print(settings.KB_OPEN_READING, settings.DEBUG)"
SHOWN = """
import json
from django.conf import settings
names = (
    "ALLOWED_HOSTS SECRET_KEY DATABASES KB_URL SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS "
    "SESSION_COOKIE_SECURE SESSION_COOKIE_NAME SECURE_PROXY_SSL_HEADER CONTENT_SECURITY_POLICY"
).split()
print(json.dumps({name: getattr(settings, name, None) for name in names}))
"""
KEY = "k" * 50


def start(
    tmp_path: Path, code: str = OPENNESS, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=kept
        | {"DJANGO_SETTINGS_MODULE": "kb.settings", "KB_DATA_DIR": str(tmp_path)}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"KB_ENV": "production", "KB_DEBUG": "1"}, "unset it in production"),
        ({"KB_ALLOWED_HOSTS": "*"}, "name the hosts"),
        ({"KB_SECRET_KEY": "short"}, "at least 50"),
        ({"KB_ENV": "staging"}, "development, production"),
        ({"PORT": "99999"}, "from 1 to 65535"),
        ({"DATABASE_URL": "nothing"}, "use postgres://"),
        ({"KB_LOG_LEVEL": "LOUD"}, "DEBUG, INFO"),
        ({"KB_ALLOWED_HOSTS": "kb.example, *"}, "name the hosts"),
        ({"KB_SECRET_KEY": "k" * 49}, "at least 50"),
        ({"KB_SECRET_KEY_FILE": "/nowhere"}, "KB_SECRET_KEY_FILE: cannot read /nowhere"),
        ({"KB_DEBUG": "maybe"}, "use 1 or 0"),
        ({"KB_DATA_DIR": "/dev/null/data"}, "choose another folder"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_a_careless_setting_is_refused(
    tmp_path: Path, environment: dict[str, str], says: str
) -> None:
    """The start stops and says what to do."""
    result = start(tmp_path, **environment)

    assert result.returncode != 0
    assert says in result.stderr


@pytest.mark.parametrize(
    ("profile", "open_reading"), [("development", "True"), ("production", "False")]
)
def test_reading_is_open_on_a_desk_only(tmp_path: Path, profile: str, open_reading: str) -> None:
    """Production asks for sign-in; neither profile shows internals."""
    assert start(tmp_path, KB_ENV=profile).stdout.split() == [open_reading, "False"]


def load(tmp_path: Path, **environment: str) -> dict[str, Any]:
    """Return the settings of such a start."""
    done = start(tmp_path, SHOWN, **environment)
    assert done.returncode == 0, done.stderr
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown


def test_it_works_with_nothing_set(tmp_path: Path) -> None:
    """At a desk it answers on this machine only, with a secret and a database of its own."""
    shown = load(tmp_path)

    assert shown["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert shown["SECRET_KEY"] == (tmp_path / "secret_key").read_text()
    assert shown["KB_URL"] == "http://127.0.0.1:8000"
    database = shown["DATABASES"]["default"]
    assert database["NAME"] == str(tmp_path / "rootnote.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_production_is_closed(tmp_path: Path) -> None:
    """Cookies travel encrypted only, and no proxy is believed unless one is named."""
    shown = load(tmp_path, KB_ENV="production", KB_SECRET_KEY=KEY)

    assert (shown["SESSION_COOKIE_SECURE"], shown["SESSION_COOKIE_NAME"]) == (
        True,
        "__Host-session",
    )
    assert (shown["SECURE_SSL_REDIRECT"], shown["SECURE_PROXY_SSL_HEADER"]) == (True, None)
    assert shown["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert shown["SECRET_KEY"] == KEY
    behind = load(tmp_path, KB_ENV="production", KB_BEHIND_PROXY="1")
    assert behind["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_pages_may_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    """The policy names this site alone, and no inline script or style."""
    policy = load(tmp_path)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]

    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert {word for words in policy.values() for word in words} == {"'none'", "'self'", "data:"}


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%20b", "a b", "ü"])
def test_the_database_lies_in_the_data_folder(tmp_path: Path, name: str) -> None:
    """Whatever letters the folder's name has."""
    database = load(tmp_path, KB_DATA_DIR=str(tmp_path / name))["DATABASES"]["default"]

    assert database["NAME"] == str(tmp_path / name / "rootnote.sqlite3")


def test_another_database_is_one_variable(tmp_path: Path) -> None:
    """SQLite's options are not sent to a server."""
    database = load(tmp_path, DATABASE_URL="postgres://kb:secret@db/kb")["DATABASES"]["default"]

    assert (database["ENGINE"], database["HOST"]) == ("django.db.backends.postgresql", "db")
    assert "init_command" not in database.get("OPTIONS", {})


def test_keys_and_addresses_can_be_given(tmp_path: Path) -> None:
    """By a value, or by a file whose line end is no part of it."""
    (tmp_path / "key").write_text(f"{KEY}\n")
    shown = load(
        tmp_path,
        KB_SECRET_KEY_FILE=str(tmp_path / "key"),
        KB_ALLOWED_HOSTS="kb.example",
        KB_URL="https://kb.example/",
    )

    assert shown["SECRET_KEY"] == KEY
    assert (shown["ALLOWED_HOSTS"], shown["KB_URL"]) == (["kb.example"], "https://kb.example")
