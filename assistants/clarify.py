"""What is worth asking the person: claims of which it is open whether they are so, or out of character.

A question costs an interruption, an answer is the strongest evidence there is. It is put when what hangs on
the answer is worth more than that (GUM sections 8.3 and 9 name this and do not build it). A claim that was
seen once and does not fit what is known is asked about instead of used; its status stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gum.claims import TABLE, one_date
from gum.same import Relation, relation
from gum.text import words
from gum.types import Proposition, PropositionId, Sensitivity, Status

MOST = 3  # questions a day
NEW = timedelta(days=14)  # a claim that has stood so long unopposed has settled by itself
AGAIN = timedelta(days=14)  # a question put off is not put again so soon
SEEMS = 0.5  # a claim less sure than that does not look like anything yet
OPEN = (0.2, 0.8)  # outside of it an answer would hardly change what is done
COST = 3.0  # of a question, on the scale of benefits 1..10 (GUM appendix B.2.1), to somebody at leisure
FAR = 0.1  # a cosine to the nearest other claim: unlike everything. MiniLM gives .00 to .11 to the unrelated
MANY = 20  # other claims that must be known before "unlike everything" means anything
# What hangs on a claim, on the same scale: dates and journeys most, a file that is open today hardly any.
_STAKE: Mapping[str, float] = {
    "has_deadline": 9.0,
    "preparing_for": 7.0,
    "plans_to_go": 6.0,
    "holds_role": 6.0,
    "prefers": 5.0,
    "learning": 5.0,
    "waiting_for": 4.0,
    "uses_for": 4.0,
}
_OTHER_STAKE = 2.0
TRAITS = frozenset({"holds_role", "prefers", "learning"})
"""What is said of a person for long. A deadline that is like nothing known is no wonder; a taste is."""
OPPOSED = frozenset({"holds_role", "prefers", "has_deadline"})
"""Types of which two can be at odds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A claim, in how many places it was seen (a place is a program and hour), and the cosine to the claim
    nearest to it; None where nobody looked."""

    claim: Proposition
    places: int = 1
    nearest: float | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a claim is out of character, and the claim it is at odds with, if it is one."""

    reason: str
    rival: PropositionId | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Is this so? `worth`: what the answer is worth beyond its cost."""

    claim: Proposition
    why: str
    worth: float
    rival: PropositionId | None = None


def may_be_odd(claim: Proposition, now: datetime) -> bool:
    """Whether it is worth looking how a claim was seen: new, not settled, and it looks like something."""
    return (
        claim.status is Status.ACTIVE
        and not claim.settled
        and claim.type in TRAITS | OPPOSED
        and claim.confidence >= SEEMS
        and now - claim.created_at <= NEW
    )


def odd(seen: Sequence[Seen], now: datetime) -> dict[PropositionId, Doubt]:
    """The claims out of character: new, seen in one place, and at odds with a claim that stands on more, or
    a lasting trait that is unlike everything known."""
    found: dict[PropositionId, Doubt] = {}
    said = {o.claim.id: _words(o.claim) for o in seen if o.claim.type in OPPOSED}
    for one in seen:
        if one.places > 1 or not may_be_odd(one.claim, now):
            continue
        own = said.get(one.claim.id, frozenset())
        # Comparing two claims takes 20 µs, and this is asked at every look for an offer.
        near = (o for o in seen if _stands(o, one) and own & said.get(o.claim.id, frozenset()))
        rival = next((o.claim for o in near if at_odds(one.claim, o.claim)), None)
        if rival is not None:
            found[one.claim.id] = Doubt(f"It was seen once, and is at odds with “{rival.text}”.", rival.id)
        elif one.claim.type in TRAITS and len(seen) > MANY and one.nearest is not None and one.nearest < FAR:
            found[one.claim.id] = Doubt("It was seen once, and is unlike everything else that is known.")
    return found


def _words(p: Proposition) -> frozenset[str]:
    """The words of its slots, but for dates: two claims at odds share one."""
    return frozenset(w for name, value in p.slots.items() if name != "date" for w in words(value))


def _stands(other: Seen, one: Seen) -> bool:
    """Whether `other` rests on more than `one` does."""
    p = other.claim
    if p.status is not Status.ACTIVE or p.id == one.claim.id:
        return False
    return p.settled or other.places > one.places


def at_odds(one: Proposition, other: Proposition) -> bool:
    """Whether two claims can hardly both be so: the same preference the other way round, one deadline on
    two days, another role at the same place."""
    if one.type != other.type or one.type not in OPPOSED:
        return False
    found = relation(one.type, one.slots, other.slots)
    if found is Relation.OPPOSITE:
        return True
    if one.type == "has_deadline":
        same_day = one_date(one.slots, one.valid_until, other.slots, other.valid_until)
        return found is Relation.SAME and not same_day
    if one.type == "holds_role":
        place = [{**p.slots, "role": "x"} for p in (one, other)]
        there = all(slots.get("org") for slots in place)
        return there and found is Relation.UNRELATED and relation(one.type, *place) is Relation.SAME
    return False


def questions(
    claims: Sequence[Proposition],
    doubts: Mapping[PropositionId, Doubt],
    put_off: Mapping[PropositionId, datetime],
    now: datetime,
    most: int = MOST,
    sensitive: bool = False,
) -> list[Question]:
    """At most `most` questions, the worthiest first; none is about what the person settled or put off lately.

    `put_off`: when the person last said "not now" to a question. Sensitive claims, and what is at odds with
    one, only if `sensitive`.
    """
    private = {p.id: p for p in claims if p.sensitivity is not Sensitivity.NORMAL}
    found = []
    for claim in claims:
        if claim.status is not Status.ACTIVE or claim.settled or claim.type not in TABLE:
            continue
        if claim.sensitivity is not Sensitivity.NORMAL and not sensitive:
            continue
        if claim.id in put_off and now - put_off[claim.id] < AGAIN:
            continue
        if claim.valid_until is not None and claim.valid_until <= now:
            continue
        doubt = doubts.get(claim.id)
        rival = private.get(doubt.rival) if doubt is not None and doubt.rival is not None else None
        if rival is not None and not sensitive:
            continue  # the question would tell what is private
        gain = _STAKE.get(claim.type, _OTHER_STAKE) * (1.0 if doubt else _open(claim.confidence)) - COST
        if gain > 0:
            why = doubt.reason if doubt else f"It is open whether this is so: {claim.confidence:.0%} sure."
            found.append(Question(claim, why, gain, doubt.rival if doubt else None))
    return sorted(found, key=lambda q: (-q.worth, q.claim.id))[: max(0, most)]


def _open(confidence: float) -> float:
    """How open a claim is, 0..1: the variance of yes or no, as a part of the greatest there is."""
    return 4.0 * confidence * (1.0 - confidence) if OPEN[0] <= confidence <= OPEN[1] else 0.0
