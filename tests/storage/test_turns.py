import threading

import pytest

from storage.turns import Turns


class Job:
    """A long job in a thread of its own, until it is told to end."""

    def __init__(self, turns: Turns) -> None:
        self._begun, self._end = threading.Event(), threading.Event()
        self._turns = turns
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._begun.wait(10)

    def _run(self) -> None:
        with self._turns.alone():
            self._begun.set()
            assert self._end.wait(10)

    def end(self) -> None:
        self._end.set()
        self._thread.join(10)


def test_short_uses_take_turns() -> None:
    turns = Turns()
    done: list[int] = []
    with turns.turn() as mine:
        assert mine
        turns.do(lambda: done.append(1))  # the same thread may take it again
    turns.do(lambda: done.append(2))
    assert done == [1, 2]
    assert not turns.busy


def test_nobody_waits_for_a_long_job_and_no_change_is_lost() -> None:
    turns = Turns()
    done: list[int] = []
    job = Job(turns)
    assert turns.busy
    with turns.turn() as mine:
        assert not mine
    for n in range(3):
        turns.do(lambda n=n: done.append(n))  # type: ignore[misc]
    assert done == []
    job.end()
    assert done == [0, 1, 2]
    with turns.turn() as mine:
        assert mine
    assert not turns.busy


def test_who_waits_when_a_long_job_is_announced_stops_waiting() -> None:
    turns = Turns()
    answers: list[bool] = []

    def ask() -> None:
        with turns.turn() as mine:
            answers.append(mine)

    with turns.turn() as mine:
        assert mine
        asking = threading.Thread(target=ask)
        asking.start()
        turns.announce()
        asking.join(10)
    assert answers == [False]
    with turns.alone():
        pass
    assert not turns.busy


def test_a_job_that_fails_leaves_the_turns_as_they_were() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.alone():
        raise ZeroDivisionError
    with turns.turn() as mine:
        assert mine


def test_changes_made_while_catching_up_are_done_too() -> None:
    turns = Turns()
    done: list[str] = []
    with turns.alone():
        turns.do(lambda: turns.do(lambda: done.append("inner")))
        turns.do(lambda: done.append("outer"))
        assert done == []
    assert done == ["outer", "inner"]


def test_many_threads_change_one_after_the_other() -> None:
    turns = Turns()
    count = 0

    def add() -> None:
        nonlocal count
        seen = count
        count = seen + 1

    def work() -> None:
        for n in range(200):
            if n % 50 == 0:
                with turns.alone():
                    turns.do(add)
            else:
                turns.do(add)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert count == 800
    assert not turns.busy
