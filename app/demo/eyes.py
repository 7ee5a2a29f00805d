"""Finds a named button on a desktop over AT-SPI, as a person finds it with their eyes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from dbus_fast import DBusFastError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from gum.errors import AccessibilityUnavailable
from gum.types import Region

_REGISTRY = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_MOST = 4000  # objects looked at in one search: a page has some hundred
_DEEPEST = 60
_SHOWING = 25  # bit of ATSPI_STATE_SHOWING
_FOCUSED = 12  # bit of ATSPI_STATE_FOCUSED
_SENSITIVE = 24  # bit of ATSPI_STATE_SENSITIVE


@dataclass(frozen=True, slots=True)
class Seen:
    """An accessible object that is on the screen. `program` is the name its application gives itself."""

    program: str
    role: str
    name: str
    region: Region
    enabled: bool
    focused: bool = False  # what is typed goes into it

    @property
    def middle(self) -> tuple[int, int]:
        """Its centre in screen pixels."""
        return self.region.left + self.region.width // 2, self.region.top + self.region.height // 2


class _Bus:
    """The accessibility bus of one desktop."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus

    async def ask(self, place: tuple[str, str], interface: str, member: str, *args: object) -> list[object]:
        """The answer of one call; empty when the object refuses or is gone."""
        signature = {"GetExtents": "u", "Get": "ss"}.get(member, "")
        call = Message(
            destination=place[0],
            path=place[1],
            interface=interface,
            member=member,
            signature=signature,
            body=list(args),
        )
        try:
            answer = await asyncio.wait_for(self._bus.call(call), 3.0)
        except TimeoutError:
            return []
        if answer is None or answer.message_type is MessageType.ERROR:
            return []
        return list(answer.body)

    async def name(self, place: tuple[str, str]) -> str:
        body = await self.ask(place, "org.freedesktop.DBus.Properties", "Get", _ACCESSIBLE, "Name")
        return str(body[0].value) if body and isinstance(body[0], Variant) else ""

    async def children(self, place: tuple[str, str]) -> list[tuple[str, str]]:
        body = await self.ask(place, _ACCESSIBLE, "GetChildren")
        return [(str(a), str(b)) for a, b in body[0]] if body and isinstance(body[0], list) else []

    async def see(self, place: tuple[str, str], program: str) -> Seen | None:
        """The object when it shows on the screen."""
        bits = await self.ask(place, _ACCESSIBLE, "GetState")
        words = bits[0] if bits and isinstance(bits[0], list) else [0]
        if not words[0] >> _SHOWING & 1:
            return None
        extents = await self.ask(place, "org.a11y.atspi.Component", "GetExtents", 0)
        role = await self.ask(place, _ACCESSIBLE, "GetRoleName")
        if not extents or not isinstance(extents[0], list | tuple):
            return None
        left, top, width, height = (int(value) for value in extents[0])
        # Hidden menus and lists answer with senseless rectangles (0,0,0,0 or -2147483648).
        if width <= 0 or height <= 0 or left < 0 or top < 0:
            return None
        kind = str(role[0]) if role else ""
        return Seen(
            program,
            kind,
            await self.name(place),
            Region(left, top, width, height),
            bool(words[0] >> _SENSITIVE & 1),
            bool(words[0] >> _FOCUSED & 1),
        )


def look(
    env: dict[str, str], name: str, *, program: str = "", role: str = "", window: str = ""
) -> list[Seen]:
    """Everything on the desktop of `env` whose accessible name is `name` ("" means any name).

    `program` and `role`, when given, must occur in the application's name and the role, in any case;
    with `window` only windows are searched whose name begins with it.
    Not to be called from an event loop. Raises AccessibilityUnavailable.
    """
    return asyncio.run(_look(env, name, program.casefold(), role.casefold(), window))


async def _look(env: dict[str, str], name: str, program: str, role: str, window: str) -> list[Seen]:
    bus = await _connect(env)
    try:
        return [found async for found in _search(_Bus(bus), name, program, role, window)]
    finally:
        bus.disconnect()


async def _search(bus: _Bus, name: str, program: str, role: str, window: str) -> AsyncIterator[Seen]:
    for application in await bus.children(_REGISTRY):
        title = await bus.name(application)
        if program not in title.casefold():
            continue
        waiting = [(application, 0)]
        if window:
            frames = await bus.children(application)
            waiting = [(frame, 1) for frame in frames if (await bus.name(frame)).startswith(window)]
        looked = 0
        while waiting and looked < _MOST:
            place, depth = waiting.pop()
            looked += 1
            if not name or await bus.name(place) == name:
                seen = await bus.see(place, title)
                if seen is not None and role in seen.role.casefold():
                    yield seen
            if depth < _DEEPEST:
                waiting += [(child, depth + 1) for child in reversed(await bus.children(place))]


async def _connect(env: dict[str, str]) -> MessageBus:
    try:
        session = await MessageBus(bus_address=env["DBUS_SESSION_BUS_ADDRESS"]).connect()
        try:
            body = await _Bus(session).ask(("org.a11y.Bus", "/org/a11y/bus"), "org.a11y.Bus", "GetAddress")
        finally:
            session.disconnect()
        if not body:
            raise AccessibilityUnavailable(
                "The accessibility bus does not answer", "Is at-spi2-core installed?"
            )
        return await MessageBus(bus_address=str(body[0])).connect()
    except (OSError, DBusFastError) as error:
        raise AccessibilityUnavailable("The accessibility bus does not answer", str(error)) from error
