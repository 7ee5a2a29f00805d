"""Whether the person told their desktop to be quiet: KDE, dunst, Xfce and GNOME each keep it elsewhere.

The first that answers is believed. None is started by asking. Blocks for as long as the bus takes to answer,
at most some seconds, and one thread at a time; what was said is remembered for FRESH_S.
"""

import asyncio
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable

from dbus_fast import DBusFastError, Message, MessageFlag, MessageType, Variant
from dbus_fast.aio import MessageBus

FRESH_S = 10.0
ANSWER_S = 1.0
_SHOWS = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
_PROPERTIES = "org.freedesktop.DBus.Properties"
Asked = Callable[[MessageBus], Awaitable[bool | None]]


class DoNotDisturb:
    """Asks the session bus at `session` (default: the environment's). May be used from any thread."""

    def __init__(self, session: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._session = session or os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
        self._clock = clock
        self._lock = threading.Lock()
        self._told: tuple[float, bool | None] | None = None

    def on(self) -> bool | None:
        """Whether notices are held back; None when nobody can tell."""
        if self._lock.acquire(blocking=False):  # else another thread asks: nobody else need wait for it
            try:
                moment = self._clock()
                if self._told is None or not 0 <= moment - self._told[0] < FRESH_S:
                    self._told = moment, self._ask()
            finally:
                self._lock.release()
        return self._told[1] if self._told is not None else None

    def _ask(self) -> bool | None:
        told = asyncio.run(_by_bus(self._session)) if self._session else None
        return told if told is not None else _by_gnome(os.environ.get("XDG_CURRENT_DESKTOP", ""))


async def _by_bus(address: str) -> bool | None:
    bus = None
    try:
        bus = MessageBus(bus_address=address)
        await asyncio.wait_for(bus.connect(), ANSWER_S)
        for ask in (_kde, _dunst, _xfce):
            if (told := await ask(bus)) is not None:
                return told
    except (OSError, EOFError, ValueError, DBusFastError):  # TimeoutError is an OSError
        return None
    finally:
        if bus is not None:
            bus.disconnect()
    return None


async def _kde(bus: MessageBus) -> bool | None:
    return await _ask(bus, *_SHOWS, _PROPERTIES, "Get", "ss", ["org.freedesktop.Notifications", "Inhibited"])


async def _dunst(bus: MessageBus) -> bool | None:
    return await _ask(bus, *_SHOWS, _PROPERTIES, "Get", "ss", ["org.dunstproject.cmd0", "paused"])


async def _xfce(bus: MessageBus) -> bool | None:
    where = ("org.xfce.Xfconf", "/org/xfce/Xfconf")
    return await _ask(bus, *where, where[0], "GetProperty", "ss", ["xfce4-notifyd", "/do-not-disturb"])


async def _ask(
    bus: MessageBus, name: str, path: str, interface: str, member: str, signature: str, body: list[object]
) -> bool | None:
    """A truth value; None when nobody is there, or the answer is no truth value."""
    call = Message(
        destination=name,
        path=path,
        interface=interface,
        member=member,
        signature=signature,
        body=body,
        flags=MessageFlag.NO_AUTOSTART,
    )
    answer = await asyncio.wait_for(bus.call(call), ANSWER_S)
    if answer is None or answer.message_type is MessageType.ERROR or not answer.body:
        return None
    value = answer.body[0].value if isinstance(answer.body[0], Variant) else answer.body[0]
    return value if isinstance(value, bool) else None


def _by_gnome(desktop: str) -> bool | None:
    """GNOME keeps it in its settings, which its portal does not show; `gsettings` reads them."""
    program = shutil.which("gsettings")
    if program is None or not {"gnome", "unity", "budgie"} & set(desktop.casefold().split(":")):
        return None
    argv = [program, "get", "org.gnome.desktop.notifications", "show-banners"]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"true": False, "false": True}.get(done.stdout.strip())
