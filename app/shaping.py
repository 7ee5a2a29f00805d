"""From the nouns to the shapes that leave the daemon."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import BaseModel

from app.shapes import (
    CitedOut,
    EvidenceOut,
    LinkOut,
    ObservationOut,
    OutcomeOut,
    PlanOut,
    PropositionOut,
    RevisionOut,
    RuleIn,
    RuleOut,
    SourceOut,
    StepOut,
    SuggestionOut,
)
from gum import claims, decay
from gum.types import (
    Effect,
    Evidence,
    Observation,
    Outcome,
    Plan,
    Proposition,
    Revision,
    Rule,
    RuleId,
    SourceHealth,
    Step,
    Suggestion,
    Trust,
)
from observers.presets import switchable
from observers.usable import check
from storage.links import Tie

DAY = timedelta(days=1)
Shape = dict[str, object]
"""A shape as JSON: what an event carries."""


class CitedEvidence(Protocol):
    """Evidence with what is known of its observation (`storage.propositions.EvidenceRow`)."""

    @property
    def evidence(self) -> Evidence: ...
    @property
    def at(self) -> datetime: ...
    @property
    def app(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def trust(self) -> Trust: ...


def observation_out(o: Observation) -> ObservationOut:
    return ObservationOut(
        id=o.id,
        source=o.source,
        at=o.at,
        until=o.until,
        app=o.app,
        title=o.title,
        url=o.url,
        text=o.text,
        trust=o.trust.value,
    )


def observation_shape(o: Observation) -> Shape:
    """`o` as an event carries it."""
    return observation_out(o).model_dump(mode="json")


def evidence_out(row: CitedEvidence) -> EvidenceOut:
    e = row.evidence
    return EvidenceOut(
        observation_id=e.observation_id,
        quote=e.quote,
        stance=e.stance.value,
        weight=e.weight,
        at=row.at,
        app=row.app,
        title=row.title,
        trust=row.trust.value,
    )


def proposition_out(p: Proposition, rows: Sequence[CitedEvidence], now: datetime) -> PropositionOut:
    return PropositionOut(
        id=p.id,
        type=p.type,
        type_label=claims.TABLE[p.type].label if p.type in claims.TABLE else p.type,
        slots=dict(p.slots),
        text=p.text,
        confidence=p.confidence,
        half_life_s=p.half_life.total_seconds(),
        half_life=decay.human(p.half_life),
        strength=decay.strength(p.supported_at, p.half_life, now),
        status=p.status.value,
        sensitivity=p.sensitivity.value,
        created_at=p.created_at,
        supported_at=p.supported_at,
        valid_until=p.valid_until,
        settled=p.settled,
        evidence=[evidence_out(row) for row in rows],
    )


def revision_out(r: Revision) -> RevisionOut:
    return RevisionOut(
        cause=r.cause.value,
        at=r.at,
        reasoning=r.reasoning,
        before_confidence=r.before.confidence if r.before else None,
        after_confidence=r.after.confidence if r.after else None,
        before_text=r.before.text if r.before else None,
        after_text=r.after.text if r.after else None,
        before_status=r.before.status.value if r.before else None,
        after_status=r.after.status.value if r.after else None,
        evidence=[cited_out(e) for e in r.evidence],
    )


def cited_out(e: Evidence) -> CitedOut:
    return CitedOut(observation_id=e.observation_id, quote=e.quote, stance=e.stance.value, weight=e.weight)


def link_out(tie: Tie) -> LinkOut:
    return LinkOut(kind=tie.kind.value, forth=tie.forth, proposition_id=tie.other, text=tie.text, at=tie.at)


def source_out(h: SourceHealth) -> SourceOut:
    return SourceOut(name=h.name, state=h.state, detail=h.detail, hint=h.hint, last_at=h.last_at)


def rule_out(r: Rule) -> RuleOut:
    return RuleOut(
        id=r.id,
        name=r.name,
        effect=r.effect.value,
        app=r.app,
        title=r.title,
        url=r.url,
        private=r.private,
        window_class=r.window_class,
        monitor=r.monitor,
        full_screen=r.full_screen,
        hours=r.hours,
        sharing=r.sharing,
        retention_days=r.retention / DAY if r.retention is not None else None,
        builtin=r.builtin,
        switchable=switchable(r.id),
    )


def rule_of(body: RuleIn, rule_id: RuleId) -> Rule:
    """The rule that was asked for. Raises RuleUnusable, NotAllowed for one that cannot be meant so."""
    rule = Rule(
        id=rule_id,
        name=body.name,
        effect=Effect(body.effect),
        app=body.app,
        title=body.title,
        url=body.url,
        private=body.private,
        retention=timedelta(days=body.retention_days) if body.retention_days is not None else None,
        window_class=body.window_class,
        monitor=body.monitor,
        full_screen=body.full_screen,
        hours=body.hours,
        sharing=body.sharing,
    )
    check(rule)
    return rule


def step_out(s: Step) -> StepOut:
    return StepOut(
        kind=s.kind,
        what=s.what,
        where=s.where,
        target=s.target,
        args=dict(s.args),
        reversibility=s.reversibility.value,
        risk=s.risk,
        expected=s.expected,
        undo=s.undo,
    )


def plan_out(
    plan: Plan, digest: str, state: str, outcomes: Sequence[Outcome], expires_at: datetime
) -> PlanOut:
    undoable = any(plan.steps[o.step_index].undo is not None for o in outcomes if o.ok)
    return PlanOut(
        id=plan.id,
        goal=plan.goal,
        digest=digest,
        state=state,
        steps=[step_out(s) for s in plan.steps],
        outcomes=[OutcomeOut(step_index=o.step_index, ok=o.ok, seen=o.seen) for o in outcomes],
        can_undo=undoable and state in ("done", "failed"),
        expires_at=expires_at,
    )


def suggestion_out(
    s: Suggestion, why: Sequence[PropositionOut], plan: PlanOut | None = None
) -> SuggestionOut:
    return SuggestionOut(
        id=s.id,
        kind=s.kind,
        text=s.text,
        why_now=s.why_now,
        why=list(why),
        p_useful=s.p_useful,
        benefit=s.benefit,
        cost_shown=s.cost_shown,
        cost_missed=s.cost_missed,
        state=s.state,
        created_at=s.created_at,
        expires_at=s.expires_at,
        has_plan=s.plan is not None,
        plan_id=s.plan.id if s.plan else None,
        plan=plan,
    )


def shape(model: BaseModel) -> Shape:
    """`model` as an event carries it."""
    return model.model_dump(mode="json")


def with_score(model: BaseModel, score: float) -> Mapping[str, object]:
    """The fields of `model` and a score, for the scored shapes."""
    return {**model.model_dump(), "score": score}
