"""A connection that a source listens on, to a real bus."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from observers import listening
from observers.backends.session_bus import DAEMON
from observers.listening import LOST, ask, connected, gone, left
from tests.observers.desk_bus import FakeDesk
from tests.observers.notice_bus import NoticeBus

NAME, PATH = "test.Desk", "/test/Desk"
pytestmark = pytest.mark.desktop


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[NoticeBus]:
    with NoticeBus(tmp_path) as bus:
        yield bus


@pytest.mark.parametrize("address", ["", "nonsense", "unix:path=/nowhere/bus"])
def test_a_bus_that_is_not_there_is_lost(address: str) -> None:
    with pytest.raises(LOST):
        asyncio.run(connected(address))


def test_an_answer_a_no_and_silence_are_told_apart(bus: NoticeBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "ANSWER_S", 0.5)

    async def asked(member: str) -> list[object] | None:
        line = await connected(bus.address)
        try:
            return await ask(line, (NAME, PATH), NAME, member)
        finally:
            await left(line)

    assert asyncio.run(asked("Locked")) is None  # nobody of that name
    with FakeDesk(bus.address, NAME, {(PATH, NAME, "Locked"): True, (PATH, NAME, "Slow"): ...}):
        assert asyncio.run(asked("Locked")) == [True]
        assert asyncio.run(asked("Open")) is None
        with pytest.raises(LOST):
            asyncio.run(asked("Slow"))


def test_the_end_of_a_bus_is_noticed(bus: NoticeBus) -> None:
    async def listens() -> None:
        line = await connected(bus.address)
        assert await ask(line, DAEMON, DAEMON[0], "GetId")
        bus.end()
        await gone(line)
        await left(line)

    asyncio.run(listens())
