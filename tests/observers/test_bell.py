"""A bell is heard by whoever sleeps on it, and never has them turn in circles."""

import asyncio
import os
import select
import threading

import pytest

from observers.bell import Bell


def readable(bell: Bell) -> bool:
    return bool(select.select([bell.fileno()], [], [], 0)[0])


def test_one_that_nobody_hears_never_blocks() -> None:
    bell = Bell()
    for _ in range(100_000):
        bell.set()
    assert bell.is_set() and readable(bell)
    bell.clear()
    assert not bell.is_set() and not readable(bell)
    bell.clear()


def test_a_wait_ends_when_it_rings_when_there_is_something_to_read_or_in_time() -> None:
    bell = Bell()
    there, here = os.pipe()
    try:
        bell.wait_or(there, 0.01)
        threading.Timer(0.1, bell.set).start()
        bell.wait_or(there)
        assert bell.is_set()
        bell.wait_or(there)  # it still rings
        bell.clear()
        threading.Timer(0.1, os.write, (here, b"x")).start()
        bell.wait_or(there)
        assert not bell.is_set()
    finally:
        os.close(there)
        os.close(here)


def test_a_coroutine_hears_it_and_leaves_nothing_behind() -> None:
    bell = Bell()

    async def hear() -> bool:
        threading.Timer(0.1, bell.set).start()
        await bell.rung()
        return asyncio.get_running_loop().remove_reader(bell.fileno())

    assert asyncio.run(hear()) is False  # it took its reader away


def test_event_and_pipe_say_the_same_when_it_is_silenced_while_it_begins_to_ring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A byte left in the pipe of a silent bell would have who sleeps on it turn in circles."""
    bell = Bell()
    silence = threading.Thread(target=bell.clear)
    write = os.write

    def meanwhile(end: int, what: bytes) -> int:
        silence.start()
        silence.join(0.2)
        return write(end, what)

    monkeypatch.setattr(os, "write", meanwhile)
    bell.set()
    silence.join()
    assert readable(bell) is bell.is_set() is False
