"""Whether the person paused observing. Kept in the database: a restart does not end a pause."""

from datetime import datetime, timedelta

from gum.ports import Clock
from storage import meta
from storage.db import Database

KEY = "paused_until"
UNTIL_RESUMED = "until-resumed"


class Pause:
    """`active` may be asked from any thread; the rest belongs to the event loop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._until: datetime | None = None
        self._endless = False

    async def load(self) -> None:
        """Takes up a pause that an earlier run was in."""
        kept = await self._database.read(lambda s: meta.get(s, KEY))
        self._endless = kept == UNTIL_RESUMED
        self._until = datetime.fromisoformat(kept) if kept and not self._endless else None

    @property
    def active(self) -> bool:
        until = self._until
        return self._endless or (until is not None and self._clock.now() < until)

    @property
    def until(self) -> datetime | None:
        """When the pause ends by itself; None when there is none or only the person ends it."""
        return self._until if self.active and not self._endless else None

    async def start(self, duration: timedelta | None) -> None:
        """Pauses for `duration`, or until resumed. In force before it is stored: stopping comes first."""
        self._endless = duration is None
        self._until = self._clock.now() + duration if duration is not None else None
        value = self._until.isoformat() if self._until is not None else UNTIL_RESUMED
        await self._database.run(lambda s: meta.put(s, KEY, value))

    async def end(self) -> None:
        await self._database.run(lambda s: meta.delete(s, KEY))
        self._endless = False
        self._until = None
