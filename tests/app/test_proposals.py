"""What a client asks for is done when the person says so, over a real store, pipeline and index."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.config import PipelineSettings
from app.events import Event, Hub
from app.forgetting import Forgetting
from app.inbox import Inbox
from app.pipeline import Committed, Pipeline
from app.proposals import Proposals, scope_of, told
from app.shapes import ForgetIn, ForgottenCounts
from app.telling import Telling
from gum.errors import NotAllowed, NotFound, StoreUnavailable
from gum.extract.told import TOLD
from gum.grants import ClientId
from gum.propose import StructureDrafter
from gum.types import Observation, Trust
from storage import observations, propositions
from storage import proposals as kept
from storage.db import Database
from storage.index import VectorIndex
from storage.proposals import FACT, FORGET, LASTS, Proposal
from tests.app.fakes import FakeWorker
from tests.builders import NOON, StillClock, observation

ADA = ClientId("ada")


class Room:
    """The person's side over a store: telling, forgetting and proposals."""

    def __init__(self, folder: Path, database: Database, clock: StillClock, hub: Hub) -> None:
        self.database, self.clock, self.hub = database, clock, hub
        self.index = VectorIndex(folder / "index", bytes(32))
        inbox, worker = Inbox(), FakeWorker(folder)
        self.pipeline = Pipeline(
            PipelineSettings(batch_count=1), inbox, database, self.index, worker, StructureDrafter(), None,
            hub, clock, self._committed,
        )  # fmt: skip
        self.telling = Telling(clock, database, self.pipeline)
        self.forgetting = Forgetting(
            clock, database, self.pipeline, inbox, hub, worker, self._nothing, self._told
        )
        self.proposals = Proposals(database, clock, hub, self.telling, self.forgetting)

    async def _committed(self, done: Committed) -> None: ...
    async def _nothing(self) -> None: ...
    async def _told(self, ids: object) -> None: ...

    async def close(self) -> None:
        await self.forgetting.tidied()
        await self.pipeline.stop()
        self.index.close()

    async def ask(self, kind: str, what: Mapping[str, str]) -> Proposal:
        """What a client puts before the person."""
        now = self.clock.now()
        made, _ = await self.database.run(lambda s: kept.add(s, ADA, "Ada's helper", kind, what, now))
        await self.proposals.announce(made)
        return made

    async def text(self) -> list[str]:
        return [item.text for item in (await self.proposals.list()).items]

    def claims(self) -> list[str]:
        return [p.text for p in self.database.read_sync(propositions.list_)]

    def seen(self) -> list[Observation]:
        return self.database.read_sync(lambda s: observations.list_(s, 50))


@asynccontextmanager
async def room(folder: Path) -> AsyncIterator[Room]:
    database = Database.open(folder / "gumption.db", None)
    made = Room(folder, database, StillClock(), Hub())
    try:
        yield made
    finally:
        await made.close()
        database.close()


async def events(hub: Hub) -> list[Event]:
    """What was published so far."""
    hub.close()
    first = hub._past[0].id.split("-")[0] if hub._past else ""
    return [event async for event in hub.listen(f"{first}-0")]


