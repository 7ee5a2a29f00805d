"""A fake of what desktops keep on a message bus, on a real one: truth values, and signals about them."""

import asyncio
from collections.abc import Callable, Coroutine

from dbus_fast import Message, MessageType, Variant

from tests.observers.bus_owner import BusOwner

Key = tuple[str, str, str]  # path, interface, member or property


class FakeDesk(BusOwner):
    """Owns `name` and answers calls of (path, interface, member) and reads of (path, interface, property).

    An answer of `...` is none: it hangs.
    """

    def __init__(self, address: str, name: str, answers: dict[Key, object]) -> None:
        super().__init__(address, name)
        self.answers = answers
        self.asked: list[Key] = []

    def says(self, path: str, interface: str, member: str, signature: str, body: list[object]) -> None:
        """Sends a signal."""
        self._do(lambda: self._bus.send(Message.new_signal(path, interface, member, signature, body)))

    def _do(self, send: Callable[[], object]) -> None:
        async def run() -> None:
            send()

        made: Coroutine[object, object, None] = run()
        asyncio.run_coroutine_threadsafe(made, self._loop).result(10)

    def _answer(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL or message.path is None:
            return None
        if message.member == "Get":
            interface, name = message.body
            found = self._found((message.path, str(interface), str(name)))
            if found is None:
                return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownProperty", "no")
            return True if found is ... else Message.new_method_return(message, "v", [Variant("b", found)])
        found = self._found((message.path, str(message.interface), str(message.member)))
        if found is None:
            return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "no")
        if found is ...:
            return True
        signature = {bool: "b", str: "o"}.get(type(found), "v")
        return Message.new_method_return(message, signature, [found])

    def _found(self, key: Key) -> object:
        self.asked.append(key)
        return self.answers.get(key)
