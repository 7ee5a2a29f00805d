"""What can be learnt of a desk about evidence: each claim made there, what it rested on, whether it is so.

Only desks that may be tuned to are played for this (`splits.TUNE`). What is learnt is what a piece of
evidence is worth (`gum.fitted`), never anything of what a desk says.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.desks.judge import judge
from app.desks.types import Desk, Played
from gum.claims import main_of
from gum.types import Evidence


@dataclass(frozen=True, slots=True)
class Lesson:
    """A claim of type `kind` about `main`, its evidence, and whether it is right."""

    desk: str
    kind: str
    main: str
    evidence: tuple[Evidence, ...]
    right: bool


def lessons(desk: Desk, played: Played) -> list[Lesson]:
    """One a belief at the last checkpoint whose evidence was remembered."""
    if not played.checkpoints:
        return []
    last = played.checkpoints[-1]
    return [
        Lesson(
            desk.id,
            v.belief.type,
            main_of(v.belief.type, v.belief.slots),
            played.evidence[v.belief.id],
            v.right,
        )
        for v in judge(last.beliefs, desk, last.at)
        if v.belief.type is not None and played.evidence.get(v.belief.id)
    ]


def kinds(found: Sequence[Lesson]) -> dict[str, int]:
    """How many there are of each type of claim."""
    return dict(Counter(one.kind for one in found))
