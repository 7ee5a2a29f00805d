"""What the keys do that work in every program: pause, off the record, forget the last minutes.

Pressed in a thread of the observers; done on the event loop, where the pause is in force as soon as it begins
to be done, before it is stored.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Protocol

from app.config import HotkeySettings
from app.shapes import ForgetIn, ForgottenOut, StatusOut
from gum.errors import GumptionError
from observers.base import Observer
from observers.hotkeys import Hotkeys

log = logging.getLogger(__name__)


class Switches(Protocol):
    """What `app.service.Service` offers for it."""

    @property
    def paused(self) -> bool: ...

    @property
    def off_the_record(self) -> bool: ...

    async def pause(self, minutes: float | None, off_the_record: bool = False) -> StatusOut: ...

    async def resume(self) -> StatusOut: ...

    async def forget(self, what: ForgetIn) -> ForgottenOut: ...


class Shortcuts:
    """The hotkeys that the settings ask for, and what they do to `switches`, which is asked for late."""

    def __init__(self, settings: HotkeySettings, switches: Callable[[], Switches]) -> None:
        self._settings, self._switches = settings, switches
        self._loop: asyncio.AbstractEventLoop | None = None
        self._keys = {
            "pause": settings.pause,
            "off_the_record": settings.off_the_record,
            "forget": settings.forget,
        }

    def sources(self, display: str | None = None) -> tuple[Observer, ...]:
        """Who waits for the keys; nobody, where none is set."""
        return (Hotkeys(self._keys, self.pressed, display),) if any(self._keys.values()) else ()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Names the loop on which things are done; before that, presses are lost."""
        self._loop = loop

    def pressed(self, name: str) -> None:
        """Begins to do what the key of this name is for. From any thread; returns at once."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._try(name), loop)

    async def _try(self, name: str) -> None:
        try:
            await self._done(name)
        except GumptionError as error:  # nobody waits for an answer; the tray shows the state as it is
            log.error("the key for %s did not do all it should: %s", name, error.title)
        except Exception:  # nobody looks at what became of it: a mistake would not show anywhere
            log.exception("the key for %s did not do what it should, by a mistake", name)

    def _done(self, name: str) -> Coroutine[object, object, object]:
        switches = self._switches()
        if name == "forget":
            return switches.forget(ForgetIn(minutes=self._settings.forget_minutes))
        if name == "off_the_record":
            on = switches.off_the_record
            return switches.resume() if on else switches.pause(None, off_the_record=True)
        return switches.resume() if switches.paused else switches.pause(None)
