from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.doubts import doubts
from assistants.clarify import MANY
from gum.types import Evidence, ObservationId, Proposition, PropositionId
from storage import observations, propositions
from storage.db import Database
from tests.builders import NOON, observation, proposition
from tests.storage.builders import KEY, new

HOUR = timedelta(hours=1)
MODEL = "space"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "g.db", KEY)
    yield database
    database.close()


def keep(db: Database, claim: Proposition, hours: int = 1, vector: tuple[float, ...] | None = None) -> None:
    """Stores `claim`, seen in so many hours."""
    cited = []
    for n in range(hours):
        seen = observation(id=f"{claim.id}-{n}", at=NOON - n * HOUR)
        db.run_sync(lambda s, o=seen: observations.append(s, o))
        cited.append(Evidence(ObservationId(seen.id), "fox", at=seen.at, app=seen.app))
    db.run_sync(lambda s: propositions.commit(s, [new(claim, cited)]))
    if vector is not None:
        db.run_sync(lambda s: propositions.set_vectors(s, {claim.id: vector}, MODEL))


def prefers(id: str, thing: str, over: str) -> Proposition:
    slots = {"thing": thing, "over": over}
    return proposition(f"Prefers {thing} over {over}", id=id, type="prefers", slots=slots, confidence=0.8)


def doubted(db: Database, model: str = MODEL) -> set[PropositionId]:
    return set(db.read_sync(lambda s: doubts(s, propositions.list_(s, limit=500), model, NOON + HOUR)))


def test_the_one_that_was_seen_once_is_doubted_and_the_one_that_stands_on_more_is_not(db: Database) -> None:
    keep(db, prefers("known", "tea", "coffee"), hours=3)
    keep(db, prefers("fresh", "coffee", "tea"))
    assert doubted(db) == {"fresh"}


def test_a_trait_far_from_everything_is_found_by_the_stored_vectors(db: Database) -> None:
    assert doubted(db) == set()
    for n in range(MANY + 1):
        keep(db, proposition(f"Works on f{n}", id=f"f{n}", slots={"thing": f"f{n}"}), vector=(1.0, 0.0))
    far = proposition("Is learning falconry", id="far", type="learning", slots={"subject": "falconry"})
    near = proposition("Is learning Rust", id="near", type="learning", slots={"subject": "Rust"})
    keep(db, far, vector=(0.0, 1.0))
    keep(db, near, vector=(1.0, 0.0))
    assert doubted(db) == {"far"}
    assert doubted(db, "another space") == set()  # nothing can be said without vectors
