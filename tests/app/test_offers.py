import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.config import SuggestSettings
from app.events import Event, Hub
from app.offers import AWAY, Offers
from app.shapes import PlanOut, SuggestionOut
from gum.errors import NotAllowed, NotFound
from gum.types import Cause, Proposition, PropositionId, Revision, RevisionId, new_id
from gum.ui import Snapshot
from observers.availability import Availability, Facts, availability
from storage import observations, propositions, suggestions
from storage.db import Database
from tests.builders import StillClock, evidence, observation, proposition


class NoDesktop:
    """Fake surface: there is no window; file actions need none."""

    def snapshot(self) -> Snapshot | None:
        return None

    def windows(self) -> list[str]:
        return []

    def set_text(self, ref: str, text: str) -> None:
        raise AssertionError("no step of these tests writes into a field")


class Desk:
    """Offers over a real store, with files in a folder of the test."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.documents = folder / "Documents"
        self.documents.mkdir(exist_ok=True)
        self.database = Database.open(folder / "gumption.db", None)
        self.clock, self.hub = StillClock(), Hub()
        self.events: list[Event] = []
        self.paused = False
        self.settings = SuggestSettings(
            todo_file=str(self.documents / "todo.md"),
            calendar_folder=str(self.documents),
            **{"gap_s": 0.0, "burn_in_h": 0.0, **settings},  # type: ignore[arg-type]
        )
        self.input_age: timedelta | None = timedelta(minutes=5)
        self.asked_in: set[threading.Thread] = set()
        self.in_meeting = False
        self.available = Availability()
        self.offers = Offers(
            self.settings,
            self.database,
            self.hub,
            self.clock,
            NoDesktop(),
            None,
            self.age,
            lambda: self.paused,
            meeting=lambda at: self.in_meeting,
            availability=lambda: self.available,
        )

    def age(self) -> timedelta | None:
        self.asked_in.add(threading.current_thread())
        return self.input_age

    def learn(self, event: str = "project review", days: int = 5, confidence: float = 0.8) -> PropositionId:
        """Puts a proposition with its evidence into the store, as the pipeline would."""
        seen = observation(f"{event} soon", at=self.clock.at)
        claim = proposition(
            f"Is preparing for {event}",
            type="preparing_for",
            slots={"event": event},
            confidence=confidence,
            half_life=timedelta(weeks=2),
            at=self.clock.at,
            valid_until=self.clock.at + timedelta(days=days),
        )
        cited = (evidence(seen.id, event),)
        made = Revision(RevisionId(new_id()), claim.id, Cause.NEW, None, claim, cited, self.clock.at)
        self.database.run_sync(lambda s: observations.append(s, seen) and propositions.commit(s, [made]))
        return claim.id

    async def shown(self) -> list[SuggestionOut]:
        return [x for x in (await self.offers.list("open")).items if x.state == "shown"]

    def files(self) -> set[str]:
        return {p.name for p in self.documents.iterdir()}


@asynccontextmanager
async def desk(folder: Path, **settings: object) -> AsyncIterator[Desk]:
    made = Desk(folder, **settings)

    async def listen() -> None:
        async for event in made.hub.listen():
            made.events.append(event)

    task = asyncio.create_task(listen())
    await made.offers.start()
    try:
        yield made
    finally:
        await made.offers.stop()
        made.hub.close()
        await task
        made.database.close()


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


async def accepted(d: Desk) -> PlanOut:
    d.learn()
    await d.offers.look()
    [offer] = await d.shown()
    answer = await d.offers.react(offer.id, "accept")
    assert answer.plan is not None
    return answer.plan


def test_an_offer_cites_its_propositions_and_is_told(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            claim = d.learn()
            await d.offers.look()
            [offer] = await d.shown()
            assert [p.id for p in offer.why] == [claim]
            assert offer.why[0].evidence[0].quote == "project review"
            assert "project review" in offer.text
            await asyncio.sleep(0)
            assert [e.name for e in d.events] == ["suggestion"]

    run(scenario)


def test_looking_again_offers_nothing_twice(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn()
            for _ in range(3):
                await d.offers.look()
            assert len((await d.offers.list("all")).items) == 1

    run(scenario)


def test_nothing_is_offered_to_an_empty_chair_and_it_is_once_somebody_is_back(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn()
            d.input_age = AWAY + timedelta(seconds=1)
            await d.offers.look()
            assert (await d.offers.list("all")).items == []
            d.input_age = timedelta(minutes=5)
            await d.offers.look()
            assert len(await d.shown()) == 1

    run(scenario)


def test_in_a_meeting_an_offer_that_may_not_be_worth_it_waits_in_the_list(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn(confidence=0.6)
            d.in_meeting = True
            await d.offers.look()
            assert await d.shown() == []
            assert len((await d.offers.list("open")).items) == 1
            d.in_meeting = False
            await d.offers.look()
            assert len(await d.shown()) == 1

    run(scenario)


def test_a_desktop_that_takes_its_time_to_answer_does_not_hold_up_the_daemon(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn()
            await d.offers.look()
            assert d.asked_in and threading.current_thread() not in d.asked_in

    run(scenario)


def test_what_typing_put_off_comes_up_soon_after_without_being_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.offers.TYPED_S", 0.05)

    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn()
            d.available = availability(Facts(typing=True))
            await d.offers.look()
            await asyncio.sleep(0.3)  # a few more looks
            assert await d.shown() == []
            d.available = availability(Facts(typing=False))
            async with asyncio.timeout(30):
                while not await d.shown():
                    await asyncio.sleep(0.02)

    run(scenario)


@pytest.mark.parametrize(
    "facts", [Facts(do_not_disturb=True), Facts(microphone=True), Facts(full_screen=True), Facts(typing=True)]
)
def test_an_offer_waits_while_the_person_may_not_be_spoken_to(tmp_path: Path, facts: Facts) -> None:
    """It is not lost: it stands in the list, and comes up when they may."""

    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn()
            d.available = availability(facts)
            for _ in range(2):
                await d.offers.look()
                assert await d.shown() == []
                assert len((await d.offers.list("open")).items) == 1
            assert not any(event.name == "suggestion" for event in d.events)
            d.available = availability(Facts())
            await d.offers.look()
            assert len(await d.shown()) == 1

    run(scenario)


def test_the_daily_budget_holds_and_the_rest_waits_in_the_list(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path, daily_budget=2) as d:
            for event in ("project review", "choir concert", "tax interview", "house viewing"):
                d.learn(event)
            await d.offers.look()
            assert len(await d.shown()) == 2
            assert len((await d.offers.list("open")).items) == 4

    run(scenario)


def test_in_the_first_day_nothing_is_offered_and_then_it_is(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path, burn_in_h=24) as d:
            d.learn()
            await d.offers.look()
            assert await d.shown() == []
            assert d.offers.learning_until == d.clock.at + timedelta(hours=24)
            d.clock.move(timedelta(hours=24))
            await d.offers.look()
            assert len(await d.shown()) == 1
            assert d.offers.learning_until is None
            await d.offers.start()  # a restart does not begin it anew
            assert d.offers.learning_until is None

    run(scenario)


def test_nothing_is_offered_of_a_claim_the_person_is_asked_about_first(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            doubted = d.learn()
            sure = d.learn("dress rehearsal")
            d.offers._doubted = lambda s, claims, now: {doubted}
            await d.offers.look()
            assert [[p.id for p in offer.why] for offer in (await d.offers.list("open")).items] == [[sure]]

    run(scenario)


def test_what_is_doubted_is_asked_only_when_there_is_something_to_offer(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            asked: list[int] = []

            def doubted(s: object, claims: Sequence[Proposition], now: object) -> tuple[()]:
                asked.append(len(claims))
                return ()

            d.offers._doubted = doubted
            await d.offers.look()
            assert asked == []
            d.learn()
            await d.offers.look()
            assert asked == [1]
            await d.offers.look()  # it was offered just now
            assert asked == [1] and len(await d.shown()) == 1

    run(scenario)


def test_never_silences_the_kind_and_dismissals_lower_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn("project review")
            await d.offers.look()
            [offer] = await d.shown()
            before = offer.p_useful
            await d.offers.react(offer.id, "dismiss")
            d.learn("choir concert")
            await d.offers.look()
            [offer] = await d.shown()
            assert offer.p_useful < before
            await d.offers.react(offer.id, "never")
            d.learn("tax interview")
            await d.offers.look()
            assert await d.shown() == []

    run(scenario)


def test_an_offer_nobody_touched_expires_and_counts_as_ignored(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn(days=30)
            d.learn("choir concert", days=3)
            await d.offers.look()
            shown = await d.shown()
            assert shown
            d.clock.at = max(x.expires_at for x in shown) + timedelta(seconds=1)
            await d.offers.look()
            expired = (await d.offers.list("expired")).items
            assert {x.id for x in shown} <= {x.id for x in expired}
            reactions = d.database.read_sync(suggestions.reactions)
            assert [verdict.value for _, verdict in reactions] == ["ignore"] * len(shown)
            with pytest.raises(NotAllowed):
                await d.offers.react(shown[0].id, "accept")

    run(scenario)


def test_while_paused_or_switched_off_nothing_is_offered(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn()
            d.paused = True
            await d.offers.look()
            assert (await d.offers.list("all")).items == []
        async with desk(tmp_path, enabled=False) as d:
            await d.offers.look()
            assert (await d.offers.list("all")).items == []

    run(scenario)


def test_what_does_not_exist_is_said_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            for question in (
                d.offers.react("nothing", "accept"),
                d.offers.plans.plan("nothing"),
                d.offers.plans.approve("nothing", ""),
                d.offers.plans.undo("nothing"),
            ):
                with pytest.raises(NotFound):
                    await question

    run(scenario)
