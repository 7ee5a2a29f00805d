"""Opens the store of a data folder, with its key, as the settings say."""

import os

from app.config import Settings
from app.paths import Paths
from storage.db import Database
from storage.keys import data_key


def key_of(paths: Paths, settings: Settings) -> bytes:
    """The 32 bytes of this data folder. Raises StoreLocked, StoreReadOnly, StoreFull.

    A folder named by GUMPTION_HOME keeps its key in a file: it is a test's, a demo's or one on a stick.
    """
    keyring = settings.store.keyring and not os.environ.get("GUMPTION_HOME")
    return data_key(paths.config, paths.database, keyring_ok=keyring)


def open_store(paths: Paths, settings: Settings, key: bytes) -> Database:
    """Raises as `Database.open`."""
    return Database.open(paths.database, key if settings.store.encrypt else None)
