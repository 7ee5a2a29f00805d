"""The queue of what is to be done to observations: leased, acknowledged, retried, and at last put aside.

It lives in the same file as the rest, so taking a result and striking off its work is one transaction.
A failed try (`retry`) brings an item nearer to its death; being interrupted by a crash does not, or five
unlucky restarts would lose what a person did. An item that is interrupted again and again goes to the end
of the queue, and is put aside too after `MAX_INTERRUPTED`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.types import ObservationId
from storage.schema import Base, WorkRow

MAX_TRIES = 5
MAX_INTERRUPTED = 20
OFTEN_INTERRUPTED = 3
LONGEST_WAIT = timedelta(minutes=15)
_QUEUE = insert(Base.metadata.tables["work"]).on_conflict_do_nothing()  # made once, see storage.observations
WAITING, LEASED, DEAD = "waiting", "leased", "dead"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Leased work; `attempts` is the number of tries that failed so far."""

    id: int
    kind: str
    observation_id: ObservationId
    attempts: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class DeadItem:
    """Work that was given up, and what went wrong last."""

    id: int
    kind: str
    observation_id: ObservationId
    attempts: int
    queued_at: datetime
    error: str


def backoff(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th failed try: 2, 15, 112 s, 14 min, at most LONGEST_WAIT.

    Five tries thus outlast a model server that restarts or a quarter of an hour without memory.
    """
    return min(timedelta(seconds=2.0 * 7.5 ** (min(attempts, 10) - 1)), LONGEST_WAIT)


def enqueue(s: Session, kind: str, observation_ids: Sequence[ObservationId], queued_at: datetime) -> None:
    """Queues work of `kind` for observations that exist; what is queued already stays as it is."""
    new = {
        "kind": kind,
        "state": WAITING,
        "attempts": 0,
        "interrupted": 0,
        "queued_at": queued_at,
        "error": "",
    }
    rows = [{**new, "observation_id": observation_id} for observation_id in observation_ids]
    if rows:
        s.connection().execute(_QUEUE, rows)


def lease(s: Session, kind: str, limit: int, now: datetime, lease_for: timedelta) -> list[WorkItem]:
    """Takes up to `limit` items, oldest first, and keeps them from others until `now + lease_for`.

    A lease that ran out counts as interrupted, and is given out again; so is one that lasts longer than any:
    it was given before the clock was set back.
    """
    over = or_(WorkRow.lease_until <= now, WorkRow.lease_until > now + 2 * lease_for)
    expired = and_(WorkRow.kind == kind, WorkRow.state == LEASED, over)
    _interrupt(s, expired)
    # Of those the least interrupted first: by age alone the same few would be held at each crash, and die.
    turn = (case((WorkRow.interrupted > OFTEN_INTERRUPTED, WorkRow.interrupted), else_=0), WorkRow.n)
    rows = s.scalars(select(WorkRow).where(_ready(kind, now)).order_by(*turn).limit(limit)).all()
    if not rows:
        return []
    ids = [row.n for row in rows]
    items = [
        WorkItem(r.n, r.kind, ObservationId(r.observation_id), r.attempts, r.queued_at)
        for r in sorted(rows, key=lambda r: r.n)
    ]
    change = update(WorkRow).where(WorkRow.n.in_(ids)).values(state=LEASED, lease_until=now + lease_for)
    s.execute(change, execution_options={"synchronize_session": False})
    return items


def ack(s: Session, ids: Iterable[int]) -> None:
    """Strikes off finished work. Call it in the transaction that stores the result."""
    s.execute(delete(WorkRow).where(WorkRow.n.in_(list(ids))))


def retry(s: Session, ids: Iterable[int], error_title: str, now: datetime) -> None:
    """Gives failed work back, to be tried again later; after `MAX_TRIES` tries it is dead."""
    for row in s.scalars(select(WorkRow).where(WorkRow.n.in_(list(ids)), WorkRow.state == LEASED)):
        row.attempts += 1
        row.error = error_title
        row.lease_until = None
        row.state = DEAD if row.attempts >= MAX_TRIES else WAITING
        row.not_before = now + backoff(row.attempts)
    s.flush()


def release_all(s: Session) -> None:
    """Takes back every lease. For the start of the program: whoever held them is dead."""
    _interrupt(s, WorkRow.state == LEASED)


def revive(s: Session, ids: Iterable[int]) -> None:
    """Gives dead work five new tries, because a person asked for it."""
    values = {"state": WAITING, "attempts": 0, "interrupted": 0, "not_before": None, "lease_until": None}
    s.execute(update(WorkRow).where(WorkRow.n.in_(list(ids)), WorkRow.state == DEAD).values(values))


def counts(s: Session) -> dict[str, int]:
    """How much is still to do, by kind; under "dead", how much was given up."""
    alive = select(WorkRow.kind, func.count()).where(WorkRow.state != DEAD).group_by(WorkRow.kind)
    found = dict(s.execute(alive).all())
    dead_ones = s.scalar(select(func.count()).select_from(WorkRow).where(WorkRow.state == DEAD))
    return {"perceive": 0, "propose": 0, **found, "dead": dead_ones or 0}


def oldest(s: Session, kind: str) -> datetime | None:
    """Since when the oldest item of `kind` that nobody holds has been queued."""
    return s.scalar(
        select(WorkRow.queued_at)
        .where(WorkRow.kind == kind, WorkRow.state == WAITING)
        .order_by(WorkRow.queued_at)
        .limit(1)
    )


def waiting(s: Session, kind: str, now: datetime) -> int:
    """How many items of `kind` could be leased now."""
    expired = and_(WorkRow.kind == kind, WorkRow.state == LEASED, WorkRow.lease_until <= now)
    return s.scalar(select(func.count()).select_from(WorkRow).where(or_(_ready(kind, now), expired))) or 0


def any_left(s: Session, kind: str) -> bool:
    """Whether anything of `kind` is to be done, now or later."""
    return s.scalar(select(WorkRow.n).where(WorkRow.kind == kind, WorkRow.state != DEAD).limit(1)) is not None


def dead(s: Session) -> list[DeadItem]:
    """What was given up, oldest first."""
    return [
        DeadItem(r.n, r.kind, ObservationId(r.observation_id), r.attempts, r.queued_at, r.error)
        for r in s.scalars(select(WorkRow).where(WorkRow.state == DEAD).order_by(WorkRow.n))
    ]


def _ready(kind: str, now: datetime) -> ColumnElement[bool]:
    # A time further off than any wait was noted before the clock was set back; nobody waits for that long.
    set_back = WorkRow.not_before > now + LONGEST_WAIT
    in_time = or_(WorkRow.not_before.is_(None), WorkRow.not_before <= now, set_back)
    return and_(WorkRow.kind == kind, WorkRow.state == WAITING, in_time)


def _interrupt(s: Session, which: ColumnElement[bool]) -> None:
    for row in s.scalars(select(WorkRow).where(which)):
        row.interrupted += 1
        row.lease_until = None
        row.state = WAITING
        if row.interrupted >= MAX_INTERRUPTED:
            row.state = DEAD
            row.error = f"Gumption stopped {row.interrupted} times while working on this"
    s.flush()
