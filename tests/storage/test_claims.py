from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import claims
from storage.db import Database
from tests.builders import NOON

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
