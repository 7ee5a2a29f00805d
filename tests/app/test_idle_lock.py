from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.idle_lock import IdleLock

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Hands:
    """The clock and what the observers know, as a test sets them."""

    def __init__(self) -> None:
        self.at = START
        self.age: timedelta | None = timedelta()
        self.locked = False

    def now(self) -> datetime:
        return self.at

    def lock(self, after_min: float) -> IdleLock:
        return IdleLock(after_min, self, lambda: self.age, lambda: self.locked)


def test_a_clock_that_is_set_back_does_not_keep_it_open() -> None:
    hands = Hands()
    lock = hands.lock(10)
    hands.at, hands.age = START - 365 * 24 * 60 * MINUTE, 60 * MINUTE
    assert not lock.look()
    hands.at += 10 * MINUTE
    assert lock.look()


def test_it_locks_when_nobody_did_anything_for_so_long() -> None:
    hands = Hands()
    lock = hands.lock(10)
    hands.at, hands.age = START + 30 * MINUTE, 9 * MINUTE
    assert not lock.look()
    hands.age = 10 * MINUTE
    assert lock.look()


def test_time_before_it_was_opened_does_not_count() -> None:
    """Unlocked over a network while nobody sits there: it stays open for as long as was set."""
    hands = Hands()
    hands.age = timedelta(hours=9)
    lock = hands.lock(10)
    assert not lock.look()
    hands.at += 9 * MINUTE
    assert not lock.look()
    hands.at += MINUTE
    assert lock.look()


def test_it_locks_with_the_screen_and_not_because_the_screen_is_still_locked() -> None:
    hands = Hands()
    hands.locked = True
    lock = hands.lock(10)
    assert not lock.look()
    hands.locked = False
    assert not lock.look()
    hands.locked = True
    assert lock.look()


def test_where_nobody_can_tell_it_does_not_lock_by_itself() -> None:
    hands = Hands()
    hands.age = None
    lock = hands.lock(1)
    hands.at += timedelta(days=1)
    assert not lock.look()


@given(st.lists(st.tuples(st.integers(0, 10**6), st.booleans())))
def test_without_being_asked_for_it_never_locks(looks: list[tuple[int, bool]]) -> None:
    hands = Hands()
    lock = hands.lock(0)
    assert not lock.wanted
    for seconds, locked in looks:
        hands.at += timedelta(seconds=seconds)
        hands.age, hands.locked = timedelta(seconds=seconds), locked
        assert not lock.look()
