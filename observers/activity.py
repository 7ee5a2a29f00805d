"""What the person's hands do, as far as the other sources need it: moments worth a look. Thread-safe.

The input source tells them, the screen and the tree look when they hear of one. Which key it was, or where
the pointer stood, is not in it.
"""

import threading
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

    def subscribe(self, heard: Callable[[Trigger], None]) -> None:
        """`heard` is called from the input source's thread; it must return at once and never raise."""
        with self._lock:
            self._heard.append(heard)

    def tell(self, trigger: Trigger) -> None:
        """Tells all who subscribed."""
        with self._lock:
            heard = tuple(self._heard)
        for one in heard:
            one(trigger)
