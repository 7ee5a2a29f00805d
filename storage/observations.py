"""What was seen: stored before anything is inferred from it, and queued in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.types import (
    NUMBERS_ONLY,
    Frame,
    FrameId,
    Observation,
    ObservationId,
    Percept,
    Region,
    Trust,
    Vector,
)
from storage import claims, work
from storage.many import among
from storage.schema import Base, FrameRow, ObservationRow, PerceptRow

PERCEIVE, PROPOSE = "perceive", "propose"

# Made once: making such a statement costs SQLAlchemy more than SQLite needs to run it.
_SEEN, _FRAMES, _PERCEPTS = (Base.metadata.tables[name] for name in ("observations", "frames", "percepts"))
_ADD = insert(_SEEN).on_conflict_do_nothing().returning(_SEEN.c.n)
_DROP_FRAMES = delete(_FRAMES).where(_FRAMES.c.observation_id == bindparam("key"))
_PERCEIVED = (
    update(_SEEN)
    .where(_SEEN.c.id == bindparam("key"))
    .values(text=bindparam("new_text"), trust=func.coalesce(bindparam("new_trust"), _SEEN.c.trust))
    .returning(_SEEN.c.at)
)
_ENCODED = insert(_PERCEPTS)
_ENCODE = _ENCODED.on_conflict_do_update(
    index_elements=["observation_id"],
    set_={name: _ENCODED.excluded[name] for name in ("vector", "surprise", "model")},
)


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """Encoded pixels that wait to be read, and where on which screen they were."""

    id: FrameId
    at: datetime
    display: str
    region: Region
    digest: str
    encoded: bytes
    before: bytes | None = None  # the same part before it changed, encoded alike


@dataclass(frozen=True, slots=True)
class Captured:
    """How much was observed of one application, or of one site in it."""

    app: str
    site: str | None
    observations: int
    last_at: datetime


def append(
    s: Session,
    observation: Observation,
    encoded: bytes | None = None,
    frame: Frame | None = None,
    before: bytes | None = None,
) -> bool:
    """Stores `observation`, its encoded frame if it has one, and queues it for perception if it has words.

    False: nothing was changed, because an observation with this id is there already, or was forgotten:
    a window that stays open is reported again and again, and must not bring itself back.
    """
    o = observation
    if claims.is_buried(s, o.id):
        return False
    row = {
        "id": o.id,
        "source": o.source,
        "at": o.at,
        "until": max(o.at, o.until),  # the clock may have been set back meanwhile
        "app": o.app,
        "title": o.title,
        "text": o.text,
        "trust": o.trust.value,
        "url": o.url,
        "site": site_of(o.url),
        "frame_id": o.frame_id,
    }
    # By the connection: the session's own execute takes half as long again.
    if s.connection().execute(_ADD, row).first() is None:
        return False
    if frame is not None and encoded is not None:
        _store_frame(s, o.id, frame, encoded, before)
    if o.source not in NUMBERS_ONLY:
        work.enqueue(s, PERCEIVE, [o.id], o.at)
    return True


def _store_frame(
    s: Session, observation_id: ObservationId, frame: Frame, encoded: bytes, before: bytes | None
) -> None:
    r = frame.region
    row = {
        "id": frame.id,
        "observation_id": observation_id,
        "at": frame.at,
        "display": frame.display,
        "left": r.left,
        "top": r.top,
        "width": r.width,
        "height": r.height,
        "digest": frame.digest,
        "encoded": encoded,
        "before": before,
    }
    s.execute(insert(FrameRow).values(row).on_conflict_do_nothing())


def extend(s: Session, observation_id: ObservationId, until: datetime) -> None:
    """The observation lasted till `until`; never shortens it."""
    longer = update(ObservationRow).where(ObservationRow.id == observation_id, ObservationRow.until < until)
    s.execute(longer.values(until=until), execution_options={"synchronize_session": False})


def perceived(
    s: Session, observation_id: ObservationId, text: str, percept: Percept | None, trust: Trust | None = None
) -> bool:
    """Stores what perception made of an observation, deletes its frame and queues it for proposing.

    `trust` replaces the one it came with, when reading told more. Acknowledge the work in the same
    transaction. False: the observation has been forgotten meanwhile, and nothing was stored.
    """
    s.execute(_DROP_FRAMES, {"key": observation_id})
    new = {"key": observation_id, "new_text": text, "new_trust": trust.value if trust is not None else None}
    at = s.execute(_PERCEIVED, new).scalar()
    if at is None:
        return False
    if percept is not None:
        row = {"vector": percept.vector, "surprise": percept.surprise, "model": percept.model}
        s.execute(_ENCODE, {"observation_id": observation_id, **row})
    work.enqueue(s, PROPOSE, [observation_id], at)
    return True


def get(s: Session, observation_id: ObservationId) -> Observation | None:
    row = s.scalar(select(ObservationRow).where(ObservationRow.id == observation_id))
    return from_row(row) if row is not None else None


def existing(s: Session, ids: Sequence[ObservationId]) -> set[ObservationId]:
    """Those of `ids` that are still there."""
    found = s.scalars(select(ObservationRow.id).where(among(ObservationRow.id, ids)))
    return {ObservationId(i) for i in found}


def list_(
    s: Session, limit: int, before: datetime | None = None, app: str | None = None
) -> list[Observation]:
    """The newest observations first; only those that began before `before`, only those of `app`."""
    wanted = select(ObservationRow).order_by(ObservationRow.at.desc(), ObservationRow.n.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(ObservationRow.at < before)
    if app is not None:
        wanted = wanted.where(ObservationRow.app == app)
    return [from_row(row) for row in s.scalars(wanted)]


def between(s: Session, since: datetime, until: datetime, limit: int) -> list[Observation]:
    """The newest `limit` observations that began in [since, until], oldest first; none of NUMBERS_ONLY."""
    words = ObservationRow.source.not_in(NUMBERS_ONLY)
    wanted = select(ObservationRow).where(ObservationRow.at.between(since, until), words)
    rows = s.scalars(wanted.order_by(ObservationRow.at.desc(), ObservationRow.n.desc()).limit(limit))
    return [from_row(row) for row in rows][::-1]


def latest_at(s: Session) -> datetime | None:
    """When the last observation ended."""
    return s.scalar(select(func.max(ObservationRow.until)))


def first_at(s: Session, source: str | None = None) -> datetime | None:
    """When the oldest observation began, of all or of one source."""
    wanted = select(func.min(ObservationRow.at))
    return s.scalar(wanted if source is None else wanted.where(ObservationRow.source == source))


def count(s: Session) -> int:
    return s.scalar(select(func.count()).select_from(ObservationRow)) or 0


def today(s: Session, since: datetime) -> list[Captured]:
    """What was captured since then, by application and site, the most first."""
    o = ObservationRow
    wanted = (
        select(o.app, o.site, func.count(), func.max(o.until)).where(o.at >= since).group_by(o.app, o.site)
    )
    rows = [Captured(app, site, number, last) for app, site, number, last in s.execute(wanted)]
    return sorted(rows, key=lambda r: (-r.observations, r.app, r.site or ""))


def framed(s: Session, ids: Sequence[ObservationId]) -> set[ObservationId]:
    """Those of `ids` whose pixels wait to be read."""
    found = s.scalars(select(FrameRow.observation_id).where(among(FrameRow.observation_id, ids)))
    return {ObservationId(i) for i in found}


def frame_of(s: Session, observation_id: ObservationId) -> StoredFrame | None:
    """The pixels of an observation that wait to be read."""
    row = s.scalar(select(FrameRow).where(FrameRow.observation_id == observation_id))
    if row is None:
        return None
    region = Region(row.left, row.top, row.width, row.height)
    return StoredFrame(FrameId(row.id), row.at, row.display, region, row.digest, row.encoded, row.before)


def recent_vectors(s: Session, model: str, limit: int) -> list[Vector]:
    """The vectors of the newest `limit` percepts that `model` made, newest first."""
    wanted = (
        select(PerceptRow.vector)
        .join(ObservationRow, ObservationRow.id == PerceptRow.observation_id)
        .where(PerceptRow.model == model)
        .order_by(ObservationRow.at.desc())
        .limit(limit)
    )
    return list(s.scalars(wanted))


def site_of(url: str | None) -> str | None:
    """The host of an address, without "www."; None where there is none."""
    if url is None:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:  # an address bar may hold anything
        return None
    return host.removeprefix("www.") if host else None


def from_row(row: ObservationRow) -> Observation:
    """The observation that `row` keeps."""
    return Observation(
        id=ObservationId(row.id),
        source=row.source,
        at=row.at,
        until=row.until,
        app=row.app,
        title=row.title,
        text=row.text,
        trust=Trust(row.trust),
        url=row.url,
        frame_id=FrameId(row.frame_id) if row.frame_id is not None else None,
    )
