import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.config import PipelineSettings, RetentionSettings, ScreenSettings
from app.events import Hub
from app.inbox import Inbox
from app.pipeline import Committed, Pipeline
from app.retention import Applied, Retention, lifetime, shortest
from gum.audit import Decision, Entry, Outcome, Question, Stage
from gum.propose import StructureDrafter
from gum.types import Effect, Exclusion, Observation, PropositionId, Rule, RuleId
from observers.privacy import DEFAULT_RULES
from storage import (
    decisions,
    full_text,
    observations,
    people,
    privacy,
    propositions,
    suggestions,
    thumbnails,
    truth,
)
from storage.db import Database
from storage.index import VectorIndex
from storage.keys import data_key
from tests.app.fakes import FakeWorker
from tests.app.living import daemon, paths_under, without_display
from tests.builders import NOON, StillClock, evidence, frame, observation, proposition
from tests.storage.builders import new, suggestion

DAY = timedelta(days=1)


def rule(days: float, **fields: str) -> Rule:
    return Rule(RuleId(f"r{days}"), "mine", Effect.KEEP, retention=days * DAY, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("app", "title", "url", "days"),
    [
        ("mousepad", "notes", None, 90),
        ("chromium", "News", "https://news.example/a", 3),
        ("CHROMIUM", "News", "https://other.example/", 90),
        ("signal", "Anna", None, 1),
        ("thesis", "thesis.tex", None, 365),  # a rule may also keep longer
        ("signal", "thesis.tex", None, 1),  # and of two the shorter counts
    ],
)
def test_a_rule_says_how_long_what_it_matches_is_kept(
    app: str, title: str, url: str | None, days: float
) -> None:
    rules = [
        *DEFAULT_RULES,
        rule(3, url="*://news.example/*"),
        rule(1, app="signal"),
        rule(365, title="*.tex"),
    ]
    assert lifetime(rules, 90 * DAY)(app, title, url) == days * DAY


def test_without_a_setting_only_rules_let_go_and_without_rules_nothing_does() -> None:
    assert lifetime([], None)("a", "b", None) is None
    assert shortest([], None) is None
    assert shortest(DEFAULT_RULES, 90 * DAY) == 90 * DAY
    assert shortest([rule(3, app="a"), rule(120, app="b")], None) == 3 * DAY
    secret = Rule(RuleId("p"), "private", Effect.KEEP, private=True, retention=DAY)
    assert lifetime([secret], 9 * DAY)("a", "b", None) == 9 * DAY  # what is stored was never private


class House:
    """Retention over a real store and index."""

    def __init__(self, folder: Path, settings: RetentionSettings, rules: Sequence[Rule]) -> None:
        self.clock = StillClock()
        self.database = Database.open(folder / "gumption.db", None)
        self.index = VectorIndex(folder / "index", bytes(32))
        hub, inbox, worker = Hub(), Inbox(), FakeWorker(folder)
        self.pipeline = Pipeline(
            PipelineSettings(),
            inbox,
            self.database,
            self.index,
            worker,
            StructureDrafter(),
            None,
            hub,
            self.clock,
            self._committed,
        )
        self.log, self.tidied = folder / "daemon.log", 0
        self.retention = Retention(
            settings, self.database, self.pipeline, self.clock, lambda: rules, self.log, self._tidy
        )

    async def _committed(self, done: Committed) -> None: ...

    def _tidy(self) -> None:
        self.tidied += 1

    async def add(self, *seen: Observation) -> None:
        await self.database.run(lambda s: [observations.append(s, o) for o in seen])


@asynccontextmanager
async def at_home(folder: Path, rules: Sequence[Rule] = (), **settings: float) -> AsyncIterator[House]:
    house = House(folder, RetentionSettings(**settings), rules)
    await house.pipeline.indexing.mend(truth.vectors)
    try:
        yield house
    finally:
        house.index.close()
        house.database.close()


