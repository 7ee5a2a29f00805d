"""The tables, as SQLAlchemy sees them. `migrations/` makes them; a test compares the two.

Tables that a full-text index follows have an integer key `n` of their own, because SQLite may renumber
rows that have none. Triggers (in the migration) keep the full-text tables in step.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import BLOB, REAL, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gum.types import Vector
from storage.columns import Duration, StringMap, Time, VectorBlob, Words

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Every schema ever released, oldest first. A database with another one is from a newer Gumption."""

FULL_TEXT = ("observations_words", "observations_grams", "propositions_words", "propositions_grams")
"""The FTS5 tables: `words` is unicode61 without diacritics, `grams` is trigram, for scripts without spaces;
of observations only those that have such letters are in it (the view `observations_unspaced`).
Beside each `words` there is a `terms` (fts5vocab), which knows how many rows have a word."""


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as it stands
        str: Words,
        int: Integer,
        bool: Integer,
        float: REAL,
        bytes: BLOB,
        datetime: Time,
        timedelta: Duration,
    }


class ObservationRow(Base):
    """An observation. `site` is the host of `url`."""

    __tablename__ = "observations"
    __table_args__ = (
        Index("observations_at", "at"),
        Index("observations_until", "until"),
        Index("observations_app", "app", "at"),
    )
    n: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime]
    app: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    trust: Mapped[str]
    url: Mapped[str | None]
    site: Mapped[str | None]
    frame_id: Mapped[str | None]


