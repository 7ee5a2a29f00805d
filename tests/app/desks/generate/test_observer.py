"""Whatever a careful observer states is planned, as a fact or a minor one: none of it is junk."""

from app.desks.generate import splits
from app.desks.judge import judge
from tests.app.desks.generate.many import many
from tests.app.desks.generate.observer import soon, told


def test_nothing_true_is_called_junk() -> None:
    stated = 0
    for one in many()[:120]:
        for step, belief in told(one):
            (verdict,) = judge([belief], one, soon(one, step))
            assert verdict.right, (one.id, step, belief.text, verdict.reason)
            stated += 1
    assert stated > 120 * 15


def test_only_seeds_that_may_be_looked_at_are_looked_at() -> None:
    assert not {one.seed for one in many()} & set(splits.HELD_OUT)
