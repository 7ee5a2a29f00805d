"""Which claims are out of character, looked up in the store; what that means says `assistants.clarify`."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from assistants.clarify import MANY, OPPOSED, TRAITS, Doubt, Seen, may_be_odd, odd
from gum.types import Proposition, PropositionId
from storage import propositions
from storage.weighing import places


def doubts(
    s: Session, claims: Sequence[Proposition], model: str, now: datetime
) -> dict[PropositionId, Doubt]:
    """Those of `claims` that are asked about instead of used. Only reads; `model` names the vectors' space.

    What cannot be odd is not looked at: most claims are neither new nor of a type that can be.
    """
    suspects = [p for p in claims if may_be_odd(p, now)]
    if not suspects:
        return {}
    types = {p.type for p in suspects if p.type in OPPOSED}
    rivals = [p for p in claims if p.type in types]
    seen = places(s, {p.id for p in (*suspects, *rivals)})
    once = [p.id for p in suspects if p.type in TRAITS and seen[p.id] <= 1]
    nearest = _nearest(s, once, claims, model) if len(claims) > MANY else {}
    return odd([Seen(p, seen.get(p.id, 2), nearest.get(p.id)) for p in claims], now)


def _nearest(
    s: Session, of: Sequence[PropositionId], claims: Sequence[Proposition], model: str
) -> dict[PropositionId, float]:
    """For each of `of` the greatest cosine to another claim."""
    if not of:
        return {}
    vectors = propositions.vectors_of(s, [p.id for p in claims], model)
    names = list(vectors)
    if len(names) <= MANY:
        return {}
    every = np.asarray([vectors[key] for key in names], np.float32)
    found = {}
    for key in of:
        if key in vectors:
            cosines = every @ np.asarray(vectors[key], np.float32)
            cosines[names.index(key)] = -1.0
            found[key] = float(cosines.max())
    return found
