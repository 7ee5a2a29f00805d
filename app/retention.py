"""What goes by age, once a day, and what must go because there is no room: by the settings and the rules.

A rule with a retention of its own says how long what matches it is kept, be that shorter or longer than the
setting; of several the shortest counts. What was learnt stays (`storage.retention`).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from app import logs
from app.config import RetentionSettings, ScreenSettings
from app.pipeline import Pipeline
from gum.ports import Clock
from gum.types import ObservationId, Rule, WindowInfo
from observers.privacy import matches
from storage import aliases, decisions, disclosures, people, proposals, retention, thumbnails
from storage.db import Database
from storage.forget import Forgotten
from storage.retention import Lifetime

log = logging.getLogger(__name__)

MB = 1_000_000
DISCLOSED_MB = 200  # contents of answers to other programs; beyond, the oldest go and the rows stay
UNINDEXED_AT_ONCE = 1000  # a change of the vector index costs some milliseconds, however much it changes


class Retire(Protocol):
    """Deletes a portion of what is from before then; how many rows."""

    def __call__(self, s: Session, before: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Applied:
    """How much went by age."""

    observations: int = 0
    offers: int = 0
    exclusions: int = 0
    decisions: int = 0


def lifetime(rules: Sequence[Rule], general: timedelta | None) -> Lifetime:
    """How long what was seen of a window is kept: by the rules that match it, else `general`."""
    own = [rule for rule in rules if rule.retention is not None]

    def of(app: str, title: str, url: str | None) -> timedelta | None:
        # What was stored came from windows known not to be private.
        window = WindowInfo(0, app, title, None, None, url, private=False)
        kept = [r.retention for r in own if r.retention is not None and matches(r, window)]
        return min(kept) if kept else general

    return of


def shortest(rules: Sequence[Rule], general: timedelta | None) -> timedelta | None:
    """The shortest of all lifetimes; None: everything is kept for ever."""
    every = [rule.retention for rule in rules if rule.retention is not None]
    return min([*every, *([general] if general is not None else [])], default=None)


class Retention:
    """Applies the settings and the person's rules. Called on the event loop."""

    def __init__(
        self,
        settings: RetentionSettings,
        database: Database,
        pipeline: Pipeline,
        clock: Clock,
        rules: Callable[[], Sequence[Rule]],
        log_file: Path | None,
        tidy: Callable[[], None],
        screen: ScreenSettings | None = None,
    ) -> None:
        """`tidy` begins in the background what deleting leaves to be done in the files."""
        kept = screen if screen is not None and screen.thumbnails else None
        self._thumbnails = int(kept.thumbnails_mb * MB) if kept is not None else 0
        self._settings = settings
        self._database = database
        self._pipeline = pipeline
        self._clock = clock
        self._rules = rules
        self._log_file = log_file
        self._tidy = tidy
        self._recycling = False
        self.recycled = 0

    async def apply(self) -> Applied:
        """Lets everything go whose time is over. Others may write between the portions.

        Raises StoreUnavailable; what has gone by then is gone, the next time goes on.
        """
        settings, now = self._settings, self._clock.now()
        applied = Applied(
            await self._retire(now),
            await self._by_portions(retention.retire_offers, now, _days(settings.observations_days)),
            await self._by_portions(retention.retire_exclusions, now, _days(settings.exclusions_days)),
            await self._by_portions(decisions.retire, now, _days(settings.observations_days)),
        )
        await self._database.run(lambda s: proposals.expire(s, now))
        told = await self._by_portions(disclosures.retire, now, _days(settings.disclosures_days))
        if told:
            log.info("gone by age: %d answers to other programs", told)
        if self._log_file is not None and (kept := _days(settings.logs_days)) is not None:
            await asyncio.to_thread(logs.forget_before, self._log_file, now - kept)
        if applied != Applied():
            log.info(
                "gone by age: %d observations, %d offers, %d counts of exclusions, %d decisions",
                *(applied.observations, applied.offers, applied.exclusions, applied.decisions),
            )
        return applied

    async def _retire(self, now: datetime) -> int:
        rules, general = self._rules(), _days(self._settings.observations_days)
        least = shortest(rules, general)
        if least is None:
            return 0
        kept_for = lifetime(rules, general)
        ids = await self._database.read(lambda s: retention.due(s, now, least, kept_for))
        gone = 0
        for start in range(0, len(ids), UNINDEXED_AT_ONCE):
            gone += await self._retire_some(ids[start : start + UNINDEXED_AT_ONCE])
        if gone:
            await self._retire_names()
            self._tidy()
        return gone

    async def _retire_names(self) -> None:
        """Other people whom nothing speaks of any more lose their number, but for those called by name."""
        lost = await self._database.read(people.unnamed)
        if lost := [p for p in lost if not p.real]:
            await self._database.run(lambda s: people.forget(s, lost))
        if unsaid := await self._database.read(aliases.unnamed):
            await self._database.run(lambda s: aliases.forget(s, unsaid))

    async def _retire_some(self, ids: Sequence[ObservationId]) -> int:
        gone: list[ObservationId] = []
        for part in retention.portions(ids):
            async with self._pipeline.quiet:  # what is being forgotten must not be written once more
                gone += await self._database.run(partial(retention.retire, ids=part))
        async with self._pipeline.quiet:
            await self._pipeline.indexing.unindex(Forgotten(tuple(gone)))
        return len(gone)

    async def _by_portions(self, retire: Retire, now: datetime, kept: timedelta | None) -> int:
        """Runs `retire` in transactions of its own until there is nothing more to it."""
        gone = 0
        while kept is not None and (count := await self._database.run(partial(retire, before=now - kept))):
            gone += count
        return gone

    async def spare_disk(self) -> None:
        """Gives up the oldest pictures that wait to be read while they weigh more than their budget.

        Likewise the oldest small ones that were kept; all of them when none are wanted any more.
        Raises StoreUnavailable.
        """
        while await self._database.read(thumbnails.weight) > self._thumbnails:
            await self._database.run(partial(thumbnails.recycle, budget=self._thumbnails))
        while await self._database.run(partial(disclosures.recycle, budget=DISCLOSED_MB * MB)):
            pass
        budget = int(self._settings.frames_mb * MB)
        gone = 0
        while count := await self._database.run(partial(retention.recycle_frames, budget=budget)):
            gone += count
        self.recycled += gone
        if gone and not self._recycling:
            self._recycling = True
            log.warning(
                "pictures that wait to be read weigh more than %g MB: the oldest are given up unread",
                self._settings.frames_mb,
            )
        elif self._recycling and await self._database.read(retention.frame_bytes) < budget / 2:
            self._recycling = False
            log.info("pictures are read again; %d were given up unread", self.recycled)


def _days(number: float) -> timedelta | None:
    return timedelta(days=number) if number else None
