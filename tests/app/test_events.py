import asyncio
from collections.abc import AsyncIterator

from app.events import Event, Hub


async def take(stream: AsyncIterator[Event], count: int) -> list[Event]:
    return [await asyncio.wait_for(anext(stream), 5) for _ in range(count)]


def test_every_listener_hears_everything_in_order() -> None:
    async def scenario() -> None:
        hub = Hub()
        streams = [hub.listen() for _ in range(3)]
        heard = [asyncio.create_task(take(s, 2)) for s in streams]
        await asyncio.sleep(0)
        hub.publish("observation", 1)
        hub.publish("proposition", 2)
        for task in heard:
            assert [(e.name, e.data) for e in await task] == [("observation", 1), ("proposition", 2)]

    asyncio.run(scenario())


def test_a_listener_that_was_away_gets_what_it_missed() -> None:
    async def scenario() -> None:
        hub = Hub()
        seen = hub.publish("a", 1)
        hub.publish("a", 2)
        hub.publish("a", 3)
        assert [e.data for e in await take(hub.listen(seen.id), 2)] == [2, 3]

    asyncio.run(scenario())


def test_an_id_of_another_run_or_too_old_asks_to_reload() -> None:
    async def scenario() -> None:
        hub = Hub(kept=2)
        old = hub.publish("a", 0)
        for n in range(5):
            hub.publish("a", n)
        for last in (old.id, "deadbeef-3"):
            assert [e.name for e in await take(hub.listen(last), 1)] == ["resync"]

    asyncio.run(scenario())


def test_forgotten_events_are_not_told_again() -> None:
    async def scenario() -> None:
        hub = Hub()
        seen = hub.publish("observation", "a")
        hub.publish("observation", "a secret")
        hub.forget_past()
        [event] = await take(hub.listen(seen.id), 1)
        assert (event.name, event.data) == ("resync", {})

    asyncio.run(scenario())


def test_a_listener_too_slow_is_cut_off_and_the_others_are_not() -> None:
    async def scenario() -> None:
        hub = Hub(kept=2)
        slow, quick = hub.listen(), hub.listen()
        waiting = [asyncio.create_task(take(slow, 1)), asyncio.create_task(take(quick, 1))]
        await asyncio.sleep(0)
        hub.publish("a", 0)
        await asyncio.gather(*waiting)
        for n in range(1, 5):
            hub.publish("a", n)
            assert [e.data for e in await take(quick, 1)] == [n]
        assert [e async for e in slow][-1].data != 4
        assert hub.listeners == 1

    asyncio.run(scenario())


def test_closing_ends_every_listener() -> None:
    async def scenario() -> None:
        hub = Hub()
        task = asyncio.create_task(anext(hub.listen(), None))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        hub.close()
        assert await asyncio.wait_for(task, 5) is None

    asyncio.run(scenario())
