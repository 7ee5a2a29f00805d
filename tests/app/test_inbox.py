import asyncio
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from app import inbox as inbox_module
from app.inbox import Inbox, merged
from gum.types import Exclusion, ObservationId, RuleId
from tests.builders import NOON, frame, observation


def test_what_is_put_comes_out_once_and_in_order() -> None:
    inbox = Inbox()
    first, second = observation("a"), observation("b")
    inbox.put(first)
    inbox.put(second)
    assert [a.observation for a in inbox.drain()[0]] == [first, second]
    assert inbox.drain() == ([], [])


def test_an_observation_that_goes_on_merges_and_keeps_its_first_moment() -> None:
    inbox = Inbox()
    inbox.put(observation("a", id="x", lasts=timedelta(seconds=1)), frame())
    inbox.put(observation("a", id="x", at=NOON + timedelta(seconds=5)))
    [arrival], _ = inbox.drain()
    assert arrival.observation.at == NOON
    assert arrival.observation.until == NOON + timedelta(seconds=5)
    assert arrival.frame is not None


def test_different_observations_never_merge() -> None:
    with pytest.raises(ValueError, match="continuation"):
        merged(observation(id="x"), observation(id="y"))


def test_a_full_inbox_drops_the_oldest_and_says_so() -> None:
    inbox = Inbox(capacity=2)
    for text in ("1", "2", "3"):
        inbox.put(observation(text))
    assert [a.observation.text for a in inbox.drain()[0]] == ["2", "3"]
    assert inbox.dropped == 1


def test_what_could_not_be_stored_comes_before_what_came_since() -> None:
    inbox = Inbox()
    inbox.put(observation("1", id="x"))
    inbox.put(observation("2"))
    refused, _ = inbox.drain()
    inbox.put(observation("3"))
    inbox.put(observation("1", id="x", lasts=timedelta(seconds=9)))
    inbox.give_back(refused)
    back = inbox.drain()[0]
    assert [a.observation.text for a in back] == ["1", "2", "3"]
    assert back[0].observation.until == NOON + timedelta(seconds=9)


@pytest.mark.parametrize("seconds", [-1, 0])
def test_what_was_shown_before_something_was_forgotten_does_not_come_back_with_a_pair(seconds: int) -> None:
    inbox = Inbox()
    inbox.clear(NOON)
    since = NOON + timedelta(seconds=seconds)
    brought = replace(frame(), before=b"before", before_at=since)
    inbox.put(observation(at=NOON + timedelta(hours=1)), brought)
    [arrival], _ = inbox.drain()
    assert arrival.frame is not None and arrival.frame.pixels == brought.pixels
    assert arrival.frame.before == (None if seconds < 0 else b"before")


def test_a_window_still_in_front_is_in_front_since_what_was_before_was_forgotten() -> None:
    inbox, forgotten = Inbox(), NOON + timedelta(minutes=5)
    inbox.clear(forgotten)
    visit = observation("a", lasts=timedelta(minutes=6))
    inbox.put(replace(visit, source="window"))
    inbox.put(replace(visit, id=ObservationId("event"), source="calendar"))
    found = {a.observation.source: a.observation for a in inbox.drain()[0]}
    assert found["window"].at == forgotten
    assert found["window"].until == visit.until
    assert found["calendar"].at == visit.at


def test_clearing_leaves_nothing_behind() -> None:
    inbox = Inbox()
    inbox.put(observation())
    inbox.excluded(Exclusion(NOON, "chromium", RuleId("private")))
    inbox.clear()
    assert inbox.drain() == ([], [])


def test_a_put_from_another_thread_wakes_the_loop() -> None:
    async def scenario() -> int:
        inbox = Inbox()
        inbox.attach(asyncio.get_running_loop())
        threading.Timer(0.05, lambda: inbox.put(observation())).start()
        await asyncio.wait_for(inbox.wait(), 10)
        return len(inbox.drain()[0])

    assert asyncio.run(scenario()) == 1


def test_what_comes_into_a_pause_is_refused() -> None:
    paused = [False]
    inbox = Inbox(paused=lambda: paused[0])
    inbox.put(observation("before"))
    paused[0] = True
    inbox.put(observation("meanwhile"))
    assert [a.observation.text for a in inbox.drain()[0]] == ["before"]


def test_what_was_forgotten_and_is_on_its_way_is_refused_but_a_clock_set_back_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inbox = Inbox()
    inbox.clear(NOON)
    inbox.put(observation("late", at=NOON - timedelta(minutes=1)))
    assert inbox.drain()[0] == []
    monkeypatch.setattr(inbox_module, "ON_ITS_WAY_S", 0.0)
    inbox.clear(NOON)
    inbox.put(observation("an hour earlier, by the clock", at=NOON - timedelta(hours=1)))
    assert len(inbox.drain()[0]) == 1


def test_of_what_is_longer_than_any_screen_the_beginning_is_kept() -> None:
    inbox = Inbox()
    inbox.put(observation("x" * 10_000_000, id="a", title="y" * 100_000, app="z" * 100_000))
    inbox.put(observation("short", id="b", url="https://x.test/" + "u" * 100_000))
    long, other = (a.observation for a in inbox.drain()[0])
    assert (len(long.text), len(long.title), len(long.app)) == (200_000, 2_000, 2_000)
    assert (other.text, len(other.url or "")) == ("short", 2_000)
