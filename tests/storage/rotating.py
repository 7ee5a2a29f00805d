"""Processes that change the key of a store and are killed while they do. Run by test_rotate.py."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from storage import keys, rotate
from storage.rotate import Place
from tests.storage import cheap

SAID = "correct horse battery"
STEPS = {"open", "os.rename", "os.remove", "os.link", "shutil.rmtree"}


class Steps:
    """Counts what a process does to files, and kills it with -9 just before one of these steps."""

    def __init__(self, last: int) -> None:
        self.left = last
        self.done = 0

    def count(self) -> None:
        self.done += 1
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in STEPS:
            self.count()


class Counted:
    """A connection each of whose statements is a step."""

    def __init__(self, connection: Any, steps: Steps) -> None:
        self._connection, self._steps = connection, steps

    def execute(self, *statement: Any) -> Any:
        if not statement[0].startswith("SELECT count("):  # 80 of them look at two files that nobody changes
            self._steps.count()
        return self._connection.execute(*statement)

    def close(self) -> None:
        self._steps.count()
        self._connection.close()


def place(root: Path) -> Place:
    return Place(root / "config", root / "data" / "gumption.db", root / "data" / "index")


def change(root: Path, plain: bool, said: str | None) -> None:
    """A new key for the store under `root`, as `gumption key rotate` and `gumption key encrypt` make it."""
    cheap.scrypt()
    where = place(root)
    rotate.settle(where, said)
    old = None if plain else keys.data_key(where.config, keyring_ok=False, passphrase=said)
    rotate.change(where, old, keyring_ok=False, passphrase=said)


def change_until(root: str, plain: bool, said: str | None, last: int, told: str) -> None:
    """Kills itself before step number `last`; else writes to `told` how many there were."""
    steps = Steps(last)
    connect = rotate.connect
    rotate.connect = lambda *given: Counted(connect(*given), steps)  # type: ignore[assignment]
    sys.addaudithook(steps.heard)
    change(Path(root), plain, said)
    done, steps.left = steps.done, 10**9
    Path(told).write_text(str(done))


def rekeep_until(root: str, before: str | None, after: str | None, last: int, told: str) -> None:
    """As `change_until`, for keeping the same key in another way."""
    cheap.scrypt()
    key = keys.data_key(Path(root), keyring_ok=False, passphrase=before)
    steps = Steps(last)
    sys.addaudithook(steps.heard)
    keys.rekeep(Path(root), key, keyring_ok=False, passphrase=after)
    done, steps.left = steps.done, 10**9
    Path(told).write_text(str(done))


def change_for_ever(root: str) -> None:
    while True:
        change(Path(root), False, None)
