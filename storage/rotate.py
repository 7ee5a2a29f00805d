"""A new key for the database: rotation, and encrypting what was plain.

The order of steps makes it safe to be killed anywhere: the new key is noted (`database.key.next`) before a
copy is made that it opens; the copy takes the place of the database in one rename; only then the note takes
the place of the other. While both notes are there, `settle` tries which key opens the database, and goes on
or goes back. Everything else that came of the old key goes before the old note does: the fingerprint
(`.keycheck`), the vector index, whose rotation was made from it, and copies made before an upgrade.
"""

import contextlib
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlcipher3 import dbapi2

from gum.errors import StoreLocked, StoreUnavailable
from storage import keys, ring, swap
from storage.db import connect, is_plain, opens, probe, remember
from storage.gate import corrupt, full, gate
from storage.migrate import copies

log = logging.getLogger(__name__)

COPY = "rekeyed"
Shape = list[tuple[str, str, str, int]]
"""Kind, name and SQL of everything in a schema, and how many rows it has (-1: it has none of its own)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store lies: the folder with `database.key`, the database's file, the index's folder."""

    config: Path
    database: Path
    index: Path

    @property
    def note(self) -> Path:
        return self.config / keys.NAME

    @property
    def next(self) -> Path:
        return self.config / keys.NEXT

    @property
    def copy(self) -> Path:
        return self.database.with_name(f"{self.database.name}.{COPY}")


def change(
    place: Place, old: bytes | None, *, keyring_ok: bool = True, passphrase: str | None = None
) -> bytes:
    """Gives the database a new random key and returns it. `old` opens it now; None: it is not encrypted.

    The new key is wrapped by `passphrase` if one is given, else kept in the keyring, else in the note. Nobody
    else may have the database open. Needs as much room again as it has, and about 1 s for 30 MB.
    Raises StoreFull, StoreReadOnly, StoreCorrupt, StoreLocked, StoreUnavailable; then all is as it was.
    """
    with gate(place.database):
        probe(place.database, old)  # a key that is wrong is to be said before anything is noted
        place.config.mkdir(parents=True, exist_ok=True, mode=0o700)
        keys.clear_parts(place.config)
        _clear(place)
        key = secrets.token_bytes(32)
        kept = keys.keep(key, keyring_ok=keyring_ok, passphrase=passphrase)
        swap.write(place.next, replace(kept, drop=keys.superseded(keys.parse(place.note))).text())
        try:
            with _copied(place, old, key):
                swap.replace(place.copy, place.database)
        except BaseException:  # whatever it was: the key is the old one or the new one, and settle sees which
            with contextlib.suppress(StoreUnavailable):
                _settle(place, key, old)
            raise
        _finish(place, key)
    return key


def unfinished(place: Place) -> bool:
    """Whether a change of the key was interrupted."""
    return place.next.exists()


def settle(place: Place, passphrase: str | None = None) -> None:
    """Completes or takes back a change of the key that was interrupted. For who alone uses the store.

    Raises StoreLocked when neither key can be had or none opens the database; then nothing was changed.
    """
    with gate(place.database):
        if not unfinished(place):
            _clear(place)
            return
        new = keys.read(place.next, passphrase)
        if opens(place.database, new) or is_plain(place.database) or not place.note.exists():
            _settle(place, new, None)
        else:
            _settle(place, new, keys.read(place.note, passphrase))


def _settle(place: Place, new: bytes, old: bytes | None) -> None:
    if opens(place.database, new):
        _finish(place, new)
        log.info("an interrupted change of the database's key was completed")
    elif not place.database.exists() or opens(place.database, old):
        _take_back(place)
        log.info("an interrupted change of the database's key was taken back")
    else:
        raise StoreLocked(
            f"Neither the old nor the new key opens the database {place.database}",
            f"Put {place.note} and {place.next} back as they were, or the database from a backup.",
        )


def _finish(place: Place, key: bytes) -> None:
    remember(place.database, key)
    shutil.rmtree(place.index, ignore_errors=True)  # derived; the next start builds it with the new rotation
    for copy in copies(place.database):
        swap.remove(copy)
    _clear(place)
    swap.replace(place.next, place.note)
    keys.tidy(place.config)


def _take_back(place: Place) -> None:
    _clear(place)
    note = keys.parse(place.next)
    if note.kind == "keyring":
        ring.delete(note.value)
    swap.remove(place.next)


def _clear(place: Place) -> None:
    """Removes half a copy, and half a note of its key."""
    for part in place.database.parent.glob(f"{place.copy.name}*"):
        part.unlink()
    keys.clear_parts(place.config, keys.NEXT)


@contextmanager
def _copied(place: Place, old: bytes | None, new: bytes) -> Iterator[None]:
    """Makes the copy, and keeps everybody out of the database until the block ends."""
    os.close(os.open(place.copy, os.O_CREAT | os.O_EXCL, 0o600))
    source = connect(place.database, old)
    try:
        # Without this the log would lie there for the copy, which it does not belong to; and it fails when
        # anybody else has the database open.
        source.execute("PRAGMA busy_timeout = 2000")
        source.execute("PRAGMA main.locking_mode = EXCLUSIVE")
        source.execute("PRAGMA main.journal_mode = DELETE")
        source.execute("BEGIN EXCLUSIVE")
        source.execute("COMMIT")
        source.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(place.copy), f"x'{new.hex()}'"))
        source.execute("PRAGMA fresh.journal_mode = OFF")  # half a copy is thrown away
        source.execute("PRAGMA fresh.synchronous = OFF")  # synced as a whole by swap.replace
        _export(source, place)
        if _shape(source, "main") != _shape(source, "fresh"):
            raise corrupt(place.database)
        if source.execute("PRAGMA fresh.quick_check(1)").fetchone() != ("ok",):
            raise corrupt(place.database)
        source.execute("DETACH DATABASE fresh")
        yield
    finally:
        source.close()


def _export(source: dbapi2.Connection, place: Place) -> None:
    try:
        source.execute("SELECT sqlcipher_export('fresh')")
    except dbapi2.OperationalError as error:
        # An error inside an SQL function arrives as SQLITE_ERROR, so only its words tell what it was.
        if "full" in str(error):
            raise full(place.database) from error
        if "malformed" in str(error):
            raise corrupt(place.database) from error
        raise


def _shape(connection: dbapi2.Connection, name: str) -> Shape:
    asked = f"SELECT type, name, coalesce(sql, '') FROM {name}.sqlite_master ORDER BY type, name"
    found = []
    for kind, thing, sql in connection.execute(asked).fetchall():
        counted = kind == "table" and not sql.upper().startswith("CREATE VIRTUAL")
        rows = connection.execute(f'SELECT count(*) FROM {name}."{thing}"').fetchone()[0] if counted else -1
        found.append((kind, thing, sql, rows))
    return found
