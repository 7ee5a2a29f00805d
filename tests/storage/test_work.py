import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from storage import observations, work
from storage.db import Database
from storage.schema import WorkRow
from storage.work import WorkItem, backoff
from tests.builders import NOON, observation

MINUTE = timedelta(minutes=1)


def queue(db: Database, count: int) -> None:
    db.run_sync(
        lambda s: [
            observations.append(s, observation(id=f"o{n}", at=NOON + n * timedelta(seconds=1)))
            for n in range(count)
        ]
    )


def lease(db: Database, limit: int = 10, at: timedelta = MINUTE) -> list[WorkItem]:
    return db.run_sync(lambda s: work.lease(s, "perceive", limit, NOON + at, MINUTE))


def test_leased_work_is_given_to_nobody_else_and_acknowledged_work_is_gone(db: Database) -> None:
    queue(db, 5)
    first, second = lease(db, 3), lease(db, 3)
    assert [i.observation_id for i in first + second] == ["o0", "o1", "o2", "o3", "o4"]
    db.run_sync(lambda s: work.ack(s, [i.id for i in first]))
    assert lease(db, at=10 * MINUTE) == second


def test_a_lease_that_ran_out_is_given_out_again(db: Database) -> None:
    queue(db, 1)
    [item] = lease(db)
    assert lease(db, at=1.5 * MINUTE) == []
    assert db.read_sync(lambda s: work.waiting(s, "perceive", NOON + 1.5 * MINUTE)) == 0
    assert db.read_sync(lambda s: work.waiting(s, "perceive", NOON + 2 * MINUTE)) == 1
    assert lease(db, at=2 * MINUTE) == [item]


def test_failed_work_waits_longer_each_time_and_is_dead_after_five_tries(db: Database) -> None:
    queue(db, 1)
    at = MINUTE
    for tries in range(1, 6):
        [item] = lease(db, at=at)
        assert item.attempts == tries - 1
        db.run_sync(lambda s, item=item, at=at: work.retry(s, [item.id], "no model", NOON + at))
        assert lease(db, at=at) == []
        at += backoff(tries)
    assert lease(db, at=timedelta(days=9)) == []
    [dead] = db.read_sync(work.dead)
    assert (dead.error, dead.attempts, dead.observation_id) == ("no model", 5, "o0")
    assert db.read_sync(work.counts) == {"perceive": 0, "propose": 0, "dead": 1}


def test_a_person_can_revive_the_dead(db: Database) -> None:
    test_failed_work_waits_longer_each_time_and_is_dead_after_five_tries(db)
    db.run_sync(lambda s: work.revive(s, [d.id for d in work.dead(s)]))
    [item] = lease(db)
    assert item.attempts == 0


def test_crashes_do_not_kill_work_soon_but_do_not_starve_the_rest(db: Database) -> None:
    queue(db, 3)
    for _ in range(10):
        assert len(lease(db, 1)) == 1
        db.run_sync(work.release_all)
    assert db.read_sync(work.counts)["dead"] == 0
    assert len(lease(db, 3)) == 3
    db.run_sync(work.release_all)
    for _ in range(100):
        lease(db, 1)
        db.run_sync(work.release_all)
    dead = db.read_sync(work.dead)
    assert len(dead) == 3
    assert "stopped" in dead[0].error


def test_crash_after_crash_the_same_few_are_not_taken_each_time(db: Database) -> None:
    queue(db, 40)
    for _ in range(45):  # 16 of 40 at a time, so each of them 18 times
        assert len(lease(db, 16)) == 16
        db.run_sync(work.release_all)
    assert db.read_sync(work.counts)["dead"] == 0


def test_releasing_makes_leased_work_ready_at_once(db: Database) -> None:
    queue(db, 2)
    items = lease(db)
    db.run_sync(work.release_all)
    assert lease(db) == items


def test_whether_anything_is_left_counts_what_waits_for_later_and_not_what_is_dead(db: Database) -> None:
    assert not db.read_sync(lambda s: work.any_left(s, "perceive"))
    queue(db, 1)
    assert db.read_sync(lambda s: work.any_left(s, "perceive"))
    assert not db.read_sync(lambda s: work.any_left(s, "propose"))
    [item] = lease(db)
    assert db.read_sync(lambda s: work.any_left(s, "perceive"))
    db.run_sync(lambda s: work.retry(s, [item.id], "broken", NOON))
    assert db.read_sync(lambda s: work.any_left(s, "perceive"))
    db.run_sync(lambda s: s.execute(update(WorkRow).values(state=work.DEAD)))
    assert not db.read_sync(lambda s: work.any_left(s, "perceive"))


def test_work_of_another_kind_is_left_alone_and_queued_once(db: Database) -> None:
    queue(db, 2)
    for _ in range(2):
        db.run_sync(lambda s: work.enqueue(s, "deepen", [observation(id="o1").id], NOON))
    assert db.read_sync(work.counts) == {"perceive": 2, "propose": 0, "deepen": 1, "dead": 0}
    assert db.read_sync(lambda s: work.oldest(s, "perceive")) == NOON
    assert db.read_sync(lambda s: work.oldest(s, "nothing")) is None


@given(st.integers(1, 10_000))
def test_the_wait_grows_and_is_bounded(tries: int) -> None:
    assert backoff(1) <= backoff(tries) <= backoff(tries + 1) <= timedelta(minutes=15)


@pytest.mark.parametrize("limit", [0, 1, 5])
def test_no_more_is_leased_than_asked_for(db: Database, limit: int) -> None:
    queue(db, 3)
    assert len(lease(db, limit)) == min(limit, 3)


@settings(max_examples=10)
@given(st.timedeltas(timedelta(minutes=40), timedelta(days=4000)))
def test_a_clock_that_was_set_back_holds_up_nothing(fresh: Path, back: timedelta) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = Database.open(shutil.copy(fresh, Path(folder) / "gumption.db"), None)
        queue(db, 2)
        first, _ = lease(db)  # both held, one of them fails
        db.run_sync(lambda s: work.retry(s, [first.id], "no model", NOON + MINUTE))
        again = lease(db, at=-back)
        assert {item.observation_id for item in again} == {"o0", "o1"}
        assert lease(db, at=-back) == []  # and they are held again
        db.close()
