"""Forgetting for good: what was seen, all that was concluded from it alone, and every trace of both.

Rows go by foreign keys, full-text entries by triggers (`storage.full_text`), bytes by `secure_delete`. After
the transaction `storage.db` writes a small file anew and empties the write-ahead log; what takes longer in a
large store is left to `storage.scrub` and noted there. Copies made before an upgrade are deleted.
A claim that loses some of its evidence stays if its words are vouched for by what is left
(`storage.provenance`). The caller takes the vectors out of the index and scores the weakened claims again.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Delete, Update, delete, func, select, update
from sqlalchemy.orm import Session

from gum.aliases import Real
from gum.types import ObservationId, PropositionId
from storage import aliases, claims, decisions, disclosures, people, scope, scrub, topic
from storage.client_schema import ClientRow, IdempotentRow, ProposalRow
from storage.db import SCRUB, take_room
from storage.full_text import deleting
from storage.many import among
from storage.migrate import remove_copies
from storage.privacy import quarter
from storage.provenance import Provenance
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
    TombstoneRow,
    WhyRow,
)
from storage.scope import App, Everything, Gone, Scope, Span, Topic

GOING_ON = timedelta(days=1)
MOMENT = timedelta(minutes=15)  # how long after it was seen a thing may still be part of the moment

KEEP_AT_FORGET_EVERYTHING = (RuleRow, MetaRow, TombstoneRow, ClientRow)
"""The person's own rules, the pause, which programs they let in, and the calendar accounts they named:
choices of theirs, nothing learnt; without rules and pause more would be seen than before. Of the tombstones
only those of what may be met again (`claims.clear_graves`): a note in its folder stays forgotten."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is gone; `weakened_ids` are propositions that lost evidence and must be scored again."""

    observation_ids: tuple[ObservationId, ...] = ()
    proposition_ids: tuple[PropositionId, ...] = ()
    weakened_ids: tuple[PropositionId, ...] = ()


def weigh(s: Session, what: Scope) -> Forgotten:
    """What `forget` would take, without taking it. Only reads."""
    return _weighed(s, what).found


def forget(s: Session, what: Scope) -> Forgotten:
    """Forgets `what` for good. A claim named by itself is not learnt again from what was seen until now."""
    if isinstance(what, Everything):
        return _everything(s)
    take_room(s)
    found, gone, claimed, named = _weighed(s, what)
    if named:
        seen = _last_seen(s)
        for claim in s.scalars(select(PropositionRow.claim).where(among(PropositionRow.id, named))).all():
            claims.bury(s, claim, seen)
    _bury(s, gone.ids)
    claimed.clean(found.weakened_ids)
    _forget_offers_of_the_moment(s, gone.ids)
    _forget_told_in_the_moment(s, gone.ids)
    _forget_suggestions(s, found.weakened_ids)  # their "why now" may quote what is gone
    if gone.outlived is not None:
        _drop(s, delete(EvidenceRow).where(gone.outlived))
    with deleting(s, "observations", gone.ids):
        _drop(s, delete(ObservationRow).where(among(ObservationRow.id, gone.ids)))
    _forget_propositions(s, found.proposition_ids)
    _forget_exclusions(s, what)
    if isinstance(what, Topic):
        _forget_mentions(s, what.words)
    if found != Forgotten() or isinstance(what, Topic | App | Span):
        _forget_told(s, what, found)
        _forget_audited(s, what)
        _leave_no_trace(s)
    return found


class _Weighed(NamedTuple):
    """What goes, how it is told, whose claims rest on it, and the claims that the person named."""

    found: Forgotten
    gone: Gone
    claimed: Provenance
    named: Sequence[PropositionId]


