"""The shapes that leave the daemon: what the OpenAPI document promises and the events carry."""

from datetime import datetime

from pydantic import BaseModel, Field, SecretStr

from app.availability_shapes import AvailabilityOut
from app.bounds import Days, Minutes, Time

NOTE = 4000  # characters of what a person says at once


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
    """A quote and the observation it was copied from; both are empty when that has gone by age."""

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
    settled: bool = Field(description="the person confirmed or edited it: no inference changes it")
    evidence: list[EvidenceOut]


class CitedOut(BaseModel):
    """Evidence as a revision cites it; the quote is empty when its observation has gone by age."""

    observation_id: str
    quote: str
    stance: str
    weight: float


class RevisionOut(BaseModel):
    """One change of a proposition."""

    cause: str
    at: datetime
    reasoning: str
    before_confidence: float | None
    after_confidence: float | None
    before_text: str | None
    after_text: str | None
    before_status: str | None = None
    after_status: str | None = None
    evidence: list[CitedOut] = []


class LinkOut(BaseModel):
    """That another claim supersedes or contradicts this one (`forth` false), or this one that."""

    kind: str
    forth: bool
    proposition_id: str
    text: str
    at: datetime


class PropositionWithHistory(PropositionOut):
    """A claim with every revision, oldest first."""

    revisions: list[RevisionOut]
    links: list[LinkOut] = []


class Page(BaseModel):
    """Observations, newest first; `next` goes into `before` for the page after."""

    items: list[ObservationOut]
    next: datetime | None


class PropositionList(BaseModel):
    items: list[PropositionOut]


class ScoredProposition(PropositionOut):
    score: float = Field(ge=0, le=1, description="comparable between questions")


class ScoredObservation(ObservationOut):
    score: float = Field(ge=0, le=1, description="comparable between questions")


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
    recycled: int = Field(0, description="pictures given up unread, for they weighed more than their budget")


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

    state: str = Field(description="observing, paused, excluded, trouble or locked")
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
    learning_until: datetime | None = Field(None, description="no offer is made before; None: that is over")
    welcomed: bool = Field(True, description="the person was asked for a few lines about themself")
    encrypted: bool = Field(True, description="false: as set, whoever can read the file can read everything")
    unlock_by: str = Field("", description="of a locked one: passphrase or button")
    off_the_record: bool = Field(False, description="of a paused one: what came right before was forgotten")
    availability: AvailabilityOut = AvailabilityOut()


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
    state: str = Field(description="waiting, approved, running, done, failed, denied, undone or expired")
    steps: list[StepOut]
    outcomes: list[OutcomeOut]
    can_undo: bool
    expires_at: datetime
    client: str = Field("", description="the assistant that proposed it; empty: Gumption itself")


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
    """A privacy rule to add. Fields left out match everything; patterns are globs.

    An address may also be `site:example.org` (that host and those under it), a title `|a whole part of it|`.
    """

    name: str = Field(min_length=1, max_length=120)
    effect: str = Field("drop", pattern="^(drop|keep|text_only|blur)$")
    app: str | None = None
    title: str | None = None
    url: str | None = None
    private: bool | None = None
    window_class: str | None = Field(None, description="glob of either half of WM_CLASS: instance or class")
    monitor: str | None = Field(None, description="glob of the names of the monitors it lies on, e.g. HDMI-1")
    full_screen: bool | None = None
    hours: str | None = Field(
        None, max_length=200, description="when it holds, e.g. mon-fri 09:00-17:30, sat"
    )
    sharing: bool | None = Field(None, description="true: it holds only while the screen is being shared")
    retention_days: Days | None = Field(None, description="what matches is kept so long; None: as set")


class RuleOut(RuleIn):
    id: str
    hours: str | None = None
    retention_days: float | None = None
    builtin: bool
    switchable: bool = Field(False, description="of a shipped preset that `[privacy] presets_off` can end")


class RuleList(BaseModel):
    items: list[RuleOut]


class WindowIn(BaseModel):
    """A window to try the rules on. None means unknown; of time and sharing, as it is now."""

    app: str = ""
    title: str = ""
    url: str | None = None
    private: bool | None = None
    window_class: str = Field("", description="the half of WM_CLASS that `app` is not: its instance")
    monitor: str | None = Field(None, description="the name of the monitor it lies on")
    full_screen: bool = False
    at: str | None = Field(None, max_length=40, description="a time at the desk: 22:30, or sat 22:30")
    sharing: bool | None = None


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


