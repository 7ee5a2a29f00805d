"""A pause lasts until it is over, whatever happens to the program meanwhile."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from app.pause import Pause
from storage.db import Database
from tests.builders import StillClock

HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.open(tmp_path / "gumption.db", None)
    yield made
    made.close()


def again(database: Database, clock: StillClock) -> Pause:
    """The pause as the next start of the program finds it."""
    made = Pause(database, clock)
    asyncio.run(made.load())
    return made


@pytest.mark.parametrize("off_the_record", [True, False])
@pytest.mark.parametrize("duration", [None, HOUR])
def test_a_restart_ends_no_pause_and_does_not_forget_of_which_kind_it_is(
    database: Database, duration: timedelta | None, off_the_record: bool
) -> None:
    clock = StillClock()
    asyncio.run(Pause(database, clock).start(duration, off_the_record))
    found = again(database, clock)
    assert found.active and found.off_the_record is off_the_record
    clock.at += 2 * HOUR
    assert found.active is (duration is None)
    assert found.off_the_record is (off_the_record and duration is None)


def test_a_pause_after_one_off_the_record_is_only_a_pause(database: Database) -> None:
    clock = StillClock()
    pause = Pause(database, clock)
    asyncio.run(pause.start(None, True))
    asyncio.run(pause.start(HOUR))
    assert pause.active and not pause.off_the_record and not again(database, clock).off_the_record


def test_when_it_is_ended_nothing_of_it_is_left(database: Database) -> None:
    clock = StillClock()
    pause = Pause(database, clock)
    asyncio.run(pause.start(None, True))
    asyncio.run(pause.end())
    for found in (pause, again(database, clock)):
        assert not found.active and not found.off_the_record and found.until is None


def test_one_that_is_begun_while_another_is_being_ended_holds(database: Database) -> None:
    clock = StillClock()
    pause = Pause(database, clock)

    async def scenario() -> None:
        await pause.start(HOUR)
        ending = asyncio.create_task(pause.end())
        await asyncio.sleep(0)  # it is being stored that there is none
        await pause.start(None, True)
        await ending

    asyncio.run(scenario())
    for found in (pause, again(database, clock)):
        assert found.active and found.off_the_record


def test_a_pause_that_becomes_another_never_ends_between() -> None:
    """Observers ask from their own threads, at any moment."""

    class Nothing:
        async def run(self, keep: object) -> None:
            pass

    pause, open_moments, over = Pause(cast(Database, Nothing()), StillClock()), [0], threading.Event()

    def watch() -> None:
        while not over.is_set():
            open_moments[0] += not pause.active

    async def change() -> None:
        for _ in range(20_000):
            await pause.start(HOUR)
            await pause.start(None)

    asyncio.run(pause.start(None))
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        asyncio.run(change())
    finally:
        over.set()
        watcher.join()
        sys.setswitchinterval(before)
    assert open_moments == [0]
