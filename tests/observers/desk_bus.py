"""A fake of what desktops keep on a message bus, on a real one: truth values, and signals about them."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

Key = tuple[str, str, str]  # path, interface, member or property


class FakeDesk:
    """Owns `name` and answers calls of (path, interface, member) and reads of (path, interface, property).

    An answer of `...` is none: it hangs.
    """

    def __init__(self, address: str, name: str, answers: dict[Key, object]) -> None:
        self.answers = answers
        self.asked: list[Key] = []
        self._address, self._name = address, name
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "FakeDesk":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(10)

    def says(self, path: str, interface: str, member: str, signature: str, body: list[object]) -> None:
        """Sends a signal."""
        self._do(lambda: self._bus.send(Message.new_signal(path, interface, member, signature, body)))

    def _do(self, send: Callable[[], object]) -> None:
        async def run() -> None:
            send()

        made: Coroutine[object, object, None] = run()
        asyncio.run_coroutine_threadsafe(made, self._loop).result(10)

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
