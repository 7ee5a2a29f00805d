import errno
import sqlite3
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from gum.errors import StoreCorrupt, StoreFull, StoreReadOnly, StoreUnavailable
from storage.gate import gate


def complaint(code: int) -> dbapi2.Error:
    error = dbapi2.OperationalError("complaint")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, StoreFull),
        (sqlite3.SQLITE_READONLY, StoreReadOnly),
        (sqlite3.SQLITE_READONLY | 8 << 8, StoreReadOnly),
        (sqlite3.SQLITE_CANTOPEN, StoreReadOnly),
        (sqlite3.SQLITE_CORRUPT, StoreCorrupt),
        (sqlite3.SQLITE_NOTADB, StoreCorrupt),
        (sqlite3.SQLITE_BUSY, StoreUnavailable),
        (sqlite3.SQLITE_LOCKED, StoreUnavailable),
        (sqlite3.SQLITE_IOERR | 3 << 8, StoreUnavailable),
    ],
)
def test_the_worlds_faults_become_a_message_with_a_hint(tmp_path: Path, code: int, kind: type) -> None:
    with pytest.raises(StoreUnavailable) as error, gate(tmp_path / "x.db"):
        raise complaint(code)
    assert type(error.value) is kind
    assert error.value.title
    assert error.value.hint


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StoreFull),
        (errno.EDQUOT, StoreFull),
        (errno.EROFS, StoreReadOnly),
        (errno.EACCES, StoreReadOnly),
    ],
)
def test_so_do_the_systems(tmp_path: Path, number: int, kind: type) -> None:
    with pytest.raises(kind), gate(tmp_path / "x.db"):
        raise OSError(number, "complaint")


@pytest.mark.parametrize("code", [sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE])
def test_our_own_bugs_keep_their_traceback(tmp_path: Path, code: int) -> None:
    with pytest.raises(dbapi2.OperationalError), gate(tmp_path / "x.db"):
        raise complaint(code)
    with pytest.raises(KeyError), gate(tmp_path / "x.db"):
        raise KeyError("bug")
