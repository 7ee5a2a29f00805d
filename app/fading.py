"""Sets aside the claims whose date has passed or of which hardly anything is left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from gum import decay
from gum.types import Cause, Proposition, PropositionId, Revision, RevisionId, Status, new_id
from storage import propositions

AT_ONCE = 10_000


def fade(s: Session, now: datetime, fresh: Callable[[], str] = new_id) -> list[PropositionId]:
    """Makes lapsed claims stale: they are kept, and not used unless they are seen again. Those it changed.

    What the person settled only goes with its date.
    """
    lapsed = [
        p
        for p in propositions.list_(s, limit=AT_ONCE)
        if decay.lapsed(p, now) and not (p.settled and _open(p, now))
    ]
    made = [
        Revision(
            RevisionId(fresh()), p.id, Cause.RETRACT, p, replace(p, status=Status.STALE), (), now, "lapsed"
        )
        for p in lapsed
    ]
    return [r.proposition_id for r in propositions.commit(s, made)]


def _open(p: Proposition, now: datetime) -> bool:
    return p.valid_until is None or p.valid_until >= now
