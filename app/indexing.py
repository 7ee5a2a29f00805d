"""What the rest of the daemon asks of the vector index: to be kept in step with the store, and searched.

Vectors are made beside the event loop, and no transaction is held meanwhile. Without a model search goes on
by words alone, and what has no vector yet gets one at the next start.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy.orm import Session

from gum.errors import IndexUnavailable, ModelUnavailable
from gum.model.client import ModelWorker
from gum.types import Percept, PropositionId, Status, Vector
from storage import observations, propositions
from storage.db import Database
from storage.forget import Forgotten
from storage.index import Entry, VectorIndex
from storage.rescoring import some
from storage.search import NO_MEANING, Meaning

log = logging.getLogger(__name__)

EMBED_AT_ONCE = 64
ASKED_AT_ONCE = 4  # questions: all sixteen that wait would then wait for each other at every further step
KINDS = ("propositions", "observations")


class Indexing:
    """Called on the event loop. `quiet` is held while anything is put in: what was forgotten meanwhile must
    not come back."""

    def __init__(
        self, database: Database, index: VectorIndex, worker: ModelWorker, quiet: asyncio.Lock
    ) -> None:
        self._asked: list[tuple[str, asyncio.Future[Vector]]] = []
        self._embedding: asyncio.Task[None] | None = None
        self._database = database
        self._index = index
        self._worker = worker
        self._quiet = quiet
        self._renewing: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """Waits for an index that is being built anew."""
        if self._renewing is not None:
            await self._renewing

    async def perceived(self, seen: Sequence[Percept]) -> None:
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

    async def claims(self, changed: Sequence[PropositionId]) -> None:
        """Takes claims up as the store has them: the vectors of those that are active and have one."""
        model = self._worker.embedder_name
        async with self._quiet:
            vectors = await self._database.read(lambda s: propositions.vectors_of(s, changed, model))
            named = {str(key): vector for key, vector in vectors.items()}
            await asyncio.to_thread(self._index.upsert, "propositions", named)
            # What was replaced or hidden is not looked for, and new words not under the old ones; left there,
            # the next start would find the index out of step and build it anew.
            await self.unindex_claims([key for key in changed if key not in vectors])

    async def again(self, ids: Sequence[PropositionId]) -> None:
        """As `claims`, for those whose words may be new: they get a vector first."""
        model = self._worker.embedder_name

        def look(s: Session) -> list[tuple[PropositionId, str]]:
            active = {p.id: p.text for p in some(s, ids) if p.status is Status.ACTIVE}
            have = propositions.vectors_of(s, list(active), model)
            return [(key, text) for key, text in active.items() if key not in have]

        reworded = await self._database.read(look)
        try:
            if reworded:
                await self._embed_again(reworded, model)
        except ModelUnavailable as error:
            log.warning("%d propositions wait for a vector: %s", len(reworded), error.title)
        await self.claims(ids)

    async def nearest(self, query: str, count: int, kinds: Sequence[str] = KINDS) -> Meaning:
        """The ids nearest to `query` by kind, best first, with cosine; nothing when no model answers."""
        try:
            vector = await self._embedded(query)
        except ModelUnavailable as error:
            log.warning("searching by words alone: %s", error.title)
            return NO_MEANING
        hits = {kind: await asyncio.to_thread(self._index.query, kind, vector, count) for kind in kinds}
        return Meaning(hits, vector, self._worker.embedder_name)

    async def _embedded(self, query: str) -> Vector:
        """The vector of a question. What is asked while the model is at work is embedded together after it:
        of four at once each costs it 3.7 ms, alone 5.2."""
        asked: asyncio.Future[Vector] = asyncio.get_running_loop().create_future()
        self._asked.append((query, asked))
        if self._embedding is None or self._embedding.done():
            self._embedding = asyncio.create_task(self._embed_asked())
        return await asked

    async def _embed_asked(self) -> None:
        while self._asked:
            together, self._asked = self._asked[:ASKED_AT_ONCE], self._asked[ASKED_AT_ONCE:]
            try:
                made = await asyncio.to_thread(self._worker.embed, [query for query, _ in together])
            except Exception as error:  # noqa: BLE001 - each of those who wait is told
                for _, asked in together:
                    if not asked.done():
                        asked.set_exception(error)
                continue
            for (_, asked), vector in zip(together, made, strict=True):
                if not asked.done():  # else whoever asked has gone
                    asked.set_result(vector)

    async def unindex(self, gone: Forgotten, for_good: bool = False) -> None:
        """Takes what is gone out of the index. Call it under `quiet`.

        `for_good`: `renew` will follow, or else the next start builds the index anew.
        """
        if for_good:
            await asyncio.to_thread(self._index.owe)
        await asyncio.to_thread(self._index.delete, "propositions", list(gone.proposition_ids))
        await asyncio.to_thread(self._index.delete, "observations", list(gone.observation_ids))

    async def unindex_claims(self, ids: Sequence[PropositionId]) -> None:
        """Takes propositions that are no longer active out of the index. Call it under `quiet`."""
        await asyncio.to_thread(self._index.delete, "propositions", list(ids))

    def renew(self) -> None:
        """Begins to build the index anew, so that nothing forgotten stays in its files."""
        self._renewing = asyncio.create_task(asyncio.to_thread(self._index.renew))

    async def mend(self, truth: Callable[[Session, str], Iterable[Entry]]) -> None:
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
