"""Who may use a thing now: short uses take turns, and nobody waits for a long one.

While a long job has the thing to itself, a short use is either refused (a question: it is answered without)
or noted and done at the end (a change: it must not be lost).
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_S = 0.02  # how often who waits looks whether a long job has begun


class Turns:
    """A lock that knows of long jobs. The thread that has the turn may take it again."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._noting = threading.Lock()
        self._busy = False
        self._noted: deque[Callable[[], None]] = deque()

    @property
    def busy(self) -> bool:
        """Whether a long job is going on or has been announced."""
        return self._busy

    def announce(self) -> None:
        """A long job will begin as soon as its thread has the turn: from now on nobody waits for one."""
        with self._noting:
            self._busy = True

    @contextmanager
    def alone(self) -> Iterator[None]:
        """For a long job. What was noted meanwhile is done at its end, in order."""
        with self._lock:
            self.announce()
            try:
                yield
            finally:
                self._catch_up()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """For a short use that waits even for a long job."""
        with self._lock:
            yield

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """For a short use that does not wait for a long job: False says that it must do without."""
        while not (mine := self._lock.acquire(timeout=LOOK_S)):
            if self._busy:
                break
        try:
            yield mine
        finally:
            if mine:
                self._lock.release()

    def do(self, change: Callable[[], None]) -> None:
        """Does `change` in a turn, now or after the long job that is going on."""
        while not self._note(change):
            with self.turn() as mine:
                if mine:
                    change()
                    return

    def _note(self, change: Callable[[], None]) -> bool:
        with self._noting:
            if self._busy:
                self._noted.append(change)
            return self._busy

    def _catch_up(self) -> None:
        while True:
            with self._noting:
                if not self._noted:
                    self._busy = False
                    return
                change = self._noted.popleft()
            change()
