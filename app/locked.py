"""The daemon while its store is locked: it says so, takes the passphrase, and does nothing else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

from app.config import Settings
from app.door import Door
from app.paths import Paths
from app.shapes import Counts, QueueOut, StatusOut
from app.store import Opened, needs_passphrase, open_up
from gum.errors import StoreLocked
from gum.ports import Clock

log = logging.getLogger(__name__)

Status = Callable[[], Awaitable[StatusOut]]


def locked_status(clock: Clock, version: str, by_passphrase: bool) -> StatusOut:
    """What is told of a locked store: nothing of what is in it."""
    return StatusOut(
        state="locked",
        reason="Locked: nothing is observed, and nothing that is known can be read.",
        unlock_by="passphrase" if by_passphrase else "button",
        paused_until=None,
        sources=[],
        last_observation_at=None,
        last_observation_age_s=None,
        excluded_by=None,
        queue=QueueOut(inbox=0, perceive=0, propose=0, deepen=0, dead=0, dropped=0),
        models=[],
        counts=Counts(observations=0, propositions=0),
        version=version,
        observing_since=clock.now(),
    )


class Locked:
    """Waits for somebody to unlock the store. Lives inside one event loop.

    `closing` closes what it opens.
    """

    def __init__(
        self, paths: Paths, settings: Settings, clock: Clock, version: str, closing: ExitStack
    ) -> None:
        self._paths, self._settings, self._clock, self.version = paths, settings, clock, version
        self._closing = closing
        self._one_at_a_time = asyncio.Lock()  # a try takes 128 MB
        self._store: Opened | None = None
        self._open, self._ended = asyncio.Event(), asyncio.Event()
        self._told: asyncio.Future[Status] = asyncio.get_running_loop().create_future()

    def status(self) -> StatusOut:
        # asked each time: a passphrase may be set or taken away while it is locked
        return locked_status(self._clock, self.version, needs_passphrase(self._paths, self._settings))

    def shutdown(self) -> None:
        """Ends the daemon."""
        self._ended.set()

    async def unlock(self, passphrase: str | None) -> StatusOut:
        """Opens the store; what the daemon does from then on. Raises StoreLocked, StoreUnavailable."""
        # shielded: who asks may hang up, and a store that was opened must not stay open unnoticed
        await asyncio.shield(asyncio.ensure_future(self._try(passphrase)))
        status = await asyncio.shield(self._told)
        return await status()

    async def _try(self, passphrase: str | None) -> None:
        async with self._one_at_a_time:
            if self._store is None and not self._ended.is_set():
                self._store = await asyncio.to_thread(
                    open_up, self._paths, self._settings, passphrase, self._closing
                )
                log.info("unlocked")
                self._open.set()

    def went_on(self, status: Status) -> None:
        """The daemon is at work again: who unlocked it is told `status`."""
        self._told.set_result(status)

    async def wait(self, door: Door) -> Opened | None:
        """The store, once it is open; None when the daemon is to end. A try that goes on is waited for."""
        await door.until(self._open, self._ended)
        if not (self._ended.is_set() or door.ended.is_set()):
            return self._store
        self._ended.set()
        async with self._one_at_a_time:
            self._told.cancel()
        return None


class Closing:
    """The daemon in the seconds that locking takes: as locked, and nothing can be asked of it."""

    def __init__(self, status: Callable[[], StatusOut], version: str, shutdown: Callable[[], None]) -> None:
        self.status, self.version, self.shutdown = status, version, shutdown

    async def unlock(self, passphrase: str | None) -> StatusOut:
        """Raises StoreLocked."""
        raise StoreLocked("Gumption is just locking itself", "Try again in a few seconds.")
