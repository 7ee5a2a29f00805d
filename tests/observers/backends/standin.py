"""Somebody else on a real message bus, played by the test: a desktop service that is not installed here."""

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType

from dbus_fast import Message, MessageType, RequestNameReply
from dbus_fast.aio import MessageBus

Answer = Callable[[Message], Message | None]


class Standin:
    """Owns `name` on the bus at `address` and answers calls by `answer`; None is an error to the caller."""

    def __init__(self, address: str, name: str, answer: Answer) -> None:
        self._address, self._name, self._answer = address, name, answer
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.connection: MessageBus | None = None

    def __enter__(self) -> "Standin":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._join(), self._loop).result(20)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    def send(self, message: Message) -> None:
        """Sends a message in its name; returns when the answer to it is there."""
        assert self.connection is not None
        asyncio.run_coroutine_threadsafe(self.connection.call(message), self._loop).result(20)

    async def _join(self) -> None:
        self.connection = await MessageBus(bus_address=self._address).connect()
        self.connection.add_message_handler(self._heard)
        assert await self.connection.request_name(self._name) is RequestNameReply.PRIMARY_OWNER

    async def _leave(self) -> None:
        assert self.connection is not None
        self.connection.disconnect()
        await self.connection.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def _heard(self, message: Message) -> "bool | Message":
        if message.message_type is not MessageType.METHOD_CALL or message.destination is None:
            return False
        found = self._answer(message)
        return found or Message.new_error(message, "org.freedesktop.DBus.Error.Failed", "no")
