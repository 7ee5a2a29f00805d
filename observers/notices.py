"""The notices source: what programs tell the person in desktop notifications, heard beside who shows them.

A connection of its own becomes a monitor of the session bus (`org.freedesktop.DBus.Monitoring`, dbus 1.9.10)
for two calls and no others. It owns no name and shows nothing; a monitor may not send: nothing is answered.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from gum.errors import CaptureUnavailable
from gum.types import Effect
from observers.backends.session_bus import DAEMON, session_address
from observers.base import Source, Supervised, now
from observers.bell import Bell
from observers.gate import Gate
from observers.listening import LOST, ask, connected, gone, left
from observers.notice import SOURCE, Notice, Told, added, notified
from observers.pace import Pace

MOST = 30  # notices of one program in PERIOD_S; a busy chat room stays below it
PERIOD_S = 60.0
NO_BUS_HINT = (
    "Start Gumption inside your graphical session (DBUS_SESSION_BUS_ADDRESS must be set), "
    "or set notifications = false under [sources]."
)
REFUSED_HINT = (
    "The session bus lets nobody listen: it is older than dbus 1.9.10, or Gumption runs in a sandbox that "
    "keeps it away. Set notifications = false under [sources] to go without."
)

_WAYS: dict[tuple[str | None, str | None], Callable[[Sequence[object]], Notice | None]] = {
    ("org.freedesktop.Notifications", "Notify"): notified,
    ("org.gtk.Notifications", "AddNotification"): added,
}
_RULES = [f"type='method_call',interface='{interface}',member='{member}'" for interface, member in _WAYS]


class Notices(Source):
    """Hears the notices on the session bus at `session` (default: the environment's). An `Observer`."""

    name = SOURCE

    def __init__(self, gate: Gate, session: str | None = None) -> None:
        self._gate, self._session = gate, session
        self._told = Told()
        self._pace = Pace(MOST, PERIOD_S)
        self._left_out = 0
        self._bell = Bell()  # ends the listening
        self._trouble: Exception | None = None
        self._worker = Supervised(self.name, self._watch, self._bell.set)

    def _watch(self) -> None:
        """Listens until stopped. Raises CaptureUnavailable when the bus is missing, refuses or goes away."""
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        self._bell.clear()
        self._trouble = None
        if self._worker.stopping():  # it may have rung for that
            return
        bus = await _monitor(self._session, self._heard)
        lost, rung = asyncio.create_task(gone(bus)), asyncio.create_task(self._bell.rung())
        try:
            self._worker.alive()
            await asyncio.wait((lost, rung), return_when=asyncio.FIRST_COMPLETED)
        finally:
            rung.cancel()
            bus.disconnect()
            await lost
        if self._trouble is not None:
            raise self._trouble
        if not self._worker.stopping():
            raise CaptureUnavailable("The session bus went away", NO_BUS_HINT)

    def _heard(self, message: Message) -> bool:
        """Takes one message of the bus; whether it is dealt with: whoever else would answer it, must not."""
        if message.message_type is not MessageType.METHOD_CALL:
            return False
        try:
            self._take(message)
        except Exception as error:  # noqa: BLE001 - the library would answer with it, and a monitor may not speak
            self._trouble = error
            self._bell.set()
        return True

    def _take(self, message: Message) -> None:
        read = _WAYS.get((message.interface, message.member))
        if read is None or self._gate.paused():
            return
        notice = read([_unwrapped(value) for value in message.body])
        if notice is not None and self._put(notice):
            self._worker.found()
        self._worker.alive(f"{self._left_out} left out: a program sent too many" if self._left_out else "")

    def _put(self, notice: Notice) -> bool:
        """Hands a notice over; whether it was. The rules are asked for every name its program goes by."""
        effects = set()
        for window in notice.windows():
            answer = self._gate.judge(window)
            if not answer.allowed:
                return False
            effects.add(answer.effect)
        moment = now()
        found = self._told.again(notice, moment)
        if found is None:
            if not self._pace.allows(notice.app, time.monotonic()):
                self._left_out += 1
                return False
            found = self._told.new(notice, moment)
        if Effect.BLUR in effects:
            found = replace(found, text=found.title)
        return self._gate.put(found)


async def _monitor(session: str | None, heard: Callable[[Message], bool]) -> MessageBus:
    """A connection that hears the calls of _WAYS and nothing else. Raises CaptureUnavailable."""
    address = session or session_address()
    if not address:
        raise CaptureUnavailable("There is no session bus", NO_BUS_HINT)
    try:
        bus = await connected(address)
        try:
            bus.add_message_handler(heard)
            granted = await ask(
                bus, DAEMON, "org.freedesktop.DBus.Monitoring", "BecomeMonitor", "asu", [_RULES, 0]
            )
            if granted is None:
                raise CaptureUnavailable("Notices cannot be heard", REFUSED_HINT)
        except BaseException:  # whatever it is: the connection is ours to close
            await left(bus)
            raise
    except LOST as error:
        raise CaptureUnavailable("The session bus does not answer", NO_BUS_HINT) from error
    return bus


def _unwrapped(value: object) -> object:
    """A value without D-Bus's variants, down to the fields of a mapping."""
    if isinstance(value, Variant):
        return _unwrapped(value.value)
    if isinstance(value, dict):
        return {str(key): _unwrapped(field) for key, field in value.items()}
    return value
