"""The cast and the few tools every test shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.test import Client
from pytest_django import Settings

from kb.models import ADMIN, READER, WRITER, AnyUser, Entry
from kb.search import reset_index

MakeEntry = Callable[..., Entry]
ClientFor = Callable[[AnyUser], Client]

PASSWORD = "a long phrase for tests"
ENTRY = {
    "title": "Read-only file system in Lambda",
    "error": "OSError: [Errno 30] Read-only file system: '/var/task/upload_7.jpg'",
    "cause": "Lambda mounts everything but `/tmp` read-only. The upload was saved beside the code.",
    "fix": '1. Write only under `/tmp`.\n\n```python\npath = f"/tmp/{name}"\n```',
    "lessons": "- Treat the code folder as read-only everywhere.",
    "tags": "aws, python",
    "status": "validated",
}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Keep SQLite in a file, so that a live server's threads each open their own."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        name = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        database["TEST"] = {**database.get("TEST", {}), "NAME": name}


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """Give each test its own data folder and index, open reading and a hasher that is fast."""
    settings.KB_DATA_DIR = tmp_path / "data"
    settings.KB_DATA_DIR.mkdir()
    settings.KB_OPEN_READING = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield settings.KB_DATA_DIR
    reset_index()


def enlist(name: str, role: str) -> User:
    """Make a person with one role; a flushed database has lost its groups, so make that too."""
    user = User.objects.create_user(name, password=PASSWORD)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def alice(db: None) -> User:
    """Alice writes."""
    return enlist("alice", WRITER)


@pytest.fixture
def bob(db: None) -> User:
    """Bob reads."""
    return enlist("bob", READER)


@pytest.fixture
def charlie() -> AnonymousUser:
    """Charlie is a stranger: nobody knows him."""
    return AnonymousUser()


@pytest.fixture
def dana(db: None) -> User:
    """Dana is the admin."""
    return enlist("dana", ADMIN)


@pytest.fixture
def client_for() -> ClientFor:
    """Return a function that gives a client signed in as one of the cast."""

    def sign_in(user: AnyUser) -> Client:
        client = Client()
        if user.is_authenticated:
            client.force_login(user)
        return client

    return sign_in


def write_markdown(fields: dict[str, Any]) -> str:
    """Write an entry's fields as a post-mortem."""
    meta = "".join(f"{key}: {fields[key]}\n" for key in ("status", "severity") if key in fields)
    tags = f"tags: [{fields['tags']}]\n" if fields["tags"] else ""
    parts = [f"---\n{meta}{tags}---\n\n# {fields['title']}"]
    parts += [f"## Error\n\n```\n{fields['error']}\n```"] if fields["error"] else []
    parts += [
        f"## {kind.capitalize()}\n\n{fields[kind]}"
        for kind in ("cause", "fix", "lessons")
        if fields[kind]
    ]
    return "\n\n".join([*parts, fields.get("more", "")]).strip() + "\n"


@pytest.fixture
def make_entry(db: None) -> MakeEntry:
    """Return a function that saves an entry the way everyone does; every field has a default."""
    from kb.entries.save import new_path, save

    def make(**over: Any) -> Entry:
        fields = ENTRY | over
        text = over.get("text") or write_markdown(fields)
        path = over.get("path") or new_path(fields["title"])
        return save(text, author=over.get("author"), path=path, base=0).entries[0]

    return make