def test_what_is_old_goes_and_what_was_learnt_stays(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_home(tmp_path) as house:
            old = [observation(f"old {n}", id=f"old{n}", at=NOON - 91 * DAY) for n in range(250)]
            await house.add(*old, observation(id="young", at=NOON - 89 * DAY))
            p = proposition("Likes tea", id="p", slots={"thing": "tea"})
            await house.database.run(lambda s: propositions.commit(s, [new(p, [evidence("old7", "old 7")])]))
            house.index.upsert("observations", {"old7": (1.0, 0.0), "young": (0.0, 1.0)})
            offer = suggestion(["p"], at=NOON - 91 * DAY, state="expired")
            await house.database.run(lambda s: suggestions.add(s, offer))
            gone = Exclusion(NOON - 91 * DAY, "keepassxc", RuleId("r"))
            await house.database.run(lambda s: privacy.add_exclusion(s, gone))
            house.log.write_text("2001-01-01 00:00:00,000 INFO app: long ago\n")
            assert await house.retention.apply() == Applied(250, 1, 1)
            assert [o.id for o in await house.database.read(lambda s: observations.list_(s, 9))] == ["young"]
            assert await house.database.read(lambda s: propositions.get(s, PropositionId("p"))) == p
            assert house.index.count("observations") == 1
            assert house.log.read_text() == ""
            assert house.tidied == 1
            assert await house.database.read(full_text.unmerged) != []  # that is for `tidy`
            assert await house.retention.apply() == Applied()
            assert house.tidied == 1

    asyncio.run(scenario())


def test_names_and_decisions_go_with_what_spoke_of_them(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_home(tmp_path) as house:
            seen = observation("To: Anna, Bo, Carla. Bo is ill", id="old", at=NOON - 91 * DAY, title="")
            await house.add(seen)
            p = proposition("Is in contact with Anna", id="p", slots={"person": "Anna"})
            await house.database.run(lambda s: propositions.commit(s, [new(p, [evidence("old", "Anna")])]))
            await house.database.run(lambda s: people.note(s, ["Anna", "Bo", "Carla"]))
            await house.database.run(lambda s: people.call_by_name(s, 3, True))
            why = Decision(Outcome.WITHHOLD, "other-health", "why", Stage.LEAVE)
            held = [(Entry(Question(Stage.LEAVE, "Bo is ill"), why), None)]
            then = NOON - 91 * DAY
            await house.database.run(lambda s: decisions.add(s, held, people.known(s), then))
            assert await house.retention.apply() == Applied(1, 0, 0, 1)
            assert [n.shown for n in await house.database.read(people.known)] == ["Anna", "Carla"]
            assert await house.database.read(lambda s: decisions.list_(s, ())) == []

    asyncio.run(scenario())


def test_zero_keeps_for_ever_but_for_the_rules(tmp_path: Path) -> None:
    async def scenario() -> None:
        rules = [rule(2, app="signal")]
        nothing = {"observations_days": 0.0, "exclusions_days": 0.0, "logs_days": 0.0}
        async with at_home(tmp_path, rules, **nothing) as house:
            long_ago = NOON - 3000 * DAY
            await house.add(
                observation(id="kept", at=long_ago), observation(id="gone", app="signal", at=long_ago)
            )
            house.log.write_text("2001-01-01 00:00:00,000 INFO app: long ago\n")
            assert await house.retention.apply() == Applied(1, 0, 0)
            assert [o.id for o in await house.database.read(lambda s: observations.list_(s, 9))] == ["kept"]
            assert house.log.read_text() != ""

    asyncio.run(scenario())


def test_the_daemon_lets_go_when_it_starts(tmp_path: Path) -> None:
    paths = paths_under(tmp_path).make()
    key = data_key(paths.config, paths.database, keyring_ok=False)
    database = Database.open(paths.database, key)
    then = datetime.now(UTC) - 91 * DAY
    for key_, at in (("old", then), ("young", then + 9 * DAY)):
        database.run_sync(lambda s, key_=key_, at=at: observations.append(s, observation(id=key_, at=at)))
    database.close()
    with daemon(tmp_path, {**without_display(), "GUMPTION_MODELS": str(tmp_path)}) as client:
        end = time.monotonic() + 60
        while client.get("/status")["counts"]["observations"] > 1:
            assert time.monotonic() < end, "the old observation is still there"
            time.sleep(0.1)
        assert client.get("/status")["queue"]["recycled"] == 0
        while "gone by age: 1 observations, 0 offers, 0 counts of exclusions" not in paths.log.read_text():
            assert time.monotonic() < end, paths.log.read_text()
            time.sleep(0.1)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.levelname for r in caplog.records if r.name == "app.retention"]


def test_pictures_keep_within_their_budget_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with at_home(tmp_path, frames_mb=0.01) as house:
            for n in range(40):
                shot = replace(frame(), at=NOON + timedelta(seconds=n))
                seen = observation("", id=str(n), source="screen", at=shot.at, frame_id=shot.id)
                await house.database.run(
                    lambda s, seen=seen, shot=shot: observations.append(s, seen, bytes(1000), shot)
                )
                await house.retention.spare_disk()
            assert 29 <= house.retention.recycled <= 32
            assert said(caplog) == ["WARNING"]
            await house.database.run(
                lambda s: [observations.perceived(s, o.id, "read", None) for o in observations.list_(s, 99)]
            )
            await house.retention.spare_disk()
            assert said(caplog) == ["WARNING", "INFO"]

    with caplog.at_level(logging.INFO, "app.retention"):
        asyncio.run(scenario())


@pytest.mark.parametrize(
    ("screen", "left"),
    [
        (ScreenSettings(thumbnails=True, thumbnails_mb=0.01), 9),
        (ScreenSettings(thumbnails=True), 40),
        (ScreenSettings(), 0),  # not wanted any more: none is left
        (None, 0),
    ],
)
def test_small_pictures_keep_within_their_budget(
    tmp_path: Path, screen: ScreenSettings | None, left: int
) -> None:
    async def scenario() -> None:
        async with at_home(tmp_path) as house:

            def keep(s: Session) -> None:
                for n in range(40):
                    seen = observation("words", id=f"{n:02}", at=NOON + timedelta(seconds=n))
                    observations.append(s, seen)
                    thumbnails.keep(s, seen.id, seen.at, bytes(1000))

            await house.database.run(keep)
            settings, log = RetentionSettings(), house.log
            retention = Retention(
                settings, house.database, house.pipeline, house.clock, list, log, lambda: None, screen
            )
            await retention.spare_disk()
            kept = await house.database.read(
                lambda s: [o.id for o in observations.list_(s, 99) if thumbnails.get(s, o.id)]
            )
            assert kept == [f"{n:02}" for n in range(39, 39 - left, -1)]

    asyncio.run(scenario())
