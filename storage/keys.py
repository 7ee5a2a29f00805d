"""The database's key: in the desktop's keyring where there is one, else in a file of the person's own.

`database.key` in the folder says where the key is: `keyring <id>`, or `file <64 hex digits>`.
The id is random, so the folder may be moved.
"""

import contextlib
import logging
import os
import secrets
from pathlib import Path

from gum.errors import StoreLocked
from storage.gate import gate

log = logging.getLogger(__name__)

SERVICE = "gumption"
NAME = "database.key"
# Backends that encrypt and belong to the system. Everything else (plain files, chains, fakes) is not asked.
REAL_BACKENDS = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


def data_key(folder: Path, database: Path | None = None, *, keyring_ok: bool = True) -> bytes:
    """The 32 bytes that the database is encrypted with; made at the first call.

    `folder` holds `database.key`; `database` is the file it opens (None: any *.db in `folder`).
    Raises StoreLocked when a database is there but its key is not, StoreReadOnly, StoreFull.
    """
    note = folder / NAME
    with gate(note):
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
        if note.exists():
            return _read(note)
        if _has_content(folder, database):
            raise StoreLocked(
                f"The key of the database in {folder} is missing",
                f"Put {note} back, or move the database away to start afresh.",
            )
        return _make(note, keyring_ok)


def _has_content(folder: Path, database: Path | None) -> bool:
    files = [database] if database is not None else list(folder.glob("*.db"))
    return any(f.exists() and f.stat().st_size > 0 for f in files)


def _read(note: Path) -> bytes:
    if note.stat().st_mode & 0o077:
        note.chmod(0o600)
    kind, _, value = note.read_text().strip().partition(" ")
    held = _from_keyring(value) if kind == "keyring" else value
    try:
        key = bytes.fromhex(held or "")
    except ValueError:
        key = b""
    if len(key) != 32 or kind not in ("keyring", "file"):
        where = "the desktop's keyring" if kind == "keyring" else str(note)
        raise StoreLocked(
            "The database's key cannot be read",
            f"It belongs in {where}. Unlock the keyring or put the file back from a backup.",
        )
    return key


def _make(note: Path, keyring_ok: bool) -> bytes:
    key = secrets.token_bytes(32)
    name = secrets.token_hex(8)
    kept = keyring_ok and _to_keyring(name, key.hex())
    try:
        descriptor = os.open(note, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:  # another process was first
        return _read(note)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"keyring {name}\n" if kept else f"file {key.hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def _backend_is_real() -> bool:
    import keyring  # 0.1 s, and not needed when the note says "file"

    backend = keyring.get_keyring()
    nested = getattr(backend, "backends", None)  # the chainer: as good as its first member
    first = nested[0] if nested else backend
    return type(first).__module__ in REAL_BACKENDS


def _to_keyring(name: str, value: str) -> bool:
    import keyring

    # A keyring may fail in any way its service on the bus can; the file is always there instead.
    with contextlib.suppress(Exception):
        if _backend_is_real():
            keyring.set_password(SERVICE, name, value)
            return keyring.get_password(SERVICE, name) == value
    return False


def _from_keyring(name: str) -> str | None:
    import keyring

    try:
        return keyring.get_password(SERVICE, name)
    except Exception as error:  # noqa: BLE001 - as above; the person is told that it is locked
        log.warning("the keyring does not answer: %s", type(error).__name__)
        return None
