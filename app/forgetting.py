"""Forgetting for good, whatever the scope: the store, the index, the queue, the caches and the events.

One request names one scope. The answer comes when nothing that was forgotten can be found any more; what
takes longer in a large store, clearing the words out of the files, goes on behind it (`storage.scrub`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.events import Hub
from app.inbox import Inbox
from app.pipeline import Pipeline
from app.shapes import ForgetIn, ForgottenCounts, ForgottenOut
from gum import same
from gum.errors import NotAllowed, StoreUnavailable
from gum.model.client import ModelWorker
from gum.ports import Clock
from gum.revise import retract
from gum.text import pieces
from gum.types import PropositionId
from storage import forget, scrub, short_ids
from storage.db import Database
from storage.forget import Forgotten
from storage.rescoring import rescore, some
from storage.scope import App, Claim, Everything, Scope, Site, Source, Span, Topic
from storage.weighing import weighed_of

log = logging.getLogger(__name__)

UNINDEXED = 200  # vectors taken out one by one, 0.3 ms each; beyond that the index is built anew anyway, and
# until then a search leaves out what the store does not have any more
SCOPES = "minutes, app, site, source, since and until, topic, proposition_id or everything"


def scope_of(what: ForgetIn, now: datetime) -> Scope:
    """The one scope that `what` names. Raises NotAllowed when it is none, several, or an empty one."""
    named: list[Scope | None] = []
    if what.minutes is not None:
        # Without an end: what was seen before the clock was set back bears times that are still to come.
        named.append(Span(now - timedelta(minutes=what.minutes)))
    if what.since is not None or what.until is not None:
        named.append(Span(what.since, what.until))
    if what.app is not None:
        named.append(App(app) if (app := what.app.strip().lower()) else None)  # as windows name themselves
    if what.site is not None:
        named.append(Site.of(what.site))
    if what.source is not None:
        named.append(Source(source) if (source := what.source.strip().lower()) else None)
    if what.topic is not None:
        named.append(Topic(what.topic) if pieces(what.topic) else None)
    if what.proposition_id is not None:
        named.append(Claim(PropositionId(key)) if (key := what.proposition_id.strip()) else None)
    if what.everything:
        named.append(Everything())
    if len(named) != 1:
        raise NotAllowed("Say exactly one thing to forget", f"{SCOPES}.")
    [scope] = named
    if scope is None:
        raise NotAllowed("What to forget has no name", "Nothing was forgotten. Name it in full.")
    if isinstance(scope, Span) and scope.since and scope.until and scope.since > scope.until:
        raise NotAllowed("The time to forget ends before it begins", "Nothing was forgotten. Swap the two.")
    return scope


class Forgetting:
    """Forgets, and clears up behind it. Called on the event loop."""

    def __init__(
        self,
        clock: Clock,
        database: Database,
        pipeline: Pipeline,
        inbox: Inbox,
        hub: Hub,
        worker: ModelWorker,
        reload: Callable[[], Awaitable[None]],
        tell: Callable[[Sequence[PropositionId]], Awaitable[None]],
    ) -> None:
        """`reload`: has the offers look anew at what they remember. `tell`: tells listeners of propositions
        that changed."""
        self._clock = clock
        self._database = database
        self._pipeline = pipeline
        self._inbox = inbox
        self._hub = hub
        self._worker = worker
        self._reload = reload
        self._tell = tell
        self._task: asyncio.Task[None] | None = None
        self._wanted = self._forgetful = False
        self.begun = 0  # forgettings so far: what was read before one is not told after it

    async def forget(self, what: ForgetIn) -> ForgottenOut:
        """Forgets what `what` names, or with `dry_run` tells what that would be.

        Propositions that lose evidence but keep some are scored again. Raises NotAllowed, NotFound.
        """
        scope = scope_of(what, self._clock.now())
        if what.dry_run:
            return _told(await self._database.read(lambda s: forget.weigh(s, _whole(s, scope))), True)
        async with self._pipeline.quiet:
            self._inbox.clear(self._clock.now())
            self.begun += 1
            gone = await self._database.run(lambda s: self._forget(s, scope))
            if len(gone.observation_ids) + len(gone.proposition_ids) <= UNINDEXED:
                await self._pipeline.indexing.unindex(gone, for_good=True)
            await self._database.checkpoint()
            await self._reload()
            self._hub.forget_past()
        same.forget()
        self.tidy(forgetful=True)
        self._hub.publish("forgotten", {"propositions": list(gone.proposition_ids)})
        await self._tell(gone.weakened_ids)
        return _told(gone, False)

    def _forget(self, s: Session, scope: Scope) -> Forgotten:
        gone = forget.forget(s, _whole(s, scope))
        now = self._clock.now()
        left = weighed_of(s, gone.weakened_ids)
        weakened = some(s, gone.weakened_ids)
        rescore(s, [revision for p in weakened for revision in retract(p, left[p.id], now)])
        return gone

    def tidy(self, forgetful: bool = False) -> None:
        """Begins in the background what forgetting and retention leave to be done.

        `forgetful`: also the index is built anew, for Chroma keeps what was deleted from it, and the models
        drop what they remember of what they read.
        """
        self._wanted = True
        self._forgetful = self._forgetful or forgetful
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tidy())

    async def tidied(self) -> None:
        """Returns when nothing is left to be done."""
        if self._task is not None:
            await self._task

    async def stop(self) -> None:
        """What is not done yet is noted, and done after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _tidy(self) -> None:
        while self._wanted:
            self._wanted = False
            forgetful, self._forgetful = self._forgetful, False
            try:
                await scrub.finish(self._database)
            except StoreUnavailable as error:
                log.warning("what was forgotten is gone, but its words are in the file yet: %s", error.title)
            if forgetful:  # after the store, not beside it: both want the processor
                self._pipeline.indexing.renew()
                await asyncio.to_thread(self._worker.forget)


def _whole(s: Session, scope: Scope) -> Scope:
    return Claim(short_ids.proposition(s, scope.proposition_id)) if isinstance(scope, Claim) else scope


def _told(gone: Forgotten, dry_run: bool) -> ForgottenOut:
    counts = ForgottenCounts(
        observations=len(gone.observation_ids),
        propositions=len(gone.proposition_ids),
        weakened=len(gone.weakened_ids),
    )
    return ForgottenOut(forgotten=counts, dry_run=dry_run)
