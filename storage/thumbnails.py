"""Small pictures of what was read, kept beside their observations for as long as there is room for them.

They lie in the encrypted database like everything else, and go with their observation (by foreign key),
whether it is forgotten or goes by age; also with any other that was read from the same picture (by trigger).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.types import Observation, ObservationId
from storage.budget import first_to_go
from storage.schema import ObservationRow, ThumbnailRow

PORTION = 50  # deleted in one transaction: some tens of KB each, blanked out on the disk
CANDIDATES = 20  # pictures of an application that are looked at for the one before


@dataclass(frozen=True, slots=True)
class Kept:
    """A small picture that is there: of which observation, since when it was seen, and in which window."""

    observation_id: ObservationId
    at: datetime
    title: str
    url: str | None


def keep(s: Session, observation_id: ObservationId, at: datetime, webp: bytes) -> None:
    """Keeps a small picture of this observation, which must be there; the same again replaces it."""
    new = {"at": at, "size": len(webp), "webp": webp}
    put = insert(ThumbnailRow).values(observation_id=observation_id, **new)
    s.execute(put.on_conflict_do_update(index_elements=["observation_id"], set_=new))


def get(s: Session, observation_id: ObservationId) -> bytes | None:
    """The small picture of this observation (WebP); None: there is none."""
    return s.scalar(select(ThumbnailRow.webp).where(ThumbnailRow.observation_id == observation_id))


def find(s: Session, observation_id: ObservationId) -> Kept | None:
    """The small picture that shows this observation: its own, or that of the picture it was read from
    together with others ("id-1" of "id"; see `app.pixels.split`). None: there is none."""
    t, own = ThumbnailRow, observation_id
    either = t.observation_id.in_((own, own.partition("-")[0]))
    return next(iter(_kept(s, [either], func.length(t.observation_id).desc(), 1)), None)


def earlier(s: Session, of: Observation, since: datetime) -> list[Kept]:
    """The small pictures of the same application from `since` until right before `of`, the newest first."""
    t = ThumbnailRow
    # Not by the index over applications: among 20,000 pictures of one that took 330 ms, by time it takes 5.
    same = func.coalesce(ObservationRow.app, "") == of.app
    return _kept(s, [t.at >= since, t.at < of.at, same], t.at.desc(), CANDIDATES)


def _kept(
    s: Session,
    where: Sequence[ColumnElement[bool]],
    order: ColumnElement[int] | ColumnElement[datetime],
    most: int,
) -> list[Kept]:
    t, o = ThumbnailRow, ObservationRow
    wanted = select(t.observation_id, t.at, o.title, o.url).join(o, o.id == t.observation_id)
    rows = s.execute(wanted.where(*where).order_by(order).limit(most))
    return [Kept(ObservationId(key), at, title, url) for key, at, title, url in rows]


def count(s: Session) -> int:
    """How many there are."""
    return s.scalar(select(func.count()).select_from(ThumbnailRow)) or 0


def weight(s: Session) -> int:
    """How many bytes all of them have. Read off an index: some 20,000 of them take 2 ms."""
    return s.scalar(select(func.sum(ThumbnailRow.size))) or 0


def recycle(s: Session, budget: int) -> int:
    """Deletes the oldest, PORTION at most, while all weigh more than `budget` bytes; how many."""
    t, all_ = ThumbnailRow, weight(s)
    if all_ <= budget:
        return 0
    oldest = s.execute(select(t.observation_id, t.size).order_by(t.at).limit(PORTION))
    gone = first_to_go(oldest, all_, budget)
    s.execute(delete(t).where(t.observation_id.in_(gone)), execution_options={"synchronize_session": False})
    return len(gone)
