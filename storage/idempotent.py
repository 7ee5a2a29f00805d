"""The same request sent twice does its work once (draft-ietf-httpapi-idempotency-key-header-07, section 2).

Of the first answer only the id of what it made is kept, not its words: whoever asks again is told how that
stands now, and what was forgotten meanwhile is not kept here.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.errors import KeyReused, RequestUnusable
from gum.grants import ClientId
from storage.client_schema import IdempotentRow

LASTS = timedelta(hours=24)
MOST = 1000  # keys of one client; beyond them the oldest are given up
LONGEST = 255  # characters of a key
_QUIETLY = {"synchronize_session": False}


def digest(operation: str, request: str) -> bytes:
    """SHA-256 of what was asked, 32 bytes."""
    return hashlib.sha256(f"{operation}\n{request}".encode("utf-8", "surrogatepass")).digest()


def recall(s: Session, client_id: ClientId, key: str, request: bytes, now: datetime) -> str | None:
    """The id of what this very request made before, if it did within 24 hours.

    Raises KeyReused when the key came with another request, RequestUnusable for one that is none.
    """
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise RequestUnusable(
            "That is not a key", f"An Idempotency-Key has 1 to {LONGEST} printable characters."
        )
    row = s.scalar(
        select(IdempotentRow)
        .where(IdempotentRow.client_id == client_id, IdempotentRow.key == key)
        .where(IdempotentRow.at > now - LASTS)
    )
    if row is None:
        return None
    if row.request != request:
        raise KeyReused("That key was sent with another request", "Take a new Idempotency-Key.")
    return row.body.decode()


def remember(
    s: Session, client_id: ClientId, key: str, request: bytes, made: str, now: datetime, status: int = 201
) -> None:
    """Keeps that this request made something; to be called in the transaction that makes it."""
    i = IdempotentRow
    s.execute(delete(i).where(i.at <= now - LASTS), execution_options=_QUIETLY)
    row = {"request": request, "status": status, "body": made.encode(), "at": now}
    put = insert(i).values(client_id=client_id, key=key, **row)
    s.execute(put.on_conflict_do_update(index_elements=[i.client_id, i.key], set_=row))
    latest = select(i.key).where(i.client_id == client_id).order_by(i.at.desc(), i.key).limit(MOST)
    s.execute(delete(i).where(i.client_id == client_id, i.key.not_in(latest)), execution_options=_QUIETLY)
