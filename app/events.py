"""What happened, told to whoever listens. A listener that was away resumes by the id it saw last."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from gum.types import new_id

KEPT = 1000  # events a listener may have missed and still get


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `id` is `RUN-NUMBER`, so ids of another run are never taken for ours."""

    id: str
    name: str
    data: object


class Hub:
    """Publishes on the event loop; each listener has a bounded queue of its own."""

    def __init__(self, kept: int = KEPT) -> None:
        self._run = new_id()[:8]
        self._number = 0
        self._past: deque[Event] = deque(maxlen=kept)
        self._listeners: set[asyncio.Queue[Event | None]] = set()
        self._kept = kept
        self._closed = False

    def publish(self, name: str, data: object) -> Event:
        """Tells all listeners. One too slow to keep up is cut off; it resumes by its last id."""
        self._number += 1
        event = Event(f"{self._run}-{self._number}", name, data)
        self._past.append(event)
        for queue in list(self._listeners):
            if queue.full():
                self._listeners.discard(queue)
                self._end(queue)
            else:
                queue.put_nowait(event)
        return event

    def listen(self, last_id: str | None = None) -> AsyncIterator[Event]:
        """Events after `last_id` that are still kept, then those to come, from this call on.

        A `last_id` of another run, or too old, gets one "resync" event first: reload what you show.
        """
        queue: asyncio.Queue[Event | None] = asyncio.Queue(self._kept)
        missed = self._after(last_id)
        self._listeners.add(queue)
        if self._closed:
            self._end(queue)
        return self._stream(queue, missed)

    async def _stream(self, queue: asyncio.Queue[Event | None], missed: list[Event]) -> AsyncIterator[Event]:
        try:
            for event in missed:
                yield event
            while (event_ := await queue.get()) is not None:
                yield event_
        finally:
            self._listeners.discard(queue)

    def forget_past(self) -> None:
        """Throws away the events kept for resuming: they quote what was to be forgotten."""
        self._past.clear()

    def close(self) -> None:
        """Ends every listener."""
        self._closed = True
        for queue in list(self._listeners):
            self._end(queue)

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    @staticmethod
    def _end(queue: asyncio.Queue[Event | None]) -> None:
        if queue.full():
            queue.get_nowait()
        queue.put_nowait(None)

    def _after(self, last_id: str | None) -> list[Event]:
        if last_id is None:
            return []
        for index, event in enumerate(self._past):
            if event.id == last_id:
                return list(self._past)[index + 1 :]
        if last_id == f"{self._run}-0" and self._number == len(self._past):
            return list(self._past)
        return [Event(f"{self._run}-{self._number}", "resync", {})]
