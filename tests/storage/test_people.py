import pytest

from gum.errors import NotFound
from gum.types import PropositionId
from storage import forget, meta, observations, people, propositions
from storage.db import Database
from storage.scope import App, Claim, Everything, Topic
from tests.builders import evidence, observation, proposition
from tests.storage.builders import new


def numbers(db: Database) -> dict[str, int]:
    return {p.shown: p.number for p in db.read_sync(people.known)}


def test_a_number_is_kept_and_a_short_form_shares_it(db: Database) -> None:
    db.run_sync(lambda s: people.note(s, ["Anna Berg", "Bo Lind"]))
    db.run_sync(lambda s: people.note(s, ["Anna", "BO LIND", "Carla"]))
    assert numbers(db) == {"Anna Berg": 1, "Anna": 1, "Bo Lind": 2, "Carla": 3}


def test_who_is_called_by_name_is_so_by_every_name(db: Database) -> None:
    db.run_sync(lambda s: people.note(s, ["Anna Berg", "Anna"]))
    assert len(db.run_sync(lambda s: people.call_by_name(s, 1, True))) == 2
    db.run_sync(lambda s: people.note(s, ["anna berg", "Berg"]))
    assert all(p.real for p in db.read_sync(people.known)) and len(db.read_sync(people.known)) == 3
    assert not any(p.real for p in db.run_sync(lambda s: people.call_by_name(s, 1, False)))
    with pytest.raises(NotFound):
        db.run_sync(lambda s: people.call_by_name(s, 9, True))


def test_a_number_that_was_forgotten_is_not_given_again(db: Database) -> None:
    db.run_sync(lambda s: people.note(s, ["Anna Berg", "Bo Lind"]))
    db.run_sync(lambda s: forget.forget(s, Everything()))
    assert numbers(db) == {}
    db.run_sync(lambda s: people.note(s, ["Carla"]))
    assert numbers(db) == {"Carla": 3}
    assert db.read_sync(lambda s: meta.get(s, people.LAST)) == "3"


def test_a_name_goes_when_nothing_that_is_left_speaks_of_it(db: Database) -> None:
    db.run_sync(lambda s: observations.append(s, observation("To: Anna Berg", id="a", app="mail")))
    db.run_sync(lambda s: observations.append(s, observation("To: Anna Berg, Bo Lind", id="b", app="chat")))
    claim = proposition("Is in contact with Carla", id="c", slots={"person": "Carla"})
    db.run_sync(lambda s: observations.append(s, observation("To: Carla", id="d", app="phone")))
    db.run_sync(lambda s: propositions.commit(s, [new(claim, [evidence("d", "Carla")])]))
    db.run_sync(lambda s: people.note(s, ["Anna Berg", "Bo Lind", "Carla"]))
    db.run_sync(lambda s: forget.forget(s, App("chat")))
    assert set(numbers(db)) == {"Anna Berg", "Carla"}
    db.run_sync(lambda s: forget.forget(s, Topic("anna")))
    assert set(numbers(db)) == {"Carla"}
    db.run_sync(lambda s: forget.forget(s, Claim(PropositionId("c"))))
    assert set(numbers(db)) == {"Carla"}  # what was seen of her is still there
    db.run_sync(lambda s: forget.forget(s, App("phone")))
    assert numbers(db) == {}
