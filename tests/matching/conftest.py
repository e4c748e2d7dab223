"""Knowledge bases that take long to fill, so that a module of tests shares one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from kb.entries.ingest import ingest
from kb.models import Entry, Revision, Run, Source, Tag


@contextmanager
def filled(folder: Path, data_dir: Path, blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Ingest `folder` into the test database and an index in `data_dir`; empty the database after."""
    with blocker.unblock():
        before, settings.KB_DATA_DIR = settings.KB_DATA_DIR, data_dir
        ingest([folder])
        settings.KB_DATA_DIR = before
    yield data_dir
    with blocker.unblock():
        for model in (Run, Entry, Revision, Source, Tag):
            model.objects.all().delete()


@pytest.fixture(scope="module")
def base_folder() -> Path:
    """Name the folder that the module's base is filled from; modules override it."""
    return Path(__file__).parents[2] / "content"


@pytest.fixture(scope="module")
def base(
    base_folder: Path,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """Fill a base for the whole module; the value is its data folder."""
    with filled(base_folder, tmp_path_factory.mktemp("base"), django_db_blocker) as data_dir:
        yield data_dir
