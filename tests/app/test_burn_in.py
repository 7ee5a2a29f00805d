from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.burn_in import BEGAN, begun, over_at
from storage import forget, meta, observations
from storage.db import Database
from storage.scope import Everything
from tests.builders import NOON, observation
from tests.storage.builders import KEY

DAY = timedelta(days=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "g.db", KEY)
    yield database
    database.close()


def test_learning_begins_once_and_outlives_forgetting_everything(db: Database) -> None:
    assert db.run_sync(lambda s: begun(s, NOON)) == NOON
    assert db.run_sync(lambda s: begun(s, NOON + DAY)) == NOON
    db.run_sync(lambda s: forget.forget(s, Everything()))
    assert db.run_sync(lambda s: begun(s, NOON + 2 * DAY)) == NOON


def test_a_store_of_before_began_with_its_oldest_observation(db: Database) -> None:
    db.run_sync(lambda s: observations.append(s, observation(at=NOON - 9 * DAY)))
    assert db.run_sync(lambda s: begun(s, NOON)) == NOON - 9 * DAY


def test_a_clock_that_was_ahead_keeps_nobody_waiting(db: Database) -> None:
    db.run_sync(lambda s: meta.put(s, BEGAN, (NOON + 400 * DAY).isoformat()))
    assert db.run_sync(lambda s: begun(s, NOON)) == NOON


def test_it_ends_after_so_many_hours() -> None:
    assert over_at(NOON, 24, NOON) == NOON + DAY
    assert over_at(NOON, 24, NOON + DAY) is None
    assert over_at(NOON, 0, NOON) is None