def test_an_accepted_fact_is_learnt_as_the_persons_own_words_and_not_before(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with room(tmp_path) as r:
            asked = await r.ask(FACT, {"text": "I prefer tea over coffee"})
            await r.pipeline.work_off()
            assert r.seen() == [] and r.claims() == []
            assert await r.text() == ["I prefer tea over coffee"]
            over = await r.proposals.decide(asked.id, True)
            assert (over.state, over.text, over.client) == ("accepted", "", "Ada's helper")
            await r.pipeline.work_off()
            [said] = r.seen()
            assert (said.source, said.trust, said.text) == (TOLD, Trust.AUTHORED, "I prefer tea over coffee")
            assert r.claims() == ["Prefers tea over coffee"]
            assert await r.text() == []
            found = [e.data for e in await events(r.hub) if e.name == "proposal"]
            states = [(d["id"], d["state"], d["text"]) for d in found if isinstance(d, dict)]
            assert states == [
                (asked.id, "waiting", "I prefer tea over coffee"), (asked.id, "accepted", "")
            ]  # fmt: skip

    asyncio.run(scenario())


def test_of_a_rejected_one_nothing_is_learnt_and_nothing_stays(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with room(tmp_path) as r:
            asked = await r.ask(FACT, {"text": "I prefer tea over coffee"})
            assert (await r.proposals.decide(asked.id, False)).state == "rejected"
            await r.pipeline.work_off()
            assert r.seen() == [] and r.claims() == []

    asyncio.run(scenario())


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("then", [True, False])
def test_it_is_answered_once(tmp_path: Path, first: bool, then: bool) -> None:
    async def scenario() -> None:
        async with room(tmp_path) as r:
            asked = await r.ask(FACT, {"text": "I prefer tea over coffee"})
            tries = (r.proposals.decide(asked.id, one) for one in (first, then))
            found = await asyncio.gather(*tries, return_exceptions=True)
            assert isinstance(found[1], NotAllowed)
            assert len(r.seen()) == int(first)

    asyncio.run(scenario())


def test_late_or_never_asked_is_said_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with room(tmp_path) as r:
            asked = await r.ask(FACT, {"text": "I prefer tea over coffee"})
            r.clock.move(LASTS)
            with pytest.raises(NotAllowed):
                await r.proposals.decide(asked.id, True)
            with pytest.raises(NotFound):
                await r.proposals.decide("nothing", True)
            assert await r.text() == [] and r.seen() == []
            assert [item.state for item in (await r.proposals.list("all")).items] == ["expired"]

    asyncio.run(scenario())


def test_what_could_not_be_done_is_still_to_be_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with room(tmp_path) as r:
            asked = await r.ask(FACT, {"text": "I prefer tea over coffee"})

            async def full(text: str) -> None:
                raise StoreUnavailable("The disk is full", "Make room.")

            with monkeypatch.context() as broken:
                broken.setattr(r.telling, "tell", full)
                with pytest.raises(StoreUnavailable):
                    await r.proposals.decide(asked.id, True)
            assert await r.text() == ["I prefer tea over coffee"]
            await r.proposals.decide(asked.id, True)
            assert len(r.seen()) == 1

    asyncio.run(scenario())


def test_the_person_is_told_what_a_forgetting_would_take_as_it_is_now(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with room(tmp_path) as r:
            await r.telling.tell("I prefer tea over coffee")
            await r.pipeline.work_off()
            [claim] = r.database.read_sync(propositions.list_)
            asked = await r.ask(FORGET, {"claim_id": claim.id})
            [text] = await r.text()
            assert text.startswith("Forget the claim “Prefers tea over coffee”, for good: ")
            topic = await r.ask(FORGET, {"topic": "tea"})
            first = (await r.text())[0]
            assert first == "Forget everything about “tea”, for good: 1 observation and 1 claim would go."
            await r.telling.tell("I had some tea")
            assert "2 observations and 1 claim" in (await r.text())[0]
            assert (await r.proposals.decide(topic.id, True)).state == "accepted"
            assert r.seen() == [] and r.claims() == []
            assert await r.text() == []  # the other one was about that
            with pytest.raises(NotFound):
                await r.proposals.decide(asked.id, True)

    asyncio.run(scenario())


def test_the_last_minutes_are_those_before_it_was_asked(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with room(tmp_path) as r:
            for name, ago in (("old", 40), ("meant", 10)):
                seen = observation(name, id=name, at=NOON - timedelta(minutes=ago))
                r.database.run_sync(lambda s, seen=seen: observations.append(s, seen))
            asked = await r.ask(FORGET, {"minutes": "30.0", "before": NOON.isoformat()})
            r.clock.move(timedelta(hours=5))
            r.database.run_sync(lambda s: observations.append(s, observation("new", at=r.clock.now())))
            assert ": 1 observation and 0 claims would go." in (await r.text())[0]
            await r.proposals.decide(asked.id, True)
            assert sorted(o.text for o in r.seen()) == ["new", "old"]

    asyncio.run(scenario())


def test_what_a_revoked_client_asked_is_gone(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with room(tmp_path) as r:
            asked = await r.ask(FACT, {"text": "I prefer tea over coffee"})
            await r.proposals.revoked(ADA)
            assert await r.text() == []
            with pytest.raises(NotFound):
                await r.proposals.decide(asked.id, True)

    asyncio.run(scenario())


def proposal(kind: str, what: Mapping[str, str], state: str = "waiting") -> Proposal:
    return Proposal("id", ADA, "Ada", kind, what, state, NOON)


def test_what_is_told_is_plain_text_and_exact() -> None:
    counts = ForgottenCounts(observations=2, propositions=1, weakened=3)
    assert told(proposal(FACT, {"text": "<b>x</b>"}), None, None) == "<b>x</b>"
    assert told(proposal(FORGET, {"claim_id": "c"}), "Likes tea", counts) == (
        "Forget the claim “Likes tea”, for good: 2 observations and 1 claim would go; 3 more would lose some "
        "of their evidence."
    )
    minutes = told(proposal(FORGET, {"minutes": "90.0"}), None, counts)
    assert minutes.startswith("Forget everything from ") and minutes.count("2026") == 2
    assert told(proposal(FACT, {}, "rejected"), None, None) == ""
    gone = told(proposal(FORGET, {"claim_id": "c"}), None, None)
    assert gone == "Forget a claim. It is gone already."


def test_what_is_forgotten_is_what_was_named() -> None:
    assert scope_of(proposal(FORGET, {"claim_id": "c"})) == ForgetIn(proposition_id="c")
    assert scope_of(proposal(FORGET, {"topic": "t"})) == ForgetIn(topic="t")
    half = ForgetIn(since=NOON - timedelta(minutes=30), until=NOON)
    assert scope_of(proposal(FORGET, {"minutes": "30.0"})) == half
