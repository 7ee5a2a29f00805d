import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from storage import observations
from storage.db import Database
from storage.full_text import FEW, deleting
from tests.builders import observation


def fill(s: Session) -> None:
    for n in range(3 * FEW):
        observations.append(s, observation(f"word{n:02} 東京{n}号", id=f"o{n}"))


def triggers(s: Session) -> list[str]:
    return sorted(s.scalars(text("SELECT name || sql FROM sqlite_master WHERE type = 'trigger'")))


@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, 2 * FEW, 3 * FEW])
def test_few_or_many_rows_deleted_the_indexes_agree_with_the_table(db: Database, count: int) -> None:
    db.run_sync(fill)
    before = db.read_sync(triggers)

    def drop(s: Session) -> None:
        with deleting(s, "observations", count):
            s.execute(text(f"DELETE FROM observations WHERE n <= {count}"))
        for fts in ("observations_words", "observations_grams"):
            s.execute(text(f"INSERT INTO {fts} ({fts}, rank) VALUES ('integrity-check', 1)"))
            left = s.scalar(text(f"SELECT count(*) FROM {fts} WHERE {fts} MATCH '\"word{count:02}\"'"))
            assert left == (0 if count == 3 * FEW else 1)

    db.run_sync(drop)
    assert db.read_sync(triggers) == before


def test_a_failure_in_the_middle_leaves_the_triggers_as_they_were(db: Database) -> None:
    db.run_sync(fill)
    before = db.read_sync(triggers)

    def broken(s: Session) -> None:
        with deleting(s, "observations", 2 * FEW):
            raise KeyError("killed here")

    with pytest.raises(KeyError):
        db.run_sync(broken)
    assert db.read_sync(triggers) == before
