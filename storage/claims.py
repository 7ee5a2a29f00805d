"""Fingerprints of what propositions claim, and the tombstones of what was forgotten.

A fingerprint is a keyed hash of `gum.claims.key`, with a salt of this database: a tombstone must not
tell what it was that the person wanted forgotten.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.claims import key
from gum.lasting import lasts
from storage import meta
from storage.columns import storable
from storage.schema import Base, TombstoneRow

# Made once, see storage.observations: it is asked for every observation.
_GRAVES = Base.metadata.tables["tombstones"]
_DIG = insert(_GRAVES).on_conflict_do_nothing()
_LASTING = "="  # begins the grave of what may be met again
_BURIED = select(func.max(_GRAVES.c.at)).where(_GRAVES.c.claim == bindparam("key"))


def salt(s: Session) -> bytes:
    """The salt of this database, made with its first schema."""
    kept = meta.get(s, "claim_salt")
    assert kept is not None, "migration 0001 puts it there"
    return bytes.fromhex(kept)


def fingerprint(salt: bytes, kind: str, slots: Mapping[str, str], valid_until: datetime | None) -> str:
    """32 hexadecimal digits; the same for two claims that say the same."""
    said = storable(key(kind, slots, valid_until)).encode()
    return hashlib.blake2b(said, key=salt, digest_size=16).hexdigest()


def bury(s: Session, claim: str, at: datetime) -> None:
    """Notes that what was seen up to `at` must not bring this claim back."""
    statement = insert(TombstoneRow).values(claim=claim, at=at)
    s.execute(statement.on_conflict_do_update(index_elements=["claim"], set_={"at": at}))


def buried_at(s: Session, claim: str) -> datetime | None:
    """Up to when what was seen does not count for this claim; None when it was never forgotten."""
    until: datetime | None = s.connection().scalar(_BURIED, {"key": claim})
    return until


def bury_observation(s: Session, observation_id: str, at: datetime) -> None:
    """Notes that this observation must not be stored again: a window that is still open reports on."""
    bury(s, _grave(s, observation_id), at)


def bury_lasting(s: Session, ids: Iterable[str], at: datetime) -> None:
    """Notes that those of `ids` whose things may be met again (`gum.lasting`) must not be stored again."""
    if lasting := [key for key in ids if lasts(key)]:
        secret = salt(s)
        s.connection().execute(_DIG, [{"claim": _LASTING + _hash(key, secret), "at": at} for key in lasting])


def clear_graves(s: Session) -> None:
    """Forgets what was forgotten, but for the things that may be met again."""
    gone = delete(TombstoneRow).where(TombstoneRow.claim.not_like(f"{_LASTING}%"))
    s.execute(gone, execution_options={"synchronize_session": False})


def is_buried(s: Session, observation_id: str) -> bool:
    return buried_at(s, _grave(s, observation_id)) is not None


def _grave(s: Session, observation_id: str) -> str:
    # Most ids are random, so nobody can guess them. Others are made of what was seen: those need the salt.
    return _LASTING + _hash(observation_id, salt(s)) if lasts(observation_id) else _hash(observation_id)


def _hash(observation_id: str, secret: bytes = b"") -> str:
    said = observation_id.encode()
    return hashlib.blake2b(said, key=secret, digest_size=16, person=b"observation").hexdigest()
