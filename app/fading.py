"""Sets aside the claims whose date has passed or of which hardly anything is left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from gum import decay
from gum.types import Cause, PropositionId, Revision, RevisionId, Status, new_id
from storage import propositions
from storage.rescoring import rescore


def fade(s: Session, now: datetime, fresh: Callable[[], str] = new_id) -> list[PropositionId]:
    """Makes lapsed claims stale: they are kept, and not used unless they are seen again. Those it changed."""
    lapsed = [p for p in propositions.fading(s, now, decay.LASTS) if decay.lapsed(p, now)]
    made = [
        Revision(
            RevisionId(fresh()), p.id, Cause.RETRACT, p, replace(p, status=Status.STALE), (), now, "lapsed"
        )
        for p in lapsed
    ]
    rescore(s, made)
    return [p.id for p in lapsed]
