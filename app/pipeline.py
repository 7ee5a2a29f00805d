"""Steps 4 to 10 of the chain: inbox, store, perceive, propose, revise, commit, index, publish.

Each loop takes its work from SQLite under a lease and acknowledges it in the transaction that
stores the result. A crash, a failed model or a restart therefore stops the chain at a stored row
and resumes there: nothing acknowledged is lost and nothing is done twice.
No transaction is held while a model works: read, infer, short commit.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.auditing import Audited, Auditing, Standing
from app.batch import revisions_for
from app.config import PipelineSettings
from app.events import Hub
from app.inbox import Arrival, Inbox
from app.indexing import Indexing
from app.judging import Judging, Prepared
from app.learnt import Learnt
from app.own import Deed, disown
from app.perceive import DEEPEN, PERCEIVE, PROPOSE, Perceiver, mistake
from app.pixels import encode, encode_before
from app.shaping import observation_shape
from app.thumbnails import Thumbnail, none
from gum.denial import latest
from gum.errors import GumptionError, StoreUnavailable
from gum.judge import comparing
from gum.model.client import ModelWorker
from gum.ports import Clock, Drafter, Judge
from gum.redact import redact
from gum.setting import TASTE
from gum.types import (
    AT_WINDOWS,
    Evidence,
    Exclusion,
    Frame,
    Observation,
    Proposition,
    PropositionId,
    Revision,
    new_id,
)
from storage import observations, privacy, propositions, work
from storage.db import Database
from storage.index import VectorIndex
from storage.quoted import beginning
from storage.weighing import weighed
from storage.work import WorkItem

log = logging.getLogger(__name__)

PERCEIVE_AT_ONCE = 16
PROPOSE_AT_ONCE = 50
RECENT_AT_MOST = 200  # observations a draft may look back on, beside those of its batch
POLL_S = 1.0  # how long a loop sleeps when nothing woke it: retries and batch ages need a clock
BATCH_LOOK_S = 10.0  # while a batch fills
REST_S = 60.0  # and when there is nothing at all to do: whoever brings something wakes it
STORE_RETRY_S = 2.0


@dataclass(frozen=True, slots=True)
class Committed:
    """What one batch changed."""

    revisions: tuple[Revision, ...]

    @property
    def changed(self) -> tuple[PropositionId, ...]:
        return tuple(dict.fromkeys(r.proposition_id for r in self.revisions))


class Pipeline:
    """The loops. `start` and `stop` belong to the event loop; everything slow runs beside it."""

    def __init__(
        self,
        settings: PipelineSettings,
        inbox: Inbox,
        database: Database,
        index: VectorIndex,
        worker: ModelWorker,
        drafter: Drafter,
        deep_drafter: Drafter | None,
        hub: Hub,
        clock: Clock,
        committed: Callable[[Committed], Awaitable[None]],
        deeds: Callable[[], Sequence[Deed]] = tuple,
        fresh_id: Callable[[], str] = new_id,
        learnt: Learnt | None = None,
        auditing: Auditing | None = None,
        judge: Judge | None = None,
        clean: Callable[[Observation], Observation] = redact,
        thumbnail: Thumbnail = none,
    ) -> None:
        """`deeds`: what Gumption did itself lately, which is no evidence about the person.

        `fresh_id` makes the ids of propositions and revisions; a replay brings its own. `learnt`: what the
        person's verdicts came to, where somebody else asks for it, too. `auditing`: by default, the rules.
        `judge` is asked where words do not tell two claims apart. `clean` takes secrets out before storing.
        `thumbnail` makes the small pictures that are kept of what was read.
        """
        self._judging = Judging(judge)
        self._auditing = auditing or Auditing()
        self._fresh_id = fresh_id
        self._learnt = learnt or Learnt()
        self._settings = settings
        self._inbox = inbox
        self._database = database
        self._worker = worker
        self._drafter = drafter
        self._deep = deep_drafter
        self._perceiver = Perceiver(
            database, worker, hub, clock, deeds, deep_drafter is not None, clean, thumbnail
        )
        self._clean = clean
        self._hub = hub
        self._clock = clock
        self._committed = committed
        self._deeds = deeds
        self._wake = {PERCEIVE: asyncio.Event(), PROPOSE: asyncio.Event(), DEEPEN: asyncio.Event()}
        self._tasks: list[asyncio.Task[None]] = []
        self._quiet = asyncio.Lock()
        self._indexing = Indexing(database, index, worker, self._quiet)
        self.store_error: StoreUnavailable | None = None
        self.stored_at: datetime | None = None  # when something seen at a window was last stored
        self.dropped_drafts = 0
        self.broken = False
        self._batch_rest = POLL_S

    def start(self) -> None:
        """Starts the loops."""
        loops = [self._ingest(), self._work(PERCEIVE, self._perceive), self._work(PROPOSE, self._propose)]
        if self._deep is not None:
            loops.append(self._work(DEEPEN, self._deepen))
        self._tasks = [asyncio.create_task(loop) for loop in loops]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A loop ends only by `stop`; one that ends by a mistake of ours must not look like observing."""
        if not task.cancelled():
            self.broken = True
            log.critical("a stage of the pipeline has ended", exc_info=task.exception())

    async def stop(self) -> None:
        """Stops the loops; what was in flight is done again at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._indexing.stop()

    async def take(self, arrivals: Sequence[Arrival], exclusions: Sequence[Exclusion]) -> None:
        """Stores what was observed, for callers that bring their own time and have not called `start`."""
        await self._store(arrivals, exclusions)

    async def work_off(self) -> None:
        """Does everything that is due by now; likewise."""
        busy = True
        while busy:
            busy = await self._perceive() or await self._propose()
            busy = busy or (self._deep is not None and await self._deepen())

    def wake(self) -> None:
        """Somebody else put work into the store."""
        for news in self._wake.values():
            news.set()

    @property
    def quiet(self) -> asyncio.Lock:
        """Hold it while forgetting: nothing drained before may be stored or indexed after."""
        return self._quiet

    @property
    def indexing(self) -> Indexing:
        """The vector index, as everybody uses it."""
        return self._indexing

    async def tell(self, revisions: Sequence[Revision], reindex: Sequence[PropositionId] = ()) -> None:
        """Tells of `revisions` that somebody else committed as of those of a batch.

        `reindex`: the claims of which they changed more than how sure or how private they are.
        """
        if reindex:
            await self._indexing.again(reindex)
        if revisions:
            await self._committed(Committed(tuple(revisions)))

    # 4, 5: inbox, store

    async def _ingest(self) -> None:
        while True:
            await self._inbox.wait()
            async with self._quiet:  # drained inside: what is forgotten meanwhile must not be in our hands
                arrivals, exclusions = self._inbox.drain()
                try:
                    await self._store(arrivals, exclusions)
                    self._store_is(None)
                except StoreUnavailable as error:
                    # Not acknowledged, so not lost: it goes back and waits for the disk.
                    self._inbox.give_back(arrivals)
                    self._store_is(error)
                except Exception as error:  # noqa: BLE001 - one find we cannot take must not stop all others
                    mistake(error)
                    await self._store_each(arrivals, exclusions)
            if self.store_error is not None:
                await asyncio.sleep(STORE_RETRY_S)

    async def _store_each(self, arrivals: Sequence[Arrival], exclusions: Sequence[Exclusion]) -> None:
        """One by one, so that only what cannot be taken is given up, and counted."""
        alone: list[tuple[Sequence[Arrival], Sequence[Exclusion]]] = [([one], ()) for one in arrivals]
        for n, (some, left_out) in enumerate([([], exclusions), *alone]):
            try:
                await self._store(some, left_out)
            except StoreUnavailable as error:
                self._inbox.give_back(list(arrivals[max(0, n - 1) :]))
                self._store_is(error)
                return
            except Exception as error:  # noqa: BLE001 - see above
                mistake(error)
                self._inbox.give_up(len(some))

    def _store_is(self, error: StoreUnavailable | None) -> None:
        if error is not None and self.store_error is None:
            log.error("observations cannot be stored: %s (%s)", error.title, error.hint)
        if error is None and self.store_error is not None:
            log.info("observations are stored again")
        self.store_error = error

    async def _store(self, arrivals: Sequence[Arrival], exclusions: Sequence[Exclusion]) -> None:
        deeds = self._deeds()

        def cleaned() -> list[tuple[Observation, bytes | None, bytes | None]]:
            return [(self._clean(disown(a.observation, deeds)), *_encoded(a.frame)) for a in arrivals]

        ready = await asyncio.to_thread(cleaned)  # not while the transaction is open: it takes some time

        def append(s: Session) -> list[Observation]:
            fresh = []
            for arrival, (observation, shown, before) in zip(arrivals, ready, strict=True):
                if observations.append(s, observation, shown, arrival.frame, before):
                    fresh.append(observation)
                elif arrival.observation.until > arrival.observation.at:
                    # Else it did not last: it was seen again, as a calendar's event after a restart.
                    observations.extend(s, arrival.observation.id, arrival.observation.until)
            for exclusion in exclusions:
                privacy.add_exclusion(s, exclusion)
            return fresh

        fresh = await self._database.run(append)
        if any(arrival.observation.source in AT_WINDOWS for arrival in arrivals):
            self.stored_at = self._clock.now()
        for observation in fresh:
            self._hub.publish("observation", observation_shape(observation))
        for exclusion in exclusions:
            data = {"at": exclusion.at.isoformat(), "app": exclusion.app, "rule": exclusion.rule_id}
            self._hub.publish("exclusion", data)
        if fresh:
            self._wake[PERCEIVE].set()

    # the frame of every stage that takes leased work

    async def _work(self, kind: str, batch: Callable[[], Awaitable[bool]]) -> None:
        wake = self._wake[kind]
        while True:
            wake.clear()
            try:
                did = await batch()
            except StoreUnavailable as error:
                self._store_is(error)
                did = False
                await asyncio.sleep(STORE_RETRY_S)
            except Exception as error:  # noqa: BLE001 - a mistake in one batch must not end all that follow
                mistake(error)
                did = False  # what it had not acknowledged comes again when its lease is over
            if not did:
                rest = await self._rest(kind)
                # Not wait_for: before Python 3.12 it swallows a cancellation that comes with the wake-up,
                # and `stop` then waits for ever (github.com/python/cpython/issues/81839).
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(rest):
                        await wake.wait()

    async def _rest(self, kind: str) -> float:
        try:
            if not await self._database.read(lambda s: work.any_left(s, kind)):
                return REST_S
            return self._batch_rest if kind == PROPOSE else POLL_S
        except StoreUnavailable:
            return POLL_S

    async def _lease(self, kind: str, limit: int) -> list[WorkItem]:
        now = self._clock.now()
        lease_for = timedelta(seconds=self._settings.lease_s)
        return await self._database.run(lambda s: work.lease(s, kind, limit, now, lease_for))

    async def _failed(self, items: Sequence[WorkItem], error: GumptionError) -> None:
        ids = [item.id for item in items]
        now = self._clock.now()
        log.warning("%d %s item(s) put off: %s", len(items), items[0].kind, error.title)
        await self._database.run(lambda s: work.retry(s, ids, error.title, now))

    # 6, 7: perceive

    async def _perceive(self) -> bool:
        items = await self._lease(PERCEIVE, PERCEIVE_AT_ONCE)
        if not items:
            return False
        done = await self._perceiver.perceive(items)
        self._wake[PROPOSE].set()
        self._wake[DEEPEN].set()
        for item, error in done.failed:
            await self._failed([item], error)
        await self._indexing.perceived(done.seen)
        return True

    # 8, 9, 10: propose, revise, commit

    async def _propose(self) -> bool:
        if not await self._due():
            return False
        items = await self._lease(PROPOSE, PROPOSE_AT_ONCE)
        return bool(items) and await self._draft(items, self._drafter)

    async def _due(self) -> bool:
        now = self._clock.now()

        def look(s: Session) -> tuple[int, datetime | None]:
            return work.waiting(s, PROPOSE, now), work.oldest(s, PROPOSE)

        count, oldest = await self._database.read(look)
        waited = (now - oldest).total_seconds() if oldest is not None else 0.0
        left = self._settings.batch_wait_s - waited
        late = left <= 0 or waited < 0  # less than none: the clock was set back
        # Often enough to notice that the clock was set; who fills the batch before wakes the loop.
        self._batch_rest = min(max(left, POLL_S), BATCH_LOOK_S) if count and not late else POLL_S
        return count >= self._settings.batch_count or (count > 0 and late)

    async def _deepen(self) -> bool:
        assert self._deep is not None
        items = await self._lease(DEEPEN, self._settings.batch_count)
        return bool(items) and await self._draft(items, self._deep)

    async def _draft(self, items: Sequence[WorkItem], drafter: Drafter) -> bool:
        ids = [item.observation_id for item in items]
        since = self._clock.now() - timedelta(seconds=self._settings.recent_window_s)

        def fetch(s: Session) -> tuple[list[Observation], list[Observation], list[Proposition], Standing]:
            batch = [o for o in (observations.get(s, i) for i in ids) if o is not None]
            batch.sort(key=lambda o: o.at)
            recent = observations.between(s, since, self._clock.now(), RECENT_AT_MOST)
            active = propositions.list_(s, status="active", type_=None, limit=RECENT_AT_MOST)
            standing = self._auditing.standing(s)
            return batch, [o for o in recent if o.id not in set(ids)], active, standing

        try:
            seen = await self._database.read(fetch)
            deep = drafter is self._deep
            found = await asyncio.to_thread(self._auditing.propose, *seen, drafter, deep)
            ready = await self._judging.prepare(self._database, self._worker, found.drafts, seen[0])
            done = await self._commit(items, found, ready)
        except StoreUnavailable:
            raise
        except GumptionError as error:
            await self._failed(items, error)
            return True
        except Exception as error:  # noqa: BLE001 - one batch we cannot take must not stop all others
            await self._failed(items, mistake(error))
            return True
        self.dropped_drafts += found.dropped
        if done.revisions:
            await self._indexing.claims(done.changed)
            await self._committed(done)
        return True

    async def _commit(self, items: Sequence[WorkItem], found: Audited, ready: Prepared) -> Committed:
        now, drafts = self._clock.now(), found.drafts
        model = self._worker.embedder_name

        def commit(s: Session) -> Committed:
            cited_ids = {e.observation_id for d in drafts for e in d.evidence}
            cited_ids |= {h.observation.id for h in ready.heard}
            cited_ids |= {one.observation.id for one in ready.settings}
            there = observations.existing(s, list(cited_ids))  # some may have been forgotten meanwhile
            grounded = [d for d in drafts if all(e.observation_id in there for e in d.evidence)]
            drafts_left = propositions.without_forgotten(s, grounded)
            heard = latest(h for h in ready.heard if h.observation.id in there)
            neighbours = propositions.neighbours(s, drafts_left, [h.denial.what for h in heard])
            made = [one for one in ready.settings if one.observation.id in there]
            neighbours += beginning(s, TASTE, [one.before for one in made])

            def evidence(about: PropositionId) -> list[Evidence]:
                return weighed(s, about, list(there))

            learnt, compare = self._learnt.of(s), comparing(ready.judged)
            revisions = revisions_for(
                drafts_left, neighbours, evidence, now, self._fresh_id, learnt, compare, heard, made
            )
            applied = propositions.commit(s, revisions)
            self._auditing.record(s, found, applied, now)
            after = {r.after.id: r.after for r in applied if r.after is not None}
            named = {i: ready.vectors[p.text] for i, p in after.items() if p.text in ready.vectors}
            propositions.set_vectors(s, named, model)
            work.ack(s, [item.id for item in items])
            return Committed(tuple(applied))

        return await self._database.run(commit)


def _encoded(frame: Frame | None) -> tuple[bytes | None, bytes | None]:
    return (encode(frame), encode_before(frame)) if frame is not None else (None, None)
