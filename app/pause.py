"""Whether the person paused observing, or is off the record. Kept in the database: a restart ends neither."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from gum.ports import Clock
from storage import meta
from storage.db import Database

KEY = "paused_until"
UNTIL_RESUMED = "until-resumed"
OFF_THE_RECORD = "off_the_record"
FOREVER = datetime.max.replace(tzinfo=UTC)  # in one field: read from other threads, it is never half set


class Pause:
    """`active` may be asked from any thread; the rest belongs to the event loop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._until: datetime | None = None
        self._off = False
        self._started = 0  # how many pauses there were

    async def load(self) -> None:
        """Takes up a pause that an earlier run was in."""
        kept, off = await self._database.read(lambda s: (meta.get(s, KEY), meta.get(s, OFF_THE_RECORD)))
        self._off = off is not None
        self._until = FOREVER if kept == UNTIL_RESUMED else datetime.fromisoformat(kept) if kept else None

    @property
    def active(self) -> bool:
        until = self._until
        return until is not None and (until == FOREVER or self._clock.now() < until)

    @property
    def until(self) -> datetime | None:
        """When the pause ends by itself; None when there is none or only the person ends it."""
        return self._until if self.active and self._until != FOREVER else None

    @property
    def off_the_record(self) -> bool:
        """Whether this pause is one of which also the last minute before was forgotten."""
        return self._off and self.active

    async def start(self, duration: timedelta | None, off_the_record: bool = False) -> None:
        """Pauses for `duration`, or until resumed. In force before it is stored: stopping comes first."""
        self._started += 1
        self._off = off_the_record
        self._until = until = self._clock.now() + duration if duration is not None else FOREVER
        value = UNTIL_RESUMED if until == FOREVER else until.isoformat()

        def keep(s: Session) -> None:
            meta.put(s, KEY, value)
            if off_the_record:
                meta.put(s, OFF_THE_RECORD, "yes")
            else:
                meta.delete(s, OFF_THE_RECORD)

        await self._database.run(keep)

    async def end(self) -> None:
        """Ends the pause. One that is begun while this is being stored holds."""
        began = self._started

        def drop(s: Session) -> None:
            meta.delete(s, KEY)
            meta.delete(s, OFF_THE_RECORD)

        await self._database.run(drop)
        if self._started == began:
            self._until, self._off = None, False
