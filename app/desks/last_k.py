"""A baseline without any model: the last few things seen are what is believed.

Whoever cannot beat this has inferred nothing. Each of the last K observations becomes one statement: the
window's title and the first line of its text that says something else, for that is where pages and
documents name what they are about; whole pages would hold the words of nearly every fact, and of every
decoy, and be no statements.
"""

import time
from collections.abc import Sequence
from datetime import datetime

from app.desks.chain import AFTER, hours_of, sessions_of
from app.desks.leaks import leaked
from app.desks.types import Belief, Checkpoint, Desk, Played, Sight
from gum.text import lines, normal
from gum.types import Observation

K = 10
CONFIDENCE = 0.5  # it has no opinion


class LastKArm:
    """An `app.desks.types.Arm`."""

    name = "last_k"

    def __init__(self, k: int = K) -> None:
        """`k`: how many observations it keeps, at least 1."""
        if k < 1:
            raise ValueError("it keeps at least one observation")
        self._k = k

    def play(self, desk: Desk, sights: Sequence[Sight], ask: Sequence[datetime] = ()) -> Played:
        began = time.perf_counter()
        kept: list[Observation] = []
        stored: list[str] = []
        checkpoints = []
        for session, seen in zip(desk.sessions, sessions_of(desk, sights), strict=True):
            fresh = [sight.observation for sight in seen if sight.observation is not None]
            stored += [part for o in fresh for part in (o.title, o.text, o.url or "")]
            kept = [*kept, *(o for o in fresh if statement(o))][-self._k :]
            checkpoints.append(Checkpoint(seen[-1].at if seen else session.begins, _beliefs(kept)))
        if checkpoints:
            last = checkpoints[-1]
            checkpoints.append(Checkpoint(last.at + AFTER, last.beliefs))
        return Played(
            desk=desk.id,
            arm=self.name,
            checkpoints=tuple(checkpoints),
            secrets_stored=leaked(stored, desk.secrets),
            hours=hours_of(desk, sights),
            wall_s=time.perf_counter() - began,
            asked=tuple(Checkpoint(at, _beliefs(_until(sights, at)[-self._k :])) for at in sorted(ask)),
        )


def _until(sights: Sequence[Sight], at: datetime) -> list[Observation]:
    seen = (sight.observation for sight in sights if sight.at <= at)
    return [o for o in seen if o is not None and statement(o)]


def _beliefs(kept: Sequence[Observation]) -> tuple[Belief, ...]:
    return tuple(Belief(f"last-{o.id}", statement(o), CONFIDENCE, evidence=(o.id,)) for o in kept)


def statement(observation: Observation) -> str:
    """Title and first line of an observation; "" when it has no words."""
    title = observation.title.strip()
    first = next((line for line in lines(observation.text) if normal(line) != normal(title)), "")
    return ": ".join(part for part in (title, first) if normal(part))
