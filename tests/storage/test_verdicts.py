from datetime import timedelta

from gum.calibrate import Label
from gum.types import PropositionId
from storage import forget, observations, propositions, suggestions, verdicts
from storage.db import Database
from storage.scope import Claim
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import new


def test_the_last_verdict_on_a_claim_counts_with_how_sure_it_was(db: Database) -> None:
    claim = proposition(id="p", confidence=0.8)
    other = proposition(id="q", type="bought", confidence=0.3)
    db.run_sync(lambda s: verdicts.add(s, claim, True, NOON))
    db.run_sync(lambda s: verdicts.add(s, other, True, NOON))
    db.run_sync(lambda s: verdicts.add(s, claim, False, NOON + timedelta(hours=1)))
    assert db.read_sync(verdicts.count) == 3
    assert db.read_sync(verdicts.labels) == [Label("working_on", 0.8, False), Label("bought", 0.3, True)]


def test_they_are_no_reactions_to_suggestions(db: Database) -> None:
    db.run_sync(lambda s: verdicts.add(s, proposition(), True, NOON))
    assert db.read_sync(suggestions.reactions) == []


def test_a_forgotten_claim_leaves_no_confidence_behind(db: Database) -> None:
    claim = proposition(id="p")
    db.run_sync(lambda s: observations.append(s, observation(id="o")))
    db.run_sync(lambda s: propositions.commit(s, [new(claim, [evidence("o")])]))
    db.run_sync(lambda s: verdicts.add(s, claim, True, NOON))
    db.run_sync(lambda s: forget.forget(s, Claim(PropositionId("p"))))
    assert db.read_sync(verdicts.labels) == []
