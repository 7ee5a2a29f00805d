"""A real database in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db import Database

KEY = bytes(range(32))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "data" / "gumption.db", KEY)
    yield database
    database.close()
