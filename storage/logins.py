"""The person's accounts on servers, with their passwords: kept in the encrypted database and nowhere else.

What opens the database opens them, so a passphrase and a lock hold for them, too; an export leaves them out.
"""

import json
from collections.abc import Sequence

from sqlalchemy.orm import Session

from gum.login import Login
from storage import meta

KEY = "calendar_logins"


def every(s: Session) -> tuple[Login, ...]:
    """All of them, the oldest first."""
    kept = meta.get(s, KEY)
    return tuple(Login(**one) for one in json.loads(kept)) if kept else ()


def put(s: Session, login: Login) -> tuple[Login, ...]:
    """Keeps `login` in place of one of the same address and name; all of them then."""
    others = [one for one in every(s) if (one.address, one.user) != (login.address, login.user)]
    return _keep(s, [*others, login])


def remove(s: Session, id_: str) -> tuple[Login, ...]:
    """Drops the one with this id, if it is there; all that are left."""
    return _keep(s, [one for one in every(s) if one.id != id_])


def _keep(s: Session, logins: Sequence[Login]) -> tuple[Login, ...]:
    if not logins:
        meta.delete(s, KEY)
        return ()
    fields = ("id", "address", "user", "password")
    meta.put(s, KEY, json.dumps([{name: getattr(one, name) for name in fields} for one in logins]))
    return tuple(logins)
