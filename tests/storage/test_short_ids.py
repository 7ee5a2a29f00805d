import pytest

from gum.errors import NotAllowed, NotFound
from storage import observations, propositions, short_ids
from storage.db import Database
from tests.builders import evidence, observation, proposition
from tests.storage.builders import new

IDS = ("abcd1234ffff", "abcd1299ffff", "abcd", "beef00000000", "ab")


@pytest.fixture
def known(db: Database) -> Database:
    db.run_sync(lambda s: observations.append(s, observation(id="o")))
    for n, key in enumerate(IDS):
        p = proposition(id=key, slots={"thing": f"number{n}"})
        db.run_sync(lambda s, p=p: propositions.commit(s, [new(p, [evidence("o", "brown")])]))
    return db


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("beef", IDS[3]),
        (" beef00 ", IDS[3]),
        ("abcd123", IDS[0]),
        ("abcd", "abcd"),
        ("ab", "ab"),
        (IDS[1], IDS[1]),
    ],
)
def test_an_id_or_the_beginning_of_only_one(known: Database, typed: str, found: str) -> None:
    assert known.read_sync(lambda s: short_ids.proposition(s, typed)) == found


@pytest.mark.parametrize("typed", ["", "b", "bee", "beef1", "ABCD1234", "zzzz", "%", "a\0"])
def test_nothing_begins_so(known: Database, typed: str) -> None:
    with pytest.raises(NotFound):
        known.read_sync(lambda s: short_ids.proposition(s, typed))


def test_several_begin_so(known: Database) -> None:
    with pytest.raises(NotAllowed, match="begin with abcd12"):
        known.read_sync(lambda s: short_ids.proposition(s, "abcd12"))
