"""What a client shows to be let in: `gmp_CLIENT_SECRET`, of which only a hash of the secret is kept. Pure.

The secret is 32 random bytes, so nothing slower than SHA-256 is needed to keep it: there is no word in it
that somebody could guess. The prefix lets programs that look for leaked keys know one when they see it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from gum.grants import ClientId
from gum.types import new_id

PREFIX = "gmp"
SECRET_BYTES = 32
LONGEST = 64  # characters that `parsed` looks at
_FORM = re.compile(r"gmp_([a-z2-7]{16})_([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made. `text` is shown once and kept nowhere; `hash` is kept (32 bytes)."""

    client: ClientId
    text: str = field(repr=False)
    hash: bytes = field(repr=False)


def made(client: ClientId | None = None) -> NewToken:
    """A fresh token, of a new client or for one that is known."""
    name = client or ClientId(new_id())
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return NewToken(name, f"{PREFIX}_{name}_{secret}", hash_of(secret))


def parsed(text: str) -> tuple[ClientId, str] | None:
    """Client and secret of a token's text; None for whatever is not exactly of that form."""
    found = _FORM.fullmatch(text) if len(text) <= LONGEST else None
    # The last of 43 characters carries 4 bits, and 2 that a decoder drops: one secret, one spelling.
    if found is None or found[2][-1] not in _LAST:
        return None
    return ClientId(found[1]), found[2]


_LAST = frozenset(base64.urlsafe_b64encode(bytes(31) + bytes([n]))[42:43].decode() for n in range(256))


def hash_of(secret: str) -> bytes:
    """What is kept of a secret: its SHA-256, 32 bytes."""
    return hashlib.sha256(secret.encode()).digest()


def fits(kept: bytes, secret: str) -> bool:
    """Whether `secret` is the one that was kept as `kept`; takes as long whatever is wrong about it."""
    return hmac.compare_digest(kept, hash_of(secret))


DUMMY = hash_of(secrets.token_urlsafe(SECRET_BYTES))
"""The hash of a secret nobody has: compare with it where a client is unknown, so that it costs the same."""
