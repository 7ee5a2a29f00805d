"""Fetching what may go into an assistant's context (`gum.context`), of what its scope admits.

Four looks into the store: what the request itself finds, the newest of each type that it needs, what
comes up, and the standing facts. None costs in proportion to the size of the store.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gum.context import STANDING, Candidate, Needs, Way
from gum.grants import Scope
from gum.types import Proposition
from storage import granted
from storage.search import NO_MEANING, Meaning

SEARCHED = 30  # claims that the request itself finds
OF_TYPE = 8  # the newest of a type that is needed
OF_STANDING = 3
UPCOMING = 6
AHEAD = timedelta(days=30)


def candidates(
    s: Session, scope: Scope, query: str, meaning: Meaning, wanted: Needs, now: datetime
) -> list[Candidate]:
    """What may go into the context of `query`; a claim may come by several ways, and counts more then."""
    found = granted.find(s, scope, query, meaning, SEARCHED, now).propositions if query.strip() else []
    made = [Candidate(p, fit, Way.ASKED) for p, fit in found]
    for type_ in wanted.types:
        made += [Candidate(p, 0.0, Way.KIND) for p in _newest(s, scope, type_, OF_TYPE, now)]
    if wanted.agenda:
        due = granted.due(s, scope, now, now + AHEAD, UPCOMING, 0, now)
        made += [Candidate(p, 0.0, Way.DATE) for p in due]
    if wanted.personal:
        for type_ in STANDING:
            if type_ not in wanted.types:
                made += [Candidate(p, 0.0, Way.STANDING) for p in _newest(s, scope, type_, OF_STANDING, now)]
    return made


def _newest(s: Session, scope: Scope, type_: str, limit: int, now: datetime) -> list[Proposition]:
    return [p for p, _ in granted.find(s, scope, "", NO_MEANING, limit, now, type_=type_).propositions]
