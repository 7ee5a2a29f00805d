"""When is a text that keeps changing worth handing over? Pure; the caller brings the time.

Typing changes a field with every key. The growing texts of one field are one content: it is handed over
when it has rested for PAUSE_S, or after LONGEST_S of typing without a rest. A text that is replaced by quite
another one (a page was left, a message was sent) is handed over as it last was.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gum.types import Trust, WindowInfo

PAUSE_S = 1.0
LONGEST_S = 8.0
Key = tuple[int, Trust]  # window and trust


@dataclass(frozen=True, slots=True)
class Settled:
    """A text worth handing over, with when it began to change and when it was last seen to."""

    key: Key
    text: str
    at: datetime
    until: datetime
    window: WindowInfo  # as it was when the text was last seen to change


@dataclass(slots=True)
class _Open:
    text: str
    began: datetime
    moved: datetime
    window: WindowInfo


class Settling:
    """The texts of all windows that have not come to rest."""

    def __init__(self) -> None:
        self._open: dict[Key, _Open] = {}
        self._told: dict[Key, str] = {}

    def see(self, key: Key, text: str, at: datetime, window: WindowInfo) -> list[Settled]:
        """Notes what a text is at `at`; returns what that settles."""
        done: list[Settled] = []
        waiting = self._open.get(key)
        if waiting is not None and waiting.text != text:
            if not _goes_on(waiting.text, text):
                done += self._close(key)
                waiting = None
            else:
                waiting.text, waiting.moved, waiting.window = text, at, window
        if waiting is None and text and self._told.get(key) != text:
            self._open[key] = _Open(text, at, at, window)
        if not text:
            self._told.pop(key, None)
        return done + self.rest(at)

    def rest(self, at: datetime) -> list[Settled]:
        """What has come to rest, or waited long enough, by `at`."""
        pause, longest = timedelta(seconds=PAUSE_S), timedelta(seconds=LONGEST_S)
        ripe = [k for k, o in self._open.items() if at - o.moved >= pause or at - o.began >= longest]
        return [settled for key in ripe for settled in self._close(key)]

    def leave(self, window_id: int | None = None) -> list[Settled]:
        """Everything that waits (of one window): the person has gone elsewhere."""
        keys = [key for key in self._open if window_id is None or key[0] == window_id]
        return [settled for key in keys for settled in self._close(key)]

    def forget(self) -> None:
        """Drops everything that waits: observing was paused, or the window is not to be seen."""
        self._open.clear()

    @property
    def waiting(self) -> bool:
        return bool(self._open)

    def _close(self, key: Key) -> list[Settled]:
        found = self._open.pop(key)
        if self._told.get(key) == found.text:
            return []
        self._told[key] = found.text
        if len(self._told) > 512:  # windows long gone
            self._told.pop(next(iter(self._told)))
        return [Settled(key, found.text, found.began, found.moved, found.window)]


def _goes_on(old: str, new: str) -> bool:
    """Whether `new` is `old` after some more typing: most of the shorter one is still there at either end."""
    shorter = min(len(old), len(new))
    if not new or (shorter < 0.5 * len(old) and len(old) - shorter > 20):
        return False
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    return head + tail >= 0.5 * shorter
