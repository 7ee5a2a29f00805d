"""From several rankings to one answer: what fits a question, in numbers that every question shares.

1. `fuse`: each way of looking (words, letters, meaning, names) ranks what it found; reciprocal rank fusion
   chooses what is looked at closely. Ranks, because bm25 values and cosines do not compare.
2. `relevance` of each of these, 0..1, from what is measured on it alone, never from the other candidates:

       relevance = 1 - (1 - WORDS * coverage) * (1 - MEANING * nearness(cosine)) * (1 - NAMED * named)

   Each is taken as a chance, on its own, that this was meant (a noisy or): two hints are surer than one.
3. `score` = relevance * (1 - FADING * (1 - strength)) * (1 - DOUBT * (1 - confidence))

   A claim that has quite faded counts half, one that is hardly believed counts half: somebody who asks for
   an old thing must still find it, behind what is as fitting and as things stand now.
4. `diverse`: maximal marginal relevance, so that ten wordings of one thing do not fill the answer.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from gum.decay import strength

RRF_K = 60  # Cormack, Clarke and Büttcher, SIGIR 2009
# Judgements, not fitted. All words of a question (0.75) are a little less than the same meaning (0.85), and
# what is called by its full name is both: 1 - (1 - 0.75) * (1 - 0.5) = 0.88.
WORDS, MEANING, NAMED = 0.75, 0.85, 0.5
# Cosines of MiniLM: unrelated sentences measured .00 to .11, paraphrases .24 to .76.
UNRELATED, SAME = 0.2, 0.75
FADING = DOUBT = 0.5


def fuse(rankings: Iterable[Sequence[int]]) -> dict[int, float]:
    """Fused scores (about 0 .. 0.07) of row numbers, best first; ties go to the newer row."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, n in enumerate(ranking, start=1):
            scores[n] = scores.get(n, 0.0) + 1.0 / (RRF_K + rank)
    return dict(sorted(scores.items(), key=lambda item: (-item[1], -item[0])))


def nearness(cosine: float) -> float:
    """A cosine as the chance that the same is meant: 0 up to UNRELATED, 1 from SAME on, a line between."""
    return _unit((cosine - UNRELATED) / (SAME - UNRELATED))


def relevance(coverage: float, cosine: float = 0.0, named: float = 0.0) -> float:
    """How well a text fits a question, 0..1. `coverage` and `named` are those of `gum.question`, 0..1."""
    missed = (1 - WORDS * _unit(coverage)) * (1 - MEANING * nearness(cosine)) * (1 - NAMED * _unit(named))
    return _unit(1 - missed)


def score(fit: float, left: float, confidence: float = 1.0) -> float:
    """A relevance 0..1, less for what has faded (`left` is what `standing` says) and for what is doubtful."""
    return fit * (1 - FADING * (1 - _unit(left))) * (1 - DOUBT * (1 - _unit(confidence)))


def standing(
    supported_at: datetime, half_life: timedelta, valid_until: datetime | None, now: datetime
) -> float:
    """What is left of a claim, 0..1 (`gum.decay.strength`); nothing once its date has passed."""
    if valid_until is not None and valid_until < now:
        return 0.0
    return strength(supported_at, half_life, now)


def diverse(
    scores: Sequence[float], alike: Callable[[int], Sequence[float]], limit: int, diversity: float
) -> list[int]:
    """The places of up to `limit` candidates, in the order in which to show them.

    `alike(i)` are the cosines of candidate `i` with all. Maximal marginal relevance (Carbonell and
    Goldstein, SIGIR 1998): next comes who has the greatest (1 - diversity) * score - diversity * (greatest
    cosine with those shown already); `diversity` 0 means by score alone. Scores are taken as parts of the
    best one, or all candidates of a poor answer would be ordered by difference alone.
    """
    best = max(scores, default=0.0) or 1.0
    left = sorted(range(len(scores)), key=lambda i: -scores[i])
    if diversity <= 0.0:
        return left[:limit]
    shown: list[int] = []
    worth = [(1 - diversity) * value / best for value in scores]
    nearest = [0.0] * len(scores)
    while left and len(shown) < limit:
        chosen = max(left, key=lambda i: worth[i] - diversity * nearest[i])
        left.remove(chosen)
        shown.append(chosen)
        nearest = list(map(max, nearest, alike(chosen)))
    return shown


def _unit(value: float) -> float:
    return 0.0 if math.isnan(value) else min(1.0, max(0.0, value))
