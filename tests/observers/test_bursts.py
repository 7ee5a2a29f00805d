"""Counts and rhythm, never which keys; and of the counts no more than may be told."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from observers.bursts import GAP_S, LONGEST_S, STEP, Burst, Bursts, Hand

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def typed(count: int, gap_s: float = 0.2) -> Burst:
    bursts = Bursts()
    for number in range(count):
        assert bursts.add(Hand.KEY, after(number * gap_s)) is None
    found = bursts.leave()
    assert found is not None
    return found


def test_a_burst_lasts_from_the_first_doing_to_the_last() -> None:
    bursts = Bursts()
    bursts.add(Hand.CLICK, after(0))
    bursts.add(Hand.SCROLL, after(3))
    assert bursts.rest(after(3 + GAP_S - 0.01)) is None
    found = bursts.rest(after(3 + GAP_S))
    assert found == Burst(after(0), after(3), 0, False, 1, 1, None, None)
    assert not bursts.open and bursts.leave() is None


def test_work_without_a_pause_is_cut_after_a_while() -> None:
    bursts = Bursts()
    done = [found for second in range(300) if (found := bursts.add(Hand.SCROLL, after(second)))]
    assert [found.scrolls for found in done] == [LONGEST_S, LONGEST_S]


def test_what_waits_is_dropped_when_it_is_not_to_be_known() -> None:
    bursts = Bursts()
    bursts.add(Hand.KEY, after(0))
    bursts.forget()
    assert bursts.leave() is None


def test_a_clock_that_was_set_back_ends_a_burst() -> None:
    bursts = Bursts()
    bursts.add(Hand.CLICK, after(0))
    found = bursts.add(Hand.CLICK, after(-3600))
    assert found is not None and found.clicks == 1 and found.at <= found.until
    assert bursts.open


def test_the_length_of_a_password_is_not_told() -> None:
    """A password and Return is a burst of its own where somebody logs in: all such look alike."""
    said = {typed(length, gap).text() for length in range(1, STEP) for gap in (0.1, 0.3, 1.5)}
    assert said == {f"typed fewer than {STEP} keys"}
    assert len({(f.keys, f.few_keys, f.gap_ms, f.pauses) for n in range(1, STEP) for f in [typed(n)]}) == 1


def test_rhythm_is_the_median_and_the_pauses() -> None:
    bursts = Bursts()
    moments = [0.18 * n for n in range(60)]
    moments += [moments[-1] + 2.0 + 0.18 * n for n in range(65)]
    for moment in moments:
        bursts.add(Hand.KEY, after(moment))
    bursts.add(Hand.CLICK, after(moments[-1] + 1))
    found = bursts.leave()
    assert found is not None
    assert found.text() == "typed some 120 keys, 1 click; 180 ms between keys, 1 pause"


@given(st.lists(st.tuples(st.sampled_from(Hand), st.floats(0, 200)), max_size=60))
def test_every_doing_is_in_exactly_one_burst(doings: list[tuple[Hand, float]]) -> None:
    bursts, moment, found = Bursts(), 0.0, []
    for hand, wait in doings:
        moment += wait
        found.append(bursts.add(hand, after(moment)))
    told = [burst for burst in [*found, bursts.leave()] if burst is not None]
    for hand, count in ((Hand.CLICK, "clicks"), (Hand.SCROLL, "scrolls")):
        assert sum(getattr(b, count) for b in told) == sum(1 for h, _ in doings if h is hand)
    keys = sum(1 for hand, _ in doings if hand is Hand.KEY)
    assert sum(b.keys for b in told) <= keys <= sum(b.keys + STEP - 1 for b in told)
    assert all(burst.text() and burst.at <= burst.until and burst.keys % STEP == 0 for burst in told)
    assert all(one.until < other.at for one, other in pairwise(told))
    assert all((b.until - b.at).total_seconds() <= LONGEST_S for b in told)