class FrameRow(Base):
    """Pixels that wait to be read, and what was there before them; deleted when they are."""

    __tablename__ = "frames"
    id: Mapped[str] = mapped_column(primary_key=True)
    observation_id: Mapped[str] = mapped_column(ForeignKey("observations.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    display: Mapped[str]
    left: Mapped[int]
    top: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    digest: Mapped[str]
    encoded: Mapped[bytes]
    before: Mapped[bytes | None]


class ThumbnailRow(Base):
    """A small picture of what was read for an observation; kept only if the person wants it."""

    __tablename__ = "thumbnails"
    __table_args__ = (Index("thumbnails_at", "at", "size"),)
    observation_id: Mapped[str] = mapped_column(
        ForeignKey("observations.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]
    size: Mapped[int]
    webp: Mapped[bytes]


class PerceptRow(Base):
    """What a model made of an observation."""

    __tablename__ = "percepts"
    observation_id: Mapped[str] = mapped_column(
        ForeignKey("observations.id", ondelete="CASCADE"), primary_key=True
    )
    vector: Mapped[Vector] = mapped_column(VectorBlob)
    surprise: Mapped[float]
    model: Mapped[str]


class PropositionRow(Base):
    """A proposition. `claim` is the fingerprint of what it claims (`storage.claims`)."""

    __tablename__ = "propositions"
    __table_args__ = (
        Index("propositions_status", "status", "supported_at"),
        Index("propositions_type", "type", "status", "supported_at"),
        Index("propositions_claim", "claim"),
        Index("propositions_due", "valid_until", sqlite_where=sql("valid_until IS NOT NULL")),
    )
    n: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    slots: Mapped[Mapping[str, str]] = mapped_column(StringMap)
    text: Mapped[str]
    subject: Mapped[str]
    confidence: Mapped[float]
    half_life: Mapped[timedelta]
    sensitivity: Mapped[str]
    status: Mapped[str]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    supported_at: Mapped[datetime]
    claim: Mapped[str]
    vector: Mapped[Vector | None] = mapped_column(VectorBlob)
    model: Mapped[str | None]
    settled: Mapped[bool] = mapped_column(Integer, server_default=sql("0"))


class EvidenceRow(Base):
    """A quote that speaks for or against a proposition; the same quote counts once.

    `at`, `app` and `trust` are the observation's, so that a piece can be weighed when that has gone by age:
    then `observation_id` is NULL and `quote` empty.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("observation_id", "proposition_id", "quote"),
        Index("evidence_newest", "proposition_id", "n"),
    )
    n: Mapped[int] = mapped_column(primary_key=True)
    proposition_id: Mapped[str] = mapped_column(ForeignKey("propositions.id", ondelete="CASCADE"))
    observation_id: Mapped[str | None] = mapped_column(ForeignKey("observations.id", ondelete="CASCADE"))
    quote: Mapped[str]
    stance: Mapped[str]
    weight: Mapped[float]
    at: Mapped[datetime]
    app: Mapped[str]
    trust: Mapped[str]
    drafter: Mapped[str] = mapped_column(server_default=sql("''"))
    sure: Mapped[float] = mapped_column(server_default=sql("0.5"))


class RevisionRow(Base):
    """One change of a proposition; `before`, `after` and `evidence` are JSON (`storage.snapshots`)."""

    __tablename__ = "revisions"
    n: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    proposition_id: Mapped[str] = mapped_column(ForeignKey("propositions.id", ondelete="CASCADE"), index=True)
    cause: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    evidence: Mapped[str]
    at: Mapped[datetime]
    reasoning: Mapped[str]


class LinkRow(Base):
    """How a proposition stands to another one: it `supersedes` or `contradicts` that."""

    __tablename__ = "links"
    __table_args__ = (UniqueConstraint("proposition_id", "other_id", "kind"),)
    n: Mapped[int] = mapped_column(primary_key=True)
    proposition_id: Mapped[str] = mapped_column(ForeignKey("propositions.id", ondelete="CASCADE"))
    other_id: Mapped[str] = mapped_column(ForeignKey("propositions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    at: Mapped[datetime]


class WorkRow(Base):
    """Something to be done to an observation; `state` is waiting, leased or dead."""

    __tablename__ = "work"
    __table_args__ = (UniqueConstraint("kind", "observation_id"), Index("work_state", "kind", "state"))
    n: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    observation_id: Mapped[str] = mapped_column(ForeignKey("observations.id", ondelete="CASCADE"), index=True)
    state: Mapped[str]
    attempts: Mapped[int]
    interrupted: Mapped[int]
    queued_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str]


class ExclusionRow(Base):
    """How often a rule kept an application from being observed, a quarter of an hour a row."""

    __tablename__ = "exclusions"
    quarter: Mapped[datetime] = mapped_column(primary_key=True)
    app: Mapped[str] = mapped_column(primary_key=True)
    rule_id: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]


class RuleRow(Base):
    """A privacy rule of the person's own."""

    __tablename__ = "rules"
    n: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    effect: Mapped[str]
    app: Mapped[str | None]
    title: Mapped[str | None]
    url: Mapped[str | None]
    private: Mapped[bool | None] = mapped_column(Integer)
    retention: Mapped[timedelta | None]
    window_class: Mapped[str | None]
    monitor: Mapped[str | None]
    full_screen: Mapped[bool | None] = mapped_column(Integer)
    hours: Mapped[str | None]
    sharing: Mapped[bool | None] = mapped_column(Integer)


class SuggestionRow(Base):
    """An offer of help; `plan` is JSON (`storage.snapshots`)."""

    __tablename__ = "suggestions"
    __table_args__ = (Index("suggestions_state", "state"),)
    n: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    text: Mapped[str]
    why_now: Mapped[str]
    p_useful: Mapped[float]
    benefit: Mapped[float]
    cost_shown: Mapped[float]
    cost_missed: Mapped[float]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str]
    shown_at: Mapped[datetime | None]
    plan: Mapped[str | None]


class WhyRow(Base):
    """A proposition that a suggestion cites."""

    __tablename__ = "suggestion_why"
    __table_args__ = (Index("suggestion_why_proposition", "proposition_id"),)
    suggestion_id: Mapped[str] = mapped_column(
        ForeignKey("suggestions.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    proposition_id: Mapped[str]


class PlanRow(Base):
    """A plan that was put before the person, and how far it got."""

    __tablename__ = "plans"
    n: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    suggestion_id: Mapped[str | None] = mapped_column(
        ForeignKey("suggestions.id", ondelete="CASCADE"), index=True
    )
    goal: Mapped[str]
    steps: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    client_id: Mapped[str | None]  # who proposed it; None: Gumption itself


class OutcomeRow(Base):
    """What became of a step of a plan."""

    __tablename__ = "outcomes"
    n: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    step_index: Mapped[int]
    ok: Mapped[bool] = mapped_column(Integer)
    seen: Mapped[str]
    undo_token: Mapped[Mapping[str, str]] = mapped_column(StringMap)
    at: Mapped[datetime]


class FeedbackRow(Base):
    """A reaction. `kind` is that of the suggestion, so that what was learnt outlives its words."""

    __tablename__ = "feedback"
    __table_args__ = (Index("feedback_subject", "subject_id"),)
    n: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[str]
    kind: Mapped[str]
    verdict: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]


class TombstoneRow(Base):
    """A claim that the person had forgotten: it is not learnt again from what was seen before `at`."""

    __tablename__ = "tombstones"
    claim: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class DecisionRow(Base):
    """Something that was hidden or did not go on, how often, and why; `what` names others by pseudonyms.

    `place` is what an exception would hold for: the application, or the recipient of what leaves.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index("decisions_at", "at"), Index("decisions_rule", "rule", "place"))
    n: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    stage: Mapped[str]
    recipient: Mapped[str]
    place: Mapped[str]
    rule: Mapped[str]
    reason: Mapped[str]
    what: Mapped[str]
    decision: Mapped[str]
    count: Mapped[int]
    observation_id: Mapped[str | None] = mapped_column(
        ForeignKey("observations.id", ondelete="CASCADE"), index=True
    )
    proposition_id: Mapped[str | None] = mapped_column(
        ForeignKey("propositions.id", ondelete="CASCADE"), index=True
    )
    reversed_at: Mapped[datetime | None]


class ExemptionRow(Base):
    """What the person allowed from then on: a rule of the audit, for an application or a recipient."""

    __tablename__ = "exemptions"
    id: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str]
    place: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("rule", "place"),)


class PersonRow(Base):
    """A name of somebody else; several names of one person have one number. `real`: it may be told."""

    __tablename__ = "people"
    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    shown: Mapped[str]
    real: Mapped[bool] = mapped_column(Integer)


class MetaRow(Base):
    """A fact about this database or this Gumption."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str]
