"""The one shared fact: which window is in front and whether it may be looked at. Thread-safe.

The window source writes it; the tree and the screen read it and wait for it to change. It is replaced
whole, so a reader can tell by its number that the person has gone elsewhere meanwhile.
"""

import threading
from dataclasses import dataclass, replace

from gum.types import Admission, Effect, WindowInfo
from observers.bus import Ref


@dataclass(frozen=True, slots=True)
class Focus:
    """The front window. `covered`: its tree tells its text (None: not known yet)."""

    number: int
    window: WindowInfo | None = None
    admission: Admission | None = None
    frame: Ref | None = None
    covered: bool | None = None

    @property
    def readable(self) -> bool:
        """Whether its text may be read."""
        return self._allows(Effect.KEEP, Effect.TEXT_ONLY)

    @property
    def visible(self) -> bool:
        """Whether its pixels may be read."""
        return self._allows(Effect.KEEP)

    def _allows(self, *effects: Effect) -> bool:
        told = self.admission
        return told is not None and told.allowed and told.effect in effects


class SharedFocus:
    """Holds the present Focus."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._news: list[threading.Event] = []
        self._now = Focus(0)

    def get(self) -> Focus:
        with self._lock:
            return self._now

    def set(self, window: WindowInfo | None, admission: Admission | None, frame: Ref | None = None) -> Focus:
        """Makes another window, or another answer about it, the present one. Same facts: nothing happens."""
        with self._lock:
            now = self._now
            if (now.window, now.admission, now.frame) != (window, admission, frame):
                same = _same_content(now.window, window)
                covered = now.covered if same else None
                self._now = Focus(now.number + 1, window, admission, frame, covered)
                self._tell()
            return self._now

    def cover(self, number: int, covered: bool) -> None:
        """Notes whether the tree of the Focus of this number tells its text; a late note is ignored."""
        with self._lock:
            if self._now.number == number and self._now.covered != covered:
                self._now = replace(self._now, covered=covered)
                self._tell()

    def subscribe(self, news: threading.Event) -> None:
        """Sets `news` whenever the Focus becomes another."""
        with self._lock:
            self._news.append(news)

    def _tell(self) -> None:
        for news in self._news:
            news.set()


def _same_content(one: WindowInfo | None, other: WindowInfo | None) -> bool:
    """Only the place or the title changed: what is known of the tree still holds."""
    return one is not None and other is not None and one.window_id == other.window_id and one.url == other.url
