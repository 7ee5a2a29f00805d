"""Offers of help, and how the person reacted to them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.types import Feedback, PropositionId, Suggestion, SuggestionId, Verdict
from storage.schema import FeedbackRow, SuggestionRow, WhyRow
from storage.snapshots import plan_from, plan_json

SHOWN = "shown"
CLAIM = "claim:"  # before the type of a claim, where a reaction is not to a suggestion (`storage.verdicts`)


def add(s: Session, suggestion: Suggestion) -> None:
    """Stores a suggestion and its plan; one that is there already stays as it is."""
    g = suggestion
    row = {
        "id": g.id,
        "kind": g.kind,
        "text": g.text,
        "why_now": g.why_now,
        "p_useful": g.p_useful,
        "benefit": g.benefit,
        "cost_shown": g.cost_shown,
        "cost_missed": g.cost_missed,
        "created_at": g.created_at,
        "expires_at": g.expires_at,
        "state": g.state,
        "shown_at": g.created_at if g.state == SHOWN else None,
        "plan": plan_json(g.plan),
    }
    added = s.execute(insert(SuggestionRow).values(row).on_conflict_do_nothing().returning(SuggestionRow.n))
    if added.first() is None:
        return
    for position, proposition_id in enumerate(g.why):
        cited = {"suggestion_id": g.id, "position": position, "proposition_id": proposition_id}
        s.execute(insert(WhyRow).values(cited))


def get(s: Session, suggestion_id: SuggestionId) -> Suggestion | None:
    row = s.scalar(select(SuggestionRow).where(SuggestionRow.id == suggestion_id))
    return _suggestion(s, row) if row is not None else None


def list_(s: Session, states: Collection[str] | None = None, limit: int = 100) -> list[Suggestion]:
    """The newest first; only those in one of `states`, None means all."""
    g = SuggestionRow
    wanted = select(g).order_by(g.created_at.desc(), g.n.desc()).limit(limit)
    if states is not None:
        wanted = wanted.where(g.state.in_(list(states)))
    return [_suggestion(s, row) for row in s.scalars(wanted).all()]


def since(s: Session, at: datetime) -> list[Suggestion]:
    """All that were made since then, the newest first."""
    g = SuggestionRow
    wanted = select(g).where(g.created_at >= at).order_by(g.created_at.desc(), g.n.desc())
    return [_suggestion(s, row) for row in s.scalars(wanted).all()]


def set_state(s: Session, suggestion_id: SuggestionId, state: str, at: datetime) -> bool:
    """False: there is no such suggestion (it may have been forgotten)."""
    values: dict[str, object] = {"state": state}
    if state == SHOWN:
        values["shown_at"] = at
    change = update(SuggestionRow).where(SuggestionRow.id == suggestion_id).values(values)
    done = s.execute(change.returning(SuggestionRow.n), execution_options={"synchronize_session": False})
    return done.first() is not None


def shown_today(s: Session, since: datetime) -> int:
    """How many suggestions were shown since then, whatever became of them."""
    wanted = select(func.count()).select_from(SuggestionRow).where(SuggestionRow.shown_at >= since)
    return s.scalar(wanted) or 0


def last_shown(s: Session) -> datetime | None:
    """When a suggestion was shown last."""
    return s.scalar(select(func.max(SuggestionRow.shown_at)))


def kinds(s: Session) -> dict[str, tuple[int, int, int]]:
    """For each kind of suggestion, how often the person accepted, turned down and banned it."""
    counted: dict[str, dict[Verdict, int]] = {}
    for kind, verdict in reactions(s):
        of_kind = counted.setdefault(kind, {})
        of_kind[verdict] = of_kind.get(verdict, 0) + 1
    return {
        kind: (c.get(Verdict.ACCEPT, 0), c.get(Verdict.DISMISS, 0), c.get(Verdict.NEVER, 0))
        for kind, c in counted.items()
    }


def reactions(s: Session) -> list[tuple[str, Verdict]]:
    """Every reaction to a suggestion with the suggestion's kind, oldest first; ignored ones too."""
    f = FeedbackRow
    wanted = select(f.kind, f.verdict).where(f.kind != "", ~f.kind.startswith(CLAIM)).order_by(f.n)
    return [(kind, Verdict(verdict)) for kind, verdict in s.execute(wanted)]


def add_feedback(s: Session, feedback: Feedback, kind: str = "") -> None:
    """Stores a reaction; `kind` is that of the suggestion, looked up when left out."""
    if not kind:
        wanted = select(SuggestionRow.kind).where(SuggestionRow.id == feedback.subject_id)
        kind = s.scalar(wanted) or ""
    row = {
        "subject_id": feedback.subject_id,
        "kind": kind,
        "verdict": feedback.verdict.value,
        "note": feedback.note,
        "at": feedback.at,
    }
    s.execute(insert(FeedbackRow).values(row))


def feedback_on(s: Session, subject_id: str) -> list[Feedback]:
    """The reactions to one suggestion or proposition, oldest first."""
    wanted = select(FeedbackRow).where(FeedbackRow.subject_id == subject_id).order_by(FeedbackRow.n)
    return [Feedback(r.subject_id, Verdict(r.verdict), r.note, r.at) for r in s.scalars(wanted)]


def _suggestion(s: Session, row: SuggestionRow) -> Suggestion:
    why = s.scalars(
        select(WhyRow.proposition_id).where(WhyRow.suggestion_id == row.id).order_by(WhyRow.position)
    )
    return Suggestion(
        id=SuggestionId(row.id),
        kind=row.kind,
        text=row.text,
        why_now=row.why_now,
        why=tuple(PropositionId(key) for key in why),
        p_useful=row.p_useful,
        benefit=row.benefit,
        cost_shown=row.cost_shown,
        cost_missed=row.cost_missed,
        plan=plan_from(row.plan),
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=row.state,
    )
