import json

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.text import UNSPACED
from gum.types import ObservationId
from storage import full_text, observations
from storage.db import Database
from storage.full_text import FEW, deleting
from tests.builders import observation


def fill(s: Session) -> None:
    for n in range(3 * FEW):
        observations.append(s, observation(f"word{n:02} 東京{n}号", id=f"o{n}"))


def triggers(s: Session) -> list[str]:
    return sorted(s.scalars(text("SELECT name || sql FROM sqlite_master WHERE type = 'trigger'")))


def ids(count: int) -> list[str]:
    return [f"o{n}" for n in range(count)]


@pytest.mark.parametrize("many", [0, 10_000])
@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, FEW + 9, 2 * FEW, 3 * FEW])
def test_few_or_many_rows_deleted_the_indexes_agree_with_the_table(
    db: Database, monkeypatch: pytest.MonkeyPatch, count: int, many: int
) -> None:
    monkeypatch.setattr(full_text, "MANY", many)
    db.run_sync(fill)
    before = db.read_sync(triggers)

    def drop(s: Session) -> None:
        with deleting(s, "observations", ids(count)):
            s.execute(text(f"DELETE FROM observations WHERE n <= {count}"))
        for fts in ("observations_words", "observations_grams"):
            s.execute(text(f"INSERT INTO {fts} ({fts}, rank) VALUES ('integrity-check', 1)"))
            left = s.scalar(text(f"SELECT count(*) FROM {fts} WHERE {fts} MATCH '\"word{count:02}\"'"))
            assert left == (0 if count == 3 * FEW else 1)

    db.run_sync(drop)
    assert db.read_sync(triggers) == before


def rows_with(s: Session, fts: str, word: str) -> int:
    return s.scalar(text(f"SELECT count(*) FROM {fts} WHERE {fts} MATCH '\"{word}\"'")) or 0


def segments(s: Session, fts: str) -> int:
    return s.scalar(text(f"SELECT count(DISTINCT segid) FROM {fts}_idx")) or 0


def test_only_observations_in_scripts_without_spaces_are_in_the_index_of_letters(db: Database) -> None:
    texts = ("plain text", "東京", "テスト", "ภาษาไทย", "𠀋", "한국어", "Ünïcödé")
    for n, said in enumerate(texts):
        o = observation(said, id=f"o{n}", title="", url=None)
        db.run_sync(lambda s, o=o: observations.append(s, o))
    db.run_sync(lambda s: observations.append(s, observation("x", id="o7", title="東京 title")))
    db.run_sync(lambda s: observations.append(s, observation("x", id="o8", url="https://a.org/東京")))
    assert db.read_sync(indexed) == [2, 3, 4, 5, 8, 9]
    for text_, there in (("東京 now", True), ("東京 still", True), ("no more", False)):
        db.run_sync(lambda s, text_=text_: observations.perceived(s, ObservationId("o0"), text_, None))
        assert (1 in db.read_sync(indexed)) == there
        assert db.read_sync(lambda s: rows_with(s, "observations_grams", "still")) == (text_ == "東京 still")
    db.run_sync(lambda s: s.execute(text("DELETE FROM observations WHERE n < 5")))
    for command in ("'integrity-check', 1", "'rebuild', 0"):
        sql = f"INSERT INTO observations_grams (observations_grams, rank) VALUES ({command})"
        db.run_sync(lambda s, sql=sql: s.execute(text(sql)))
        assert db.read_sync(indexed) == [5, 8, 9]


def indexed(s: Session) -> list[int]:
    return list(s.scalars(text("SELECT id FROM observations_grams_docsize ORDER BY id")))


def test_a_merge_for_later_is_noted_and_done_step_by_step(db: Database) -> None:
    db.run_sync(fill)

    def drop(s: Session) -> None:
        with deleting(s, "observations", ids(5), at_once=False):
            s.execute(text("DELETE FROM observations WHERE n <= 5"))

    db.run_sync(drop)
    indexes = ["observations_words", "observations_grams"]
    assert db.read_sync(full_text.unmerged) == indexes
    assert db.read_sync(lambda s: rows_with(s, "observations_words", "word04")) == 0
    db.run_sync(drop)  # noted once
    assert db.read_sync(full_text.unmerged) == indexes
    steps = 0
    while db.run_sync(lambda s: full_text.merge(s, 1)):
        steps += 1
        assert steps < 1000
    assert steps >= 2
    assert not db.run_sync(lambda s: full_text.merge(s, 1))
    for fts in indexes:
        assert db.read_sync(lambda s, fts=fts: segments(s, fts)) == 1
        check = text(f"INSERT INTO {fts} ({fts}, rank) VALUES ('integrity-check', 1)")
        db.run_sync(lambda s, check=check: s.execute(check))


@pytest.mark.parametrize("many", [0, 10_000])
@pytest.mark.parametrize("count", [FEW, 2 * FEW])
def test_a_failure_in_the_middle_leaves_the_triggers_as_they_were(
    db: Database, monkeypatch: pytest.MonkeyPatch, count: int, many: int
) -> None:
    monkeypatch.setattr(full_text, "MANY", many)
    db.run_sync(fill)
    before = db.read_sync(triggers)

    def broken(s: Session) -> None:
        with deleting(s, "observations", ids(count)):
            raise KeyError("killed here")

    with pytest.raises(KeyError):
        db.run_sync(broken)
    assert db.read_sync(triggers) == before


def test_of_many_rows_those_that_an_index_does_not_have_leave_it_as_it_is(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_text, "MANY", 0)
    db.run_sync(fill)
    plain = [observation(f"latin {n}", id=f"p{n}", title="plain", url=None) for n in range(2 * FEW)]
    db.run_sync(lambda s: [observations.append(s, o) for o in plain])
    gone = [f"p{n}" for n in range(FEW)] + ids(FEW // 2)

    def drop(s: Session) -> None:
        with deleting(s, "observations", gone[::-1]):
            s.execute(
                text("DELETE FROM observations WHERE id IN (SELECT value FROM json_each(:ids))"),
                {"ids": json.dumps(gone)},
            )

    db.run_sync(drop)
    for fts in ("observations_words", "observations_grams"):
        check = text(f"INSERT INTO {fts} ({fts}, rank) VALUES ('integrity-check', 1)")
        db.run_sync(lambda s, check=check: s.execute(check))
        assert db.read_sync(lambda s, fts=fts: segments(s, fts)) == 1
    assert db.read_sync(lambda s: rows_with(s, "observations_words", "latin")) == FEW
    assert len(db.read_sync(indexed)) == 3 * FEW - FEW // 2


def test_the_schema_and_the_questions_mean_the_same_scripts(db: Database) -> None:
    view = db.read_sync(
        lambda s: s.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'observations_unspaced'"))
    )
    assert view is not None and f"'*[{UNSPACED}]*'" in view
