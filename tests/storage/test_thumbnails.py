"""Small pictures: beside their observation, gone with it, the oldest first when there is no room."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gum.types import ObservationId
from storage import forget, observations, retention, thumbnails
from storage.db import Database
from storage.scope import Everything, Topic
from tests.builders import NOON, observation


@pytest.fixture
def db(made: Database) -> Database:
    return made


def kept(db: Database, *ids: str, size: int = 100) -> None:
    def put(s: Session) -> None:
        for n, key in enumerate(ids):
            at = NOON + timedelta(minutes=n)
            observations.append(s, observation("words", id=key, at=at))
            thumbnails.keep(s, ObservationId(key), at, bytes(size))

    db.run_sync(put)


def there(db: Database, *ids: str) -> list[str]:
    return db.read_sync(lambda s: [key for key in ids if thumbnails.get(s, ObservationId(key))])


def test_a_picture_is_found_by_its_observation_and_replaced_by_a_later_one(db: Database) -> None:
    kept(db, "a")
    assert db.read_sync(lambda s: thumbnails.get(s, ObservationId("a"))) == bytes(100)
    assert db.read_sync(lambda s: thumbnails.get(s, ObservationId("b"))) is None
    db.run_sync(lambda s: thumbnails.keep(s, ObservationId("a"), NOON, b"other"))
    assert db.read_sync(lambda s: thumbnails.get(s, ObservationId("a"))) == b"other"
    assert db.read_sync(thumbnails.weight) == 5


def test_what_was_read_from_a_picture_together_with_others_is_shown_by_it(db: Database) -> None:
    kept(db, "shot")

    def found(key: str) -> str | None:
        hit = db.read_sync(lambda s: thumbnails.find(s, ObservationId(key)))
        return hit.observation_id if hit is not None else None

    assert [found(key) for key in ("shot", "shot-2", "sho", "other-1")] == ["shot", "shot", None, None]
    kept(db, "shot-2")  # its own goes before
    assert found("shot-2") == "shot-2"


def test_the_pictures_before_are_those_of_the_same_application_the_newest_first(db: Database) -> None:
    ids = [str(n) for n in range(4)]
    kept(db, *ids)

    def other(s: Session) -> None:
        at = NOON + timedelta(minutes=2.5)
        observations.append(s, observation("words", id="else", at=at, app="another"))
        thumbnails.keep(s, ObservationId("else"), at, bytes(100))

    db.run_sync(other)
    last = observation("words", id="3", at=NOON + timedelta(minutes=3))
    since = NOON + timedelta(minutes=1)
    assert [k.observation_id for k in db.read_sync(lambda s: thumbnails.earlier(s, last, since))] == [
        "2",
        "1",
    ]
    assert db.read_sync(thumbnails.count) == 5


def test_it_goes_by_age_and_by_forgetting_with_its_observation(db: Database) -> None:
    kept(db, "old", "young")
    db.run_sync(lambda s: retention.retire(s, [ObservationId("old")]))
    assert there(db, "old", "young") == ["young"]
    db.run_sync(lambda s: forget.forget(s, Everything()))
    assert there(db, "old", "young") == []
    assert db.read_sync(thumbnails.weight) == 0


def test_it_goes_with_whatever_was_read_from_it(db: Database) -> None:
    """A picture of a terminal shows each of the commands that became observations of their own."""
    kept(db, "shot", "other")

    def parts(s: Session) -> None:
        observations.append(s, observation("$ ls holiday", id="shot-1", at=NOON))
        observations.append(s, observation("$ make zebra", id="shot-2", at=NOON))

    db.run_sync(parts)
    db.run_sync(lambda s: forget.forget(s, Topic("giraffe")))
    assert there(db, "shot", "other") == ["shot", "other"]
    db.run_sync(lambda s: forget.forget(s, Topic("zebra")))
    left = db.read_sync(lambda s: observations.existing(s, [ObservationId(k) for k in ("shot", "shot-2")]))
    assert left == {"shot"} and there(db, "shot", "other") == ["other"]


def test_the_oldest_go_until_the_rest_fits(db: Database) -> None:
    ids = [str(n) for n in range(12)]
    kept(db, *ids)
    assert db.run_sync(lambda s: thumbnails.recycle(s, 1200)) == 0
    gone = db.run_sync(lambda s: thumbnails.recycle(s, 1000))
    assert gone == 3 and there(db, *ids) == ids[3:]  # down to nine tenths, not to the last byte
    assert db.run_sync(lambda s: thumbnails.recycle(s, 0)) == 9
    assert there(db, *ids) == []


def test_more_than_a_portion_takes_more_than_one_transaction(db: Database) -> None:
    ids = [str(n) for n in range(thumbnails.PORTION + 5)]
    kept(db, *ids, size=10)
    assert db.run_sync(lambda s: thumbnails.recycle(s, 0)) == thumbnails.PORTION
    assert there(db, *ids) == ids[thumbnails.PORTION :]
