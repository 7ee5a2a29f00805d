import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.config import PipelineSettings
from app.events import Event, Hub
from app.inbox import Arrival, Inbox
from app.pipeline import Committed, Pipeline
from gum.errors import AnswerUnusable, StoreFull
from gum.judge import Likeness, Pair
from gum.ports import Drafter, Drafts, Judge
from gum.propose import StructureDrafter
from gum.types import (
    Cause,
    Evidence,
    Observation,
    Proposition,
    Revision,
    RevisionId,
    Stance,
    Status,
    Trust,
)
from storage import forget, observations, propositions, truth, work
from storage.db import Database
from storage.index import VectorIndex
from storage.scope import App
from tests.app.fakes import FakeWorker
from tests.builders import NOON, StillClock, frame, observation, proposition

QUICK = PipelineSettings(batch_count=1, batch_wait_s=0.05)


class House:
    """A pipeline over a real store and a fake worker."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        worker: FakeWorker,
        settings: PipelineSettings,
        deep: Drafter | None = None,
        judge: Judge | None = None,
    ) -> None:
        self.database, self.worker = database, worker
        self.clock = StillClock()
        self.inbox, self.hub = Inbox(), Hub()
        self.index = VectorIndex(folder / "index", bytes(32))
        self.done: list[Committed] = []
        self.mistakes = 0  # so often `committed` fails
        self.events: list[Event] = []
        self.pipeline = Pipeline(
            settings,
            self.inbox,
            database,
            self.index,
            worker,
            StructureDrafter(),
            deep,
            self.hub,
            self.clock,
            self.committed,
            judge=judge,
        )

    async def committed(self, done: Committed) -> None:
        if self.mistakes:
            self.mistakes -= 1
            raise LookupError("a mistake")
        self.done.append(done)

    def claims(self) -> list[str]:
        return [p.text for p in self.database.read_sync(propositions.list_)]

    def queue(self) -> dict[str, int]:
        return self.database.read_sync(work.counts)

    async def until(self, holds: Callable[[], bool], seconds: float = 20.0) -> None:
        for _ in range(int(seconds / 0.02)):
            if holds():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"it did not come to that: {self.queue()}, {self.claims()}")


@asynccontextmanager
async def at_work(
    folder: Path, worker: FakeWorker, settings: PipelineSettings = QUICK, deep: Drafter | None = None
) -> AsyncIterator[House]:
    database = Database.open(folder / "gumption.db", None)
    house = House(folder, database, worker, settings, deep)
    house.inbox.attach(asyncio.get_running_loop())
    house.pipeline.start()
    indexing = asyncio.create_task(house.pipeline.indexing.mend(truth.vectors))
    listening = asyncio.create_task(_listen(house))
    try:
        yield house
    finally:
        await indexing
        await house.pipeline.stop()
        house.hub.close()
        await listening
        house.index.close()
        database.close()


async def _listen(house: House) -> None:
    async for event in house.hub.listen():
        house.events.append(event)


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


def worked_on(name: str, **fields: object) -> Observation:
    title = f"{name} - Mousepad"
    return observation(title, title=title, source="window", trust=Trust.ACTED_ON, **fields)  # type: ignore[arg-type]


def test_an_observation_becomes_a_proposition_with_its_quote_and_is_found_by_the_index(
    tmp_path: Path,
) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            seen = worked_on("thesis.md")
            house.inbox.put(seen)
            await house.until(lambda: bool(house.done))
            [claim] = house.database.read_sync(propositions.list_)
            cited = house.database.read_sync(lambda s: propositions.evidence_of(s, [claim.id]))[claim.id]
            assert claim.text == "Works on thesis.md"
            assert [row.evidence.observation_id for row in cited] == [seen.id]
            assert cited[0].evidence.quote in seen.title
            await house.until(lambda: house.index.count("propositions") == 1)
            nearest = await house.pipeline.indexing.nearest("thesis.md", 5)
            assert nearest.hits["propositions"][0][0] == claim.id
            assert [e.name for e in house.events] == ["observation"]

    run(scenario)


def test_what_took_the_place_of_a_claim_takes_it_in_the_index_too(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            now = house.clock.now()
            for n, day in enumerate((10, 20)):
                when = (now + timedelta(days=day)).date().isoformat()
                house.inbox.put(
                    observation(
                        f"submit the grant report by {when}", id=f"o{n}", at=now + timedelta(seconds=n)
                    )
                )
                await house.until(lambda n=n: len(house.done) > n)  # type: ignore[misc]
            every = house.database.read_sync(lambda s: propositions.list_(s, status=None))
            over = {p.id for p in every if p.status is Status.SUPERSEDED}
            assert over
            active = {p.id for p in every if p.status is Status.ACTIVE}
            await house.until(lambda: house.index.count("propositions") == len(active))
            near = await house.pipeline.indexing.nearest("Grant report", 9)
            found = {key for key, _ in near.hits["propositions"]}
            assert not found & over

    run(scenario)


def test_the_same_claim_again_reinforces_and_never_duplicates(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            for hour in range(3):
                house.clock.at = NOON + timedelta(hours=hour)
                house.inbox.put(worked_on("thesis.md", at=house.clock.at))
                await house.until(lambda hour=hour: len(house.done) > hour)
            [claim] = house.database.read_sync(propositions.list_)
            history = house.database.read_sync(lambda s: propositions.revisions_of(s, claim.id))
            assert [r.cause.value for r in history] == ["new", "reinforce", "reinforce"]
            assert history[-1].after is not None
            assert history[0].after is not None
            assert history[-1].after.confidence > history[0].after.confidence

    run(scenario)


def test_pixels_are_read_once_and_deleted_and_their_text_takes_its_place(tmp_path: Path) -> None:
    async def scenario() -> None:
        worker = FakeWorker(tmp_path, reads=["a line of the screen", "and another"])
        async with at_work(tmp_path, worker) as house:
            shot = frame(64, 48)
            seen = observation("", app="viewer", source="screen", trust=Trust.READ, frame_id=shot.id)
            house.inbox.put(seen, shot)

            def text() -> str:
                kept = house.database.read_sync(lambda s: observations.get(s, seen.id))
                return kept.text if kept else ""

            await house.until(lambda: "a line of the screen" in text())
            assert house.database.read_sync(lambda s: observations.frame_of(s, seen.id)) is None

    run(scenario)


def test_a_failing_model_puts_work_off_and_loses_nothing(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path, broken=2)) as house:
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: house.worker.broken == 1)
            assert house.queue()["perceive"] == 1
            assert house.claims() == []
            for _ in range(8):  # past every back-off
                house.clock.move(timedelta(minutes=6))
                await asyncio.sleep(0.6)
                if house.claims():
                    break
            assert house.claims() == ["Works on thesis.md"]

    run(scenario)


def test_work_that_always_fails_ends_where_a_person_can_see_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path, broken=10_000)) as house:
            house.inbox.put(worked_on("thesis.md"))
            for _ in range(40):
                house.clock.move(timedelta(minutes=6))
                await asyncio.sleep(0.3)
                if house.queue()["dead"]:
                    break
            [given_up] = house.database.read_sync(work.dead)
            assert given_up.error == "The model is out"
            assert given_up.attempts == 5

    run(scenario)


def test_what_is_forgotten_while_a_model_thinks_does_not_come_back(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            seen = worked_on("secret-plan.md")

            def forget_now() -> None:
                house.database.run_sync(lambda s: forget.forget(s, App("mousepad")))

            house.worker.before_answer = forget_now
            house.inbox.put(seen)
            await house.until(lambda: house.worker.calls > 0)
            await house.until(lambda: sum(house.queue().values()) == 0)
            assert house.database.read_sync(lambda s: observations.get(s, seen.id)) is None
            assert house.claims() == []
            assert house.index.count("observations") == 0

    run(scenario)


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        full = [True]
        real = observations.append

        def append(s: object, *rest: object) -> bool:
            if full[0]:
                raise StoreFull("The disk is full", "Make room.")
            return real(s, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(observations, "append", append)
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: house.pipeline.store_error is not None)
            assert not house.events
            assert house.inbox.size == 1
            full[0] = False
            await house.until(lambda: house.claims() == ["Works on thesis.md"])
            assert house.pipeline.store_error is None

    run(scenario)


class BrokenServer:
    """Fake drafter: a model server that answers garbage `times` times and then has nothing to say."""

    name = "broken"

    def __init__(self, times: int) -> None:
        self.times = times
        self.asked = 0

    def draft(self, observations: Sequence[Observation], neighbours: Sequence[Proposition]) -> Drafts:
        self.asked += 1
        if self.asked <= self.times:
            raise AnswerUnusable("The server answered something that is not JSON", "Look at the server.")
        return Drafts(())


def test_a_model_server_that_answers_garbage_is_asked_again_and_costs_no_structure_draft(
    tmp_path: Path,
) -> None:
    async def scenario() -> None:
        server = BrokenServer(times=2)
        async with at_work(tmp_path, FakeWorker(tmp_path), deep=server) as house:
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: house.claims() == ["Works on thesis.md"])
            await house.until(lambda: server.asked == 1)
            assert house.queue()["deepen"] == 1
            for _ in range(20):
                house.clock.move(timedelta(minutes=6))
                await asyncio.sleep(0.3)
                if server.asked == 3:
                    break
            await house.until(lambda: house.queue().get("deepen", 0) == 0)
            assert house.queue()["dead"] == 0
            assert house.claims() == ["Works on thesis.md"]

    run(scenario)


def test_stopping_ends_every_loop_whatever_wakes_it_at_that_moment(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            await asyncio.sleep(0.3)
            for wake in house.pipeline._wake.values():
                wake.set()  # together with the cancellation that follows
            await asyncio.wait_for(house.pipeline.stop(), 10)

    run(scenario)


def test_secrets_in_text_are_not_stored(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            house.inbox.put(observation("Card number: 4111 1111 1111 1111", id="paid"))
            await house.until(lambda: house.database.read_sync(observations.count) == 1)
            [stored] = house.database.read_sync(lambda s: observations.list_(s, 10))
            assert stored.text == "Card number: [card number]"

    run(scenario)


def test_a_caller_may_bring_its_own_time(tmp_path: Path) -> None:
    async def scenario() -> None:
        database = Database.open(tmp_path / "gumption.db", None)
        house = House(tmp_path, database, FakeWorker(tmp_path), PipelineSettings(batch_wait_s=60))
        await house.pipeline.take([Arrival(worked_on("thesis.md"))], [])
        await house.pipeline.work_off()
        assert house.claims() == []  # one observation is no batch yet
        house.clock.move(timedelta(seconds=61))
        await house.pipeline.work_off()
        assert house.claims() == ["Works on thesis.md"]
        database.close()

    run(scenario)


def test_what_the_person_no_longer_likes_is_over_when_they_say_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        database = Database.open(tmp_path / "gumption.db", None)
        house = House(tmp_path, database, FakeWorker(tmp_path), QUICK)
        tea = proposition("Prefers tea", id="tea", type="prefers", slots={"thing": "tea"})
        liked = observation("I like tea", id="o1")

        def learn(s: Session) -> None:
            observations.append(s, liked)
            cited = (Evidence(liked.id, "I like tea"),)
            propositions.commit(s, [Revision(RevisionId("r"), tea.id, Cause.NEW, None, tea, cited, NOON)])

        database.run_sync(learn)
        house.clock.move(timedelta(minutes=5))
        said = observation("I no longer drink tea.", id="o2", at=house.clock.now())
        await house.pipeline.take([Arrival(said)], [])
        await house.pipeline.work_off()
        now = database.read_sync(lambda s: propositions.get(s, tea.id))
        assert now is not None
        assert now.status is Status.SUPERSEDED
        [_, told] = database.read_sync(lambda s: propositions.revisions_of(s, tea.id))
        assert [(e.observation_id, e.stance) for e in told.evidence] == [("o2", Stance.CONTRADICTS)]
        database.close()

    run(scenario)


def test_a_model_is_asked_about_two_names_of_one_thing_and_never_inside_a_write(tmp_path: Path) -> None:
    async def scenario() -> None:
        database = Database.open(tmp_path / "gumption.db", None)
        asked: list[Pair] = []

        class Same:
            """Fake: finds everything the same, and looks whether somebody else can write meanwhile."""

            def judge(self, pair: Pair) -> Likeness:
                asked.append(pair)
                database.run_sync(lambda s: work.counts(s))
                return Likeness.SAME

        house = House(tmp_path, database, FakeWorker(tmp_path), QUICK, judge=Same())
        for number, name in enumerate(("the museum audio guide", "the audio tour of the museum")):
            said = observation(f"I am working on {name}", id=f"o{number}", source="told", title="")
            await house.pipeline.take([Arrival(said)], [])
            await house.pipeline.work_off()
        assert house.claims() == ["Works on the museum audio guide"]
        assert len(asked) == 1
        database.close()

    run(scenario)


@pytest.mark.parametrize(
    "text",
    ["\0\ud800\u202e\x1b[31m", "\ud800" * 1000, "x" * 10_000_000, "word \n" * 1_600_000, "東" * 1_000_000],
    ids=["control", "surrogates", "one line", "many lines", "unspaced"],
)
def test_whatever_stands_on_a_screen_goes_all_the_way_and_holds_nothing_up(tmp_path: Path, text: str) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            title = f"thesis{text[:50]}.md - Mousepad"
            house.inbox.put(observation(text, title=title, app=text[:50], url=text[:500], source="screen"))
            house.inbox.put(worked_on("essay.md"))
            await house.until(lambda: "Works on essay.md" in house.claims(), 60.0)
            await house.until(lambda: house.queue() == {"perceive": 0, "propose": 0, "dead": 0}, 60.0)
            for event in house.events:
                assert isinstance(json.dumps(event.data), str)
            assert house.pipeline.broken is False

    run(scenario)


def test_a_clock_that_was_set_back_makes_no_batch_wait_for_its_return(tmp_path: Path) -> None:
    async def scenario() -> None:
        patient = PipelineSettings(batch_count=50, batch_wait_s=60.0)
        async with at_work(tmp_path, FakeWorker(tmp_path), patient) as house:
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: house.queue() == {"perceive": 0, "propose": 1, "dead": 0})
            house.clock.move(timedelta(days=-400))
            await house.until(lambda: bool(house.done))

    run(scenario)
