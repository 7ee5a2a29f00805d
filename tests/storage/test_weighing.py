import random
from datetime import timedelta

from gum import confidence
from gum.types import Evidence, ObservationId, PropositionId, Stance, Trust
from storage import observations, propositions
from storage.db import Database
from storage.weighing import places, weighed, weighed_of
from tests.builders import NOON, observation, proposition
from tests.storage.builders import new

KEY = PropositionId("p")


def filled(db: Database, count: int) -> None:
    chance = random.Random(count)
    cited = []
    for n in range(count):
        seen = observation(
            "notes.txt",
            id=f"o{n}",
            at=NOON + timedelta(minutes=chance.randrange(4000)),
            app=chance.choice(["editor", "browser"]),
            trust=chance.choice([Trust.AUTHORED, Trust.READ]),
        )
        db.run_sync(lambda s, o=seen: observations.append(s, o))
        drafter, sure = chance.choice(["structure", "llm:x"]), chance.random()
        cited.append(Evidence(ObservationId(seen.id), "notes.txt", drafter=drafter, sure=sure))
    db.run_sync(lambda s: propositions.commit(s, [new(proposition(id="p"), cited)]))


def test_it_scores_as_all_of_the_evidence_does(db: Database) -> None:
    filled(db, 300)
    every = [row.evidence for row in db.read_sync(lambda s: propositions.evidence_of(s, [KEY]))[KEY]]
    few = db.read_sync(lambda s: weighed(s, KEY))
    assert len(few) < len(every) == 300
    for kind in ("working_on", "interested_in", "struggling_with"):
        assert confidence.score(kind, "notes", few) == confidence.score(kind, "notes", every)
    assert max(e.at for e in few if e.at) <= max(e.at for e in every if e.at)


def test_what_cites_an_observation_is_there_and_the_newest_piece(db: Database) -> None:
    filled(db, 40)
    wanted = [ObservationId(f"o{n}") for n in range(0, 40, 7)]
    found = {e.observation_id for e in db.read_sync(lambda s: weighed(s, KEY, wanted))}
    assert {*wanted, "o39"} <= found


def test_an_unknown_claim_has_none(db: Database) -> None:
    assert db.read_sync(lambda s: weighed(s, PropositionId("nobody"))) == []


def test_a_place_is_a_program_and_an_hour_and_only_what_speaks_for_a_claim_counts(db: Database) -> None:
    seen = [  # minutes after noon, program, stance
        (0, "editor", Stance.SUPPORTS),
        (59, "editor", Stance.SUPPORTS),
        (60, "editor", Stance.SUPPORTS),
        (1, "browser", Stance.SUPPORTS),
        (120, "mail", Stance.CONTRADICTS),
    ]
    cited = []
    for n, (minutes, app, stance) in enumerate(seen):
        one = observation("notes.txt", id=f"o{n}", at=NOON + timedelta(minutes=minutes), app=app)
        db.run_sync(lambda s, o=one: observations.append(s, o))
        cited.append(Evidence(ObservationId(one.id), "notes.txt", stance=stance))
    against = PropositionId("against")
    db.run_sync(lambda s: propositions.commit(s, [new(proposition(id="p"), cited)]))
    other = proposition(id="against", slots={"thing": "other"})
    db.run_sync(lambda s: propositions.commit(s, [new(other, cited[-1:])]))
    found = db.read_sync(lambda s: places(s, {KEY, against, PropositionId("nobody")}))
    assert found == {"p": 3, "against": 0, "nobody": 0}
    assert db.read_sync(lambda s: places(s, [])) == {}


def test_places_are_counted_as_python_counts_them(db: Database) -> None:
    filled(db, 120)
    rows = db.read_sync(lambda s: propositions.evidence_of(s, [KEY]))[KEY]
    hours = {(row.app, row.at.replace(minute=0, second=0, microsecond=0)) for row in rows}
    assert db.read_sync(lambda s: places(s, [KEY])) == {KEY: len(hours)}


def test_of_many_claims_it_is_the_same_as_of_each(db: Database) -> None:
    filled(db, 120)
    other = proposition(id="q", slots={"thing": "other.txt"}, text="Works on other.txt")
    cited = [
        Evidence(ObservationId("o3"), "a"),
        Evidence(ObservationId("o5"), "b", stance=Stance.CONTRADICTS),
    ]
    db.run_sync(lambda s: propositions.commit(s, [new(other, cited)]))
    ids = [PropositionId("q"), KEY, PropositionId("nobody")]
    found = db.read_sync(lambda s: weighed_of(s, ids))
    assert found == {key: db.read_sync(lambda s, key=key: weighed(s, key)) for key in ids}
    assert [len(found[key]) > 0 for key in ids] == [True, True, False]
