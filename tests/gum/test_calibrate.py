import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.calibrate import Calibration, Label, calibration
from gum.claims import HIGHEST, LOWEST

LABELS = st.lists(st.builds(Label, st.sampled_from(["a", "b"]), st.floats(0, 1), st.booleans()), max_size=30)
SURE = st.floats(LOWEST, HIGHEST)


def test_without_a_verdict_nothing_changes() -> None:
    assert calibration([])("a", 0.7) == pytest.approx(0.7)
    assert Calibration()("a", 0.3) == pytest.approx(0.3)


@given(LABELS, SURE, SURE)
def test_who_was_surer_stays_surer(labels: list[Label], one: float, other: float) -> None:
    found = calibration(labels)
    low, high = sorted((one, other))
    assert found("a", low) <= found("a", high) + 1e-9
    assert LOWEST <= found("a", one) <= HIGHEST


@given(LABELS, st.randoms())
def test_the_order_of_verdicts_does_not_matter(labels: list[Label], dice: random.Random) -> None:
    shuffled = list(labels)
    dice.shuffle(shuffled)
    assert calibration(shuffled)("a", 0.6) == pytest.approx(calibration(labels)("a", 0.6), abs=1e-6)


def test_verdicts_move_their_own_type_most_and_few_move_little() -> None:
    wrong = [Label("a", 0.8, False)]
    other = [Label("b", 0.8, True)] * 20
    once, often = calibration(wrong), calibration(wrong * 20 + other)
    assert once("a", 0.8) == pytest.approx(0.71, abs=0.01)
    assert often("a", 0.8) < 0.4
    assert often("b", 0.8) > 0.8


def test_many_verdicts_make_overconfidence_honest() -> None:
    chance = random.Random(1)
    sure = [chance.uniform(0.05, 0.95) for _ in range(2000)]
    labels = [Label("a", p, chance.random() < p**2) for p in sure]
    found = calibration(labels)
    for p in (0.3, 0.5, 0.7, 0.9):
        assert found("a", p) == pytest.approx(p**2, abs=0.08)


def test_a_confidence_that_is_no_number_is_left_out() -> None:
    assert calibration([Label("a", float("nan"), True)]) == Calibration()
