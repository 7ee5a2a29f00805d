"""Forgetting for good: what was seen, all that was concluded from it alone, and every trace of both.

Rows go by foreign keys, full-text entries by triggers (FTS5 'secure-delete'), bytes by `secure_delete`.
After the transaction `storage.db` writes the file anew and empties the write-ahead log; copies made
before an upgrade are deleted.
A claim that loses some of its evidence stays, unless one of its slots no longer occurs in what is left:
a slot is copied from what was seen, so it would be a trace. The caller takes the vectors out of the
index and scores the weakened claims again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Delete, Update, delete, func, select, update
from sqlalchemy.orm import Session

from gum.text import occurs
from gum.types import ObservationId, Proposition, PropositionId
from storage import claims
from storage.db import SCRUB
from storage.full_text import deleting
from storage.migrate import remove_copies
from storage.privacy import quarter
from storage.schema import (
    Base,
    EvidenceRow,
    ExclusionRow,
    FeedbackRow,
    MetaRow,
    ObservationRow,
    PlanRow,
    PropositionRow,
    RevisionRow,
    RuleRow,
    SuggestionRow,
    WhyRow,
)
from storage.snapshots import evidence_from, evidence_json, proposition_from

T = TypeVar("T")
GOING_ON = timedelta(days=1)
MOMENT = timedelta(minutes=15)  # how long after it was seen a thing may still be part of the moment

KEEP_AT_FORGET_EVERYTHING = (RuleRow, MetaRow)
"""The person's own rules and the pause: without them more would be seen than before."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is gone; `weakened_ids` are propositions that lost evidence and must be scored again."""

    observation_ids: tuple[ObservationId, ...] = ()
    proposition_ids: tuple[PropositionId, ...] = ()
    weakened_ids: tuple[PropositionId, ...] = ()


def forget_minutes(s: Session, since: datetime, until: datetime) -> Forgotten:
    """Forgets what was seen at any moment of [since, until]."""
    o = ObservationRow
    ids = s.scalars(select(o.id).where(o.at <= until, o.until >= since)).all()
    e = ExclusionRow
    _drop(s, delete(e).where(e.quarter >= quarter(since), e.quarter <= until))
    return _forget_observations(s, [ObservationId(i) for i in ids])


def forget_app(s: Session, app: str) -> Forgotten:
    """Forgets all that was seen in one application."""
    ids = s.scalars(select(ObservationRow.id).where(ObservationRow.app == app)).all()
    _drop(s, delete(ExclusionRow).where(ExclusionRow.app == app))
    return _forget_observations(s, [ObservationId(i) for i in ids])


def forget_proposition(s: Session, proposition_id: PropositionId) -> Forgotten:
    """Forgets one claim with its history. What was seen stays, but does not bring the claim back."""
    row = s.scalar(select(PropositionRow).where(PropositionRow.id == proposition_id))
    if row is None:
        return Forgotten()
    claims.bury(s, row.claim, _last_seen(s))
    _forget_propositions(s, [proposition_id])
    _leave_no_trace(s)
    return Forgotten(proposition_ids=(proposition_id,))


def forget_everything(s: Session) -> Forgotten:
    """Forgets all but the person's own rules and settings."""
    observations = s.scalars(select(ObservationRow.id)).all()
    recent = _recent(s)
    propositions = s.scalars(select(PropositionRow.id)).all()
    kept = {row.__tablename__ for row in KEEP_AT_FORGET_EVERYTHING}
    with deleting(s, "observations", len(observations)), deleting(s, "propositions", len(propositions)):
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in kept:
                s.execute(delete(table))
    for key, until in recent:
        claims.bury_observation(s, key, until)
    _leave_no_trace(s)
    return Forgotten(
        tuple(ObservationId(i) for i in observations), tuple(PropositionId(i) for i in propositions)
    )


def _forget_observations(s: Session, ids: Sequence[ObservationId]) -> Forgotten:
    _bury(s, ids)
    touched = _citing(s, ids)
    _forget_offers_of_the_moment(s, ids)
    with deleting(s, "observations", len(ids)):
        for part in _parts(ids):
            _drop(s, delete(ObservationRow).where(ObservationRow.id.in_(part)))
    unsupported: list[PropositionId] = []
    weakened: list[PropositionId] = []
    for proposition_id in touched:
        (weakened if _still_sourced(s, proposition_id) else unsupported).append(proposition_id)
    _forget_propositions(s, unsupported)
    gone = set(ids)
    for proposition_id in weakened:
        _clean_history(s, proposition_id, gone)
    _forget_suggestions(s, weakened)  # their "why now" may quote what is gone
    _leave_no_trace(s)
    return Forgotten(tuple(ids), tuple(unsupported), tuple(weakened))


def _bury(s: Session, ids: Sequence[ObservationId]) -> None:
    gone = set(ids)
    for key, until in _recent(s):
        if key in gone:
            claims.bury_observation(s, key, until)


