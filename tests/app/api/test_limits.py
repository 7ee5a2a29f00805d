import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.limits import (
    ALL_AT_ONCE,
    AT_ONCE,
    OPEN,
    PAIRING,
    WRONG,
    Buckets,
    Inside,
    Limits,
    Rate,
    retry_after,
)
from app.connection import MOST

STEPS = st.lists(st.floats(0, 100, allow_nan=False), max_size=200)
NAMES = st.lists(st.tuples(st.text(max_size=3), st.floats(0, 5, allow_nan=False)), max_size=200)


@given(STEPS, st.floats(0.01, 50), st.integers(1, 50))
def test_in_no_stretch_of_time_more_gets_through_than_rate_and_burst(
    steps: list[float], per_s: float, burst: int
) -> None:
    buckets = Buckets(Rate(per_s, burst))
    now, through = 0.0, []
    for step in steps:
        now += step
        if buckets.take("x", now) == 0:
            through.append(now)
    for first, start in enumerate(through):
        for last in range(first, len(through)):
            assert last - first + 1 <= burst + (through[last] - start) * per_s + 1e-6


@given(STEPS, st.floats(0.01, 50), st.integers(1, 50))
def test_who_waits_as_long_as_told_gets_through(steps: list[float], per_s: float, burst: int) -> None:
    buckets = Buckets(Rate(per_s, burst))
    now = 0.0
    for step in steps:
        now += step
        wait = buckets.take("x", now)
        assert 0 <= wait <= 1 / per_s + 1e-9
        if wait:
            now += wait * (1 + 1e-9) + 1e-9
            assert buckets.take("x", now) == 0


@given(NAMES, st.integers(1, 20))
def test_memory_is_bounded_and_new_names_bring_no_new_buckets(
    asked: list[tuple[str, float]], most: int
) -> None:
    buckets = Buckets(Rate(0.001, 3), most)
    through, now = 0, 0.0
    for name, step in asked:
        now += step
        through += buckets.take(name, now) == 0
        assert len(buckets) <= most + 1
    # a bucket is taken away only when it is full, and it takes 1000 s to put one back
    assert through <= (most + 1) * 3 + (now * 0.001 + 1) * (most + 1)


def test_a_name_finds_room_when_others_have_filled_again() -> None:
    buckets = Buckets(Rate(1, 2), 2)
    assert [buckets.take(name, 0) for name in "ab"] == [0, 0]
    assert buckets.take("c", 0.1) == 0 and buckets.take("d", 0.1) == 0
    assert buckets.take("e", 0.1) > 0, "c, d and e share one"
    assert buckets.take("f", 100) == 0
    assert len(buckets) <= 2


def test_a_clock_that_goes_back_gives_nothing_away_and_locks_nobody_out() -> None:
    buckets = Buckets(Rate(1, 1))
    assert buckets.take("x", 100) == 0
    assert buckets.take("x", 50) == 1
    assert buckets.take("x", 101) == 0


def test_one_client_does_not_use_up_anothers() -> None:
    limits = Limits(60)
    assert [limits.asked("one", 0) for _ in range(21)].count(0) == 20
    assert limits.asked("one", 0) > 0
    assert limits.asked("other", 0) == 0
    assert limits.asked("one", 1) == 0


def test_wrong_tokens_pairing_and_the_rest_are_counted_apart() -> None:
    limits = Limits()
    assert [limits.wrong("127.0.0.1", 0) for _ in range(400)].count(0) == WRONG.burst
    assert [limits.opened("127.0.0.1", True, 0) for _ in range(400)].count(0) == PAIRING.burst
    assert [limits.opened("127.0.0.1", False, 0) for _ in range(400)].count(0) == OPEN.burst
    assert limits.asked("a client", 0) == 0


@pytest.mark.parametrize(("wait", "said"), [(0, 1), (0.2, 1), (1, 1), (1.01, 2), (59.5, 60)])
def test_a_wait_is_told_in_whole_seconds_and_never_too_short(wait: float, said: int) -> None:
    assert retry_after(wait) == said


def test_at_once_one_gets_so_many_places_and_all_together_not_all() -> None:
    inside = Inside()
    assert sum(inside.enter("a") for _ in range(1000)) == AT_ONCE
    inside.leave("a")
    assert inside.enter("a") and not inside.enter("a")
    got = {name: sum(inside.enter(name) for _ in range(1000)) for name in ("b", "c", "d")}
    assert got["b"] == AT_ONCE and AT_ONCE + sum(got.values()) == ALL_AT_ONCE < MOST
    for name, count in {"a": AT_ONCE, **got}.items():
        for _ in range(count):
            inside.leave(name)
    assert inside.enter("d")
