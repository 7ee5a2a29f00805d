"""A compositor's socket that can be slept on, and woken from any thread. Knows no protocol."""

import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gum.errors import CaptureUnavailable

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
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(ANSWER_S)
    try:
        line.connect(path)
    except BaseException:
        line.close()
        raise
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
    """Events of one socket. `take` is called when there are some and says whether one of them matters."""

    def __init__(self, line: socket.socket, take: Callable[[socket.socket], bool]) -> None:
        self._line, self._take = line, take
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)

    def wait(self, timeout_s: float) -> bool:
        """Sleeps until an event matters, `wake` is called (True), or time is up (False). Raises as `take`."""
        deadline = time.monotonic() + timeout_s
        while True:
            left = max(0.0, deadline - time.monotonic())
            ready, _, _ = select.select([self._line.fileno(), self._wake_read], [], [], left)
            if self._wake_read in ready:
                os.read(self._wake_read, 4096)
                return True
            if self._line.fileno() in ready and self._take(self._line):
                return True
            if not ready:
                return False

    def wake(self) -> None:
        os.write(self._wake_write, b"x")

    def close(self) -> None:
        for end in (self._wake_read, self._wake_write):
            os.close(end)
        self._line.close()
