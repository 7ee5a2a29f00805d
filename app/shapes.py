"""The shapes that leave the daemon: what the OpenAPI document promises and the events carry."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, Field

from gum import claims, decay
from gum.types import (
    Evidence,
    Observation,
    Outcome,
    Plan,
    Proposition,
    Revision,
    Rule,
    SourceHealth,
    Step,
    Suggestion,
    Trust,
)

Shape = dict[str, object]


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


class ObservationOut(BaseModel):
    """One piece of what happened. `text`, `title` and `url` are untrusted data from the screen."""

    id: str
    source: str
    at: datetime
    until: datetime
    app: str
    title: str
    url: str | None
    text: str
    trust: str


class EvidenceOut(BaseModel):
    """A quote and the observation it was copied from."""

    observation_id: str
    quote: str
    stance: str
    weight: float
    at: datetime
    app: str
    title: str
    trust: str


class PropositionOut(BaseModel):
    """A claim about the person, with its evidence."""

    id: str
    type: str
    type_label: str
    slots: dict[str, str]
    text: str
    confidence: float = Field(ge=0, le=1)
    half_life_s: float
    half_life: str
    strength: float = Field(ge=0, le=1, description="1 when just supported, 0.5 after one half-life")
    status: str
    sensitivity: str
    created_at: datetime
    supported_at: datetime
    valid_until: datetime | None
    evidence: list[EvidenceOut]


class RevisionOut(BaseModel):
    """One change of a proposition."""

    cause: str
    at: datetime
    reasoning: str
    before_confidence: float | None
    after_confidence: float | None
    before_text: str | None
    after_text: str | None


class PropositionWithHistory(PropositionOut):
    """A claim with every revision, oldest first."""

    revisions: list[RevisionOut]


class Page(BaseModel):
    """Observations, newest first; `next` goes into `before` for the page after."""

    items: list[ObservationOut]
    next: datetime | None


class PropositionList(BaseModel):
    items: list[PropositionOut]


class ScoredProposition(PropositionOut):
    score: float


class ScoredObservation(ObservationOut):
    score: float


class Found(BaseModel):
    """What a search found, best first."""

    propositions: list[ScoredProposition]
    observations: list[ScoredObservation]


class Hello(BaseModel):
    name: str
    version: str
    api: int


class SourceOut(BaseModel):
    name: str
    state: str
    detail: str
    hint: str
    last_at: datetime | None


class QueueOut(BaseModel):
    inbox: int
    perceive: int
    propose: int
    deepen: int
    dead: int
    dropped: int


class ModelOut(BaseModel):
    name: str
    model: str
    state: str
    detail: str
    hint: str


class Counts(BaseModel):
    observations: int
    propositions: int


class StatusOut(BaseModel):
    """What the daemon is doing, honestly."""

    state: str = Field(description="observing, paused, excluded or trouble")
    reason: str
    paused_until: datetime | None
    sources: list[SourceOut]
    last_observation_at: datetime | None
    last_observation_age_s: float | None
    excluded_by: str | None
    queue: QueueOut
    models: list[ModelOut]
    counts: Counts
    version: str
    observing_since: datetime


class StepOut(BaseModel):
    kind: str
    what: str
    where: str
    target: str
    args: dict[str, str]
    reversibility: str
    risk: str
    expected: str
    undo: str | None


class OutcomeOut(BaseModel):
    step_index: int
    ok: bool
    seen: str


class PlanOut(BaseModel):
    """A plan. Nothing of it happens before its digest is approved."""

    id: str
    goal: str
    digest: str
    state: str = Field(description="waiting, running, done, failed, denied, undone or expired")
    steps: list[StepOut]
    outcomes: list[OutcomeOut]
    can_undo: bool
    expires_at: datetime


class SuggestionOut(BaseModel):
    """An offer of help, citing the propositions it rests on."""

    id: str
    kind: str
    text: str
    why_now: str
    why: list[PropositionOut]
    p_useful: float
    benefit: float
    cost_shown: float
    cost_missed: float
    state: str
    created_at: datetime
    expires_at: datetime
    has_plan: bool
    plan_id: str | None
    plan: PlanOut | None = None


class SuggestionList(BaseModel):
    items: list[SuggestionOut]


class RuleIn(BaseModel):
    """A privacy rule to add. Fields left out match everything; patterns are globs."""

    name: str = Field(min_length=1, max_length=120)
    effect: str = Field("drop", pattern="^(drop|keep|text_only|blur)$")
    app: str | None = None
    title: str | None = None
    url: str | None = None
    private: bool | None = None


class RuleOut(RuleIn):
    id: str
    builtin: bool


class RuleList(BaseModel):
    items: list[RuleOut]


class WindowIn(BaseModel):
    """A window to try the rules on. None means unknown."""

    app: str = ""
    title: str = ""
    url: str | None = None
    private: bool | None = None


class AdmissionOut(BaseModel):
    allowed: bool
    effect: str
    rule_id: str
    rule: str
    reason: str


class CapturedOut(BaseModel):
    app: str
    site: str | None
    observations: int
    last_at: datetime


class ExcludedOut(BaseModel):
    app: str
    rule_id: str
    rule: str
    count: int
    last_at: datetime


class Today(BaseModel):
    """What was captured and what was not since midnight, local time."""

    captured: list[CapturedOut]
    excluded: list[ExcludedOut]
    database_bytes: int
    observations_total: int


class ForgetIn(BaseModel):
    """Exactly one of these."""

    minutes: float | None = Field(None, gt=0)
    app: str | None = Field(None, min_length=1)
    proposition_id: str | None = Field(None, min_length=1)
    everything: bool = False


class ForgottenCounts(BaseModel):
    observations: int
    propositions: int


class ForgottenOut(BaseModel):
    forgotten: ForgottenCounts


class PauseIn(BaseModel):
    """None pauses until the person resumes."""

    minutes: float | None = Field(None, gt=0)


class ReactionIn(BaseModel):
    verdict: str = Field(pattern="^(accept|dismiss|never)$")


class ApproveIn(BaseModel):
    """The digest of the plan as it was shown: another plan is refused."""

    digest: str


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
    )


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
        builtin=r.builtin,
    )


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
