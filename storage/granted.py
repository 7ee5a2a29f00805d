"""Reading under a grant: the only way from the store to somebody else's program.

Every function takes the scope and bounds what it fetches by it in SQL (`storage.within`), so that a caller
cannot forget to. What is given out besides (quotes, titles) depends on the scope's parts, here, too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.grants import Part, Scope, silent_on
from gum.types import (
    AT_WINDOWS,
    ObservationId,
    Proposition,
    PropositionId,
    Suggestion,
    SuggestionId,
)
from storage import propositions, suggestions
from storage.columns import micros, moment
from storage.rescoring import some
from storage.search import Bounds, Found, Meaning, Wanted, search
from storage.search import newest as newest_of
from storage.within import Conditions, of_claims, of_observations

OFFERS = 2000  # that are looked at, at most, the newest
CITED = 5  # pieces of evidence of a claim that are told, the newest
SPANS_OF = 5000  # observations of which activity is made, at most
_AT_WINDOWS = ", ".join(f"'{source}'" for source in sorted(AT_WINDOWS))


@dataclass(frozen=True, slots=True)
class Cited:
    """A piece of evidence as far as it may be told: "" and None are what may not, or is gone."""

    observation_id: ObservationId
    at: datetime
    stance: str
    app: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """That a window was in use; `app` None: one that this client may not know of; `title` likewise."""

    id: ObservationId
    at: datetime
    until: datetime
    app: str | None
    title: str | None


def find(
    s: Session,
    scope: Scope,
    query: str,
    meaning: Meaning,
    limit: int,
    now: datetime,
    *,
    type_: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    diversity: float = 0.0,
) -> Found:
    """What fits `query` of what may be seen; observations for those alone who may read transcripts."""
    wanted = replace(_wanted(scope, now), type=type_, since=since, until=until)
    return search(s, query, meaning, limit, wanted, diversity=diversity, now=now)


def newest(s: Session, scope: Scope, types: Sequence[str], limit: int, now: datetime) -> list[Proposition]:
    """The `limit` newest claims of each of `types` of what may be seen."""
    return newest_of(s, types, limit, _wanted(scope, now))


def _wanted(scope: Scope, now: datetime) -> Wanted:
    seen = of_observations(scope, now) if Part.TRANSCRIPTS in scope.parts else None
    return Wanted(sensitive=scope.sensitive, bounds=Bounds(of_claims(scope, now), seen))


def claims(
    s: Session, scope: Scope, ids: Sequence[PropositionId], now: datetime
) -> dict[PropositionId, Proposition]:
    """Those of `ids` that may be seen."""
    there = _admitted(s, "propositions", of_claims(scope, now), ids)
    return {p.id: p for p in some(s, [PropositionId(key) for key in there])}


def due(
    s: Session, scope: Scope, since: datetime, until: datetime, limit: int, skip: int, now: datetime
) -> list[Proposition]:
    """Claims that lapse in [since, until], the nearest first; `skip` of them are left out."""
    made = of_claims(scope, now)
    sql = (
        # Left to itself SQLite takes the index on the status and looks at all: 264 ms of 100,000.
        "SELECT p.id FROM propositions p INDEXED BY propositions_due "
        "WHERE p.valid_until BETWEEN :due_since AND :due_until "
        f"AND {_all(made)} ORDER BY p.valid_until, p.n LIMIT :due_limit OFFSET :due_skip"
    )
    values = {"due_since": micros(since), "due_until": micros(until), "due_limit": limit, "due_skip": skip}
    ids = [PropositionId(key) for key in s.scalars(text(sql), {**made.values, **values})]
    found = {p.id: p for p in some(s, ids)}
    return [found[key] for key in ids]


def cited(
    s: Session, scope: Scope, ids: Sequence[PropositionId], now: datetime
) -> Mapping[PropositionId, list[Cited]]:
    """What each claim rests on, the oldest first, at most CITED of them; of claims that may be seen."""
    oldest = scope.oldest(now)
    quotes, places = Part.QUOTES in scope.parts, Part.ACTIVITY in scope.parts
    made: dict[PropositionId, list[Cited]] = {}
    for key, rows in propositions.evidence_of(s, ids, newest=CITED).items():
        told = made.setdefault(key, [])
        for row in rows:
            e = row.evidence
            if not e.observation_id or (oldest is not None and row.at < oldest):
                continue  # gone by age, or too old for this client
            quote = e.quote if quotes and silent_on(scope, e.quote) else None
            told.append(Cited(e.observation_id, row.at, e.stance.value, row.app if places else None, quote))
    return made


def sights(s: Session, scope: Scope, since: datetime, until: datetime, now: datetime) -> list[Sight]:
    """Which windows were in use in [since, until], the oldest first, at most SPANS_OF, the newest of them.

    What lies out of scope is there without a name: that somebody was at work is no secret, where is.
    """
    if Part.ACTIVITY not in scope.parts:
        return []
    oldest = scope.oldest(now)
    since = max(since, oldest) if oldest is not None else since
    made = of_observations(scope, now)
    sql = (
        f"SELECT p.id, p.at, p.until, p.app, p.title, ({_all(made)}) AS may FROM observations p "
        f"WHERE p.at BETWEEN :seen_since AND :seen_until AND p.source IN ({_AT_WINDOWS}) "
        "ORDER BY p.at DESC, p.n DESC LIMIT :seen_limit"
    )
    values = {"seen_since": micros(since), "seen_until": micros(until), "seen_limit": SPANS_OF}
    rows = s.execute(text(sql), {**made.values, **values}).all()
    titles = Part.TRANSCRIPTS in scope.parts
    return [
        Sight(
            ObservationId(row.id),
            moment(row.at),
            moment(row.until),
            row.app if row.may else None,
            row.title if row.may and titles else None,
        )
        for row in reversed(rows)
    ]


def offers(
    s: Session, scope: Scope, states: Sequence[str] | None, limit: int, now: datetime
) -> list[tuple[Suggestion, list[Proposition]]]:
    """Offers all of whose reasons may be seen, the newest first, each with those."""
    made: list[tuple[Suggestion, list[Proposition]]] = []
    seen, reach = 0, limit
    while True:  # further back, or offers out of scope would hide those in it
        found = suggestions.list_(s, states, reach)
        made += [pair for g in found[seen:] if (pair := _offer(s, scope, g, now)) is not None]
        if len(made) >= limit or len(found) < reach or reach >= OFFERS:
            return made[:limit]
        seen, reach = reach, min(2 * reach, OFFERS)


def offer(
    s: Session, scope: Scope, key: SuggestionId, now: datetime
) -> tuple[Suggestion, list[Proposition]] | None:
    """One of these."""
    found = suggestions.get(s, key)
    return _offer(s, scope, found, now) if found is not None else None


def _offer(
    s: Session, scope: Scope, offered: Suggestion, now: datetime
) -> tuple[Suggestion, list[Proposition]] | None:
    oldest = scope.oldest(now)
    if oldest is not None and offered.created_at < oldest:
        return None
    if not offered.why and (scope.by_app or scope.by_topic or scope.types):
        return None  # nobody can tell what it rests on
    why = claims(s, scope, offered.why, now)
    if len(why) < len(set(offered.why)):
        return None
    if not silent_on(scope, f"{offered.text} {offered.why_now}"):
        return None
    # "Why now" tells of the moment, with titles: for those alone who may read what is on the screen.
    now_too = Part.TRANSCRIPTS in scope.parts
    shown = offered if now_too else replace(offered, why_now="")
    return shown, [why[key] for key in offered.why]


def _admitted(s: Session, table: str, made: Conditions, ids: Sequence[str]) -> set[str]:
    if not ids:
        return set()
    sql = f"SELECT p.id FROM {table} p JOIN json_each(:ids) j ON p.id = j.value WHERE {_all(made)}"
    found = s.scalars(text(sql), {**made.values, "ids": json.dumps(list(ids))})
    return {cast(str, key) for key in found}


def _all(made: Conditions) -> str:
    return " AND ".join(f"({each})" for each in (*made.quick, *made.rest)) or "TRUE"
