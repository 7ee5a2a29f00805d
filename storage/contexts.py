"""Fetching what may go into an assistant's context (`gum.context`), of what its scope admits.

Four looks into the store: what the request itself finds, the newest of each type that it needs, what
comes up, and the standing facts. None costs in proportion to the size of the store.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gum.context import STANDING, Candidate, Needs, Way
from gum.grants import Scope
from storage import granted
from storage.search import Meaning

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
    needed = granted.newest(s, scope, list(wanted.types), OF_TYPE, now)
    made += [Candidate(p, 0.0, Way.KIND) for p in needed]
    if wanted.agenda:
        due = granted.due(s, scope, now, now + AHEAD, UPCOMING, 0, now)
        made += [Candidate(p, 0.0, Way.DATE) for p in due]
    if wanted.personal:
        others = [type_ for type_ in STANDING if type_ not in wanted.types]
        standing = granted.newest(s, scope, others, OF_STANDING, now)
        made += [Candidate(p, 0.0, Way.STANDING) for p in standing]
    return made
