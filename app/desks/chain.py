"""The product as an arm: its own store, perceiving, proposing and revising, in the desk's time.

Nothing of the chain is bypassed but the threads and timers around it: what the observers made is stored,
perceived in batches, drafted, revised and committed by `app.pipeline`, with the clock of the desk.
"""

import asyncio
import hashlib
import itertools
import os
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from app.config import PipelineSettings
from app.desks.leaks import leaked, texts_of
from app.desks.metered import Metered
from app.desks.types import Belief, Checkpoint, Desk, Played, Sight
from app.events import Hub
from app.fading import fade
from app.inbox import Arrival, Inbox
from app.pipeline import Committed, Pipeline
from gum.model.client import ModelWorker
from gum.ports import Drafter, Judge
from gum.types import Evidence, PropositionId
from storage import propositions
from storage.db import Database
from storage.index import VectorIndex

T = TypeVar("T")

MOST = 10_000  # beliefs of one desk: more would be a fault, and the judge should see it
# What is measured here is not how durable a store is, and a synced commit costs 5 to 10 ms on a disk.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
AFTER = timedelta(hours=1)  # what came last has been worked off by then
WORKED_OFF = timedelta(seconds=PipelineSettings().batch_wait_s)  # so long an observation waits for others

Drafters = tuple[Drafter, Drafter | None]  # of every observation, and of what is novel


class DeskClock:
    """A clock that stands at the desk's time; `tell` hears of every move."""

    def __init__(self, tell: Callable[[datetime], None]) -> None:
        self.at = datetime.min.replace(tzinfo=UTC)
        self._tell = tell

    def now(self) -> datetime:
        return self.at

    def move(self, to: datetime) -> None:
        """Never back."""
        self.at = max(self.at, to)
        self._tell(self.at)


class ChainArm:
    """An `app.desks.types.Arm`."""

    name = "gumption"

    def __init__(
        self,
        drafters: Drafters,
        worker: ModelWorker,
        meter: Metered | None = None,
        tell: Callable[[datetime], None] = lambda at: None,
        remember: bool = False,
        judge: Judge | None = None,
        look: Callable[[Database, datetime], None] = lambda database, at: None,
    ) -> None:
        """`drafters`, `judge`: as the daemon has them. `worker` embeds; all desks share it and it stays open.

        `meter` is the language model, when there is one; `tell` hears the desk's time.
        `remember`: give what the last beliefs rest on, too. `look` may read the store at each checkpoint.
        """
        self._look = look
        self._remember = remember
        self._judge = judge
        self._drafters = drafters
        self._worker = worker
        self._meter = meter
        self._tell = tell

    def play(self, desk: Desk, sights: Sequence[Sight], ask: Sequence[datetime] = ()) -> Played:
        began = time.perf_counter()
        clock = DeskClock(self._tell)
        with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder, _store(Path(folder)) as database:
            fresh = ids_of(desk.id)
            pipeline = self._pipeline(Path(folder), database, clock, fresh)
            checkpoints, asked = asyncio.run(
                _live(desk, sights, ask, pipeline, database, clock, fresh, self._look)
            )
            found = database.read_sync(lambda s: leaked(texts_of(s), desk.secrets))
            evidence = _evidence(database, checkpoints[-1].beliefs) if self._remember else {}
        return Played(
            desk=desk.id,
            arm=self.name,
            checkpoints=tuple(checkpoints),
            secrets_stored=found,
            hours=hours_of(desk, sights),
            model_tokens=self._meter.tokens if self._meter else 0,
            model_s=self._meter.seconds if self._meter else 0.0,
            wall_s=time.perf_counter() - began,
            evidence=evidence,
            asked=tuple(asked),
        )

    def _pipeline(
        self, folder: Path, database: Database, clock: DeskClock, ids: Callable[[], str]
    ) -> Pipeline:
        async def committed(_: Committed) -> None:
            return None

        index = VectorIndex(folder / "index", bytes(32))
        return Pipeline(
            PipelineSettings(),
            Inbox(),
            database,
            index,
            self._worker,
            *self._drafters,
            Hub(),
            clock,
            committed,
            fresh_id=ids,
            judge=self._judge,
        )


def ids_of(name: str) -> Callable[[], str]:
    """Fresh ids that come out the same at every replay of `name`."""
    numbers = itertools.count()
    return lambda: hashlib.sha256(f"{name} {next(numbers)}".encode()).hexdigest()[:32]


