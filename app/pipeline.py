"""Steps 4 to 10 of the chain: inbox, store, perceive, propose, revise, commit, index, publish.

Each loop takes its work from SQLite under a lease and acknowledges it in the transaction that
stores the result. A crash, a failed model or a restart therefore stops the chain at a stored row
and resumes there: nothing acknowledged is lost and nothing is done twice.
No transaction is held while a model works: read, infer, short commit.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.auditing import Audited, Auditing, Standing
from app.batch import revisions_for
from app.config import PipelineSettings
from app.events import Hub
from app.inbox import Arrival, Inbox
from app.judging import Judging, Prepared
from app.learnt import Learnt
from app.own import Deed, disown
from app.perceive import DEEPEN, PERCEIVE, PROPOSE, Perceiver, mistake
from app.pixels import encode
from app.shaping import observation_shape
from gum.denial import latest
from gum.errors import GumptionError, IndexUnavailable, ModelUnavailable, StoreUnavailable
from gum.judge import comparing
from gum.model.client import ModelWorker
from gum.ports import Clock, Drafter, Judge
from gum.redact import redact
from gum.types import (
    Evidence,
    Exclusion,
    Observation,
    Percept,
    Proposition,
    PropositionId,
    Revision,
    Status,
    Vector,
    new_id,
)
from storage import observations, privacy, propositions, work
from storage.db import Database
from storage.forget import Forgotten
from storage.index import Entry, VectorIndex
from storage.search import NO_MEANING, Meaning
from storage.weighing import weighed
from storage.work import WorkItem

log = logging.getLogger(__name__)

PERCEIVE_AT_ONCE = 16
PROPOSE_AT_ONCE = 50
RECENT_AT_MOST = 200  # observations a draft may look back on, beside those of its batch
EMBED_AT_ONCE = 64
POLL_S = 1.0  # how long a loop sleeps when nothing woke it: retries and batch ages need a clock
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
    ) -> None:
        """`deeds`: what Gumption did itself lately, which is no evidence about the person.

        `fresh_id` makes the ids of propositions and revisions; a replay brings its own. `learnt`: what the
        person's verdicts came to, where somebody else asks for it, too. `auditing`: by default, the rules.
        `judge` is asked where words do not tell two claims apart.
        """
        self._judging = Judging(judge)
        self._auditing = auditing or Auditing()
        self._fresh_id = fresh_id
        self._learnt = learnt or Learnt()
        self._settings = settings
        self._inbox = inbox
        self._database = database
        self._index = index
        self._worker = worker
        self._drafter = drafter
        self._deep = deep_drafter
        self._perceiver = Perceiver(database, worker, hub, clock, deeds, deepens=deep_drafter is not None)
        self._hub = hub
        self._clock = clock
        self._committed = committed
        self._deeds = deeds
        self._wake = {PERCEIVE: asyncio.Event(), PROPOSE: asyncio.Event(), DEEPEN: asyncio.Event()}
        self._tasks: list[asyncio.Task[None]] = []
        self._quiet = asyncio.Lock()
        self.store_error: StoreUnavailable | None = None
        self.dropped_drafts = 0
        self.broken = False
        self._renewing: asyncio.Task[None] | None = None

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
        if self._renewing is not None:
            await self._renewing

    async def take(self, arrivals: Sequence[Arrival], exclusions: Sequence[Exclusion]) -> None:
        """Stores what was observed, for callers that bring their own time and have not called `start`."""
        await self._store(arrivals, exclusions)

    async def work_off(self) -> None:
        """Does everything that is due by now; likewise."""
        busy = True
        while busy:
            busy = await self._perceive() or await self._propose()
            busy = busy or (self._deep is not None and await self._deepen())

    @property
    def quiet(self) -> asyncio.Lock:
        """Hold it while forgetting: nothing drained before may be stored or indexed after."""
        return self._quiet

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
            if self.store_error is not None:
                await asyncio.sleep(STORE_RETRY_S)

    def _store_is(self, error: StoreUnavailable | None) -> None:
        if error is not None and self.store_error is None:
            log.error("observations cannot be stored: %s (%s)", error.title, error.hint)
        if error is None and self.store_error is not None:
            log.info("observations are stored again")
        self.store_error = error

    async def _store(self, arrivals: Sequence[Arrival], exclusions: Sequence[Exclusion]) -> None:
        encoded = [
            await asyncio.to_thread(encode, a.frame) if a.frame is not None else None for a in arrivals
        ]

        deeds = self._deeds()

        def append(s: Session) -> list[Observation]:
            fresh = []
            for arrival, png in zip(arrivals, encoded, strict=True):
                observation = redact(disown(arrival.observation, deeds))
                if observations.append(s, observation, png, arrival.frame):
                    fresh.append(observation)
                else:
                    observations.extend(s, arrival.observation.id, arrival.observation.until)
            for exclusion in exclusions:
                privacy.add_exclusion(s, exclusion)
            return fresh

        fresh = await self._database.run(append)
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
            if not did:
                # Not wait_for: before Python 3.12 it swallows a cancellation that comes with the wake-up,
                # and `stop` then waits for ever (github.com/python/cpython/issues/81839).
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await wake.wait()

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
        await self._index_observations(done.seen)
        return True

    async def _index_observations(self, seen: Sequence[Percept]) -> None:
        """All of a batch at once: an upsert costs 8 ms, however many vectors it carries."""
        if not seen:
            return
        async with self._quiet:
            ids = [p.observation_id for p in seen]
            there = await self._database.read(lambda s: observations.existing(s, ids))
            vectors: dict[str, Vector] = {
                p.observation_id: p.vector for p in seen if p.observation_id in there
            }
            await asyncio.to_thread(self._index.upsert, "observations", vectors)

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
        late = waited >= self._settings.batch_wait_s or waited < 0  # less than none: the clock was set back
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

        seen = await self._database.read(fetch)
        try:
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
            await self._index_changed(done.changed)
            await self._committed(done)
        return True

    async def _commit(self, items: Sequence[WorkItem], found: Audited, ready: Prepared) -> Committed:
        now, drafts = self._clock.now(), found.drafts
        model = self._worker.embedder_name

        def commit(s: Session) -> Committed:
            cited_ids = {e.observation_id for d in drafts for e in d.evidence}
            cited_ids |= {h.observation.id for h in ready.heard}
            there = observations.existing(s, list(cited_ids))  # some may have been forgotten meanwhile
            grounded = [d for d in drafts if all(e.observation_id in there for e in d.evidence)]
            drafts_left = propositions.without_forgotten(s, grounded)
            heard = latest(h for h in ready.heard if h.observation.id in there)
            neighbours = propositions.neighbours(s, drafts_left, [h.denial.what for h in heard])

            def evidence(about: PropositionId) -> list[Evidence]:
                return weighed(s, about, list(there))

            learnt, compare = self._learnt.of(s), comparing(ready.judged)
            revisions = revisions_for(
                drafts_left, neighbours, evidence, now, self._fresh_id, learnt, compare, heard
            )
            applied = propositions.commit(s, revisions)
            self._auditing.record(s, found, applied, now)
            after = {r.after.id: r.after for r in applied if r.after is not None}
            named = {i: ready.vectors[p.text] for i, p in after.items() if p.text in ready.vectors}
            propositions.set_vectors(s, named, model)
            work.ack(s, [item.id for item in items])
            return Committed(tuple(applied))

        return await self._database.run(commit)

    async def _index_changed(self, changed: Sequence[PropositionId]) -> None:
        def look(s: Session) -> tuple[dict[str, Vector], list[PropositionId]]:
            vectors = propositions.vectors_of(s, changed, self._worker.embedder_name)
            rest = [key for key in changed if key not in vectors]
            found = [(key, propositions.get(s, key)) for key in rest]
            gone = [key for key, p in found if p is None or p.status is not Status.ACTIVE]
            return {str(key): vector for key, vector in vectors.items()}, gone

        async with self._quiet:
            named, gone = await self._database.read(look)
            await asyncio.to_thread(self._index.upsert, "propositions", named)
            # What was replaced or hidden is not looked for; left there, the next start would find the index
            # out of step and build it anew.
            await self.unindex_claims(gone)

    async def reindex(self, ids: Sequence[PropositionId]) -> None:
        """Brings the index into step with claims that somebody else changed; new words get a vector."""
        model = self._worker.embedder_name

        def look(s: Session) -> list[tuple[PropositionId, str]]:
            found = [p for key in ids if (p := propositions.get(s, key)) is not None]
            active = {p.id: p.text for p in found if p.status is Status.ACTIVE}
            have = propositions.vectors_of(s, list(active), model)
            return [(key, text) for key, text in active.items() if key not in have]

        reworded = await self._database.read(look)
        try:
            if reworded:
                await self._embed_again(reworded, model)
        except ModelUnavailable as error:
            log.warning("%d propositions wait for a vector: %s", len(reworded), error.title)
        await self._index_changed(ids)

    # what the rest of the daemon asks of the index

    async def nearest(self, query: str, count: int) -> Meaning:
        """The ids nearest to `query` by kind, best first, with cosine; nothing when no model answers."""
        try:
            [vector] = await asyncio.to_thread(self._worker.embed, [query])
        except ModelUnavailable as error:
            log.warning("searching by words alone: %s", error.title)
            return NO_MEANING
        kinds = ("propositions", "observations")
        hits = {kind: await asyncio.to_thread(self._index.query, kind, vector, count) for kind in kinds}
        return Meaning(hits, vector, self._worker.embedder_name)

    async def unindex(self, gone: Forgotten, for_good: bool = False) -> None:
        """Takes what is gone out of the index. Call it under `quiet`.

        `for_good`: `renew_index` will follow, or else the next start builds the index anew.
        """
        if for_good:
            await asyncio.to_thread(self._index.owe)
        await asyncio.to_thread(self._index.delete, "propositions", list(gone.proposition_ids))
        await asyncio.to_thread(self._index.delete, "observations", list(gone.observation_ids))

    async def unindex_claims(self, ids: Sequence[PropositionId]) -> None:
        """Takes propositions that are no longer active out of the index. Call it under `quiet`."""
        await asyncio.to_thread(self._index.delete, "propositions", list(ids))

    def renew_index(self) -> None:
        """Begins to build the index anew, so that nothing forgotten stays in its files."""
        self._renewing = asyncio.create_task(asyncio.to_thread(self._index.renew))

    async def mend_index(self, truth: Callable[[Session, str], Iterable[Entry]]) -> None:
        """Brings the index into step with the store: rebuilt when missing or torn, nothing lost.

        Propositions whose vector is missing or of another model are embedded again first.
        """
        model = self._worker.embedder_name
        stale = await self._database.read(lambda s: propositions.stale_vectors(s, model))
        try:
            for start in range(0, len(stale), EMBED_AT_ONCE):
                await self._embed_again(stale[start : start + EMBED_AT_ONCE], model)
        except ModelUnavailable as error:
            log.warning("%d propositions wait for a vector: %s", len(stale), error.title)

        def held() -> list[Entry]:
            return self._database.read_sync(lambda s: list(truth(s, model)))

        try:
            if await asyncio.to_thread(self._index.ensure, held, model):
                log.info("the index was rebuilt from the database")
        except IndexUnavailable as error:
            log.error("searching by words alone: %s (%s)", error.title, error.hint)

    async def _embed_again(self, stale: Sequence[tuple[PropositionId, str]], model: str) -> None:
        vectors = await asyncio.to_thread(self._worker.embed, [text for _, text in stale])
        fresh = {key: vector for (key, _), vector in zip(stale, vectors, strict=True)}
        await self._database.run(lambda s: propositions.set_vectors(s, fresh, model))