class SearchIn(BaseModel):
    """What to look for, and what may be found: active, believed and not sensitive, unless asked for."""

    q: str = Field("", max_length=500, description="words, names or a question; empty: the most recent")
    limit: int = Field(20, ge=1, le=200, description="at most so many propositions, and so many observations")
    type: str | None = Field(None, description="only claims of this type; then no observations")
    app: str | None = Field(None, description="only what was seen in this application")
    since: Time | None = Field(None, description="only what was last seen from then on")
    until: Time | None = Field(None, description="only what was last seen up to then")
    status: str | None = Field(None, description="only claims of this status instead of active ones")
    all: bool = Field(False, description="also hidden, stale, contradicted, superseded, and not believed")
    sensitive: bool = Field(False, description="also sensitive claims")
    diversity: float = Field(
        0.2, ge=0, le=1, description="0: by score alone; more: claims like one further up come later"
    )
    fading: bool = Field(True, description="false: what is old counts as if it had been seen just now")


class VerdictIn(BaseModel):
    """What the person says of a claim; `slots` are their own words for it, with `edit`."""

    verdict: str = Field(pattern="^(right|wrong|edit|hide|show)$")
    slots: dict[str, str] | None = Field(None, description="by name; left out: stays; empty: goes")
    note: str = Field("", max_length=NOTE, description="what they want to add; learnt from like other words")


class ForgetIn(BaseModel):
    """Exactly one scope; `since` and `until` together are one. `dry_run` counts and forgets nothing."""

    minutes: Minutes | None = Field(None, description="the last so many")
    app: str | None = Field(None, min_length=1, description="an application, as its windows name themselves")
    site: str | None = Field(None, min_length=1, description="a host, and all hosts under it")
    source: str | None = Field(None, min_length=1, description="a source, told or feedback")
    since: Time | None = Field(None, description="from then on")
    until: Time | None = Field(None, description="up to then")
    topic: str | None = Field(None, min_length=1, max_length=500, description="what has all these words")
    proposition_id: str | None = Field(None, min_length=1, description="one, or how its id begins")
    everything: bool = False
    dry_run: bool = False


class ForgottenCounts(BaseModel):
    """How much is gone; `weakened` propositions lost some of what they rest on, and stay."""

    observations: int
    propositions: int
    weakened: int = 0


class ForgottenOut(BaseModel):
    """What is gone, or with `dry_run` what would be."""

    forgotten: ForgottenCounts
    dry_run: bool = False


class UnlockIn(BaseModel):
    """None where the key is in the keyring or a file."""

    passphrase: SecretStr | None = Field(None, max_length=1024)


class ReactionIn(BaseModel):
    verdict: str = Field(pattern="^(accept|dismiss|never)$")
    note: str = Field("", max_length=NOTE, description="what they want to add; learnt from like other words")


class TellIn(BaseModel):
    """What the person says of themself, in their own words."""

    text: str = Field(min_length=1, max_length=NOTE)


class WelcomeIn(BaseModel):
    """The answer to the question at the first start; empty: they would rather not."""

    text: str = Field("", max_length=NOTE)


class ToldOut(BaseModel):
    """The observation that was made of it."""

    observation_id: str


class QuestionOut(BaseModel):
    """Is this so? `worth`: what the answer is worth beyond its cost, on a scale of about 0 to 10."""

    proposition: PropositionOut
    why: str
    worth: float
    rival_id: str | None = Field(None, description="the claim that it is at odds with")


class QuestionList(BaseModel):
    items: list[QuestionOut]


class AnswerIn(BaseModel):
    """`yes`, `no` and `edit` settle the claim; `later` puts the question off, `never` ends all questions."""

    answer: str = Field(pattern="^(yes|no|edit|later|never)$")
    slots: dict[str, str] | None = Field(None, description="with edit: the person's own words, by name")


class ReasonOut(BaseModel):
    """What speaks against now, 0..1; without a claim it comes from what the person is doing."""

    text: str
    weight: float
    proposition_id: str | None


class TimingOut(BaseModel):
    """Whether something may be proposed to the person now. `against` 0..1."""

    good: bool
    against: float
    reasons: list[ReasonOut]


class ApproveIn(BaseModel):
    """The digest of the plan as it was shown: another plan is refused."""

    digest: str
