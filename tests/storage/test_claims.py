from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.lasting import lasting_id
from gum.types import Observation
from storage import claims, forget, observations, retention
from storage.db import Database
from storage.scope import Everything, Topic
from tests.builders import NOON, observation

DAY = timedelta(days=1)
SLOTS = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text(max_size=9), max_size=3)


@pytest.fixture
def db(made: Database) -> Database:
    return made


@given(SLOTS)
def test_case_space_and_order_do_not_make_another_claim(slots: dict[str, str]) -> None:
    other = {name: f"  {value.replace(' ', '  ')} " for name, value in reversed(slots.items())}
    one, two = (claims.fingerprint(b"salt", "prefers", s, None) for s in (slots, other))
    assert one == two


@given(st.binary(min_size=1, max_size=16), st.binary(min_size=1, max_size=16))
def test_without_the_salt_a_fingerprint_tells_nothing(salt: bytes, other: bytes) -> None:
    one, two = (claims.fingerprint(s, "prefers", {"thing": "dark mode"}, None) for s in (salt, other))
    assert (one == two) == (salt.ljust(64, b"\0") == other.ljust(64, b"\0"))


def test_every_database_has_its_own_salt_that_stays(db: Database) -> None:
    salt = db.read_sync(claims.salt)
    assert len(salt) == 16
    assert db.read_sync(claims.salt) == salt


def test_a_tombstone_moves_forward(db: Database) -> None:
    assert db.read_sync(lambda s: claims.buried_at(s, "c")) is None
    for at in (NOON, NOON + DAY):
        db.run_sync(lambda s, at=at: claims.bury(s, "c", at))
        assert db.read_sync(lambda s: claims.buried_at(s, "c")) == at


def note(words: str) -> Observation:
    return observation(words, id=lasting_id("text_folder", words), source="text_folder")


def test_a_note_that_was_forgotten_or_went_by_age_does_not_come_back(db: Database) -> None:
    opera, tea, old = note("the opera on Friday"), note("green tea"), note("of last year")
    for seen in (opera, tea, old):
        # Long before the last day seen: no window of then is still open.
        assert db.run_sync(lambda s, seen=seen: observations.append(s, seen))
    db.run_sync(lambda s: observations.append(s, observation("now", at=NOON + 400 * DAY)))
    db.run_sync(lambda s: forget.forget(s, Topic("opera")))
    db.run_sync(lambda s: retention.retire(s, [old.id]))
    assert not db.run_sync(lambda s: observations.append(s, opera))
    assert not db.run_sync(lambda s: observations.append(s, old))
    db.run_sync(lambda s: forget.forget(s, Everything()))
    for seen in (opera, tea, old):
        assert not db.run_sync(lambda s, seen=seen: observations.append(s, seen))
    assert db.run_sync(lambda s: observations.append(s, note("green tea, with milk")))


def test_forgetting_everything_takes_the_tombstones_of_all_else(db: Database) -> None:
    db.run_sync(lambda s: claims.bury(s, "c", NOON))
    db.run_sync(lambda s: claims.bury_observation(s, "a window", NOON))
    db.run_sync(lambda s: claims.bury_lasting(s, [note("a").id, "a window too"], NOON))
    db.run_sync(lambda s: forget.forget(s, Everything()))
    assert db.read_sync(lambda s: claims.buried_at(s, "c")) is None
    assert not db.read_sync(lambda s: claims.is_buried(s, "a window"))
    assert db.read_sync(lambda s: claims.is_buried(s, note("a").id))
    assert not db.read_sync(lambda s: claims.is_buried(s, "a window too"))
