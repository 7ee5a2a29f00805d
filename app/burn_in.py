"""The first day, in which Gumption learns and offers nothing, as in GUM's own study (section 8.1.3)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from storage import meta, observations

BEGAN = "began"  # when this store was first worked with; it outlives forgetting everything


def begun(s: Session, now: datetime) -> datetime:
    """When learning began, which is kept: at the oldest observation, or now. Writes.

    A beginning in the future, from a clock that went wrong, would silence it for ever: that counts as now.
    """
    kept = meta.get(s, BEGAN)
    if kept is not None and (began := datetime.fromisoformat(kept)) <= now:
        return began
    began = min(observations.first_at(s) or now, now)
    meta.put(s, BEGAN, began.isoformat())
    return began


def over_at(began: datetime, hours: float, now: datetime) -> datetime | None:
    """When the first offer may come; None when that is past."""
    ends = began + timedelta(hours=hours)
    return ends if ends > now else None
