"""How sure, from independent pieces of evidence: a sum of log-odds.

Each piece adds its weight of evidence to the log-odds of the prior (I. J. Good, Probability and the
Weighing of Evidence, 1950, ch. 6). The sum is only right for independent pieces; what is seen again in
the same program within the same hour is mostly the same event, so each such repeat counts half of the
one before (together never more than two sightings).
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from gum.claims import HIGHEST, LOWEST
from gum.types import Evidence, Stance, Trust

# A draft without any evidence weighed: the precision measured for drafts on messy text (drafts.md section 5).
PRIOR = 0.3

# What a sighting is worth by whose words it is. Ordered by judgement, not fitted: reading is no doing.
TRUST = {
    Trust.AUTHORED: 1.0,
    Trust.ACTED_ON: 0.9,
    Trust.RECEIVED: 0.6,
    Trust.READ: 0.5,
    Trust.ADVERT: 0.0,
    Trust.SYSTEM: 0.0,
}


class Sighting(NamedTuple):
    """One observation speaking for a claim; `weight` in log-odds, before damping."""

    app: str
    at: datetime
    weight: float


def logit(p: float) -> float:
    """Log-odds of `p`, clipped to LOWEST..HIGHEST."""
    p = clip(p)
    return math.log(p / (1 - p))


def clip(p: float) -> float:
    return min(HIGHEST, max(LOWEST, p))


def weigh(sure: float, trust: Trust) -> float:
    """The weight (log-odds, >= 0) of one sighting that, fully trusted, makes one `sure` (0..1)."""
    return TRUST[trust] * max(0.0, logit(sure) - logit(PRIOR))


def damp(sightings: Sequence[Sighting]) -> list[float]:
    """Weights, in the given order, with repeats in one program and hour halved each time, oldest first."""
    seen: Counter[tuple[str, str]] = Counter()
    damped = [0.0] * len(sightings)
    order = sorted(range(len(sightings)), key=lambda i: (sightings[i].at, -sightings[i].weight))
    for i in order:
        place = (sightings[i].app, sightings[i].at.strftime("%Y-%m-%d %H"))
        damped[i] = sightings[i].weight / 2 ** seen[place]
        seen[place] += 1
    return damped


def score(weights: Iterable[float]) -> float:
    """Confidence LOWEST..HIGHEST from the prior and the weights (log-odds, negative ones speak against)."""
    return _sure(logit(PRIOR) + math.fsum(weights))


def updated(confidence: float, weights: Iterable[float]) -> float:
    """`confidence` after more evidence."""
    return _sure(logit(confidence) + math.fsum(weights))


def signed(evidence: Iterable[Evidence]) -> list[float]:
    """The weights of evidence, those that contradict below zero; weights that are no number count nothing."""
    return [
        abs(e.weight) if e.stance is Stance.SUPPORTS else -abs(e.weight)
        for e in evidence
        if math.isfinite(e.weight)
    ]


def _sure(log_odds: float) -> float:
    # Beyond +-30 the exponential only loses digits; the clip is far inside of that.
    return clip(1 / (1 + math.exp(-min(30.0, max(-30.0, log_odds)))))
