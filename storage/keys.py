"""The database's key: in the desktop's keyring where there is one, else in a file of the person's own, or
wrapped by a passphrase.

`database.key` in the folder says where the key is: `keyring <id>`, `file <64 hex digits>` or
`passphrase <what storage.passphrase wrote>`. The id is random, so the folder may be moved. More lines,
`drop <id>`, name entries of the keyring that are of no use any more and could not be deleted yet.
"""

import fcntl
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gum.errors import StoreLocked
from storage import passphrase as wrapping
from storage import ring, swap
from storage.gate import gate

log = logging.getLogger(__name__)

NAME = "database.key"
NEXT = "database.key.next"  # where a key is noted that is to take the place of the other (storage.rotate)
KINDS = ("keyring", "file", "passphrase")


@dataclass(frozen=True, slots=True)
class Note:
    """Where one key is; `drop` names entries of the keyring that are to go."""

    kind: str
    value: str
    drop: tuple[str, ...] = ()

    def text(self) -> str:
        return "".join(
            f"{line}\n" for line in (f"{self.kind} {self.value}", *(f"drop {n}" for n in self.drop))
        )


def data_key(
    folder: Path, database: Path | None = None, *, keyring_ok: bool = True, passphrase: str | None = None
) -> bytes:
    """The 32 bytes that the database is encrypted with; made at the first call.

    `folder` holds `database.key`; `database` is the file it opens (None: any *.db in `folder`). `passphrase`
    is what the person said, where the key is wrapped by one. Raises StoreLocked when a database is there but
    its key is not, when the passphrase is missing or wrong, or while the key is being changed; StoreReadOnly,
    StoreFull.
    """
    note = folder / NAME
    with gate(note):
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if (folder / NEXT).exists():
            raise StoreLocked(
                "The database's key is being changed, or a change of it was interrupted",
                "Try again in a moment. If this stays, start Gumption: it completes or undoes the change.",
            )
        if note.exists():
            key = read(note, passphrase)
            tidy(folder)
            return key
        if _has_content(folder, database):
            raise StoreLocked(
                f"The key of the database in {folder} is missing",
                f"Put {note} back, or move the database away to start afresh.",
            )
        return _make(note, keyring_ok)


def holder(folder: Path, name: str = NAME) -> str:
    """Where the key is: "keyring", "file" or "passphrase"; "" before there is one, or with a damaged note.

    Raises StoreReadOnly.
    """
    with gate(folder / name):
        note = parse(folder / name)
    return note.kind if note.kind in KINDS else ""


def read(note: Path, passphrase: str | None) -> bytes:
    """The key that `note` tells of. Raises StoreLocked, OSError."""
    if note.stat().st_mode & 0o077:
        log.warning("%s could be read by others; now it cannot", note)
        note.chmod(0o600)
    told = parse(note)
    if told.kind == "passphrase":
        return _unwrapped(told.value, passphrase)
    held = ring.get(told.value) if told.kind == "keyring" and told.value else told.value
    try:
        key = bytes.fromhex(held or "")
    except ValueError:
        key = b""
    if len(key) != 32 or told.kind not in KINDS:
        where = "the desktop's keyring" if told.kind == "keyring" else str(note)
        raise StoreLocked(
            "The database's key cannot be read",
            f"It belongs in {where}. Unlock the keyring or put the file back from a backup.",
        )
    return key


def keep(key: bytes, *, keyring_ok: bool, passphrase: str | None = None) -> Note:
    """Keeps `key`: wrapped by `passphrase` if one is given, else in the keyring, else in the note itself."""
    if passphrase is not None:
        return Note("passphrase", wrapping.wrap(key, passphrase))
    name = secrets.token_hex(8)
    if keyring_ok and ring.put(name, key.hex()):
        return Note("keyring", name)
    return Note("file", key.hex())


def rekeep(folder: Path, key: bytes, *, keyring_ok: bool, passphrase: str | None = None) -> str:
    """Keeps the same `key` in another way, and nowhere else; which one it was. The database stays as it is.

    Killed in between, the key is where it was or where it should be, and opens the database either way.
    Raises StoreReadOnly, StoreFull.
    """
    note = folder / NAME
    with gate(note):
        clear_parts(folder)
        with _writing(folder):
            before = parse(note)
            kept = keep(key, keyring_ok=keyring_ok, passphrase=passphrase)
            swap.write(note, replace(kept, drop=superseded(before)).text())
        tidy(folder)
    return kept.kind


def superseded(note: Note) -> tuple[str, ...]:
    """The entries of the keyring that are of no use once another note takes the place of `note`."""
    return (*note.drop, *([note.value] if note.kind == "keyring" else []))


def parse(note: Path) -> Note:
    """What a note says; one that is not there or damaged says Note("", ""). Raises OSError."""
    try:
        first, *more = note.read_text("ascii").splitlines() or [""]
    except FileNotFoundError:
        return Note("", "")
    except UnicodeDecodeError:
        first, more = "", []
    kind, _, value = first.strip().partition(" ")
    drop = tuple(name for word, _, name in (line.partition(" ") for line in more) if word == "drop")
    return Note(kind, value, drop)


def tidy(folder: Path) -> None:
    """Deletes entries of the keyring that are of no use any more; those it keeps are tried again later."""
    note = folder / NAME
    if not parse(note).drop:
        return
    with _writing(folder):
        told = parse(note)
        left = tuple(name for name in told.drop if not ring.delete(name))
        if left != told.drop:
            swap.write(note, replace(told, drop=left).text())


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Waits until nobody else writes the note: a keyring may take seconds, and what was read before it must
    not be put over a note that another process wrote meanwhile."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def clear_parts(folder: Path, name: str = NAME) -> None:
    """Removes notes that were being written when the process was killed."""
    for part in folder.glob(f"{name}*.part"):
        swap.remove(part)


def _unwrapped(wrapped: str, passphrase: str | None) -> bytes:
    if passphrase is None:
        raise StoreLocked(
            "The database is locked by a passphrase",
            "Say it in the tray app or after `gumption key unlock`, or put it into a file of your own, and "
            "that file's name into GUMPTION_PASSPHRASE_FILE.",
        )
    return wrapping.unwrap(wrapped, passphrase)


def _has_content(folder: Path, database: Path | None) -> bool:
    files = [database] if database is not None else list(folder.glob("*.db"))
    return any(f.exists() and f.stat().st_size > 0 for f in files)


def _make(note: Path, keyring_ok: bool) -> bytes:
    key = secrets.token_bytes(32)
    kept = keep(key, keyring_ok=keyring_ok)
    try:
        swap.write_new(note, kept.text())
    except FileExistsError:  # another process was first
        if kept.kind == "keyring":
            ring.delete(kept.value)
        return read(note, None)
    return key
