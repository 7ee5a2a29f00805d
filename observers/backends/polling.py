"""Waiting for another front window where no event tells of one: a look from time to time."""

import threading
import time
from collections.abc import Callable

from gum.types import WindowInfo

POLL_S = 0.5


class Polling:
    """Compares what `look` finds with what it found before."""

    def __init__(self, look: Callable[[], WindowInfo | None]) -> None:
        self._look = look
        self._news = threading.Event()
        self._last: tuple[int, str] | None = None

    def wait(self, timeout_s: float) -> bool:
        """Sleeps until another window or title is in front than at the last look, `wake`, or time is up."""
        deadline = time.monotonic() + timeout_s
        while True:
            window = self._look()
            seen = (window.window_id, window.title) if window is not None else None
            before, self._last = self._last, seen
            if seen != before:
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if self._news.wait(min(left, POLL_S)):
                self._news.clear()
                return True

    def wake(self) -> None:
        """Ends a `wait`; may be called from any thread."""
        self._news.set()
