"""The database: one encrypted SQLite file, one writer thread, two that read.

`Database` is the only border between the program and SQLite. A function given to `run` gets a session
inside one real transaction: all of it is on the disk when `run` returns, or none of it ever was.
"""

import asyncio
import hashlib
import hmac
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from gum.errors import StoreCorrupt, StoreLocked, StoreUnavailable
from storage import within
from storage.gate import CORRUPT, NOTADB, corrupt, gate
from storage.migrate import migrate

T = TypeVar("T")
log = logging.getLogger(__name__)

READERS = 2
CACHE = 32 * 1024  # KB at most: among 100,000 claims a search decrypts a quarter less than with 8 MB
READERS_CACHE = 16 * 1024  # KB at most, of each; it is dropped at every commit
BUSY_MS = 10_000
PLAIN_HEADER = b"SQLite format 3\0"
LONG_S = 0.05  # a write that takes longer is not waited for by who only looks
GLANCE = "glance"  # an option of a connection: it is the writer's, and now only reads
ROOM = "room"  # in Session.info: how large the cache of pages was before
LARGE = (
    64 * 1024
)  # KB of cache for what touches pages all over the file; SQLite's own 8 MB would do them twice
SCRUB = "scrub"  # in Session.info: what must leave no trace in the files, and what to do when it left none
VACUUM_AT_ONCE = 32 * 1024 * 1024  # bytes of a file that is written anew before `run` returns
VACUUM_UP_TO = 256 * 1024 * 1024  # bytes; VACUUM builds the new file in memory first


