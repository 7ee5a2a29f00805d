"""A baseline of confidence alone: another arm's beliefs, each at the share of all of them that is right.

Who cannot beat it knows nothing of how sure to be: it has a Brier skill of 0 by definition.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.desks.judge import judge
from app.desks.types import Checkpoint, Desk, Played

NAME = "base_rate"


def base_rate(runs: Sequence[tuple[Desk, Played]]) -> float:
    """The share of right ones among the beliefs of all last checkpoints together; 0 when there are none."""
    right = [
        verdict.right
        for desk, played in runs
        if played.checkpoints
        for verdict in judge(played.checkpoints[-1].beliefs, desk, played.checkpoints[-1].at)
    ]
    return sum(right) / len(right) if right else 0.0


def constant(played: Played, rate: float) -> Played:
    """`played` with every confidence at `rate`, as the arm NAME. What it cost and kept stays what it was."""
    if not 0 <= rate <= 1:
        raise ValueError("a rate is a share, from 0 to 1")

    def at(points: Sequence[Checkpoint]) -> tuple[Checkpoint, ...]:
        return tuple(
            replace(point, beliefs=tuple(replace(b, confidence=rate) for b in point.beliefs))
            for point in points
        )

    return replace(played, arm=NAME, checkpoints=at(played.checkpoints), asked=at(played.asked))
