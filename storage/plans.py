"""Plans that were put before the person, how far they got, and what became of each step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.grants import ClientId
from gum.types import Outcome, Plan, PlanId, SuggestionId
from storage.client_schema import ClientRow
from storage.schema import OutcomeRow, PlanRow, SuggestionRow
from storage.snapshots import steps_from, steps_json

WAITING, RUNNING, FAILED = "waiting", "running", "failed"
APPROVED, DENIED, EXPIRED = "approved", "denied", "expired"
OPEN = (WAITING, APPROVED)
ACTED = (RUNNING, "done", FAILED, "undone")


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan, its state, and the outcomes of its steps in the order they came.

    `client_id` and `client`: which assistant proposed it, and its name; None: Gumption itself.
    """

    plan: Plan
    state: str  # waiting, approved, running, done, failed, denied, undone, expired
    outcomes: tuple[Outcome, ...]
    created_at: datetime
    expires_at: datetime
    changed_at: datetime
    client_id: ClientId | None = None
    client: str | None = None


def save(
    s: Session, plan: Plan, state: str, expires_at: datetime, now: datetime, client_id: ClientId | None = None
) -> bool:
    """Stores a plan. False: it is there already and stays as it is, or its suggestion was forgotten."""
    owner = plan.suggestion_id
    if owner is not None and s.scalar(select(SuggestionRow.n).where(SuggestionRow.id == owner)) is None:
        return False
    row = {
        "id": plan.id,
        "suggestion_id": owner,
        "goal": plan.goal,
        "steps": steps_json(plan.steps),
        "state": state,
        "created_at": now,
        "expires_at": expires_at,
        "changed_at": now,
        "client_id": client_id,
    }
    added = s.execute(insert(PlanRow).values(row).on_conflict_do_nothing().returning(PlanRow.n))
    return added.first() is not None


def get(s: Session, plan_id: PlanId) -> StoredPlan | None:
    row = s.scalar(select(PlanRow).where(PlanRow.id == plan_id))
    return _stored(s, row) if row is not None else None


def set_state(
    s: Session,
    plan_id: PlanId,
    state: str,
    at: datetime,
    *,
    only_from: str = "",
    expires_at: datetime | None = None,
) -> bool:
    """False: there is no such plan, or it is not in state `only_from` (so that two approvals run it once)."""
    change = update(PlanRow).where(PlanRow.id == plan_id).values(state=state, changed_at=at)
    if expires_at is not None:
        change = change.values(expires_at=expires_at)
    if only_from:
        change = change.where(PlanRow.state == only_from)
    done = s.execute(change.returning(PlanRow.n), execution_options={"synchronize_session": False})
    return done.first() is not None


def add_outcomes(s: Session, plan_id: PlanId, outcomes: Sequence[Outcome], at: datetime) -> None:
    """Notes what became of steps; nothing when the plan has been forgotten meanwhile."""
    if s.scalar(select(PlanRow.n).where(PlanRow.id == plan_id)) is None:
        return
    for outcome in outcomes:
        row = {
            "plan_id": plan_id,
            "step_index": outcome.step_index,
            "ok": outcome.ok,
            "seen": outcome.seen,
            "undo_token": dict(outcome.undo_token),
            "at": at,
        }
        s.execute(insert(OutcomeRow).values(row))


def recover(s: Session, now: datetime) -> list[Plan]:
    """The plans that the last run died in the middle of; they count as failed."""
    rows = s.scalars(select(PlanRow).where(PlanRow.state == RUNNING).order_by(PlanRow.n)).all()
    for row in rows:
        row.state, row.changed_at = FAILED, now
    s.flush()
    return [_plan(row) for row in rows]


def lapse(s: Session, now: datetime) -> None:
    """What an earlier run asked, or was allowed, and did not do: without an answer that lasts it is a no."""
    over = update(PlanRow).where(PlanRow.state.in_(OPEN)).values(state=EXPIRED, changed_at=now)
    s.execute(over, execution_options={"synchronize_session": False})


def waiting(s: Session, now: datetime, client_id: ClientId) -> int:
    """How many plans of a client wait for the person."""
    p = PlanRow
    mine = select(func.count()).select_from(p).where(p.client_id == client_id, p.state == WAITING)
    return s.scalar(mine.where(p.expires_at > now)) or 0


def refused(s: Session, since: datetime, now: datetime, client_id: ClientId) -> int:
    """How many plans of a client, put before the person since then, got a no or no answer."""
    p = PlanRow
    mine = select(func.count()).select_from(p).where(p.client_id == client_id, p.created_at >= since)
    no = p.state.in_((DENIED, EXPIRED)) | (p.state.in_(OPEN) & (p.expires_at <= now))
    return s.scalar(mine.where(no)) or 0


def open_of_clients(s: Session, now: datetime) -> list[StoredPlan]:
    """The plans of clients that wait for the person, or for being run; the oldest first."""
    p = PlanRow
    wanted = select(p).where(p.client_id.is_not(None), p.state.in_(OPEN), p.expires_at > now)
    return [_stored(s, row) for row in s.scalars(wanted.order_by(p.n)).all()]


def end_of_client(s: Session, client_id: ClientId, now: datetime) -> list[PlanId]:
    """Denies what a client has open; which plans those were."""
    p = PlanRow
    change = update(p).where(p.client_id == client_id, p.state.in_(OPEN))
    done = s.execute(
        change.values(state=DENIED, changed_at=now).returning(p.id),
        execution_options={"synchronize_session": False},
    )
    return [PlanId(key) for key in done.scalars()]


def journal(s: Session, limit: int = 100) -> list[StoredPlan]:
    """The plans that were acted on, the last first: what Gumption did on this computer."""
    wanted = select(PlanRow).where(PlanRow.state.in_(ACTED))
    rows = s.scalars(wanted.order_by(PlanRow.changed_at.desc(), PlanRow.n.desc()).limit(limit)).all()
    return [_stored(s, row) for row in rows]


def _plan(row: PlanRow) -> Plan:
    owner = SuggestionId(row.suggestion_id) if row.suggestion_id is not None else None
    return Plan(PlanId(row.id), row.goal, steps_from(row.steps), owner)


def _stored(s: Session, row: PlanRow) -> StoredPlan:
    outcomes = s.scalars(select(OutcomeRow).where(OutcomeRow.plan_id == row.id).order_by(OutcomeRow.n))
    seen = tuple(Outcome(o.step_index, bool(o.ok), o.seen, dict(o.undo_token)) for o in outcomes)
    client = ClientId(row.client_id) if row.client_id is not None else None
    named = s.scalar(select(ClientRow.name).where(ClientRow.id == client)) if client is not None else None
    made = StoredPlan(_plan(row), row.state, seen, row.created_at, row.expires_at, row.changed_at)
    # One that is not known any more is still somebody else, and not Gumption.
    return replace(made, client_id=client, client=named or client)
