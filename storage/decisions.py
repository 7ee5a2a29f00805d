"""The log of the audit: what was hidden or did not go on, and what the person allowed from then on.

The same decision within a day is one row with a count, so that the log can be read. Excerpts name other
people by their pseudonyms; the names are put back for the person's own eyes. A row goes with the observation
or claim it is about; what did not leave also goes with the words it quotes (`forget_unsaid`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from gum.audit import Entry, Exemption, Stage, excerpt
from gum.errors import NotAllowed, NotFound
from gum.people import Person, called, mask, unmasked
from gum.text import pieces
from gum.topic import says
from gum.types import ObservationId, PropositionId, new_id
from storage.many import among
from storage.mentions import unmentioned
from storage.schema import DecisionRow, ExemptionRow
from storage.short_ids import LAST, LEAST

TOGETHER = timedelta(days=1)
MOST = 2_000  # rows; the oldest go
PORTION = 1000

_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of the log, with real names."""

    id: str
    at: datetime
    stage: str
    recipient: str
    place: str
    rule: str
    reason: str
    what: str
    decision: str
    count: int
    observation_id: ObservationId | None
    proposition_id: PropositionId | None
    reversed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Allowed:
    """An exception that the person made."""

    id: str
    rule: str
    place: str
    at: datetime


def add(
    s: Session,
    entries: Iterable[tuple[Entry, PropositionId | None]],
    people: Sequence[Person],
    now: datetime,
) -> None:
    """Logs decisions, each with the proposition it is about, where it is about one."""
    for entry, claim in entries:
        _add(s, entry, people, now, claim)
    over = (s.scalar(select(func.count()).select_from(DecisionRow)) or 0) - MOST
    if over > 0:
        oldest = select(DecisionRow.n).order_by(DecisionRow.at, DecisionRow.n).limit(over)
        s.execute(delete(DecisionRow).where(DecisionRow.n.in_(oldest)), execution_options=_QUIETLY)


def _add(
    s: Session, entry: Entry, people: Sequence[Person], now: datetime, claim: PropositionId | None
) -> None:
    d, q = DecisionRow, entry.question
    what = mask(excerpt(q.text), people).text
    same = select(d).where(
        d.rule == entry.decision.rule,
        d.place == q.place,
        d.stage == q.stage.value,
        d.recipient == q.recipient,
        d.what == what,
        d.decision == entry.decision.outcome.value,
        d.reversed_at.is_(None),
        d.at > now - TOGETHER,
    )
    known = s.scalar(same.order_by(d.n.desc()).limit(1))
    if known is None:
        row = DecisionRow(
            id=new_id(),
            at=now,
            stage=q.stage.value,
            recipient=q.recipient,
            place=q.place,
            rule=entry.decision.rule,
            reason=entry.decision.reason,
            what=what,
            decision=entry.decision.outcome.value,
            count=1,
            observation_id=q.observation_id,
            proposition_id=claim,
            reversed_at=None,
        )
        s.add(row)
    elif q.observation_id is None or known.observation_id != q.observation_id:
        # Once a time it was seen, not once a time it was looked at.
        known.count += 1
        known.at = now
        known.observation_id = q.observation_id
        known.proposition_id = claim or known.proposition_id
    s.flush()


def list_(s: Session, people: Sequence[Person], limit: int = 100) -> list[Logged]:
    """The newest first, with real names."""
    rows = s.scalars(select(DecisionRow).order_by(DecisionRow.at.desc(), DecisionRow.n.desc()).limit(limit))
    names = called(people)
    return [_logged(row, names) for row in rows]


def find(s: Session, typed: str) -> Logged | Allowed:
    """The row or exception whose id is or begins with `typed`. Raises NotFound, NotAllowed."""
    begun = typed.strip()
    if len(begun) < LEAST:
        raise NotFound("There is no such decision", "`gumption audit` lists them.")
    d, e = DecisionRow, ExemptionRow
    rows = s.scalars(select(d).where(d.id >= begun, d.id < begun + LAST).limit(2)).all()
    made = s.scalars(select(e).where(e.id >= begun, e.id < begun + LAST).limit(2)).all()
    found: list[Logged | Allowed] = [*(_logged(r, {}) for r in rows), *(_allowed(r) for r in made)]
    if not found:
        raise NotFound("There is no such decision", "It may have been forgotten, or be too old.")
    if len(found) > 1:
        raise NotAllowed(f"Several decisions begin with {begun}", "Type more of the id.")
    return found[0]


