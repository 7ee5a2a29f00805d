"""Opens the store of a data folder with its key, as the settings say."""

import os
from contextlib import ExitStack
from dataclasses import dataclass, field

from app.config import Settings
from app.paths import Paths
from gum.errors import StoreLocked
from storage import keys, rotate
from storage.db import Database, is_plain

PLAIN_SECRET = bytes(32)  # turns the vectors of a store that is not encrypted: it holds them readable anyhow


@dataclass(frozen=True, slots=True)
class Opened:
    """An open store and the key that opened it, which stays out of `repr` and logs."""

    database: Database
    key: bytes = field(repr=False)


def place_of(paths: Paths) -> rotate.Place:
    """Where this data folder keeps what its key opens."""
    return rotate.Place(paths.config, paths.database, paths.index)


def keyring_ok(settings: Settings) -> bool:
    """Whether a key may go into the desktop's keyring.

    A folder named by GUMPTION_HOME keeps its key in a file: it is a test's, a demo's or one on a stick.
    """
    return settings.store.keyring and not os.environ.get("GUMPTION_HOME")


def needs_passphrase(paths: Paths, settings: Settings) -> bool:
    """Whether the store of this folder is opened by a passphrase. Raises StoreReadOnly."""
    return settings.store.encrypt and "passphrase" in (
        keys.holder(paths.config),
        keys.holder(paths.config, keys.NEXT),
    )


def key_of(paths: Paths, settings: Settings, passphrase: str | None = None) -> bytes:
    """The 32 bytes of this data folder. Raises StoreLocked, StoreReadOnly, StoreFull."""
    if not settings.store.encrypt:
        return PLAIN_SECRET
    if is_plain(paths.database) and not rotate.unfinished(place_of(paths)):
        Database.open(paths.database, PLAIN_SECRET)  # says in which way the file and the settings disagree
    return keys.data_key(paths.config, paths.database, keyring_ok=keyring_ok(settings), passphrase=passphrase)


def settled_key_of(paths: Paths, settings: Settings, passphrase: str | None = None) -> bytes:
    """As `key_of`, for who holds the instance lock: a change of the key that was interrupted is settled."""
    if settings.store.encrypt:
        rotate.settle(place_of(paths), passphrase)
    return key_of(paths, settings, passphrase)


def open_store(paths: Paths, settings: Settings, key: bytes) -> Database:
    """Raises as `Database.open`."""
    return Database.open(paths.database, key if settings.store.encrypt else None)


def open_up(paths: Paths, settings: Settings, passphrase: str | None, closing: ExitStack) -> Opened:
    """Opens the store for who holds the instance lock; `closing` closes it. Raises as `Database.open`."""
    key = settled_key_of(paths, settings, passphrase)
    database = open_store(paths, settings, key)
    closing.callback(database.close)
    return Opened(database, key)


def refuse_plain(paths: Paths) -> None:
    """Raises StoreLocked where there is no encrypted store whose key could be changed."""
    if is_plain(paths.database):
        raise StoreLocked(
            f"The database {paths.database} is not encrypted", "`gumption key encrypt` encrypts it."
        )
    if not paths.database.exists():
        raise StoreLocked("There is no database yet", "It is made, with a key, when Gumption first starts.")
