import random
from datetime import timedelta

from gum import confidence
from gum.types import Evidence, ObservationId, PropositionId, Trust
from storage import observations, propositions
from storage.db import Database
from storage.weighing import weighed
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
