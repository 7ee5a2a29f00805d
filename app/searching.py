"""Searching: from one typed request to what is found, by words and by meaning."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.orm import Session

from app.shapes import Found, PropositionOut, ScoredObservation, ScoredProposition, SearchIn
from app.shaping import observation_out, with_score
from gum.claims import TABLE
from gum.errors import NotAllowed
from gum.ports import Clock
from gum.types import Proposition, Status
from storage.db import Database
from storage.search import EVERY, NO_MEANING, Meaning, Wanted, search

NEAREST = 50  # vector hits that join the word hits


def wanted(asked: SearchIn) -> Wanted:
    """What `asked` lets through. Raises NotAllowed for a type or a status that does not exist."""
    if asked.type is not None and asked.type not in TABLE:
        raise NotAllowed(
            f"There is no type of claim called {asked.type!r}", f"There are: {', '.join(TABLE)}."
        )
    statuses = frozenset({Status.ACTIVE})
    if asked.all:
        statuses = EVERY
    if asked.status is not None:
        statuses = frozenset(status for status in EVERY if status.value == asked.status)
        if not statuses:
            names = ", ".join(sorted(status.value for status in EVERY))
            raise NotAllowed(f"There is no status called {asked.status!r}", f"There are: {names}.")
    return Wanted(
        type=asked.type,
        app=asked.app.strip().lower() if asked.app is not None else None,  # as windows name themselves
        since=asked.since,
        until=asked.until,
        statuses=statuses,
        sensitive=asked.sensitive,
        doubtful=asked.all,
    )


async def find(
    asked: SearchIn,
    nearest: Callable[[str, int], Awaitable[Meaning]],
    database: Database,
    clock: Clock,
    shapes_of: Callable[[Session, Sequence[Proposition]], Sequence[PropositionOut]],
) -> Found:
    """What matches, best first. While the index is rebuilt, or no model answers, words alone are searched.

    `nearest` asks the index, `shapes_of` adds their evidence to claims.
    Raises NotAllowed for a filter that makes no sense, StoreUnavailable.
    """
    only = wanted(asked)
    meaning = await nearest(asked.q, NEAREST) if asked.q.strip() else NO_MEANING
    now = clock.now() if asked.fading else None

    def look(s: Session) -> Found:
        found = search(s, asked.q, meaning, asked.limit, only, diversity=asked.diversity, now=now)
        claims = shapes_of(s, [p for p, _ in found.propositions])
        scores = [score for _, score in found.propositions]
        return Found(
            propositions=[
                ScoredProposition.model_validate(with_score(c, score))
                for c, score in zip(claims, scores, strict=True)
            ],
            observations=[
                ScoredObservation.model_validate(with_score(observation_out(o), score))
                for o, score in found.observations
            ],
        )

    return await database.read(look)
