"""The constant base rate: all that is right of another arm, and nothing of how sure it was."""

from dataclasses import replace

import pytest

from app.desks.base_rate import base_rate, constant
from app.desks.figures import measure
from app.desks.types import Belief, Checkpoint, Played
from tests.app.desks.oracle_desks import NINE, PAPER, TEA, desk

RIGHT = Belief("r", "Works on fish-ladder.tex", 0.9, "working_on", {"thing": "fish-ladder.tex"}, ("o1",))
WRONG = Belief("w", "Bought a kettle", 0.7, "bought", {"item": "kettle"})


def _played(*beliefs: Belief) -> Played:
    return Played(
        "adler", "gumption", (Checkpoint(NINE, (WRONG,)), Checkpoint(NINE, beliefs)), ("card",), 2.0, 30, 1, 2
    )


def test_the_rate_is_the_share_of_right_ones_in_all_last_checkpoints_together() -> None:
    there = desk([PAPER, TEA])
    runs = [(there, _played(RIGHT, WRONG, WRONG)), (there, _played(RIGHT)), (there, _played())]
    assert base_rate(runs) == pytest.approx(0.5)
    assert base_rate([]) == base_rate([(there, replace(_played(), checkpoints=()))]) == 0.0


def test_only_the_confidences_change() -> None:
    before = _played(RIGHT, WRONG)
    after = constant(before, 0.4)
    assert after.arm == "base_rate"
    assert [b.confidence for point in after.checkpoints for b in point.beliefs] == [0.4, 0.4, 0.4]
    restored = tuple(
        replace(
            point,
            beliefs=tuple(
                replace(b, confidence=old.confidence)
                for b, old in zip(point.beliefs, was.beliefs, strict=True)
            ),
        )
        for point, was in zip(after.checkpoints, before.checkpoints, strict=True)
    )
    assert replace(after, arm="gumption", checkpoints=restored) == before


def test_its_skill_is_zero_by_definition() -> None:
    there = desk([PAPER, TEA])
    runs = [(there, _played(RIGHT, WRONG, WRONG)), (there, _played(RIGHT))]
    rate = base_rate(runs)
    figures = measure([(one, constant(played, rate)) for one, played in runs])
    assert figures["brier_skill"] == pytest.approx(0.0, abs=1e-9)
    assert figures["ece"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_rate_that_is_no_share_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="share"):
        constant(_played(), rate)