def _recent(s: Session) -> list[tuple[ObservationId, datetime]]:
    """The observations that may still be going on: those that lasted into the last day seen."""
    o = ObservationRow
    latest = s.scalar(select(func.max(o.until)))
    if latest is None:
        return []
    rows = s.execute(select(o.id, o.until).where(o.until >= latest - GOING_ON)).all()
    return [(ObservationId(key), until) for key, until in rows]


def _citing(s: Session, ids: Sequence[ObservationId]) -> list[PropositionId]:
    """The propositions that rest on, or ever rested on, one of these observations."""
    found: set[str] = set()
    for part in _parts(ids):
        rows = select(EvidenceRow.proposition_id).where(EvidenceRow.observation_id.in_(part))
        found.update(s.scalars(rows))
    return [PropositionId(i) for i in sorted(found)]


def _still_sourced(s: Session, proposition_id: PropositionId) -> bool:
    """Whether evidence is left and every slot still occurs in what it was copied from."""
    row = s.scalar(select(PropositionRow).where(PropositionRow.id == proposition_id))
    sources = _sources(s, proposition_id)
    return row is not None and bool(sources) and _sourced(row.slots.values(), sources)


def _sources(s: Session, proposition_id: PropositionId) -> list[str]:
    """All texts that the remaining evidence was copied from."""
    o, e = ObservationRow, EvidenceRow
    wanted = select(e.quote, o.text, o.title, o.url).join(o, o.id == e.observation_id)
    rows = s.execute(wanted.where(e.proposition_id == proposition_id))
    return [part for row in rows for part in row if part]


def _sourced(slots: Iterable[str], sources: Sequence[str]) -> bool:
    return all(any(occurs(slot, source) for source in sources) for slot in slots if slot.strip())


def _forget_propositions(s: Session, ids: Sequence[PropositionId]) -> None:
    with deleting(s, "propositions", len(ids)):
        for part in _parts(ids):
            _forget_suggestions(s, part)
            _drop(s, update(FeedbackRow).where(FeedbackRow.subject_id.in_(part)).values(note=""))
            _drop(s, delete(PropositionRow).where(PropositionRow.id.in_(part)))


def _forget_suggestions(s: Session, propositions: Sequence[str]) -> None:
    """Deletes the suggestions that cite one of these."""
    for part in _parts(propositions):
        cited = select(WhyRow.suggestion_id).where(WhyRow.proposition_id.in_(part)).distinct()
        _delete_suggestions(s, s.scalars(cited).all())


def _forget_offers_of_the_moment(s: Session, ids: Sequence[ObservationId]) -> None:
    """Deletes what was offered and planned while this was on screen or shortly after: it may tell of it."""
    o, g, p = ObservationRow, SuggestionRow, PlanRow
    for part in _parts(ids):
        for at, until in s.execute(select(o.at, o.until).where(o.id.in_(part))).all():
            _drop(s, delete(p).where(p.created_at.between(at, until + MOMENT)))
            made = select(g.id).where(g.created_at.between(at, until + MOMENT))
            _delete_suggestions(s, s.scalars(made).all())


def _delete_suggestions(s: Session, ids: Sequence[str]) -> None:
    """With their plans and the words of the reactions; that their kind was liked or not is still known."""
    for part in _parts(ids):
        _drop(s, delete(PlanRow).where(PlanRow.suggestion_id.in_(part)))
        _drop(s, update(FeedbackRow).where(FeedbackRow.subject_id.in_(part)).values(note=""))
        _drop(s, delete(SuggestionRow).where(SuggestionRow.id.in_(part)))


def _clean_history(s: Session, proposition_id: PropositionId, gone: set[ObservationId]) -> None:
    """Takes quotes of `gone` out of a surviving claim's revisions, and wordings nothing left vouches for."""
    sources = _sources(s, proposition_id)
    for row in s.scalars(select(RevisionRow).where(RevisionRow.proposition_id == proposition_id)):
        evidence = evidence_from(row.evidence)
        left = tuple(e for e in evidence if e.observation_id not in gone)
        if len(left) < len(evidence):
            row.evidence, row.reasoning = evidence_json(left), ""
        if not _vouched(proposition_from(row.before), sources):
            row.before = None
        if not _vouched(proposition_from(row.after), sources):
            row.after = None
    s.flush()


def _vouched(snapshot: Proposition | None, sources: Sequence[str]) -> bool:
    return snapshot is None or _sourced(snapshot.slots.values(), sources)


def _last_seen(s: Session) -> datetime:
    latest = s.scalar(select(ObservationRow.until).order_by(ObservationRow.until.desc()).limit(1))
    return max(latest, datetime.now(UTC)) if latest is not None else datetime.now(UTC)


def _leave_no_trace(s: Session) -> None:
    s.flush()
    s.info[SCRUB] = True
    file = s.connection().exec_driver_sql("PRAGMA database_list").first()
    if file is not None and file[2]:
        remove_copies(Path(file[2]))


def _drop(s: Session, statement: Delete | Update) -> None:
    s.execute(statement, execution_options={"synchronize_session": False})


def _parts(ids: Sequence[T]) -> Iterable[Sequence[T]]:
    """SQLite takes a bounded number of values in one statement."""
    return (ids[i : i + 1000] for i in range(0, len(ids), 1000))