class Database:
    """Open one with `Database.open`, close it with `close`."""

    def __init__(self, path: Path, writer: Engine, reader: Engine) -> None:
        self._path = path
        self._identity = _identity(path)
        self._writer = writer
        self._reader = reader
        self._changes = 0
        self._beside = 0  # of them, what is no change
        self._writers = threading.RLock()  # who has it uses the writer's connection
        self._turnstile = threading.RLock()  # who waits for that to write, before whom none may glance
        self._glancing = writer.execution_options(**{GLANCE: True})
        self._write_thread = ThreadPoolExecutor(1, "store-write")
        self._read_threads = ThreadPoolExecutor(READERS, "store-read")
        self._glance_thread = ThreadPoolExecutor(1, "store-glance")

    @classmethod
    def open(cls, path: Path, key: bytes | None) -> "Database":
        """Opens or makes the database at `path`, and brings it to the newest schema after a copy of it.

        `key` is 32 bytes (SQLCipher, no key derivation: it is random already); None leaves the file readable
        by anybody, which only tests want. A new folder is 0700, the file 0600.
        Raises StoreLocked (wrong key), StoreCorrupt, StoreTooNew, StoreFull, StoreReadOnly, StoreUnavailable;
        in all these cases the file stays as it was.
        """
        if key is not None and len(key) != 32:
            raise ValueError("a database key has 32 bytes")
        with gate(path):
            _make(path)
            probe(path, key)
            writer, reader = _engine(path, key, 1, False), _engine(path, key, READERS, True)
            try:
                migrate(writer, path)
                remember(path, key)
            except BaseException:  # whatever it was: no connection may stay open behind it
                writer.dispose()
                reader.dispose()
                raise
        return cls(path, writer, reader)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def changes(self) -> int:
        """Grows with each row that `run` changed: what was read is still so while it stays the same."""
        return self._changes

    async def run(self, fn: Callable[[Session], T], *, beside: bool = False) -> T:
        """Runs `fn` in the writer thread in one transaction, and commits it. Never call a model in it.

        A caller that is cancelled does not stop `fn`: what it began is finished or rolled back as a whole.
        `beside`: it only adds to a log of what was done, which does not count in `changes`.
        Raises StoreUnavailable or one of its kinds; what `fn` raises rolls back and passes through.
        """
        return await asyncio.get_running_loop().run_in_executor(self._write_thread, self._write, fn, beside)

    async def read(self, fn: Callable[[Session], T]) -> T:
        """Runs `fn` in a reading thread on one snapshot of the database; it cannot write. Raises as `run`."""
        return await asyncio.get_running_loop().run_in_executor(self._read_threads, self._read, fn)

    async def glance(self, fn: Callable[[Session], T]) -> T:
        """As `read`, for what takes some milliseconds: a write that comes meanwhile waits for it.

        It is read over the writer's connection, one at a time, unless a write takes long. A commit drops the
        pages that all other connections keep in memory, and an answer to a client is a commit to the log:
        among 100,000 claims the next one took 22 ms to read, not 9.
        """
        return await asyncio.get_running_loop().run_in_executor(self._glance_thread, self._glance, fn)

    def run_sync(self, fn: Callable[[Session], T]) -> T:
        """As `run`, for callers without an event loop. Not to be called from inside `run`."""
        return self._write_thread.submit(self._write, fn).result()

    def read_sync(self, fn: Callable[[Session], T]) -> T:
        """As `read`, for callers without an event loop. Not to be called from inside `read`."""
        return self._read_threads.submit(self._read, fn).result()

    async def checkpoint(self) -> None:
        """Moves the write-ahead log into the file and empties it."""
        await asyncio.get_running_loop().run_in_executor(self._write_thread, self._checkpoint)

    def checkpoint_sync(self) -> None:
        """As `checkpoint`, for callers without an event loop."""
        self._write_thread.submit(self._checkpoint).result()

    async def scrub(self) -> None:
        """Writes the file anew, if it is not too large, and empties the write-ahead log. Blocks writers.

        Raises StoreUnavailable (mostly StoreFull) when it could not be done; the file stays as it was.
        """
        await asyncio.get_running_loop().run_in_executor(self._write_thread, self._scrub, VACUUM_UP_TO)

    def check(self) -> None:
        """Reads every page (some seconds a gigabyte). Raises StoreCorrupt."""

        def look(s: Session) -> str | None:
            return s.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar()

        if self.read_sync(look) != "ok":
            raise corrupt(self._path)

    def close(self) -> None:
        """Finishes what is queued, empties the write-ahead log and closes the file."""
        self._write_thread.shutdown(wait=True)
        self._read_threads.shutdown(wait=True)
        self._glance_thread.shutdown(wait=True)
        self._reader.dispose()
        try:
            self._checkpoint()
        except StoreUnavailable as error:
            log.warning("the write-ahead log stays as it is: %s", error.title)
        self._writer.dispose()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """With the writer's connection for itself. Whoever glances at it now is waited for; nobody after."""
        with self._turnstile:
            self._writers.acquire()
        try:
            yield
        finally:
            self._writers.release()

    def _write(self, fn: Callable[[Session], T], beside: bool = False) -> T:
        with gate(self._path), self._alone():
            with Session(self._writer, expire_on_commit=False) as s, self._room(s), s.begin():
                self._in_place()
                result = fn(s)
                s.flush()
                made = s.connection().connection.dbapi_connection
            assert isinstance(made, dbapi2.Connection)
            if beside:
                self._beside = made.total_changes - self._changes
            self._changes = made.total_changes - self._beside
            self._in_place()  # what went into a file that is gone must not count as stored
            if (done := s.info.get(SCRUB)) is not None:
                self._try_scrub(done)
            return result

    @contextmanager
    def _room(self, s: Session) -> Iterator[None]:
        """Takes back the memory that a transaction asked for (`take_room`)."""
        try:
            yield
        finally:
            if (before := s.info.get(ROOM)) is not None:
                s.close()  # it holds the connection
                self._pragma(f"PRAGMA cache_size = {before}")
                self._pragma("PRAGMA shrink_memory")

    def _read(self, fn: Callable[[Session], T]) -> T:
        with gate(self._path), Session(self._reader, expire_on_commit=False) as s:
            self._in_place()
            return fn(s)

    def _glance(self, fn: Callable[[Session], T]) -> T:
        with self._turnstile:
            mine = self._writers.acquire(timeout=LONG_S)
        if not mine:
            return self._read(fn)
        try:
            with gate(self._path), Session(self._glancing, expire_on_commit=False) as s:
                self._in_place()
                connection = s.connection()
                connection.exec_driver_sql("PRAGMA query_only = ON")
                try:
                    return fn(s)
                finally:
                    connection.exec_driver_sql("PRAGMA query_only = OFF")
        finally:
            self._writers.release()

    def _in_place(self) -> None:
        """SQLite would go on in a file that is not there any more. Raises StoreUnavailable."""
        if _identity(self._path) != self._identity:
            raise StoreUnavailable(
                f"The database {self._path} was moved away or replaced while it was in use",
                "Put it back and start Gumption anew. What is observed meanwhile is not stored.",
            )

    def _checkpoint(self) -> None:
        with gate(self._path), self._alone():
            [(busy, _, _)] = self._pragma("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:  # a reader held on for more than BUSY_MS
            log.warning("the write-ahead log could not be emptied yet")

    def _scrub(self, up_to: int, done: Callable[[Session], None] | None = None) -> None:
        """Writes a file of `up_to` bytes anew, notes that with `done`, and empties the write-ahead log. What
        was deleted is deleted either way.

        `secure_delete` alone is not enough: it clears a deleted cell, but when a page is rebalanced the
        beginnings of cells can stay in its gaps (with 900 of 3000 observations forgotten, one or two such
        remains in some runs, none after this).
        """
        with gate(self._path), self._alone():
            if self._path.stat().st_size <= up_to:
                self._pragma("VACUUM")
                if done is not None:
                    with Session(self._writer) as s, s.begin():
                        done(s)
        self._checkpoint()

    def _try_scrub(self, done: Callable[[Session], None]) -> None:
        """The transaction is through: that there is no room to clean up behind it does not undo it."""
        try:
            self._scrub(VACUUM_AT_ONCE, done)
        except StoreUnavailable as error:
            log.warning("what was forgotten is deleted, but the file was not written anew: %s", error.title)

    def _pragma(self, statement: str) -> list[tuple[int, ...]]:
        """Runs what SQLite does not allow inside a transaction."""
        raw = self._writer.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute(statement)
            rows = list(cursor.fetchall())
            cursor.close()
        finally:
            raw.close()
        return rows


def take_room(s: Session) -> None:
    """For this transaction, more memory for pages: it touches many of them, scattered over the file."""
    connection = s.connection()
    s.info[ROOM] = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{LARGE}")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _make(path: Path) -> None:
    """The folder and an empty file, for the person alone; SQLite gives its side files the same mode."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, mode=0o700)
        path.parent.chmod(0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def connect(path: Path, key: bytes | None) -> dbapi2.Connection:
    """A raw connection with the key set; transactions are begun by hand."""
    connection = dbapi2.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
    )
    within.teach(connection)
    connection.execute("PRAGMA cipher_log_level = NONE")  # it writes to stderr what we report ourselves
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def is_plain(path: Path) -> bool:
    """Whether there is a database that anybody can read. Not to be asked of one that this process has open:
    closing a file drops the locks that SQLite holds on it."""
    try:
        with path.open("rb") as file:
            return file.read(len(PLAIN_HEADER)) == PLAIN_HEADER
    except FileNotFoundError:
        return False


def opens(path: Path, key: bytes | None) -> bool:
    """Whether there is a database that `key` opens. Changes nothing. Raises as `Database.open`."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with gate(path):
            probe(path, key)
    except (StoreLocked, StoreCorrupt):
        return False
    return True


def probe(path: Path, key: bytes | None) -> None:
    """Reads the first page before anything may be written. Raises StoreLocked or StoreCorrupt."""
    connection = connect(path, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except dbapi2.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (CORRUPT, NOTADB):
            raise
        raise _why_unreadable(path, key) from error
    finally:
        connection.close()


def _why_unreadable(path: Path, key: bytes | None) -> StoreUnavailable:
    """A wrong key and a damaged first page look the same to SQLCipher; the noted fingerprint tells which."""
    plain = is_plain(path)
    if plain and key is not None:
        return StoreLocked(
            f"The database {path} is not encrypted, but the settings ask for a database that is",
            "`gumption key encrypt` encrypts it. To keep it readable for whoever can read the file, put "
            "encrypt = false under [store] in settings.toml; no key is needed for that.",
        )
    noted = _fingerprint_file(path)
    known = _noted(noted) if noted.exists() else None
    if plain == (key is None) and (key is None or known is None or _same(known, key)):
        return corrupt(path) if plain or known is not None else _locked(path)
    if key is None:
        return StoreLocked(
            f"The database {path} is encrypted, but the settings ask for one that is not",
            "Take encrypt = false out of settings.toml (or GUMPTION_STORE__ENCRYPT out of the environment). "
            "To have it plain, export it with its key and import it into an empty folder.",
        )
    return _locked(path)


def _locked(path: Path) -> StoreLocked:
    return StoreLocked(
        f"The database {path} cannot be opened with this key",
        "Put its key back (the desktop's keyring, or the file database.key), or move the database away to "
        "start afresh. Nothing was changed.",
    )


def _fingerprint_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.keycheck")


def _noted(file: Path) -> str:
    """What it says; whatever else may have got into it is left out."""
    return file.read_bytes().decode("ascii", "ignore").strip()


def _fingerprint(key: bytes) -> str:
    return hashlib.blake2b(b"gumption key check", key=key, digest_size=16).hexdigest()


def _same(noted: str, key: bytes) -> bool:
    return hmac.compare_digest(noted, _fingerprint(key))


def remember(path: Path, key: bytes | None) -> None:
    """Notes which key fits. A keyed hash of a random key gives nothing away."""
    noted = _fingerprint_file(path)
    if key is None or (noted.exists() and _noted(noted) == _fingerprint(key)):
        return
    noted.touch(0o600)
    noted.write_text(_fingerprint(key) + "\n")


def _engine(path: Path, key: bytes | None, size: int, reads_only: bool) -> Engine:
    """Connections that begin real transactions: the driver's own begin too late and never for DDL."""

    def creator() -> dbapi2.Connection:
        connection = connect(path, key)
        for pragma in _pragmas(reads_only):
            connection.execute(pragma)
        return connection

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=creator,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # an error's text ends in logs, and parameters are what was on the screen
    )

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        reads = reads_only or connection.get_execution_options().get(GLANCE)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _pragmas(reads_only: bool) -> list[str]:
    if reads_only:
        return ["PRAGMA query_only = ON", f"PRAGMA cache_size = -{READERS_CACHE}"]
    return [
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",  # acknowledged means durable: in WAL mode only FULL syncs each commit
        "PRAGMA foreign_keys = ON",
        "PRAGMA secure_delete = ON",  # deleted bytes are overwritten
        f"PRAGMA cache_size = -{CACHE}",
    ]
