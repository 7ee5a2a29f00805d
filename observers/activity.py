"""What the person's hands do, as far as the other sources need it: moments worth a look. Thread-safe.

The input source tells them, the screen and the tree look when they hear of one. Which key it was, or where
the pointer stood, is not in it.
"""

import threading
import time
from collections.abc import Callable
from enum import StrEnum


class Trigger(StrEnum):
    """A moment at which what is shown is likely to have become something else."""

    CLICK = "click"
    TYPING_PAUSE = "typing_pause"
    SCROLL_END = "scroll_end"


class Activity:
    """Carries triggers from the input source to those who look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: list[Callable[[Trigger], None]] = []
        self._last: tuple[Trigger, float] | None = None

    def subscribe(self, heard: Callable[[Trigger], None]) -> None:
        """`heard` is called from the input source's thread; it must return at once and never raise."""
        with self._lock:
            self._heard.append(heard)

    def tell(self, trigger: Trigger) -> None:
        """Tells all who subscribed."""
        with self._lock:
            self._last, heard = (trigger, time.monotonic()), tuple(self._heard)
        for one in heard:
            one(trigger)

    def last(self) -> tuple[Trigger, float] | None:
        """The last trigger and when it was (time.monotonic); None: there was none yet."""
        with self._lock:
            return self._last
