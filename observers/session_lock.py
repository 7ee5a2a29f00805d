"""Whether the session is locked, by those who lock it: logind, and the screen savers of the desktops.

Lock screens that are not the X server's screen saver tell it there: logind's `LockedHint` (GNOME, KDE, and
lockers started by xss-lock) on the system bus; `GetActive` and `ActiveChanged` of the desktop's screen saver
on the session bus. Each is asked once, and again when it was started anew, and then listened to: nothing is
done while nothing happens. No service is started by asking. A screen saver that goes away locks nothing any
more; logind's word stands beside it, also while logind itself is away. Until the first round of asking is
over it counts as locked, and what was said last holds while a bus is away: unknown means no.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Coroutine
from dataclasses import replace

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from gum.errors import CaptureUnavailable
from gum.types import SourceHealth
from observers.backends.session_bus import DAEMON, session_address, system_address
from observers.base import Source, Supervised
from observers.bell import Bell
from observers.listening import LOST, ask, connected, gone, left

log = logging.getLogger(__name__)

AGAIN_S = 10.0  # until one that did not answer is asked again
LOST_S = 30.0  # until a bus that once answered is looked for again
SAVERS: dict[str, tuple[str, ...]] = {
    "org.freedesktop.ScreenSaver": ("/org/freedesktop/ScreenSaver", "/ScreenSaver"),  # KDE
    "org.gnome.ScreenSaver": ("/org/gnome/ScreenSaver",),
    "org.cinnamon.ScreenSaver": ("/org/cinnamon/ScreenSaver",),
    "org.mate.ScreenSaver": ("/org/mate/ScreenSaver", "/"),
    "org.xfce.ScreenSaver": ("/org/xfce/ScreenSaver",),
}
LOGIND, SESSION = "org.freedesktop.login1", "org.freedesktop.login1.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
NO_BUS_HINT = (
    "Start Gumption inside your graphical session (DBUS_SESSION_BUS_ADDRESS must be set). Until then only "
    "the X server's own screen saver is noticed."
)


class SessionLock(Source):
    """Listens to the buses at `session` and `system` (default: the environment's). An `Observer` of no finds.

    `changed` is called when the session was locked or unlocked, from a thread of its own.
    """

    name = "session_lock"

    def __init__(
        self,
        session: str | None = None,
        system: str | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._session = session or session_address()
        self._system = system or system_address()
        self._changed = changed
        self._by: frozenset[str] = frozenset()  # those who say that it is locked
        self._asked = True  # whether the first round is over
        self._bell = Bell()  # ends the listening
        self._silent: tuple[str, ...] = ()
        self._heard = 0  # how often a screen saver said something by itself
        self._met: set[str] = set()  # the buses that answered once
        self._tasks: set[asyncio.Task[None]] = set()
        self._worker = Supervised(self.name, self._watch, self._bell.set)

    @property
    def locked(self) -> bool:
        """Whether somebody says that the session is locked. May be asked from any thread; costs nothing."""
        return bool(self._by) or not self._asked

    def start(self) -> None:
        if super().health().state == "stopped":
            self._asked = False
        super().start()

    def health(self) -> SourceHealth:
        told = super().health()
        if told.state != "running" or not self._silent:
            return told
        return replace(told, detail=f"no {' and no '.join(self._silent)} to ask")

    def _watch(self) -> None:
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        self._bell.clear()
        found: list[MessageBus] = []
        silent = []
        try:
            if self._worker.stopping():  # it may have rung for that
                return
            for what, address, begin in (
                ("session bus", self._session, self._follow_savers),
                ("login service", self._system, self._follow_logind),
            ):
                try:
                    bus = await connected(address)
                    found.append(bus)
                    await begin(bus)
                    self._met.add(what)
                except LOST:
                    silent.append(what)
            self._silent = tuple(silent)
            self._asked = True
            if len(silent) == 2:
                raise CaptureUnavailable("Nobody tells whether the session is locked", NO_BUS_HINT)
            self._worker.alive()
            rung = asyncio.create_task(self._bell.rung())
            done, _ = await asyncio.wait(
                [rung, *(asyncio.create_task(gone(bus)) for bus in found)],
                timeout=LOST_S if self._met.intersection(silent) else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            rung.cancel()
            if done and not self._worker.stopping():
                raise CaptureUnavailable("A message bus went away", NO_BUS_HINT)
        finally:
            for bus in found:
                await left(bus)

    # the session's screen savers

    async def _follow_savers(self, bus: MessageBus) -> None:
        owners: dict[str, str] = {}  # the saver's: unique name

        def heard(message: Message) -> None:
            if message.message_type is not MessageType.SIGNAL or not message.body:
                return
            saver = message.interface or ""
            if message.member == "ActiveChanged" and message.sender == owners.get(saver, ""):
                self._heard += 1
                self._says(saver, message.body[0] is True)
            elif _of_names(message) and message.body[0] in SAVERS:
                saver, _, owners[saver] = message.body
                if owners[saver]:
                    self._later(self._ask_saver(bus, saver))
                else:
                    self._says(saver, False)

        bus.add_message_handler(heard)
        for saver in SAVERS:
            await _match(bus, f"type='signal',interface='{saver}',member='ActiveChanged'")
            await _match(bus, f"type='signal',sender='{DAEMON[0]}',member='NameOwnerChanged',arg0='{saver}'")
            owner = await ask(bus, DAEMON, DAEMON[0], "GetNameOwner", "s", [saver])
            owners.setdefault(saver, str(owner[0]) if owner else "")  # a change heard meanwhile is newer
        for saver, name in owners.items():
            if not name:
                self._says(saver, False)
            elif not await self._told_by(bus, saver):
                self._later(self._ask_saver(bus, saver, AGAIN_S))

    async def _ask_saver(self, bus: MessageBus, saver: str, after_s: float = 0.0) -> None:
        """Asks until there is an answer: at login a desktop may be too busy to give one."""
        await asyncio.sleep(after_s)
        while not await self._told_by(bus, saver):
            await asyncio.sleep(AGAIN_S)

    async def _told_by(self, bus: MessageBus, saver: str) -> bool:
        """Asks a screen saver and notes what it says; False when it does not answer."""
        heard = self._heard
        try:
            answers = [await ask(bus, (saver, path), saver, "GetActive") for path in SAVERS[saver]]
        except TimeoutError:
            return False
        if heard == self._heard:  # else it has said something newer
            self._says(saver, [True] in answers)
        return True

    # the login service

    async def _follow_logind(self, bus: MessageBus) -> None:
        path, owner = await _session_path(bus), ""

        def heard(message: Message) -> None:
            nonlocal owner
            told = message.sender == owner and message.member == "PropertiesChanged"
            if told and message.path == path and len(message.body) > 1:
                hint = message.body[1].get("LockedHint")
                if isinstance(hint, Variant):
                    self._says(LOGIND, hint.value is True)
            elif _of_names(message) and message.body[0] == LOGIND and message.body[2]:
                owner = message.body[2]
                self._later(self._ask_logind(bus, path))  # started anew, it may not know what it said before

        bus.add_message_handler(heard)
        await _match(
            bus,
            f"type='signal',sender='{LOGIND}',interface='{_PROPERTIES}',member='PropertiesChanged',path='{path}'",
        )
        await _match(bus, f"type='signal',sender='{DAEMON[0]}',member='NameOwnerChanged',arg0='{LOGIND}'")
        if name := await ask(bus, DAEMON, DAEMON[0], "GetNameOwner", "s", [LOGIND]):
            owner = owner or str(name[0])
        if not await self._told_by_logind(bus, path):
            raise ValueError("the login service tells nothing of this session")

    async def _ask_logind(self, bus: MessageBus, path: str) -> None:
        while not await self._told_by_logind(bus, path):
            await asyncio.sleep(AGAIN_S)

    async def _told_by_logind(self, bus: MessageBus, path: str) -> bool:
        """Asks the login service and notes what it says; False when it does not say."""
        with contextlib.suppress(TimeoutError):
            hint = await ask(bus, (LOGIND, path), _PROPERTIES, "Get", "ss", [SESSION, "LockedHint"])
            if hint:
                self._says(LOGIND, getattr(hint[0], "value", None) is True)
            return bool(hint)
        return False

    def _later(self, asking: Coroutine[object, object, None]) -> None:
        """Has something asked beside listening; the end of listening ends it, too."""

        async def ask() -> None:
            with contextlib.suppress(*LOST):  # the bus is gone; listening ends
                await asking

        task = asyncio.create_task(ask())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _says(self, who: str, locked: bool) -> None:
        before = self._by
        self._by = before | {who} if locked else before - {who}
        if bool(before) != bool(self._by):
            log.info("the session is %s, says %s", "locked" if locked else "unlocked", who)
            self._changed()


def _of_names(message: Message) -> bool:
    """Whether the bus itself says that a name has another owner."""
    return message.member == "NameOwnerChanged" and message.sender == DAEMON[0]


async def _session_path(bus: MessageBus) -> str:
    """The object of our own session; the one logind calls ours where the environment does not name it."""
    named = os.environ.get("XDG_SESSION_ID", "")
    manager = (LOGIND, "/org/freedesktop/login1")
    for key in [named, "auto"] if named else ["auto"]:
        if found := await ask(bus, manager, "org.freedesktop.login1.Manager", "GetSession", "s", [key]):
            return str(found[0])
    raise ValueError("the login service knows of no session here")


async def _match(bus: MessageBus, rule: str) -> None:
    await ask(bus, DAEMON, DAEMON[0], "AddMatch", "s", [rule])
