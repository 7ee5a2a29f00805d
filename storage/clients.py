"""The programs that the person let in: what each may, and the hash of its token. The token itself is nowhere.

One that was revoked stays for a while without use, so that what it was told can still be named; then it goes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from gum.errors import NotAllowed
from gum.grants import ClientId, Grant, Scope, from_json, to_json
from storage.client_schema import ClientRow, DisclosureRow
from storage.schema import ExemptionRow

_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Known:
    """A client. `token_hash`: SHA-256 of its secret, 32 bytes. `until` None: until it is revoked."""

    client: ClientId
    name: str
    scope: Scope
    given_at: datetime
    token_hash: bytes
    until: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def grant(self) -> Grant:
        return Grant(self.client, self.name, self.scope, self.given_at, self.until)

    def lives(self, now: datetime) -> bool:
        """Whether it may still ask."""
        return self.revoked_at is None and self.grant.holds(now)


def add(s: Session, known: Known) -> None:
    """Lets a client in.

    What the audit was allowed to let through is kept by name; what another one of this name was allowed, this
    one is not.
    """
    e = ExemptionRow
    s.execute(delete(e).where(e.place == known.grant.recipient), execution_options=_QUIETLY)
    row = ClientRow(
        id=known.client,
        name=known.name,
        token_hash=known.token_hash,
        scope=_text(known.scope),
        given_at=known.given_at,
        until=known.until,
        last_used_at=known.last_used_at,
        revoked_at=known.revoked_at,
    )
    s.add(row)
    s.flush()


def get(s: Session, client: ClientId) -> Known | None:
    """The one with this id, also when it was revoked."""
    row = s.get(ClientRow, client)
    return _known(row) if row is not None else None


def every(s: Session) -> list[Known]:
    """All of them, also those that were revoked, the oldest first."""
    return [_known(row) for row in s.scalars(select(ClientRow).order_by(ClientRow.given_at, ClientRow.id))]


def set_scope(s: Session, client: ClientId, scope: Scope, until: datetime | None) -> None:
    """What it may from now on, and for how long."""
    values = {"scope": _text(scope), "until": until}
    s.execute(update(ClientRow).where(ClientRow.id == client).values(values), execution_options=_QUIETLY)


def revoke(s: Session, client: ClientId, now: datetime) -> None:
    """It may nothing any more; the hash of its token is overwritten, so no grant can come back."""
    c = ClientRow
    gone = update(c).where(c.id == client, c.revoked_at.is_(None)).values(revoked_at=now, token_hash=b"")
    s.execute(gone, execution_options=_QUIETLY)


def touch(s: Session, used: Mapping[ClientId, datetime]) -> None:
    """Notes when each of them last asked."""
    for client, at in used.items():
        noted = update(ClientRow).where(ClientRow.id == client).values(last_used_at=at)
        s.execute(noted, execution_options=_QUIETLY)


def purge(s: Session, before: datetime) -> int:
    """Drops those that were revoked before then; how many."""
    c = ClientRow
    old = delete(c).where(c.revoked_at < before).returning(c.id)
    return len(s.execute(old, execution_options=_QUIETLY).all())


def reads(s: Session, since: datetime) -> dict[ClientId, int]:
    """How often each client was answered from then on; one that was not is left out."""
    d = DisclosureRow
    rows = s.execute(select(d.client_id, func.count()).where(d.at >= since).group_by(d.client_id))
    return {ClientId(client): count for client, count in rows}


def _text(scope: Scope) -> str:
    return json.dumps(to_json(scope), ensure_ascii=False, separators=(",", ":"))


def _scope(text: str) -> Scope:
    """What cannot be understood allows nothing; it must not keep the other clients out."""
    try:
        return from_json(json.loads(text))
    except (ValueError, TypeError, NotAllowed):
        return Scope(rights=frozenset(), parts=frozenset())


def _known(row: ClientRow) -> Known:
    return Known(
        client=ClientId(row.id),
        name=row.name,
        scope=_scope(row.scope),
        given_at=row.given_at,
        token_hash=row.token_hash,
        until=row.until,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
