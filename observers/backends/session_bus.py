"""The session's and the system's message bus through the same door as the accessibility bus."""

import os
from collections.abc import Callable, Sequence

from dbus_fast import Message, MessageType, Variant

from gum.errors import AccessibilityUnavailable
from observers.bus import AccessibilityBus, Body, Calls, Gone, Ref

SYSTEM = "unix:path=/run/dbus/system_bus_socket"
DAEMON: Ref = ("org.freedesktop.DBus", "/org/freedesktop/DBus")


def session_address() -> str:
    """Where the session bus is, by the environment; "" when there is none."""
    return os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")


def system_address() -> str:
    """Where the system bus is."""
    return os.environ.get("DBUS_SYSTEM_BUS_ADDRESS", SYSTEM)


async def of_one_there(
    calls: Calls, ref: Ref, interface: str, member: str, signature: str = "", body: Sequence[object] = ()
) -> Body:
    """The answer's arguments. Nobody is started by our asking. Raises Gone."""
    if await calls.call(DAEMON, DAEMON[0], "NameHasOwner", "s", [ref[0]]) != [True]:
        raise Gone
    return await calls.call(ref, interface, member, signature, body)


class PlainBus(AccessibilityBus):
    """A blocking door to the bus at `address`.

    `called` gets sender, member and arguments of each call that others make to us, on the bus's thread.
    """

    def __init__(self, address: str, called: Callable[[str, str, Body], None] | None = None) -> None:
        super().__init__(address)
        self._address, self._called = address, called

    @property
    def name(self) -> str:
        """Our own unique name on the bus; "" before the first question."""
        return (self._bus.unique_name or "") if self._bus is not None else ""

    def call(
        self, ref: Ref, interface: str, member: str, signature: str = "", body: Sequence[object] = ()
    ) -> Body | None:
        """The answer's arguments; None when there is no bus, nobody of that name, or the answer is no.

        Nobody is started by our asking.
        """

        if not self._address:
            return None
        try:
            return self.ask(lambda calls: of_one_there(calls, ref, interface, member, signature, body))
        except AccessibilityUnavailable:
            return None

    def value(self, ref: Ref, interface: str, name: str) -> object:
        """A property; None when it cannot be had."""
        found = self.call(ref, "org.freedesktop.DBus.Properties", "Get", "ss", [interface, name])
        first = found[0] if found else None
        return first.value if isinstance(first, Variant) else first

    async def _find_address(self) -> str:
        return self._address

    def _heard(self, message: Message) -> "bool | Message":  # type: ignore[override]
        if self._called is None or message.message_type is not MessageType.METHOD_CALL:
            return super()._heard(message)
        self._called(message.sender or "", message.member or "", list(message.body))
        return Message.new_method_return(message)