def exemptions(s: Session) -> list[Allowed]:
    """What the person allowed, the newest first."""
    return [_allowed(row) for row in s.scalars(select(ExemptionRow).order_by(ExemptionRow.at.desc()))]


def allowed(s: Session) -> frozenset[Exemption]:
    """The same, as the audit wants it."""
    return frozenset(Exemption(row.rule, row.place) for row in s.scalars(select(ExemptionRow)))


def allow(s: Session, rule: str, place: str, now: datetime) -> list[Logged]:
    """Allows a kind from then on; the rows of the log that would not be there with it."""
    e, d = ExemptionRow, DecisionRow
    if s.scalar(select(e.id).where(e.rule == rule, e.place == place)) is None:
        s.add(ExemptionRow(id=new_id(), rule=rule, place=place, at=now))
    like = (d.rule == rule) & (d.place == place) & d.reversed_at.is_(None)
    rows = [_logged(row, {}) for row in s.scalars(select(d).where(like))]
    s.execute(update(d).where(like).values(reversed_at=now), execution_options=_QUIETLY)
    s.flush()
    return rows


def disallow(s: Session, rule: str, place: str) -> None:
    """Takes an exception back: what comes from then on is held back again."""
    e, d = ExemptionRow, DecisionRow
    s.execute(delete(e).where(e.rule == rule, e.place == place), execution_options=_QUIETLY)
    back = update(d).where(d.rule == rule, d.place == place).values(reversed_at=None)
    s.execute(back, execution_options=_QUIETLY)


def retire(s: Session, before: datetime) -> int:
    """Deletes the rows from before then, the oldest thousand; how many."""
    d = DecisionRow
    old = select(d.n).where(d.at < before).order_by(d.at).limit(PORTION)
    gone = s.execute(delete(d).where(d.n.in_(old)).returning(d.n), execution_options=_QUIETLY)
    return len(gone.all())


def forget_topic(s: Session, words: str, people: Sequence[Person]) -> None:
    """Forgets the rows that have all of `words` in what they quote, names put back, or in where."""
    asked, names = pieces(words), called(people)
    d = DecisionRow
    rows = s.execute(select(d.n, d.what, d.place))
    gone = [n for n, what, place in rows if says(asked, f"{unmasked(what, names)} {place}")]
    s.execute(delete(d).where(among(d.n, gone)), execution_options=_QUIETLY)


def forget_place(s: Session, place: str) -> None:
    """Forgets what was decided, and what was allowed, for an application."""
    for table in (DecisionRow, ExemptionRow):
        s.execute(delete(table).where(table.place == place), execution_options=_QUIETLY)


def forget_span(s: Session, since: datetime | None, until: datetime | None) -> None:
    """Forgets what was decided then."""
    d = DecisionRow
    after = [] if since is None else [d.at >= since]
    before = [] if until is None else [d.at <= until]
    s.execute(delete(d).where(*after, *before), execution_options=_QUIETLY)


def forget_unsaid(s: Session, people: Sequence[Person]) -> None:
    """Forgets the rows about what did not leave whose words stand in nothing that is left."""
    d = DecisionRow
    loose = (d.stage == Stage.LEAVE.value) & (d.what != "")
    rows = s.execute(select(d.n, d.what).where(loose)).all()
    names = called(people)
    told = {n: unmasked(what, names).removesuffix("…") for n, what in rows}
    missing = unmentioned(s, told.values())
    gone = [n for n, what in told.items() if what in missing]
    s.execute(delete(d).where(among(d.n, gone)), execution_options=_QUIETLY)


def _logged(row: DecisionRow, names: Mapping[int, str]) -> Logged:
    return Logged(
        id=row.id,
        at=row.at,
        stage=row.stage,
        recipient=row.recipient,
        place=row.place,
        rule=row.rule,
        reason=row.reason,
        what=unmasked(row.what, names) if names else row.what,
        decision=row.decision,
        count=row.count,
        observation_id=ObservationId(row.observation_id) if row.observation_id is not None else None,
        proposition_id=PropositionId(row.proposition_id) if row.proposition_id is not None else None,
        reversed_at=row.reversed_at,
    )


def _allowed(row: ExemptionRow) -> Allowed:
    return Allowed(row.id, row.rule, row.place, row.at)
