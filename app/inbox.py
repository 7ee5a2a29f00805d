"""The one bounded inbox between the observer threads and the event loop. It merges and never blocks.

What is in here is not acknowledged yet: it becomes so when `storage.observations.append` has committed it.
"""

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from gum.types import AT_WINDOWS, Exclusion, Frame, Observation, ObservationId

PIXELS = 64_000_000  # bytes of raw frames that may wait; a 1080p frame is 8.3 MB
ON_ITS_WAY_S = 120.0  # how long after it was forgotten a thing may still come in from a slow observer
CAPACITY = 512  # at one item a second more than eight minutes of a stalled disk


TEXT = 200_000  # characters that are kept of a text: ten times what a drafter looks at (gum.text.MAX_TEXT)
LINE = 2_000  # of a title, an address, the name of an application


@dataclass(frozen=True, slots=True)
class Arrival:
    """An observation and, for those whose text is still in pixels, its frame."""

    observation: Observation
    frame: Frame | None = None


def cut(observation: Observation) -> Observation:
    """The beginning of what is longer than any screen: redacting 10 MB would hold the store for 10 s."""
    o = observation
    if len(o.text) <= TEXT and max(len(o.title), len(o.app), len(o.url or "")) <= LINE:
        return o
    url = o.url[:LINE] if o.url is not None else None
    return replace(o, text=o.text[:TEXT], title=o.title[:LINE], app=o.app[:LINE], url=url)


def merged(old: Observation, new: Observation) -> Observation:
    """`old` going on: the same observation, lasting until the later of the two ends.

    Raises ValueError when the two are not the same observation.
    """
    if old.id != new.id:
        raise ValueError("only an observation and its own continuation merge")
    return replace(new, at=min(old.at, new.at), until=max(old.until, new.until))


class Inbox:
    """A `observers.base.Sink`: `put` and `excluded` may be called from any thread."""

    def __init__(self, capacity: int = CAPACITY, paused: Callable[[], bool] = lambda: False) -> None:
        """`paused` is asked at every put: what a slow observer brings into a pause is refused here."""
        self._paused = paused
        self._lock = threading.Lock()
        self._waiting: OrderedDict[ObservationId, Arrival] = OrderedDict()
        self._exclusions: list[Exclusion] = []
        self._capacity = capacity
        self._dropped = 0
        self._not_before = datetime.min.replace(tzinfo=UTC)
        self._refuses_until = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._something = asyncio.Event()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Names the loop that `wait` and `drain` are used on."""
        self._loop = loop

    def put(self, observation: Observation, frame: Frame | None = None) -> None:
        """Takes an observation. When full, the oldest waiting one is dropped and counted."""
        if self._paused() or self._too_old(observation):
            return
        observation, frame = self._since_forgetting(cut(observation)), self._unforgotten(frame)
        with self._lock:
            old = self._waiting.get(observation.id)
            if old is not None:
                self._waiting[observation.id] = Arrival(
                    merged(old.observation, observation), frame or old.frame
                )
            else:
                if len(self._waiting) >= self._capacity:
                    self._waiting.popitem(last=False)
                    self._dropped += 1
                self._waiting[observation.id] = Arrival(observation, frame)
                self._make_room()
        self._wake()

    def excluded(self, exclusion: Exclusion) -> None:
        """Takes note of something that was not observed."""
        with self._lock:
            if len(self._exclusions) < self._capacity:
                self._exclusions.append(exclusion)
        self._wake()

    async def wait(self) -> None:
        """Returns when there is something to drain."""
        await self._something.wait()

    def drain(self) -> tuple[list[Arrival], list[Exclusion]]:
        """Everything that waits, oldest first; the inbox is empty afterwards."""
        with self._lock:
            arrivals, exclusions = list(self._waiting.values()), self._exclusions
            self._waiting.clear()
            self._exclusions = []
            self._something.clear()
        return arrivals, exclusions

    def give_back(self, arrivals: list[Arrival]) -> None:
        """Puts back what could not be stored, before what came since; it is tried again."""
        with self._lock:
            since = self._waiting
            self._waiting = OrderedDict((a.observation.id, a) for a in arrivals[-self._capacity :])
            for key, arrival in since.items():
                old = self._waiting.get(key)
                self._waiting[key] = (
                    arrival
                    if old is None
                    else Arrival(merged(old.observation, arrival.observation), arrival.frame or old.frame)
                )
            while len(self._waiting) > self._capacity:
                self._waiting.popitem(last=False)
                self._dropped += 1
        self._wake()

    def clear(self, until: datetime | None = None) -> None:
        """Throws away what waits: the person asked to forget, or paused.

        What ended before `until` is refused for ON_ITS_WAY_S too: it may still be on its way. Not longer, or
        nothing would be observed for hours after the clock was set back.
        """
        with self._lock:
            self._refuses_until = time.monotonic() + ON_ITS_WAY_S
            self._not_before = max(self._not_before, until or self._not_before)
            self._waiting.clear()
            self._exclusions = []
            self._something.clear()

    def _too_old(self, observation: Observation) -> bool:
        return observation.until < self._not_before and time.monotonic() < self._refuses_until

    def _since_forgetting(self, observation: Observation) -> Observation:
        """A window that is still in front is in front since what was before was forgotten."""
        since = self._not_before
        if observation.source in AT_WINDOWS and observation.at < since <= observation.until:
            return replace(observation, at=since)
        return observation

    def _unforgotten(self, frame: Frame | None) -> Frame | None:
        """Without what its part looked like before the person had something forgotten."""
        if frame is None or frame.before_at is None or frame.before_at >= self._not_before:
            return frame
        return replace(frame, before=None, before_at=None)

    @property
    def size(self) -> int:
        return len(self._waiting)

    def give_up(self, count: int) -> None:
        """Counts what was drained and could not be taken by anybody."""
        with self._lock:
            self._dropped += count

    @property
    def dropped(self) -> int:
        return self._dropped

    def _make_room(self) -> None:
        """Drops the oldest arrivals with pixels while more than PIXELS wait. Under the lock."""
        held = [
            (key, len(a.frame.pixels) + len(a.frame.before or b""))
            for key, a in self._waiting.items()
            if a.frame is not None
        ]
        over = sum(size for _, size in held) - PIXELS
        for key, size in held[:-1]:
            if over <= 0:
                return
            del self._waiting[key]
            self._dropped += 1
            over -= size

    def _wake(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._something.set)