def _weighed(s: Session, what: Scope) -> _Weighed:
    ids = scope.observations(s, what)
    gone = Gone(frozenset(ids), what)
    claimed = Provenance(s, gone)
    if isinstance(what, Everything):
        known = [PropositionId(key) for key in s.scalars(select(PropositionRow.id))]
        return _Weighed(Forgotten(tuple(ids), tuple(known)), gone, claimed, known)
    named = _there(s, scope.propositions(s, what))
    by_name = set(named)
    unsupported, weakened = claimed.sort([key for key in claimed.touched() if key not in by_name])
    return _Weighed(Forgotten(tuple(ids), (*named, *unsupported), tuple(weakened)), gone, claimed, named)


def _there(s: Session, ids: Sequence[PropositionId]) -> list[PropositionId]:
    found = set(s.scalars(select(PropositionRow.id).where(among(PropositionRow.id, ids))))
    return [key for key in ids if key in found]


def _everything(s: Session) -> Forgotten:
    found = _weighed(s, Everything()).found
    recent = _recent(s)
    kept = {row.__tablename__ for row in KEEP_AT_FORGET_EVERYTHING}
    seen, known = found.observation_ids, found.proposition_ids
    with deleting(s, "observations", seen), deleting(s, "propositions", known):
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in kept:
                s.execute(delete(table))
        claims.clear_graves(s)
    claims.bury_lasting(s, seen, datetime.now(UTC))
    for key, until in recent:
        claims.bury_observation(s, key, until)
    _leave_no_trace(s)
    return found


def _bury(s: Session, gone: Collection[str]) -> None:
    claims.bury_lasting(s, gone, _last_seen(s))
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


def _forget_propositions(s: Session, ids: Sequence[PropositionId]) -> None:
    with deleting(s, "propositions", ids):
        _forget_suggestions(s, ids)
        _drop(s, update(FeedbackRow).where(among(FeedbackRow.subject_id, ids)).values(note=""))
        _drop(s, delete(PropositionRow).where(among(PropositionRow.id, ids)))


def _forget_suggestions(s: Session, propositions: Sequence[str]) -> None:
    """Deletes the suggestions that cite one of these."""
    cited = select(WhyRow.suggestion_id).where(among(WhyRow.proposition_id, propositions)).distinct()
    _delete_suggestions(s, s.scalars(cited).all())


def _forget_offers_of_the_moment(s: Session, ids: Collection[str]) -> None:
    """Deletes what was offered and planned while this was on screen or shortly after: it may tell of it."""
    o, g, p = ObservationRow, SuggestionRow, PlanRow
    first, last = s.execute(select(func.min(o.at), func.max(o.until)).where(among(o.id, ids))).one()
    if first is None:
        return
    ends = first, last + MOMENT
    made = s.execute(select(p.id, p.created_at).where(p.created_at.between(*ends))).all()
    offered = s.execute(select(g.id, g.created_at).where(g.created_at.between(*ends))).all()
    if not made and not offered:
        return
    moments = _moments(s, ids)
    _drop(s, delete(p).where(among(p.id, [key for key, at in made if at in moments])))
    _delete_suggestions(s, [key for key, at in offered if at in moments])


def _moments(s: Session, ids: Collection[str]) -> "_Moments":
    o = ObservationRow
    times = s.execute(select(o.at, o.until).where(among(o.id, ids)))
    return _Moments([(at, until + MOMENT) for at, until in times])


def _forget_told_in_the_moment(s: Session, ids: Collection[str]) -> None:
    """What other programs were told then, where the answer says not what it is about: it may be this."""
    o = ObservationRow
    first, last = s.execute(select(func.min(o.at), func.max(o.until)).where(among(o.id, ids))).one()
    told = disclosures.unattributed(s, first, last + MOMENT) if first is not None else []
    if told:
        moments = _moments(s, ids)
        disclosures.forget_told(s, [n for n, at in told if at in moments])


