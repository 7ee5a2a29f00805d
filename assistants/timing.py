"""Is this a good time? What an agent may ask before it proposes something to the person (GUM section 4.2).

GUM tells of a movie agent that declines near a deadline and recommends once the deadline is taken out of the
model. Here the answer is a sum over claims and the moment, and names each claim it rests on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo

from assistants import doing
from assistants.suggest import usable
from assistants.words import days_until, in_days, one_line
from gum.decay import present
from gum.types import Moment, Proposition, PropositionId

NEAR = timedelta(days=3)  # a deadline further away keeps nobody from anything
LIMIT = 0.5  # from here on the time is a bad one
EVENTS = 0.5  # what is only prepared for weighs half as much as what must be handed in
STRUGGLE = 0.3  # trouble with something now: a little, it may as well be time for a break
BUSY = 0.3  # an interruptibility below this keeps people from everything; see assistants.moment


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against now: 0..1, and the claim it comes from; None: from the moment itself."""

    text: str
    weight: float
    claim: PropositionId | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Whether now is a good time; `against` 0..1 is what speaks against it, `reasons` weightiest first."""

    good: bool
    against: float
    reasons: tuple[Reason, ...]


def good_time(
    claims: Sequence[Proposition],
    scene: Moment,
    needs: timedelta = timedelta(hours=2),
    zone: tzinfo = UTC,
    quiet: str = "",
) -> Timing:
    """Whether something that takes the person `needs` long may be proposed at `scene`.

    `quiet`: why nothing may be proposed now, whatever else is so; empty when nothing keeps from it.
    Each reason counts as a chance, on its own, that they have no time: `against` = 1 - product(1 - weight).
    Only active, ordinary claims about the person are used; none that is weaker than suggestions may be.
    """
    found = [reason for claim in claims if (reason := _of(claim, scene, needs, zone)) is not None]
    if quiet:
        found.append(Reason(quiet, 1.0))
    elif scene.interruptibility < BUSY:
        found.append(Reason(f"They are busy: {scene.activity}.", 1.0 - scene.interruptibility))
    free = 1.0
    for reason in found:
        free *= 1.0 - reason.weight
    ranked = sorted(found, key=lambda r: (-r.weight, r.claim or ""))
    return Timing(1.0 - free < LIMIT, 1.0 - free, tuple(ranked))


def _of(claim: Proposition, scene: Moment, needs: timedelta, zone: tzinfo) -> Reason | None:
    if not usable(claim, scene.at):
        return None
    left = present(claim, scene.at)
    if claim.type == "struggling_with":
        return Reason(f"{one_line(claim.text)}.", STRUGGLE * left, claim.id)
    if claim.type not in ("has_deadline", "preparing_for") or claim.valid_until is None:
        return None
    due = claim.valid_until
    handed_in = claim.type == "has_deadline"
    what = one_line(claim.slots.get("task" if handed_in else "event", ""))
    if due <= scene.at or due - scene.at > NEAR or doing.finished(scene, what):
        return None
    near = 1.0 if due - scene.at <= needs else 1.0 - (due - scene.at) / NEAR
    day = in_days(days_until(due, scene.at, zone))
    told = f"“{what}” is {'due ' if handed_in else ''}{day}."
    return Reason(told, left * near * (1.0 if handed_in else EVENTS), claim.id)
