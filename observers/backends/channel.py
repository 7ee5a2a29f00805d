"""A compositor's socket that can be slept on, and woken from any thread. Knows no protocol."""

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from gum.errors import CaptureUnavailable
from observers.bell import Bell

ANSWER_S = 2.0
CHUNK = 65536


@contextmanager
def socket_errors(name: str) -> Iterator[None]:
    """The gate where errors of a compositor's socket become ours. Raises CaptureUnavailable."""
    try:
        yield
    except (OSError, EOFError, ValueError) as error:
        raise CaptureUnavailable(
            f"{name} does not answer", "Start Gumption again from inside the session you are using now."
        ) from error


def dial(path: str) -> socket.socket:
    """A connection to the Unix socket at `path`. Raises OSError."""
    with ExitStack() as opened:
        line = opened.enter_context(socket.socket(socket.AF_UNIX))
        line.settimeout(ANSWER_S)
        line.connect(path)
        opened.pop_all()
    return line


def exactly(line: socket.socket, count: int) -> bytes:
    """The next `count` bytes. Raises EOFError when the other end hangs up before."""
    found = bytearray()
    while len(found) < count:
        part = line.recv(min(CHUNK, count - len(found)))
        if not part:
            raise EOFError
        found += part
    return bytes(found)


class Channel:
    """Events of the socket of `name`. `take` is called when there are some and says whether one matters."""

    def __init__(self, name: str, line: socket.socket, take: Callable[[socket.socket], bool]) -> None:
        self._name, self._line, self._take = name, line, take
        self._bell = Bell()

    def wait(self, timeout_s: float) -> bool:
        """Sleeps until an event matters, `wake` is called (True), or time is up (False).

        Raises CaptureUnavailable when the socket ended, or `take` did not understand it.
        """
        with socket_errors(self._name):
            return self._wait(time.monotonic() + timeout_s)

    def _wait(self, deadline: float) -> bool:
        while True:
            left = max(0.0, deadline - time.monotonic())
            ready, _, _ = select.select([self._line.fileno(), self._bell.fileno()], [], [], left)
            if self._bell.is_set():
                self._bell.clear()
                return True
            if self._line.fileno() in ready and self._take(self._line):
                return True
            if not ready:
                return False

    def wake(self) -> None:
        self._bell.set()

    def close(self) -> None:
        self._line.close()
