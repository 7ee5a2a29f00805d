"""Whatever a person points at to have it forgotten: afterwards no file of the data folder holds a word of it.

The folder is read byte by byte, encrypted databases also as who has the key could read them.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.config import PipelineSettings
from app.events import Hub
from app.forgetting import Forgetting, scope_of
from app.inbox import Inbox
from app.pipeline import Committed, Pipeline
from app.shapes import ForgetIn
from app.shaping import proposition_out, shape
from gum import same
from gum.confidence import score_of
from gum.errors import NotAllowed, NotFound
from gum.propose import StructureDrafter
from gum.types import PropositionId
from storage import db as db_module
from storage import observations, propositions, scrub, truth
from storage.db import Database
from storage.index import VectorIndex
from storage.rescoring import some
from storage.scope import App, Claim, Everything, Scope, Site, Source, Span, Topic
from storage.weighing import weighed
from tests.app.fakes import FakeWorker
from tests.builders import NOON, StillClock, observation
from tests.storage.builders import KEY
from tests.storage.disks import full_but_for, small_disk
from tests.storage.planted import APP, CANARY, SITE, SOURCE, fill, mix, traces

PLAIN, SECRET = 40, 24
Filled = tuple[Path, bytes | None]


class ForgetfulWorker(FakeWorker):
    """Fake: counts how often it was told to forget."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.forgot = 0

    def forget(self) -> None:
        self.forgot += 1


