"""One connection to the door: how long it may take to say what it wants, and how many there may be.

uvicorn has a limit for idle connections and none for slow ones. The pure Python parser (h11) is used in any
case: it bounds the size of headers, and answers alike on every machine.
"""

import asyncio
import logging
import socket
import traceback

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from app.api.guard import SECURE, Face
from app.api.problems import TYPE, raw

HEADER_S = 10.0  # from the first byte (or the connection's begin) to the end of the header
BODY_S = 30.0  # from there to the end of the body
READ_S = 30.0  # that the other side may leave an answer unread, once 64 KB of it wait
MOST = 200  # connections at a time
WASTE = 1024 * 1024  # bytes that are taken of a body nobody wants, so that the refusal is read

_quiet = logging.getLogger("uvicorn.error.connection")
_quiet.setLevel(logging.ERROR)  # whoever sends nonsense shall not fill the log with it


def _without_words(record: logging.LogRecord) -> bool:
    """A bug's message may quote what was on the screen: its kind and its place are logged."""
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        where = "".join(traceback.format_tb(error.__traceback__))
        record.msg, record.args = "a bug while answering: %s\n%s", (type(error).__name__, where)
        record.exc_info = record.exc_text = None
    return True


_quiet.addFilter(_without_words)

_PHRASES = {400: "Bad Request", 408: "Request Timeout", 503: "Service Unavailable"}
BROKEN = 400, "This is no HTTP request", "Use an HTTP client."
SLOW = (
    408,
    "The request took too long",
    f"Send its header within {HEADER_S:g} s, its body within {BODY_S:g} s.",
)
FULL = 503, "Too many connections", f"At most {MOST} are taken; close some."


def answer(status: int, title: str, hint: str) -> bytes:
    """A whole answer after which the connection ends, for what never reaches the guard."""
    body = raw(status, title, hint)
    headers = [
        (b"content-type", TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        *SECURE,
        (b"connection", b"close"),
    ]
    lines = [b"HTTP/1.1 %d %s" % (status, _PHRASES[status].encode())]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", body])


def at_once(transport: asyncio.Transport) -> None:
    """Sends the body without waiting until the header has been acknowledged, 40 ms later on Linux.

    asyncio sees to that only for sockets that were made with IPPROTO_TCP; one that was handed on was not.
    """
    sock = transport.get_extra_info("socket")
    if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Room:
    """The connections there are, the oldest first. When all places are taken, the oldest that waits goes."""

    def __init__(self) -> None:
        self._inside: dict[Connection, None] = {}

    def __len__(self) -> int:
        return len(self._inside)

    def enter(self, new: "Connection") -> bool:
        """Whether there is a place. One that is being answered is never sent away."""
        if len(self._inside) >= MOST:
            waiting = next((each for each in self._inside if each.waits), None)
            if waiting is None:
                return False
            self.leave(waiting)
            waiting.transport.abort()
        self._inside[new] = None
        return True

    def leave(self, old: "Connection") -> None:
        self._inside.pop(old, None)


class Connection(H11Protocol):
    """HTTP/1.1 with limits. `face` is the side of the door it came to."""

    def __init__(self, config: uvicorn.Config, state: ServerState, room: Room, face: Face) -> None:
        super().__init__(config, state, {"face": face})
        self.logger = _quiet
        self._room = room
        self._heard = False
        self._wasted = 0
        self._awaited: object = None  # what the timer runs for
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether nothing is being answered: none was asked, or not all of the question is here."""
        if self.cycle is None or self.cycle.response_complete:
            return True
        return self.conn.their_state is h11.SEND_BODY and not self.cycle.response_started

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        at_once(transport)
        if self._room.enter(self):
            self._wait_for()
        else:
            self._say(FULL)

    def connection_lost(self, exc: Exception | None) -> None:
        self._room.leave(self)
        self._unset_keepalive_if_required()
        for timer in (self._timer, self._unread):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._heard = True
        if self.cycle is not None and self.cycle.response_complete and self.conn.their_state is h11.SEND_BODY:
            self._wasted += len(data)
            if self._wasted > WASTE:
                self.transport.abort()
                return
        super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        self._wait_for()

    def _wait_for(self) -> None:
        """Sets the timer for what is awaited now; it runs on while that stays the same, whatever comes."""
        state = self.conn.their_state
        seconds = {h11.IDLE: HEADER_S, h11.SEND_BODY: BODY_S}.get(state)
        awaited = (state, self.cycle) if seconds is not None else None
        if awaited == self._awaited:
            return
        self._awaited = awaited
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()
        elif not self._heard or (self.cycle is not None and self.cycle.response_complete):
            self.transport.close()
        else:
            self._say(SLOW)

    def send_400_response(self, msg: str) -> None:
        """Instead of uvicorn's: with the headers that every answer has."""
        if self.waits or not self.cycle.response_started:
            self._say(BROKEN)
        else:  # in the middle of an answer there is no place for another
            self.transport.abort()

    def _say(self, what: tuple[int, str, str]) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer(*what))
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(READ_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
