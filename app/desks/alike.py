"""Beliefs matched with facts by meaning: an embedding's opinion, beside the judge's verdict, never instead.

Where the two differ much, look at the desk: either its slots lack a wording that people use, or the embedding
takes what is only near for the same. It knows neither denials nor whether a date is the right one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.desks.figures import Runs, shown
from app.desks.judge import holds
from app.desks.types import Belief, Desk, Fact, Played
from gum.ports import Embedder

NEAR = 0.7  # cosine from which on two sentences count as saying the same; not fitted to anything


@dataclass(frozen=True, slots=True)
class Near:
    """A shown belief of the last checkpoint, the fact holding then whose text is nearest, and the cosine."""

    belief: Belief
    fact: Fact | None
    cosine: float


def nearest(desk: Desk, played: Played, embedder: Embedder) -> list[Near]:
    """The nearest fact of each shown belief; None and -1 where no fact holds."""
    if not played.checkpoints:
        return []
    last = played.checkpoints[-1]
    beliefs = [b for b in last.beliefs if shown(b)]
    facts = [f for f in desk.facts if holds(f, last.at)]
    vectors = embedder.embed([*(b.text for b in beliefs), *(f.text for f in facts)])
    of_facts = list(zip(facts, vectors[len(beliefs) :], strict=True))
    found = []
    for belief, mine in zip(beliefs, vectors, strict=False):
        scored = [(sum(map(float.__mul__, mine, theirs)), fact) for fact, theirs in of_facts]
        cosine, fact = max(scored, key=lambda pair: pair[0], default=(-1.0, None))
        found.append(Near(belief, fact, cosine))
    return found


def alike(runs: Runs, embedder: Embedder, near: float = NEAR) -> Mapping[str, float]:
    """`precision_alike` and `recall_alike`: as precision and recall, with "near enough" for "matches".

    NaN where there are no shown beliefs, or no facts to find.
    """
    right = said = met = wanted = 0
    for desk, played in runs:
        found = nearest(desk, played, embedder)
        close = [n for n in found if n.cosine >= near]
        said, right = said + len(found), right + len(close)
        due = _due(desk, played)
        known = {n.fact.id for n in close if n.fact is not None}
        wanted, met = wanted + len(due), met + sum(fact.id in known for fact in due)
    return {
        "precision_alike": right / said if said else math.nan,
        "recall_alike": met / wanted if wanted else math.nan,
    }


def _due(desk: Desk, played: Played) -> Sequence[Fact]:
    """The facts that recall asks for."""
    points = played.checkpoints
    return [f for f in desk.facts if points and holds(f, points[-1].at) and not f.minor]
