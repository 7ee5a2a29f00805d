"""What is done to an observation before it is stored: no secrets, and no addresses where that is wanted.

The key of the made-up addresses is kept in the store: they stay the same when the store's own key is changed.
"""

import secrets

from sqlalchemy.orm import Session

from gum.contacts import Hide, hider
from gum.errors import StoreUnavailable
from gum.redact import redact
from gum.types import Observation
from storage import meta

KEY = "contacts_key"


class Cleaning:
    """Called with an observation once `load` was. May be called from any thread."""

    def __init__(self, contacts: str = "keep") -> None:
        """`contacts`: "keep", or "pseudonym" for made-up e-mail addresses and telephone numbers."""
        self._wanted = contacts == "pseudonym"
        self._hide: Hide | None = None

    def load(self, s: Session) -> None:
        """Takes the store's key, or makes one, if it is needed. In a transaction that may write."""
        if self._wanted:
            key = meta.get(s, KEY)
            if key is None:
                key = secrets.token_hex(32)
                meta.put(s, KEY, key)
            self._hide = hider(bytes.fromhex(key))

    def __call__(self, observation: Observation) -> Observation:
        """Raises StoreUnavailable where addresses are to be hidden and the key for it is not there yet."""
        if self._wanted and self._hide is None:
            raise StoreUnavailable(
                "The key of the made-up addresses is not there",
                "Nothing is stored without it: start it anew.",
            )
        return redact(observation, self._hide)
