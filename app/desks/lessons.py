"""What can be learnt of a desk about evidence: each claim made there, what it rested on, whether it is so.

Only desks that may be tuned to are played for this (`splits.TUNE`). What is learnt is what a piece of
evidence is worth (`gum.fitted`), never anything of what a desk says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.desks.judge import judge
from app.desks.types import Belief, Desk, Played
from gum.claims import TABLE
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
        Lesson(desk.id, v.belief.type, _main(v.belief), played.evidence[v.belief.id], v.right)
        for v in judge(last.beliefs, desk, last.at)
        if v.belief.type is not None and played.evidence.get(v.belief.id)
    ]


def _main(belief: Belief) -> str:
    row = TABLE.get(belief.type or "")
    return belief.slots.get(row.main, "") if row is not None else ""


def kinds(found: Sequence[Lesson]) -> dict[str, int]:
    """How many there are of each type of claim."""
    counted: dict[str, int] = {}
    for one in found:
        counted[one.kind] = counted.get(one.kind, 0) + 1
    return counted
