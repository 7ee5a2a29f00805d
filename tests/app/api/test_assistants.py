"""The door for other programs is made when the first of them asks, once."""

import asyncio
import threading

import pytest

from app.api.assistants import Assistants, Doors
from app.api.guard import Message, Receive, Scope, Send


async def nothing() -> Message:
    return {}


async def drop(message: Message) -> None:
    del message


class House:
    def __init__(self) -> None:
        self.made: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.closed = 0
        self.hold = threading.Event()

    def make(self) -> Doors:
        self.hold.wait(5)
        self.made.append(threading.current_thread().name)
        return Doors(self.answers("rest"), self.answers("mcp"), self.close)

    def answers(self, name: str):  # type: ignore[no-untyped-def]
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            self.asked.append((name, str(scope["path"])))

        return answer

    async def close(self) -> None:
        self.closed += 1


async def ask(door: Assistants, path: str) -> None:
    await door({"type": "http", "path": path}, nothing, drop)


def test_it_is_made_once_in_a_thread_also_for_many_at_once() -> None:
    house = House()

    async def go() -> None:
        door = Assistants(house.make)
        waiting = [asyncio.create_task(ask(door, path)) for path in ("/v1/status", "/mcp", "/v1")]
        await asyncio.sleep(0.01)
        waiting[0].cancel()  # hangs up: the others are still answered
        house.hold.set()
        await asyncio.gather(*waiting, return_exceptions=True)
        await door.close()

    asyncio.run(go())
    assert len(house.made) == 1
    assert house.made[0] != threading.current_thread().name
    assert sorted(house.asked) == [("mcp", "/mcp"), ("rest", "/v1")]
    assert house.closed == 1


def test_nobody_asked_nothing_was_made() -> None:
    house = House()
    asyncio.run(Assistants(house.make).close())
    assert house.made == []
    assert house.closed == 0


def test_what_could_not_be_made_is_tried_again() -> None:
    house = House()
    house.hold.set()
    tries = []

    def make() -> Doors:
        tries.append(1)
        if len(tries) == 1:
            raise MemoryError
        return house.make()

    async def go() -> None:
        door = Assistants(make)
        with pytest.raises(MemoryError):
            await ask(door, "/v1/status")
        await ask(door, "/v1/status")

    asyncio.run(go())
    assert house.asked == [("rest", "/v1/status")]