class _Inline(Database):
    """The same store without threads of its own: at a desk nobody else is waiting for the event loop."""

    async def run(self, fn: Callable[[Session], T], *, beside: bool = False) -> T:
        return self._write(fn, beside)

    async def read(self, fn: Callable[[Session], T]) -> T:
        return self._read(fn)

    async def glance(self, fn: Callable[[Session], T]) -> T:
        return self._glance(fn)


@contextmanager
def _store(folder: Path) -> Iterator[Database]:
    database = _Inline.open(folder / "desk.db", None)
    try:
        yield database
    finally:
        database.close()


async def _live(
    desk: Desk,
    sights: Sequence[Sight],
    ask: Sequence[datetime],
    pipeline: Pipeline,
    database: Database,
    clock: DeskClock,
    fresh: Callable[[], str],
    look: Callable[[Database, datetime], None],
) -> tuple[list[Checkpoint], list[Checkpoint]]:
    """The desk's days. A checkpoint when a session's last batch is done, and one AFTER the last; and those
    asked for in between."""
    made: list[Checkpoint] = []
    asked: list[Checkpoint] = []
    waiting = sorted(ask)
    for session in sessions_of(desk, sights):
        for closes, batch in batches(session):
            clock.move(closes)
            seen = [Arrival(sight.observation) for sight in batch if sight.observation is not None]
            await pipeline.take(seen, [sight.exclusion for sight in batch if sight.exclusion is not None])
            await pipeline.work_off()
            if due_by(waiting, clock.at - WORKED_OFF):
                asked.append(_believed(database, clock.at))
        if due_by(waiting, clock.at):
            asked.append(_believed(database, clock.at))
        made.append(_checkpoint(database, clock.at, fresh))
        look(database, clock.at)
    clock.move(clock.at + AFTER)
    await pipeline.work_off()
    made.append(_checkpoint(database, clock.at, fresh))
    look(database, clock.at)
    return made, asked


def due_by(waiting: list[datetime], at: datetime) -> bool:
    """Takes out of `waiting`, which is sorted, what is not after `at`; whether there was any."""
    due = bisect_right(waiting, at)
    del waiting[:due]
    return due > 0


def batches(session: Sequence[Sight]) -> list[tuple[datetime, list[Sight]]]:
    """The sights that are proposed from together, with when their batch closes: on count or on time.

    The daemon stores and perceives each at once; what is proposed is the same, in a fifth of the time.
    """
    settings = PipelineSettings()
    wait = timedelta(seconds=settings.batch_wait_s)
    found: list[tuple[datetime, list[Sight]]] = []
    waiting: list[Sight] = []
    for sight in session:
        if waiting and sight.at - waiting[0].at >= wait:
            found.append((waiting[0].at + wait, waiting))
            waiting = []
        waiting.append(sight)
        if sum(sight.observation is not None for sight in waiting) == settings.batch_count:
            found.append((sight.at, waiting))
            waiting = []
    if waiting:
        found.append((waiting[0].at + wait, waiting))
    return found


def sessions_of(desk: Desk, sights: Sequence[Sight]) -> list[list[Sight]]:
    """The sights by session, in order; a session in which nothing was seen is an empty list."""
    begins = [session.begins for session in desk.sessions]
    found: list[list[Sight]] = [[] for _ in begins]
    for sight in sights:
        number = sum(begin <= sight.at for begin in begins)
        found[max(0, number - 1)].append(sight)
    return found


def hours_of(desk: Desk, sights: Sequence[Sight]) -> float:
    """Hours at the desk: from the first to the last sight of each session."""
    spans = [s[-1].at - s[0].at for s in sessions_of(desk, sights) if s]
    return sum((span.total_seconds() for span in spans), 0.0) / 3600


def _evidence(database: Database, beliefs: Sequence[Belief]) -> dict[str, tuple[Evidence, ...]]:
    ids = [PropositionId(belief.id) for belief in beliefs]
    rows = database.read_sync(lambda s: propositions.evidence_of(s, ids))
    return {key: tuple(row.evidence for row in found) for key, found in rows.items()}


def _checkpoint(database: Database, at: datetime, fresh: Callable[[], str]) -> Checkpoint:
    database.run_sync(lambda s: fade(s, at, fresh))  # as the daemon does every hour
    return _believed(database, at)


def _believed(database: Database, at: datetime) -> Checkpoint:
    known = database.read_sync(lambda s: propositions.list_(s, status="active", limit=MOST))
    beliefs = [
        Belief(p.id, p.text, p.confidence, p.type, dict(p.slots))
        for p in known
        if p.valid_until is None or p.valid_until >= at
    ]
    return Checkpoint(at, tuple(beliefs))
