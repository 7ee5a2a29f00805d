"""Steps 6 and 7 of the chain for a handful of stored observations: read, encode, tell what is new.

What came with text is taken together: one look, one embedding call and one transaction for all of it,
for a synced commit and a look at the recent past cost more than the work itself (25 observations a
second one by one). What must be read off pixels first takes about a second each, so it goes alone.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from app.events import Hub
from app.own import Deed, disown
from app.pixels import decode, split
from app.shaping import observation_shape
from app.thumbnails import Thumbnail, none
from gum.attend import novel
from gum.errors import GumptionError, StoreUnavailable
from gum.model.client import ModelWorker
from gum.model.encoder import percept
from gum.ports import Clock
from gum.types import Observation, ObservationId, Percept, Trust, Vector
from observers.segment import segment_lines
from storage import observations, thumbnails, work
from storage.db import Database
from storage.observations import StoredFrame
from storage.work import WorkItem

log = logging.getLogger(__name__)

PERCEIVE, PROPOSE, DEEPEN = "perceive", "propose", "deepen"
RECENT_VECTORS = 50  # percepts that surprise is measured against


@dataclass(frozen=True, slots=True)
class Perceived:
    """What became of leased work. What is in neither was forgotten meanwhile."""

    seen: list[Percept] = field(default_factory=list)
    failed: list[tuple[WorkItem, GumptionError]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Read:
    item: WorkItem
    observation: Observation
    parts: Sequence[Observation]
    framed: bool
    thumbnail: bytes | None = None


def mistake(error: Exception) -> GumptionError:
    """A mistake of ours as work can carry it; the log gets where it happened, not what was on the screen."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    log.error("a mistake of Gumption's: %s at %s", type(error).__name__, where)
    return GumptionError(f"Gumption made a mistake ({type(error).__name__} at {where})")


class Perceiver:
    """Takes observations from stored to perceived. Called on the event loop; what is slow runs beside it."""

    def __init__(
        self,
        database: Database,
        worker: ModelWorker,
        hub: Hub,
        clock: Clock,
        deeds: Callable[[], Sequence[Deed]],
        deepens: bool,
        clean: Callable[[Observation], Observation],
        thumbnail: Thumbnail = none,
    ) -> None:
        """`deeds`: what Gumption did itself lately. `deepens`: whether the novel goes to a costly drafter.

        `clean` takes secrets out. `thumbnail` makes the small pictures that are kept.
        """
        self._thumbnail = thumbnail
        self._database = database
        self._worker = worker
        self._hub = hub
        self._clock = clock
        self._deeds = deeds
        self._deepens = deepens
        self._clean = clean

    async def perceive(self, items: Sequence[WorkItem]) -> Perceived:
        """Perceives and acknowledges `items`; one that cannot be taken does not stop the others.

        Raises StoreUnavailable, with what was not acknowledged still leased.
        """
        ids = [item.observation_id for item in items]
        framed = await self._database.read(lambda s: observations.framed(s, ids))
        done = Perceived()
        ready = [item for item in items if item.observation_id not in framed]
        if ready:
            await self._try(ready, done, framed=False)
        for item in items:
            if item.observation_id in framed:
                await self._try([item], done, framed=True)
        return done

    async def _try(self, items: Sequence[WorkItem], done: Perceived, *, framed: bool) -> None:
        try:
            done.seen.extend(await self._together(items, framed))
        except StoreUnavailable:
            raise
        except GumptionError as error:
            # The model is out or hangs, for all of them alike: asking again for each would wait as often.
            done.failed.extend((item, error) for item in items)
        except Exception as error:  # noqa: BLE001 - one text we cannot take must not stop all others
            if len(items) > 1:
                for item in items:
                    await self._try([item], done, framed=framed)
            else:
                done.failed.append((items[0], mistake(error)))

    async def _together(self, items: Sequence[WorkItem], framed: bool) -> list[Percept]:
        model = self._worker.embedder_name

        def fetch(
            s: Session,
        ) -> tuple[list[tuple[WorkItem, Observation | None, StoredFrame | None]], list[Vector]]:
            found = [
                (
                    i,
                    observations.get(s, i.observation_id),
                    observations.frame_of(s, i.observation_id) if framed else None,
                )
                for i in items
            ]
            return found, observations.recent_vectors(s, model, RECENT_VECTORS)

        found, recent = await self._database.read(fetch)
        read = [
            await asyncio.to_thread(self._read, item, observation, frame)
            for item, observation, frame in found
            if observation is not None  # else forgotten meanwhile
        ]
        percepts = await asyncio.to_thread(self._encode, [r.observation for r in read], recent)
        stored = await self._database.run(lambda s: self._store(s, items, read, percepts))
        for r in stored:
            if r.framed and r.observation.text:
                for part in (r.observation, *r.parts):
                    self._hub.publish("observation", observation_shape(part))
        return [percepts[r.observation.id] for r in stored if r.observation.id in percepts]

    def _read(self, item: WorkItem, observation: Observation, frame: StoredFrame | None) -> _Read:
        if frame is None:
            return _Read(item, observation, (), False)
        shown = decode(frame)
        lines = self._worker.read(shown, None)
        own, parts = split(observation, segment_lines(observation.app, lines))
        deeds = self._deeds()
        said = [disown(part, deeds) for part in (own, *parts)]
        mine, *others = (self._clean(part) for part in said)
        picture = self._thumbnail(mine, shown) if [mine, *others] == said else None
        return _Read(item, mine, others, True, picture)

    def _encode(self, seen: Sequence[Observation], recent: Sequence[Vector]) -> dict[ObservationId, Percept]:
        """The percepts of those with text of the person's world; each is compared with those before it."""
        wanted = [o for o in seen if o.text.strip() and o.trust not in (Trust.ADVERT, Trust.SYSTEM)]
        if not wanted:
            return {}
        past, made = list(recent), {}
        vectors = self._worker.embed([o.text.strip() for o in wanted])
        for o, vector in zip(wanted, vectors, strict=True):
            made[o.id] = percept(o.id, vector, past[:RECENT_VECTORS], self._worker.embedder_name)
            past.insert(0, vector)
        return made

    def _store(
        self,
        s: Session,
        items: Sequence[WorkItem],
        read: Sequence[_Read],
        percepts: dict[ObservationId, Percept],
    ) -> list[_Read]:
        """Those that were still there."""
        kept = []
        for r in read:
            seen = percepts.get(r.observation.id)
            if not observations.perceived(s, r.observation.id, r.observation.text, seen, r.observation.trust):
                continue  # forgotten while it was read
            for part in r.parts:
                observations.append(s, part)
            if r.thumbnail is not None:
                thumbnails.keep(s, r.observation.id, r.observation.at, r.thumbnail)
            if self._deepens and seen is not None and novel(seen):
                work.enqueue(s, DEEPEN, [r.observation.id], self._clock.now())
            kept.append(r)
        work.ack(s, [item.id for item in items])
        return kept
