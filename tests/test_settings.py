"""A careless deployment does not start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    code = "from django.conf import settings; print(settings.KB_OPEN_READING, settings.DEBUG)"
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
