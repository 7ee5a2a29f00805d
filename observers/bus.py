"""The accessibility bus: one asyncio loop in one thread, a blocking question from any other thread.

Knows D-Bus and how to reach AT-SPI, nothing of roles or trees. The connection is made on the first
question and made anew after it was lost. Needs no system Python packages (dbus-fast speaks the protocol).
"""

import asyncio
import contextlib
import os
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError

from gum.errors import AccessibilityUnavailable

T = TypeVar("T")
Ref = tuple[str, str]  # bus name of the program, path of the object
Body = list[object]

CALL_S = 1.0  # a program that does not answer within this is treated as gone
HINT = (
    "Turn on accessibility: install the package at-spi2-core, start Gumption inside your graphical session "
    "(DBUS_SESSION_BUS_ADDRESS must be set), then start the programs again."
)


class Gone(Exception):
    """The object, or its program, is not there (any more) or does not answer."""


class Calls:
    """Calls on one live connection to the accessibility bus; for use inside the loop only."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus

    async def call(
        self, ref: Ref, interface: str, member: str, signature: str = "", body: Sequence[object] = ()
    ) -> Body:
        """The answer's arguments. Raises Gone."""
        message = Message(
            destination=ref[0],
            path=ref[1],
            interface=interface,
            member=member,
            signature=signature,
            body=list(body),
        )
        try:
            reply = await asyncio.wait_for(self._bus.call(message), CALL_S)
        except (TimeoutError, DBusError, OSError, EOFError) as error:
            raise Gone from error
        if reply is None or reply.message_type is MessageType.ERROR:
            raise Gone
        return list(reply.body)

    async def get(self, ref: Ref, interface: str, name: str) -> object:
        """A property's value. Raises Gone."""
        (found,) = await self.call(ref, "org.freedesktop.DBus.Properties", "Get", "ss", [interface, name])
        return found.value if isinstance(found, Variant) else found

    async def pid(self, name: str) -> int | None:
        """The process behind a bus name; None when the bus does not know."""
        daemon = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
        try:
            (pid,) = await self.call(
                daemon, "org.freedesktop.DBus", "GetConnectionUnixProcessID", "s", [name]
            )
        except Gone:
            return None
        return int(str(pid))

    async def match(self, rule: str, *, add: bool) -> None:
        """Begins or ends the delivery of signals that fit `rule`. A rule that is gone is no error."""
        daemon = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
        with contextlib.suppress(Gone):
            await self.call(daemon, "org.freedesktop.DBus", "AddMatch" if add else "RemoveMatch", "s", [rule])


class AccessibilityBus:
    """A blocking door to the accessibility bus of the session at `session` (default: the environment's)."""

    def __init__(self, session: str | None = None) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._bus: MessageBus | None = None
        self._connecting: asyncio.Lock | None = None
        self._listeners: list[Callable[[str, str], None]] = []

    def ask(self, question: Callable[[Calls], Awaitable[T]], timeout_s: float = 5.0) -> T:
        """Runs `question` on the bus's loop and waits for its answer.

        Raises AccessibilityUnavailable when there is no bus or it does not answer in time.
        """

        async def run() -> T:
            return await asyncio.wait_for(self._answer(question), timeout_s)

        future = asyncio.run_coroutine_threadsafe(run(), self._running_loop())
        try:
            return future.result(timeout_s + 5)
        except TimeoutError as error:
            future.cancel()
            raise AccessibilityUnavailable("Accessibility does not answer", HINT) from error

    def listen(self, listener: Callable[[str, str], None]) -> None:
        """Calls `listener(bus name, event name)` on the bus's thread for each event that is matched.

        The event's payload, which may hold typed text, is never looked at.
        """
        self._listeners.append(listener)

    def close(self) -> None:
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._disconnect(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._connecting = asyncio.Lock()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="accessibility", daemon=True
                )
                self._thread.start()
            return self._loop

    async def _answer(self, question: Callable[[Calls], Awaitable[T]]) -> T:
        try:
            return await question(Calls(await self._connected()))
        except Gone as error:
            if self._bus is not None and not self._bus.connected:
                self._bus = None
            raise AccessibilityUnavailable("Accessibility does not answer", HINT) from error

    async def _connected(self) -> MessageBus:
        assert self._connecting is not None
        async with self._connecting:
            if self._bus is None or not self._bus.connected:
                self._bus = await self._connect()
            return self._bus

    async def _connect(self) -> MessageBus:
        try:
            address = os.environ.get("AT_SPI_BUS_ADDRESS") if self._session is None else None
            bus = await MessageBus(bus_address=address or await self._find_address()).connect()
        except (OSError, DBusError, EOFError, ValueError, Gone) as error:
            raise AccessibilityUnavailable("There is no accessibility bus", HINT) from error
        bus.add_message_handler(self._heard)
        return bus

    async def _find_address(self) -> str:
        if self._session is None and not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            raise AccessibilityUnavailable("There is no session bus", HINT)
        session = MessageBus(bus_address=self._session, bus_type=BusType.SESSION)
        await session.connect()
        try:
            ref = ("org.a11y.Bus", "/org/a11y/bus")
            calls = Calls(session)
            with contextlib.suppress(Gone):  # Qt, GTK 4 and Chromium offer no tree before this is set
                await calls.call(
                    ref,
                    "org.freedesktop.DBus.Properties",
                    "Set",
                    "ssv",
                    ["org.a11y.Status", "IsEnabled", Variant("b", True)],
                )
            (address,) = await calls.call(ref, "org.a11y.Bus", "GetAddress")
            return str(address)
        finally:
            session.disconnect()
            await session.wait_for_disconnect()  # type: ignore[no-untyped-call]

    async def _disconnect(self) -> None:
        bus, self._bus = self._bus, None
        if bus is not None and bus.connected:
            bus.disconnect()
            with contextlib.suppress(OSError, EOFError, DBusError):
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def _heard(self, message: Message) -> bool:
        if message.message_type is MessageType.SIGNAL and "a11y.atspi.Event" in (message.interface or ""):
            for listener in self._listeners:
                listener(message.sender or "", message.member or "")
            return True
        return False
