"""The disk is full while something is written: it is said, what was acknowledged is there, and it goes on.

Appending and a new database are in test_db.py, the copy before an upgrade in test_migrate.py.
"""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from gum.errors import StoreFull
from storage import db as db_module
from storage import forget, observations, propositions, scrub
from storage.db import Database
from storage.migrate import copies
from storage.scope import App
from tests.builders import evidence, observation, proposition
from tests.soak import migrating
from tests.storage.builders import KEY, new
from tests.storage.disks import full_but_for, small_disk
from tests.storage.planted import traces

COUNT, SECRET = 300, 40
WORD = "zanzibarcanary"
KB = 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "24m") as folder:
        yield folder


@pytest.fixture
def database(disk: Path) -> Iterator[Database]:
    """Some 4 MB, of which one application is to be forgotten."""
    opened = Database.open(disk / "data" / "gumption.db", KEY)
    opened.run_sync(_fill)
    opened.checkpoint_sync()
    yield opened
    opened.close()


def _fill(s: Session) -> None:
    for n in range(COUNT):
        secret = n < SECRET
        words = f"{WORD} {n} " * 40 if secret else f"ordinary text {n} " * 300
        observations.append(s, observation(words, id=f"o{n}", app="secret" if secret else "editor"))


def test_full_while_claims_are_committed(disk: Path, database: Database) -> None:
    def commit(s: Session, size: int = 300_000) -> None:
        for n in range(5):
            p = proposition(f"Works on {n}", id=f"p{n}", slots={"thing": f"thing {n}"})
            propositions.commit(s, [new(p, [evidence(f"o{n}", "x" * size)])])

    with full_but_for(disk, 200 * KB):
        with pytest.raises(StoreFull) as refused:
            database.run_sync(commit)
        assert "space" in refused.value.hint
        assert database.read_sync(lambda s: propositions.list_(s, status=None)) == []
    database.run_sync(commit)
    assert len(database.read_sync(propositions.list_)) == 5
    database.check()


def test_full_while_something_is_forgotten(disk: Path, database: Database) -> None:
    with full_but_for(disk, 40 * KB):
        with pytest.raises(StoreFull):
            database.run_sync(lambda s: forget.forget(s, App("secret")))
        assert database.read_sync(observations.count) == COUNT  # all of it or nothing
    database.run_sync(lambda s: forget.forget(s, App("secret")))
    assert database.read_sync(observations.count) == COUNT - SECRET
    database.check()


def test_full_while_the_file_is_written_anew(disk: Path, database: Database) -> None:
    with full_but_for(disk, 2000 * KB):
        gone = database.run_sync(lambda s: forget.forget(s, App("secret")))
        assert len(gone.observation_ids) == SECRET  # that there was no room to clean up is not the person's
        assert database.read_sync(scrub.pending)
        assert database.read_sync(observations.count) == COUNT - SECRET
    asyncio.run(scrub.finish(database))
    assert not database.read_sync(scrub.pending)
    database.close()
    assert traces(database.path.parent, WORD, KEY) == []


def test_full_while_the_file_is_written_anew_behind_the_answer(
    disk: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db_module, "VACUUM_AT_ONCE", 0)
    database.run_sync(lambda s: forget.forget(s, App("secret")))
    with full_but_for(disk, 2000 * KB):
        for _ in range(2):
            with pytest.raises(StoreFull):
                asyncio.run(scrub.finish(database))
            assert database.read_sync(scrub.pending)  # it is not noted as done, and the next time tries again
        assert database.read_sync(observations.count) == COUNT - SECRET
    asyncio.run(scrub.finish(database))
    assert not database.read_sync(scrub.pending)
    database.check()
    database.close()
    assert traces(database.path.parent, WORD, KEY) == []


@pytest.mark.parametrize("free", [0, 300 * KB, 800 * KB, 1500 * KB, 3000 * KB, 8000 * KB])
def test_full_while_an_older_database_is_upgraded(disk: Path, tmp_path: Path, free: int) -> None:
    migrating.prepare(tmp_path / "old", 0)
    path = disk / "gumption.db"
    shutil.copy(tmp_path / "old" / "old.db", path)
    with full_but_for(disk, free):
        try:
            Database.open(path, KEY).close()
        except StoreFull as refused:
            assert refused.hint
        else:
            assert free > 500 * KB
    database = Database.open(path, KEY)
    assert database.read_sync(observations.count) == migrating.ROWS
    database.check()
    database.close()
    assert len(copies(path)) == 1
