from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.approve import Approval
from assistants.handed import LASTS, Handed
from gum.errors import NotAllowed
from gum.grants import ClientId
from gum.types import PlanId
from tests.builders import NOON, StillClock

ADA, BEN = ClientId("ada"), ClientId("ben")
ONE, TWO = PlanId("one"), PlanId("two")
ALMOST = timedelta(microseconds=1)


def laid_down(clock: StillClock, digest: str = "d") -> tuple[Handed, Approval]:
    handed, approval = Handed(clock), Approval(digest, "tray", clock.now(), LASTS)
    assert handed.give(ONE, approval, ADA) == clock.now() + LASTS
    return handed, approval


def test_it_is_taken_once_by_whom_it_is_for() -> None:
    handed, approval = laid_down(StillClock())
    assert handed.waits(ONE) and not handed.waits(TWO)
    assert handed.take(ONE, "d", ADA) == approval
    assert not handed.waits(ONE)
    with pytest.raises(NotAllowed):
        handed.take(ONE, "d", ADA)


@pytest.mark.parametrize(("key", "digest", "client"), [(TWO, "d", ADA), (ONE, "e", ADA), (ONE, "d", BEN)])
def test_a_wrong_try_is_refused_and_costs_nothing(key: PlanId, digest: str, client: ClientId) -> None:
    handed, approval = laid_down(StillClock())
    with pytest.raises(NotAllowed):
        handed.take(key, digest, client)
    assert handed.take(ONE, "d", ADA) == approval


@pytest.mark.parametrize(("by", "there"), [(LASTS - ALMOST, True), (LASTS, False), (-ALMOST, False)])
def test_it_waits_for_five_minutes_and_not_into_the_past(by: timedelta, there: bool) -> None:
    clock = StillClock()
    handed, _ = laid_down(clock)
    clock.move(by)
    assert handed.waits(ONE) is there
    clock.at = NOON  # what was over once stays so, whatever becomes of the clock
    assert handed.waits(ONE) is there


def test_it_can_be_withdrawn_alone_or_with_all_of_a_client() -> None:
    clock = StillClock()
    handed, approval = laid_down(clock)
    handed.give(TWO, approval, BEN)
    handed.withdraw_of(ADA)
    assert (handed.waits(ONE), handed.waits(TWO)) == (False, True)
    handed.withdraw(TWO)
    assert not handed.waits(TWO)
    handed.withdraw(TWO)  # nothing to withdraw is no mistake


Try = st.tuples(st.sampled_from([ONE, TWO]), st.sampled_from(["d", "e"]), st.sampled_from([ADA, BEN]))


@given(st.lists(Try, max_size=30), st.integers(0, 400))
def test_whatever_is_tried_only_the_right_one_gets_it_and_only_once(
    tries: list[tuple[PlanId, str, ClientId]], seconds: int
) -> None:
    clock = StillClock()
    handed, _ = laid_down(clock)
    clock.move(timedelta(seconds=seconds))
    got = []
    for one in tries:
        try:
            handed.take(*one)
        except NotAllowed:
            continue
        got.append(one)
    right = (ONE, "d", ADA)
    assert got == ([right] if right in tries and seconds < LASTS.total_seconds() else [])
