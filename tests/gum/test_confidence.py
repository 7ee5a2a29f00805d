import math
import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gum.claims import HIGHEST, LOWEST
from gum.confidence import PRIOR, Sighting, damp, score, signed, updated, weigh
from gum.types import Evidence, ObservationId, Stance, Trust
from tests.builders import NOON

WEIGHTS = st.lists(st.floats(-5, 5), max_size=12)
SIGHTINGS = st.lists(
    st.builds(
        Sighting,
        st.sampled_from(["a", "b"]),
        st.integers(0, 600).map(lambda m: NOON + timedelta(minutes=m)),
        st.floats(0, 4),
    ),
    max_size=12,
)


@given(WEIGHTS, st.floats(0, 5))
def test_evidence_never_lowers_confidence(weights: list[float], more: float) -> None:
    assert score([*weights, more]) >= score(weights)
    assert updated(0.5, [more]) >= 0.5


@given(WEIGHTS, st.randoms())
def test_the_order_of_independent_evidence_does_not_matter(weights: list[float], dice: random.Random) -> None:
    shuffled = list(weights)
    dice.shuffle(shuffled)
    assert score(shuffled) == score(weights)


@given(st.lists(st.floats(-1e6, 1e6), max_size=5))
def test_nothing_is_ever_certain(weights: list[float]) -> None:
    assert LOWEST <= score(weights) <= HIGHEST


@given(SIGHTINGS, st.randoms())
def test_damping_depends_on_when_and_where_not_on_the_order_given(
    sightings: list[Sighting], dice: random.Random
) -> None:
    order = list(range(len(sightings)))
    dice.shuffle(order)
    shuffled = damp([sightings[i] for i in order])
    assert math.isclose(math.fsum(shuffled), math.fsum(damp(sightings)))


@given(SIGHTINGS)
def test_repeats_within_one_hour_are_worth_less_than_two_sightings(sightings: list[Sighting]) -> None:
    once = [Sighting("a", NOON, 1.0) for _ in sightings]
    assert math.fsum(damp(once)) <= 2.0
    assert all(0 <= left <= s.weight for left, s in zip(damp(sightings), sightings, strict=True))


def test_sightings_on_different_days_count_in_full() -> None:
    days = [Sighting("a", NOON + timedelta(days=n), 0.5) for n in range(4)]
    assert damp(days) == [0.5] * 4


def test_what_was_written_weighs_more_than_what_was_read_and_adverts_weigh_nothing() -> None:
    weights = [
        weigh(0.8, t) for t in (Trust.AUTHORED, Trust.ACTED_ON, Trust.RECEIVED, Trust.READ, Trust.ADVERT)
    ]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] == weigh(0.9, Trust.SYSTEM) == weigh(PRIOR / 2, Trust.AUTHORED) == 0
    assert math.isclose(score([weights[0]]), 0.8)


def test_contradiction_lowers_and_a_weight_that_is_no_number_is_left_out() -> None:
    here = ObservationId("o")
    assert signed([Evidence(here, "x", Stance.CONTRADICTS, 2.0)]) == [-2.0]
    assert signed([Evidence(here, "x", weight=math.nan)]) == []
    assert updated(0.5, [-2.0]) < 0.5
