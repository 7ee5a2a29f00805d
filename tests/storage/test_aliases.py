from gum.aliases import Found
from gum.people import Kind
from storage import aliases, forget, observations, propositions
from storage.db import Database
from storage.scope import App, Everything, Topic
from tests.builders import evidence, observation, proposition
from tests.storage.builders import new


def numbers(db: Database) -> dict[str, int]:
    return {p.shown: p.number for p in db.read_sync(aliases.known)}


def test_numbers_are_kept_and_one_that_was_forgotten_is_not_given_again(db: Database) -> None:
    found = [Found(Kind.PLACE, "Berlin"), Found(Kind.NUMBER, "4711-0815"), Found(Kind.PLACE, "Rome")]
    db.run_sync(lambda s: aliases.note(s, found))
    db.run_sync(lambda s: aliases.note(s, [Found(Kind.PLACE, "BERLIN")]))
    assert numbers(db) == {"Berlin": 1, "Rome": 2, "4711-0815": 1}
    db.run_sync(lambda s: forget.forget(s, Everything()))
    db.run_sync(lambda s: aliases.note(s, [Found(Kind.PLACE, "Oslo")]))
    assert numbers(db) == {"Oslo": 3}


def test_what_nothing_speaks_of_any_more_goes(db: Database) -> None:
    for id, said in (("a", "4711-0815 in Berlin"), ("b", "Berlin and Rome")):
        db.run_sync(lambda s, id=id, said=said: observations.append(s, observation(said, id=id, app=id)))
    found = [Found(Kind.PLACE, "Berlin"), Found(Kind.NUMBER, "4711-0815"), Found(Kind.PLACE, "Rome")]
    db.run_sync(lambda s: aliases.note(s, found))
    db.run_sync(lambda s: forget.forget(s, App("a")))
    assert set(numbers(db)) == {"Berlin", "Rome"}
    db.run_sync(lambda s: forget.forget(s, Topic("rome")))
    assert numbers(db) == {}  # both stood in what was forgotten


def test_places_come_from_claims(db: Database) -> None:
    db.run_sync(lambda s: observations.append(s, observation("Rome", id="o")))
    claim = proposition("Plans to go to Rome", type="plans_to_go", slots={"place": "Rome"})
    db.run_sync(lambda s: propositions.commit(s, [new(claim, [evidence("o", "Rome")])]))
    assert db.read_sync(aliases.places) == [Found(Kind.PLACE, "Rome")]


def test_beyond_the_most_nothing_is_kept(db: Database) -> None:
    db.run_sync(lambda s: aliases.note(s, [Found(Kind.NUMBER, f"{n}") for n in range(aliases.MOST + 5)]))
    assert len(numbers(db)) == aliases.MOST
