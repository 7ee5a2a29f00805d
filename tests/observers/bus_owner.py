"""A program that owns a name on a message bus and answers, from a thread with a loop of its own."""

import asyncio
import contextlib
import threading
from types import TracebackType
from typing import Self

from dbus_fast import Message
from dbus_fast.aio import MessageBus


class BusOwner:
    """Owns `name` on the bus at `address` while its `with` statement lasts."""

    def __init__(self, address: str, name: str) -> None:
        self._address, self._name = address, name
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(10)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._bus = await MessageBus(bus_address=self._address).connect()
        self._bus.add_message_handler(self._answer)
        await self._bus.request_name(self._name)
        self._ready.set()
        await self._ended.wait()
        self._bus.disconnect()
        with contextlib.suppress(EOFError, OSError):  # the bus may be gone already
            await self._bus.wait_for_disconnect()

    def _answer(self, message: Message) -> Message | bool | None:
        """What is answered: a message, True for nothing at all, None where it is none of its business."""
        raise NotImplementedError
