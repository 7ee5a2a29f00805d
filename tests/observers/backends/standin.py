"""Somebody else on a real message bus, played by the test: a desktop service that is not installed here."""

import asyncio
from collections.abc import Callable

from dbus_fast import Message, MessageType

from tests.observers.bus_owner import BusOwner

Answer = Callable[[Message], Message | None]


class Standin(BusOwner):
    """Owns `name` on the bus at `address` and answers calls by `answer`; None is an error to the caller."""

    def __init__(self, address: str, name: str, answer: Answer) -> None:
        super().__init__(address, name)
        self._told = answer

    def send(self, message: Message) -> None:
        """Sends a message in its name; returns when the answer to it is there."""
        asyncio.run_coroutine_threadsafe(self.say(message), self._loop).result(20)

    async def say(self, message: Message) -> None:
        """The same inside an answer."""
        await self._bus.call(message)

    def _answer(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.destination is None:
            return None
        return self._told(message) or Message.new_error(message, "org.freedesktop.DBus.Error.Failed", "no")
