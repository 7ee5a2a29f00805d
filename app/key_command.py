"""`gumption key`: where the key of the store is, another one, a passphrase, locking and unlocking."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.paths import Paths

ACTIONS = ("show", "passphrase", "rotate", "encrypt", "lock", "unlock")
UNLOCK_S = 120.0  # a large index or an upgrade of the database may come with it
Told = dict[str, object]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="show",
        help="show: where it is; passphrase: set or change the one that wraps it; rotate: a new key, with "
        "everything written anew; encrypt: a store that was plain; lock, unlock: the running daemon's store",
    )
    parser.add_argument(
        "--remove",
        action="store_true",
        help="with passphrase: none any more, the key goes to the keyring or a file",
    )
    parser.add_argument(
        "--new-file", metavar="FILE", help="with passphrase: take the new one from this file's first line"
    )


def run(arguments: argparse.Namespace, paths: Paths) -> tuple[Told, list[str]]:
    """Does what was asked; the result, and the same as lines for a person.

    Raises StoreLocked, NotAllowed, DaemonUnreachable, and AlreadyRunning (rotate, encrypt: a daemon runs).
    """
    match arguments.action:
        case "passphrase":
            return _passphrase(paths, arguments.remove, arguments.new_file)
        case "rotate":
            return _rotate(paths)
        case "encrypt":
            return _encrypt(paths)
        case "lock" | "unlock":
            return _daemon(paths, arguments.action)
    return _show(paths)


def where(paths: Paths, encrypt: bool) -> tuple[str, str]:
    """Where the key is, in one word, and as a sentence. Raises StoreReadOnly."""
    from storage import keys

    if not encrypt:
        return "none", "There is no key: the database is not encrypted, as set."
    kind = keys.holder(paths.config)
    note = paths.config / keys.NAME
    return kind or "none", {
        "passphrase": "The key is wrapped by your passphrase. Without that nobody reads anything.",
        "keyring": "The key is in the desktop's keyring; whoever is logged in as you can have it.",
        "file": f"The key is in a file that only you can read, {note}; whoever has that file and the "
        "database can read everything.",
        "": f"{note} tells of no key." if note.exists() else "There is no key yet.",
    }[kind]


def _show(paths: Paths) -> tuple[Told, list[str]]:
    from app import config

    settings = config.load(paths.settings_file)
    kind, line = where(paths, settings.store.encrypt)
    return {"kept": kind, "lock_after_min": settings.store.lock_after_min}, [line]


def _passphrase(paths: Paths, remove: bool, new_file: str | None) -> tuple[Told, list[str]]:
    """The daemon may run: it has the key already, and the database stays as it is."""
    from app import config, passphrases
    from app.store import key_of, keyring_ok, refuse_plain
    from gum.errors import StoreLocked
    from storage import keys
    from storage.db import opens

    settings = config.load(paths.settings_file)
    _asks_for_key(settings.store.encrypt)
    refuse_plain(paths)
    before = keys.holder(paths.config)
    if remove and before != "passphrase":
        return {"kept": before}, ["There is no passphrase. Nothing was changed."]
    with _changing(paths):
        said = passphrases.given("Present passphrase: ") if before == "passphrase" else None
        key = key_of(paths, settings, said)
        if not opens(paths.database, key):
            raise StoreLocked(
                f"The key that {paths.config / keys.NAME} tells of does not open the database",
                "Put it back from a backup first. Nothing was changed.",
            )
        new = None if remove else passphrases.new(Path(new_file) if new_file else None)
        kept = keys.rekeep(paths.config, key, keyring_ok=keyring_ok(settings), passphrase=new)
    lines = [where(paths, True)[1]]
    if new is not None and before != "passphrase":
        lines += [
            f"Until now it was in {'the keyring' if before == 'keyring' else 'a file'}; copies of that "
            "(backups, blocks of the disk) still open the database.",
            "`gumption key rotate` makes a new key that was never kept without the passphrase.",
        ]
    return {"kept": kept}, lines


def _rotate(paths: Paths) -> tuple[Told, list[str]]:
    from app import config, passphrases
    from app.store import keyring_ok, needs_passphrase, place_of, refuse_plain, settled_key_of
    from storage import rotate

    settings = config.load(paths.settings_file)
    _asks_for_key(settings.store.encrypt)
    with _alone(paths):
        refuse_plain(paths)
        said = passphrases.given() if needs_passphrase(paths, settings) else None
        key = settled_key_of(paths, settings, said)
        rotate.change(place_of(paths), key, keyring_ok=keyring_ok(settings), passphrase=said)
    kind, line = where(paths, True)
    lines = [
        "Everything is written anew with a new key; the old one opens nothing here any more.",
        line,
        "The vector index is built anew at the next start. Backups made before still open with the old key.",
    ]
    return {"kept": kind, "rotated": True}, lines


def _encrypt(paths: Paths) -> tuple[Told, list[str]]:
    from app import config
    from app.store import keyring_ok, place_of
    from gum.errors import NotAllowed, StoreLocked
    from storage import rotate
    from storage.db import is_plain

    settings = config.load(paths.settings_file)
    if not settings.store.encrypt:
        raise NotAllowed(
            "The settings ask for a store that is not encrypted",
            f"Take encrypt = false out of {paths.settings_file} (or GUMPTION_STORE__ENCRYPT out of the "
            "environment), then type this again.",
        )
    with _alone(paths):
        place = place_of(paths)
        rotate.settle(place)
        if not is_plain(paths.database):
            raise StoreLocked(
                "There is no database here that is not encrypted", "There is nothing to be done."
            )
        rotate.change(place, None, keyring_ok=keyring_ok(settings))
    kind, line = where(paths, True)
    lines = [
        "The database is encrypted now.",
        line,
        "Backups of the old file, and what the disk keeps of its blocks, can be read by whoever has them.",
    ]
    return {"kept": kind, "encrypted": True}, lines


def _daemon(paths: Paths, action: str) -> tuple[Told, list[str]]:
    from app import passphrases
    from app.client import Client

    client = Client(paths, UNLOCK_S)
    if action == "lock":
        status = client.post("/lock")
    else:
        by_passphrase = client.get("/status").get("unlock_by") == "passphrase"
        status = client.post("/unlock", {"passphrase": passphrases.given() if by_passphrase else None})
    return dict(status), [f"{status['state']}: {status['reason']}"]


def _asks_for_key(encrypt: bool) -> None:
    """Raises NotAllowed with settings in which no key opens the store."""
    from gum.errors import NotAllowed

    if not encrypt:
        raise NotAllowed(
            "The settings ask for a store that is not encrypted", "There is no key that could be changed."
        )


@contextmanager
def _alone(paths: Paths) -> Iterator[None]:
    """Keeps every daemon, and a second change of the key, out. Raises AlreadyRunning, StoreLocked."""
    from app.lock import InstanceLock
    from gum.errors import AlreadyRunning

    lock = InstanceLock(paths.make().lock)
    try:
        lock.__enter__()
    except AlreadyRunning as error:
        raise AlreadyRunning(
            f"The key cannot be changed while Gumption runs. {error.title}",
            "Quit it by its icon in the tray, or stop that process; then type this again.",
        ) from error
    try:
        with _changing(paths):
            yield
    finally:
        lock.__exit__(None, None, None)


@contextmanager
def _changing(paths: Paths) -> Iterator[None]:
    """Keeps a second change of the key out. Raises StoreLocked."""
    from app.lock import InstanceLock
    from gum.errors import AlreadyRunning, StoreLocked

    lock = InstanceLock(paths.make().config / "key.lock")
    try:
        lock.__enter__()
    except AlreadyRunning as error:
        raise StoreLocked(
            "The key is being changed by another command", "Wait until that has ended."
        ) from error
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
