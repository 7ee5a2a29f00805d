"""The one place where SQLite's and the system's complaints become ours.

Only what the world did is translated. A broken constraint, a missing table or bad SQL is a bug of ours
and passes through with its traceback.
"""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from gum.errors import StoreCorrupt, StoreFull, StoreReadOnly, StoreUnavailable

# https://www.sqlite.org/rescode.html; extended codes keep the primary one in their low byte.
BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB = 5, 6, 8, 10, 11, 13, 14, 26
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
LITTLE_SPACE = 64 * 1024  # bytes; SQLite says "cannot open" or "I/O error" when its side files find no room


@contextmanager
def gate(path: Path) -> Iterator[None]:
    """Runs a block that uses the database at `path`; raises StoreUnavailable or one of its kinds."""
    try:
        yield
    except DBAPIError as error:
        ours = _of_code(_code(error.orig), path)
        if ours is None:
            raise
        raise ours from error
    except dbapi2.Error as error:
        ours = _of_code(_code(error), path)
        if ours is None:
            raise
        raise ours from error
    except OSError as error:
        raise _of_system(error, path) from error


def full(path: Path) -> StoreFull:
    return StoreFull(
        "The disk is full", f"Free some space on the disk that holds {path.parent}; nothing stored is lost."
    )


def read_only(path: Path, reason: str = "") -> StoreReadOnly:
    why = f" ({reason})" if reason else ""
    return StoreReadOnly(
        f"The folder {path.parent} cannot be written{why}",
        "Make it writable for you, or choose another data folder.",
    )


def corrupt(path: Path) -> StoreCorrupt:
    return StoreCorrupt(
        f"The database {path} is damaged",
        "It was left as it is. Move it away to start afresh, or put a backup in its place.",
    )


def _code(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _of_code(code: int, path: Path) -> StoreUnavailable | None:
    if code in (IOERR, CANTOPEN) and _no_room(path):
        code = FULL
    match code:
        case 13:
            return full(path)
        case 8 | 14:
            return read_only(path)
        case 11 | 26:
            return corrupt(path)
        case 5 | 6:
            return StoreUnavailable(
                "The database is in use by another program",
                f"Close whatever else has {path} open, then try again.",
            )
        case 10:
            return StoreUnavailable(
                f"The disk that holds {path.parent} reports an error",
                "Look at the system's log; the disk or its connection may be failing.",
            )
    return None


def _no_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < LITTLE_SPACE
    except OSError:
        return False


def _of_system(error: OSError, path: Path) -> StoreUnavailable:
    if error.errno in NO_SPACE:
        return full(path)
    return read_only(path, error.strerror or "")
