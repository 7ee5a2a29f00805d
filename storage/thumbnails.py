"""Small pictures of what was read, kept beside their observations for as long as there is room for them.

They lie in the encrypted database like everything else, and go with their observation (by foreign key),
whether it is forgotten or goes by age; also with any other that was read from the same picture (by trigger).
"""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.types import ObservationId
from storage.schema import ThumbnailRow

PORTION = 50  # deleted in one transaction: some tens of KB each, blanked out on the disk
HEADROOM = 0.9  # of the budget: so that not every new picture pushes out an old one


def keep(s: Session, observation_id: ObservationId, at: datetime, webp: bytes) -> None:
    """Keeps a small picture of this observation, which must be there; the same again replaces it."""
    new = {"at": at, "size": len(webp), "webp": webp}
    put = insert(ThumbnailRow).values(observation_id=observation_id, **new)
    s.execute(put.on_conflict_do_update(index_elements=["observation_id"], set_=new))


def get(s: Session, observation_id: ObservationId) -> bytes | None:
    """The small picture of this observation (WebP); None: there is none."""
    return s.scalar(select(ThumbnailRow.webp).where(ThumbnailRow.observation_id == observation_id))


def weight(s: Session) -> int:
    """How many bytes all of them have. Read off an index: some 20,000 of them take 2 ms."""
    return s.scalar(select(func.sum(ThumbnailRow.size))) or 0


def recycle(s: Session, budget: int) -> int:
    """Deletes the oldest, PORTION at most, while all weigh more than `budget` bytes; how many."""
    over = weight(s)
    if over <= budget:
        return 0
    over -= int(budget * HEADROOM)
    t, gone = ThumbnailRow, []
    for key, size in s.execute(select(t.observation_id, t.size).order_by(t.at).limit(PORTION)):
        if over <= 0:
            break
        gone.append(key)
        over -= size
    s.execute(delete(t).where(t.observation_id.in_(gone)), execution_options={"synchronize_session": False})
    return len(gone)
