"""A real database in a folder of its own.

Making one runs every migration, which takes eight times as long as opening it: so most tests get a copy of an
empty one. All copies have one salt.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db import Database

KEY = bytes(range(32))
NAME = "gumption.db"


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, not encrypted, to be copied."""
    path = tmp_path_factory.mktemp("fresh") / NAME
    Database.open(path, None).close()
    return path


@pytest.fixture(scope="session")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty store under KEY, to be copied."""
    folder = tmp_path_factory.mktemp("keyed") / "data"
    Database.open(folder / NAME, KEY).close()
    return folder


@pytest.fixture
def db(tmp_path: Path, keyed: Path) -> Iterator[Database]:
    database = Database.open(shutil.copytree(keyed, tmp_path / "data") / NAME, KEY)
    yield database
    database.close()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Database]:
    """As `db`, made here by its migrations."""
    database = Database.open(tmp_path / "data" / NAME, KEY)
    yield database
    database.close()
