"""Server-sent events from bytes (WHATWG HTML, section 9.2). Pure; knows no socket."""

from dataclasses import dataclass

LIMIT = 8 * 1024 * 1024  # bytes of one unfinished event; an observation is at most some hundred kB


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `id` is None when the event carried none."""

    name: str
    data: str
    id: str | None


class Parser:
    """Feed it bytes as they come, in pieces of any size; it gives the events that became complete."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = ""
        self._data: list[str] = []
        self._id: str | None = None
        self._size = 0

    def feed(self, chunk: bytes) -> list[Event]:
        """Raises ValueError when an event grows beyond LIMIT bytes."""
        self._rest += chunk
        self._size += len(chunk)
        events: list[Event] = []
        while (line := self._line()) is not None:
            event = self._take(line)
            if event is not None:
                events.append(event)
        if self._size > LIMIT:
            raise ValueError("an event is too long")
        return events

    def _line(self) -> bytes | None:
        """The next whole line. A CR at the very end waits: an LF may follow."""
        feed, back = self._rest.find(b"\n"), self._rest.find(b"\r")
        if back >= 0 and (feed < 0 or back < feed):
            if back + 1 == len(self._rest):
                return None
            line, skip = self._rest[:back], 2 if feed == back + 1 else 1
            self._rest = self._rest[back + skip :]
            return line
        if feed < 0:
            return None
        line, self._rest = self._rest[:feed], self._rest[feed + 1 :]
        return line

    def _take(self, line: bytes) -> Event | None:
        if not line:
            return self._finish()
        name, _, value = line.decode("utf-8", errors="replace").partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value
        return None

    def _finish(self) -> Event | None:
        event = Event(self._name or "message", "\n".join(self._data), self._id) if self._data else None
        self._name, self._data, self._id = "", [], None
        self._size = len(self._rest)
        return event