class House:
    """Forgetting over a real store and a real index."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self.folder, self.key = folder, key
        self.clock = StillClock(NOON + timedelta(minutes=SECRET))
        self.database = Database.open(folder / "gumption.db", key)
        self.inbox, self.hub, self.worker = Inbox(), Hub(), ForgetfulWorker(folder)
        self.index = VectorIndex(folder / "index", bytes(32))
        self.reloaded = 0
        self.pipeline = Pipeline(
            PipelineSettings(),
            self.inbox,
            self.database,
            self.index,
            self.worker,
            StructureDrafter(),
            None,
            self.hub,
            self.clock,
            self._committed,
        )
        self.forgetting = Forgetting(
            self.clock,
            self.database,
            self.pipeline,
            self.inbox,
            self.hub,
            self.worker,
            self._reload,
            self._tell,
        )

    async def _committed(self, done: Committed) -> None: ...

    async def _reload(self) -> None:
        self.reloaded += 1

    async def _tell(self, ids: Sequence[PropositionId]) -> None:
        for p in self.database.read_sync(lambda s: some(s, ids)):
            self.hub.publish("proposition", shape(proposition_out(p, [], self.clock.now())))

    def traces(self, word: str = CANARY) -> list[str]:
        log = self.folder / "gumption.db-wal"
        assert not log.exists() or log.stat().st_size == 0, "pages that could not be read here"
        return traces(self.folder, word, self.key)


@pytest.fixture(scope="module", params=[None, KEY], ids=["plain", "encrypted"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, bytes | None]:
    """A folder with the canary in every place, and its key."""
    folder: Path = tmp_path_factory.mktemp("filled") / "data"
    database = Database.open(folder / "gumption.db", request.param)
    database.run_sync(lambda s: fill(s, PLAIN, SECRET))
    database.run_sync(mix)
    database.close()
    return folder, request.param


@asynccontextmanager
async def at_home(filled: Filled, to: Path) -> AsyncIterator[House]:
    folder, key = filled
    shutil.copytree(folder, to / "data")
    house = House(to / "data", key)
    await house.pipeline.indexing.mend(truth.vectors)
    await house.database.checkpoint()
    house.index.upsert("observations", {f"secret{n}": (0.1 * n, 0.5) for n in range(SECRET)})
    house.hub.publish("observation", {"text": CANARY})
    house.inbox.put(observation(CANARY, at=house.clock.now()))
    try:
        yield house
    finally:
        await house.forgetting.stop()
        await house.pipeline.stop()
        house.index.close()
        house.database.close()


SCOPES = {
    "app": ForgetIn(app=f" {APP.upper()} "),
    "site": ForgetIn(site=f"https://{SITE}/some/page"),
    "source": ForgetIn(source=SOURCE),
    "span": ForgetIn(since=NOON, until=NOON + timedelta(hours=1)),
    "minutes": ForgetIn(minutes=SECRET + 1),
    "topic": ForgetIn(topic=f"title {CANARY}"),
    "everything": ForgetIn(everything=True),
}


@pytest.mark.parametrize("what", SCOPES.values(), ids=SCOPES)
def test_no_file_holds_a_word_of_what_was_forgotten(filled: Filled, tmp_path: Path, what: ForgetIn) -> None:
    async def scenario() -> None:
        async with at_home(filled, tmp_path) as house:
            assert house.traces() == ["gumption.db"]
            counted = await house.forgetting.forget(what.model_copy(update={"dry_run": True}))
            assert house.traces() == ["gumption.db"]
            assert house.inbox.size == 1
            same.alike("bought", "item", f"a {CANARY}", f"the {CANARY}")  # as a draft is compared with claims
            gone = await house.forgetting.forget(what)
            everything = what.everything
            assert gone.forgotten == counted.forgotten
            assert (gone.dry_run, counted.dry_run) == (False, True)
            assert gone.forgotten.observations == SECRET + (PLAIN if everything else 0)
            assert gone.forgotten.propositions == SECRET + (PLAIN + 1 if everything else 0)
            assert gone.forgotten.weakened == (0 if everything else 1)
            assert CANARY not in repr(house.hub._past)
            assert (house.inbox.size, house.reloaded) == (0, 1)
            assert house.index.query("observations", (0.5, 0.5), 9) == []  # they are few
            await house.forgetting.tidied()
            await house.pipeline.stop()
            assert house.worker.forgot == 1
            assert house.traces() == []
            assert house.traces("zanzib") == []
            assert house.traces("secret1") == []  # no id in the index either
            await rest_is_there(house, everything)

    asyncio.run(scenario())


async def rest_is_there(house: House, everything: bool) -> None:
    left = 0 if everything else PLAIN
    assert await house.database.read(observations.count) == left
    assert await house.database.read(propositions.count) == left + (not everything)
    assert house.index.count("propositions") == left + (not everything)
    if not everything:
        mixed = await house.database.read(lambda s: propositions.get(s, PropositionId("mixed")))
        assert mixed is not None
        left_of_it = await house.database.read(lambda s: weighed(s, PropositionId("mixed")))
        assert mixed.confidence == pytest.approx(score_of(mixed, left_of_it))
        told = [e.data for e in house.hub._past if e.name == "proposition"]
        assert [d["id"] for d in told if isinstance(d, dict)] == ["mixed"]
    house.database.check()
    assert same._read.cache_info().currsize == 0


def test_where_the_disk_has_no_room_to_clean_up_it_is_told_and_done_the_next_time(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(disk: Path) -> None:
        async with at_home(filled, disk) as house:
            with monkeypatch.context() as later:
                later.setattr(house.forgetting, "tidy", lambda forgetful: None)
                gone = await house.forgetting.forget(ForgetIn(app=APP))
            assert gone.forgotten.observations == SECRET
            with full_but_for(disk, 0):
                house.forgetting.tidy(forgetful=True)
                await house.forgetting.tidied()
                await house.pipeline.stop()
            assert "its words are in the file yet" in caplog.text
            assert CANARY not in caplog.text
            assert house.worker.forgot == 1  # the rest is done all the same
            assert await house.database.read(scrub.pending)
            house.forgetting.tidy(forgetful=True)
            await house.forgetting.tidied()
            await house.pipeline.stop()
            assert not await house.database.read(scrub.pending)
            assert house.traces() == []
            await rest_is_there(house, False)

    monkeypatch.setattr(db_module, "VACUUM_AT_ONCE", 0)
    with small_disk(tmp_path / "disk", "48m") as disk:
        asyncio.run(scenario(disk))


def test_a_proposition_is_named_by_its_id_or_how_it_begins(filled: Filled, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_home(filled, tmp_path) as house:
            gone = await house.forgetting.forget(ForgetIn(proposition_id="mixe", dry_run=True))
            assert (gone.forgotten.observations, gone.forgotten.propositions) == (0, 1)
            await house.forgetting.forget(ForgetIn(proposition_id="mixe"))
            assert await house.database.read(lambda s: propositions.get(s, PropositionId("mixed"))) is None
            with pytest.raises(NotFound):
                await house.forgetting.forget(ForgetIn(proposition_id="mixed"))
            with pytest.raises(NotAllowed, match="Several"):
                await house.forgetting.forget(ForgetIn(proposition_id="claim"))
            assert await house.database.read(propositions.count) == PLAIN + SECRET

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("what", "scope"),
    [
        (ForgetIn(minutes=10), Span(NOON - timedelta(minutes=10))),  # no end: the clock may go back
        (ForgetIn(since=NOON), Span(NOON, None)),
        (ForgetIn(until=NOON), Span(None, NOON)),
        (ForgetIn(since=NOON, until=NOON), Span(NOON, NOON)),
        (ForgetIn(app=" Firefox "), App("firefox")),
        (ForgetIn(site="www.Example.org/x"), Site("example.org")),
        (ForgetIn(source="Screen"), Source("screen")),
        (ForgetIn(topic="Job hunt"), Topic("Job hunt")),
        (ForgetIn(proposition_id="abc"), Claim(PropositionId("abc"))),
        (ForgetIn(everything=True), Everything()),
    ],
)
def test_a_request_names_one_scope(what: ForgetIn, scope: Scope) -> None:
    assert scope_of(what, NOON) == scope


@pytest.mark.parametrize(
    "what",
    [
        ForgetIn(),
        ForgetIn(dry_run=True),
        ForgetIn(app="a", everything=True),
        ForgetIn(minutes=5, since=NOON),
        ForgetIn(site="a.org", topic="b"),
        ForgetIn(app="  "),
        ForgetIn(site=" / "),
        ForgetIn(source=" "),
        ForgetIn(topic=" ,; "),
        ForgetIn(proposition_id="  "),
        ForgetIn(since=NOON, until=datetime.fromisoformat("2020-01-01T00:00:00+00:00")),
    ],
    ids=repr,
)
def test_a_request_that_names_none_or_several_or_nothing_is_refused(what: ForgetIn) -> None:
    with pytest.raises(NotAllowed):
        scope_of(what, NOON)
