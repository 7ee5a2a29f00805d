"""The person's word over what was inferred, on a real store and a real index."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.config import PipelineSettings
from app.events import Hub
from app.inbox import Inbox
from app.learnt import Learnt
from app.pipeline import Committed, Pipeline
from app.shapes import VerdictIn
from app.verdicts import Verdicts
from gum.claims import HIGHEST
from gum.errors import NotAllowed, NotFound
from gum.propose import StructureDrafter
from gum.types import Cause, Evidence, ObservationId, Proposition, PropositionId, Status, Trust
from storage import observations, propositions, truth, verdicts
from storage.db import Database
from storage.index import VectorIndex
from tests.app.fakes import FakeWorker
from tests.builders import NOON, StillClock, observation, proposition
from tests.storage.builders import KEY, new

DAY = timedelta(days=1)


class House:
    def __init__(self, folder: Path) -> None:
        self.clock = StillClock(NOON + DAY)
        self.database = Database.open(folder / "g.db", KEY)
        self.index = VectorIndex(folder / "index", bytes(32))
        self.told: list[Committed] = []
        learnt = Learnt()
        self.pipeline = Pipeline(
            PipelineSettings(),
            Inbox(),
            self.database,
            self.index,
            FakeWorker(folder),
            StructureDrafter(),
            None,
            Hub(),
            self.clock,
            self._committed,
            learnt=learnt,
        )
        self.verdicts = Verdicts(self.clock, self.database, self.pipeline, learnt)

    async def _committed(self, done: Committed) -> None:
        self.told.append(done)

    def fill(self, count: int) -> None:
        """Claims a0, a1, ... of one type, each seen once."""
        for n in range(count):
            seen = observation(f"topic {n}", id=f"o{n}")
            claim = proposition(
                f"Is interested in topic {n}",
                id=f"aaaa{n}",
                type="interested_in",
                slots={"topic": f"topic number {n} it is"},
                confidence=0.85,
            )
            cited = Evidence(
                ObservationId(seen.id), "topic", drafter="llm:x", sure=0.9, at=NOON, app="a", trust=Trust.READ
            )
            self.database.run_sync(lambda s, o=seen: observations.append(s, o))
            self.database.run_sync(lambda s, p=claim, e=cited: propositions.commit(s, [new(p, [e])]))
        asyncio.run(self.pipeline.indexing.mend(truth.vectors))

    def say(self, key: str, verdict: str, slots: dict[str, str] | None = None) -> Proposition:
        found = asyncio.run(self.verdicts.take(key, VerdictIn(verdict=verdict, slots=slots)))
        return self.get(found)

    def get(self, key: str) -> Proposition:
        p = self.database.read_sync(lambda s: propositions.get(s, PropositionId(key)))
        assert p is not None
        return p

    def near(self, text: str) -> list[str]:
        [vector] = self.pipeline._worker.embed([text])
        return [key for key, _ in self.index.query("propositions", vector, 10)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.index.close()
    made.database.close()


def test_a_verdict_is_kept_told_and_never_inferred_away(house: House) -> None:
    house.fill(2)
    right = house.say("aaaa0", "right")
    assert (right.confidence, right.settled) == (HIGHEST, True)
    wrong = house.say("aaaa1", "wrong")
    assert wrong.status is Status.CONTRADICTED
    assert house.near("topic") == ["aaaa0"]
    history = house.database.read_sync(lambda s: propositions.revisions_of(s, PropositionId("aaaa1")))
    assert [r.cause for r in history if not r.reasoning.startswith("learnt")] == [Cause.NEW, Cause.USER]
    assert {key for done in house.told for key in done.changed} >= {"aaaa0", "aaaa1"}


def test_an_edit_is_found_by_its_new_words(house: House) -> None:
    house.fill(1)
    edited = house.say("aaaa0", "edit", {"topic": "zeppelins"})
    assert edited.text == "Is interested in zeppelins"
    assert house.near("Is interested in zeppelins") == ["aaaa0"]
    hidden = house.say("aaaa0", "hide")
    assert hidden.status is Status.HIDDEN
    assert house.near("zeppelins") == []
    house.say("aaaa0", "show")
    assert house.near("zeppelins") == ["aaaa0"]


def test_verdicts_make_others_of_the_type_less_or_more_sure(house: House) -> None:
    house.fill(8)
    before = house.get("aaaa7").confidence
    for n in range(6):
        house.say(f"aaaa{n}", "wrong")
    after = house.get("aaaa7")
    assert after.confidence < before
    [*_, last] = house.database.read_sync(lambda s: propositions.revisions_of(s, after.id))
    assert last.cause is Cause.USER and "learnt" in last.reasoning
    assert len(house.database.read_sync(verdicts.labels)) == 6


def test_the_others_are_told_but_not_put_into_the_index_again(house: House) -> None:
    """Their words are as they were; putting 5,000 vectors in again would take seconds."""
    house.fill(8)
    house.index.delete("propositions", ["aaaa7"])
    for n in range(6):
        house.say(f"aaaa{n}", "right")
    assert "aaaa7" in {key for done in house.told for key in done.changed}
    assert "aaaa7" not in house.near("topic") and "aaaa6" in house.near("topic")


def test_a_claim_that_was_settled_teaches_nothing_more(house: House) -> None:
    house.fill(1)
    house.say("aaaa0", "right")
    house.say("aaaa0", "wrong")
    assert house.database.read_sync(verdicts.count) == 1


def test_saying_the_same_again_changes_nothing(house: House) -> None:
    house.fill(1)
    house.say("aaaa0", "right")
    told = len(house.told)
    house.say("aaaa0", "right")
    assert len(house.told) == told


def test_unknown_ids_and_empty_edits_are_refused(house: House) -> None:
    house.fill(1)
    with pytest.raises(NotFound):
        house.say("bbbb", "right")
    with pytest.raises(NotAllowed):
        house.say("aaaa0", "edit")
