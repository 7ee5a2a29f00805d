"""What clients would have remembered or forgotten: nothing, until the person says so.

The words of a proposal are kept while it waits and no longer. Of what was decided a salted digest stays for
30 days, so that the same is not asked again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.errors import NotAllowed
from gum.grants import ClientId
from gum.text import normal
from gum.types import new_id
from storage.client_schema import ProposalRow

FACT, FORGET = "fact", "forget"
WAITING, ACCEPTED, REJECTED, EXPIRED = "waiting", "accepted", "rejected", "expired"
LASTS = timedelta(days=7)  # without an answer
NOT_AGAIN = timedelta(days=30)
MOST_OF_ONE, MOST = 20, 100  # that wait: of one client, of all
_DIGEST = "digest"
_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Proposal:
    """`what` names what is proposed; of one that is over its words are gone."""

    id: str
    client_id: ClientId
    client: str
    kind: str
    what: Mapping[str, str]
    state: str
    at: datetime
    decided_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        return self.at + LASTS


def add(
    s: Session, client_id: ClientId, client: str, kind: str, what: Mapping[str, str], now: datetime
) -> tuple[Proposal, bool]:
    """The proposal that waits from now on (True), or the same of this client, waiting or decided lately.

    Raises NotAllowed where too many wait.
    """
    expire(s, now)
    key = _key(kind, what)
    mine = select(ProposalRow).where(ProposalRow.client_id == client_id, ProposalRow.kind == kind)
    for row in s.scalars(mine.order_by(ProposalRow.n)).all():
        known = _proposal(row)
        same = _key(kind, known.what) == key if known.state == WAITING else _digest(known.id, key)
        if same is True or same == known.what.get(_DIGEST):
            return known, False
    if waiting(s, client_id) >= MOST_OF_ONE or waiting(s) >= MOST:
        raise NotAllowed("Too much waits for the person already", "Ask again when they have decided.")
    made = Proposal(new_id(), client_id, client, kind, what, WAITING, now)
    s.execute(insert(ProposalRow).values(_row(made)))
    return made, True


def get(s: Session, proposal_id: str, client_id: ClientId | None = None) -> Proposal | None:
    """One, or one of that client."""
    wanted = select(ProposalRow).where(ProposalRow.id == proposal_id)
    if client_id is not None:
        wanted = wanted.where(ProposalRow.client_id == client_id)
    row = s.scalar(wanted)
    return _proposal(row) if row is not None else None


def waiting(s: Session, client_id: ClientId | None = None) -> int:
    """How many wait for the person, of all clients or one."""
    wanted = select(func.count()).select_from(ProposalRow).where(ProposalRow.state == WAITING)
    if client_id is not None:
        wanted = wanted.where(ProposalRow.client_id == client_id)
    return s.scalar(wanted) or 0


def list_(s: Session, now: datetime, state: str | None = WAITING, limit: int = MOST) -> list[Proposal]:
    """The newest first; None: in whatever state. One that nobody answered in time does not wait."""
    wanted = select(ProposalRow).order_by(ProposalRow.at.desc(), ProposalRow.n.desc()).limit(limit)
    if state is not None:
        wanted = wanted.where(ProposalRow.state == state)
    if state == WAITING:
        wanted = wanted.where(ProposalRow.at > now - LASTS)
    return [_proposal(row) for row in s.scalars(wanted).all()]


def decide(s: Session, proposal: Proposal, state: str, now: datetime) -> bool:
    """Keeps what became of one that waited; False: it was decided before.

    It may be gone by then: to do what it asks for may be to forget it.
    """
    over = replace(proposal, state=state, decided_at=now, what=_left(proposal, state))
    row = _row(over)
    put = insert(ProposalRow).values(row)
    changed = {name: row[name] for name in ("state", "what", "decided_at")}
    kept = put.on_conflict_do_update(
        index_elements=[ProposalRow.id], set_=changed, where=ProposalRow.state == WAITING
    )
    done = s.execute(kept.returning(ProposalRow.n), execution_options=_QUIETLY)
    return done.first() is not None


def expire(s: Session, now: datetime) -> None:
    """What nobody answered in a week is over; what has been over for 30 days is deleted."""
    p = ProposalRow
    old = update(p).where(p.state == WAITING, p.at <= now - LASTS)
    s.execute(old.values(state=EXPIRED, decided_at=now, what="{}"), execution_options=_QUIETLY)
    s.execute(delete(p).where(p.decided_at <= now - NOT_AGAIN), execution_options=_QUIETLY)


def drop_of_client(s: Session, client_id: ClientId) -> None:
    """Deletes what waits of a client that was revoked."""
    p = ProposalRow
    s.execute(delete(p).where(p.client_id == client_id, p.state == WAITING), execution_options=_QUIETLY)


def _left(proposal: Proposal, state: str) -> Mapping[str, str]:
    """What stays of the words. What was forgotten may be forgotten again; all else is not asked again."""
    if state == EXPIRED or (state == ACCEPTED and proposal.kind == FORGET):
        return {}
    return {_DIGEST: _digest(proposal.id, _key(proposal.kind, proposal.what))}


def _key(kind: str, what: Mapping[str, str]) -> str:
    """Equal for what is the same to a person: case and punctuation make no other fact."""
    return json.dumps([kind, *((name, normal(what[name])) for name in sorted(what))])


def _digest(salt: str, key: str) -> str:
    return hashlib.sha256(f"{salt}\n{key}".encode()).hexdigest()


def _row(p: Proposal) -> dict[str, object]:
    fields = ("id", "client_id", "client", "kind", "state", "at", "decided_at")
    return {**{name: getattr(p, name) for name in fields}, "what": json.dumps(dict(p.what))}


def _proposal(row: ProposalRow) -> Proposal:
    what: Mapping[str, str] = json.loads(row.what)
    client = ClientId(row.client_id)
    return Proposal(row.id, client, row.client, row.kind, what, row.state, row.at, row.decided_at)