def _forget_told(s: Session, what: Scope, found: Forgotten) -> None:
    """What other programs were told of it, asked about it, and put before the person."""
    real, p = Real.of([*people.known(s), *aliases.known(s)]), ProposalRow
    gone: list[int] = []
    ids = (*found.observation_ids, *found.proposition_ids, *found.weakened_ids)
    disclosures.forget_about(s, ids)
    if isinstance(what, App):
        disclosures.forget_app(s, what.app)
    if isinstance(what, Span):
        disclosures.forget_span(s, what.since, what.until)
        ends = [] if what.since is None else [p.at >= what.since]
        ends += [] if what.until is None else [p.at <= what.until]
        _drop(s, delete(p).where(p.kind == "fact", *ends))
    if isinstance(what, Topic):
        disclosures.forget_topic(s, what.words, real)
        gone += topic.proposals(s, what.words, real.read)
    _drop(s, delete(p).where(among(p.n, [*gone, *topic.proposals_about(s, ids)])))
    _drop(s, delete(IdempotentRow))


class _Moments:
    """Stretches of time, overlapping or not. One look-up each, not one for every observation and offer."""

    def __init__(self, spans: Sequence[tuple[datetime, datetime]]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, at: datetime) -> bool:
        place = bisect_right(self._starts, at)
        return place > 0 and at <= self._ends[place - 1]


def _delete_suggestions(s: Session, ids: Sequence[str]) -> None:
    """With their plans and the words of the reactions; that their kind was liked or not is still known."""
    _drop(s, delete(PlanRow).where(among(PlanRow.suggestion_id, ids)))
    _drop(s, update(FeedbackRow).where(among(FeedbackRow.subject_id, ids)).values(note=""))
    _drop(s, delete(SuggestionRow).where(among(SuggestionRow.id, ids)))


def _forget_mentions(s: Session, words: str) -> None:
    """What speaks of a topic without resting on what was seen of it: history, offers, plans, notes."""
    blank = {"before": None, "after": None, "evidence": "[]", "reasoning": ""}
    _drop(s, update(RevisionRow).where(among(RevisionRow.n, topic.revisions(s, words))).values(blank))
    _delete_suggestions(s, topic.suggestions(s, words))
    _drop(s, delete(PlanRow).where(among(PlanRow.id, topic.plans(s, words))))
    _drop(s, update(FeedbackRow).where(among(FeedbackRow.n, topic.notes(s, words))).values(note=""))


def _forget_exclusions(s: Session, what: Scope) -> None:
    """The counts of what was kept from being observed: they know an application and a time, no more."""
    e = ExclusionRow
    if isinstance(what, App):
        _drop(s, delete(e).where(e.app == what.app))
    if isinstance(what, Span):
        after = [] if what.since is None else [e.quarter >= quarter(what.since)]
        before = [] if what.until is None else [e.quarter <= what.until]
        _drop(s, delete(e).where(*after, *before))


def _forget_audited(s: Session, what: Scope) -> None:
    """What was held back, by the same scope; names and excerpts that nothing that is left speaks of."""
    named = people.known(s)
    if isinstance(what, App):
        decisions.forget_place(s, what.app)
    if isinstance(what, Span):
        decisions.forget_span(s, what.since, what.until)
    if isinstance(what, Topic):
        decisions.forget_topic(s, what.words, named)
        people.forget_topic(s, what.words)
        aliases.forget_topic(s, what.words)
    decisions.forget_unsaid(s, named)
    people.forget(s, people.unnamed(s))
    aliases.forget(s, aliases.unnamed(s))


def _last_seen(s: Session) -> datetime:
    latest = s.scalar(select(ObservationRow.until).order_by(ObservationRow.until.desc()).limit(1))
    return max(latest, datetime.now(UTC)) if latest is not None else datetime.now(UTC)


def _leave_no_trace(s: Session) -> None:
    s.flush()
    # Noted in the same transaction: killed before the file is written anew, the next start does it.
    scrub.note(s)
    s.info[SCRUB] = scrub.written
    file = s.connection().exec_driver_sql("PRAGMA database_list").first()
    if file is not None and file[2]:
        remove_copies(Path(file[2]))


def _drop(s: Session, statement: Delete | Update) -> None:
    s.execute(statement, execution_options={"synchronize_session": False})
