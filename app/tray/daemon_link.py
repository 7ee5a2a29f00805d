"""Sees to it that a daemon runs: starts one when none answers, and says why when that fails."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.tray.client import Client
from app.tray.wire import Problem

# -P: what lies in the folder it was started in is no part of it.
COMMAND = (sys.executable, "-P", "-m", "gumption", "daemon")
PATIENCE_S = 20.0
LOOK_MS = 250
RETRIES = 3  # starts in a row without the daemon staying up; a daemon that dies at once is not a hot loop


class DaemonLink(QObject):
    """Watches one client's reachability."""

    failed = Signal(object)
    """A Problem: the daemon could not be started."""
    came_up = Signal()

    def __init__(
        self,
        client: Client,
        parent: QObject | None = None,
        *,
        command: Sequence[str] = COMMAND,
        patience_s: float = PATIENCE_S,
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._command = tuple(command)
        self._patience_s = patience_s
        self._started_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self._starts = 0
        self._stopping = False
        self.trouble: Problem | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._ask)
        self._steady = QTimer(self, singleShot=True, interval=60_000)
        self._steady.timeout.connect(self._forget_starts)
        client.reachable_changed.connect(self._reachable)

    def ensure(self) -> None:
        """Starts the daemon unless one answers or is coming up already."""
        if not self._stopping and not self._look.isActive():
            self._client.hello(lambda answers: None if answers else self._start())

    def try_again(self) -> None:
        """Starts anew because the person asked for it, however often it failed before."""
        self._starts = 0
        self.trouble = None
        self.ensure()

    def stop(self) -> None:
        """No more starts: the person quits."""
        self._stopping = True
        self._look.stop()

    def _reachable(self, answers: bool) -> None:
        if answers:
            self._look.stop()
            self._steady.start()
            self.trouble = None
            self.came_up.emit()
        elif not self._stopping:
            self._steady.stop()
            self.ensure()

    def _forget_starts(self) -> None:
        self._starts = 0

    def _start(self) -> None:
        if self._stopping or self._look.isActive():
            return
        if self._starts >= RETRIES:
            self._fail("Gumption's background part keeps stopping")
            return
        self._starts += 1
        try:
            self.process = self._spawn()
        except OSError as error:
            self._fail("Gumption's background part could not be started", f"{error.strerror}.")
            return
        self._started_at = time.monotonic()
        self._look.start()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        """A process that outlives this one. Not QProcess.startDetached: its end could not be noticed."""
        with self._words_file.open("wb") as words:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
                start_new_session=True,
            )

    @property
    def _words_file(self) -> Path:
        """What a daemon says that ends before it has a log."""
        return self._client.paths.data / "daemon-start.log"

    def _ask(self) -> None:
        waited = time.monotonic() - self._started_at
        if self.process is None or self.process.poll() is not None:
            self._look.stop()
            # Another daemon may hold the lock and answer in a moment: ask before calling it a failure.
            self._client.hello(lambda answers: self._client.refresh() if answers else self._ended())
        elif waited > self._patience_s:
            self._look.stop()
            self._fail(f"Gumption's background part did not come up within {self._patience_s:.0f} s")
        else:
            self._client.refresh()

    def _ended(self) -> None:
        self._fail("Gumption's background part stopped right after its start")

    def _fail(self, title: str, words: str = "") -> None:
        words = words or self._last_words()
        where = f"Its log is {self._client.paths.log}; `gumption doctor` says more."
        self.trouble = Problem(title, f"{words} {where}" if words else where)
        self.failed.emit(self.trouble)

    def _last_words(self) -> str:
        try:
            text = self._words_file.read_text("utf-8", errors="replace")[-4000:]
        except OSError:
            return ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return " ".join(lines[-3:])
