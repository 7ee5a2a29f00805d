"""A bell that ends a wait: one thread rings it, another sleeps on it and on a connection at once."""

import asyncio
import os
import select
import threading


class Bell(threading.Event):
    """An event that can be waited for beside something else: `fileno` is readable while it rings."""

    def __init__(self) -> None:
        super().__init__()
        self._read, self._write = os.pipe()
        # Event and pipe change together: a byte that nobody takes would have who waits turn in circles.
        self._both = threading.Lock()

    def set(self) -> None:
        with self._both:
            if not self.is_set():
                super().set()  # first: who wakes by the pipe asks the event
                os.write(self._write, b"x")

    def clear(self) -> None:
        with self._both:
            if self.is_set():
                os.read(self._read, 1)
                super().clear()

    def fileno(self) -> int:
        return self._read

    async def rung(self) -> None:
        """Returns when it rings; for a coroutine, on any loop."""
        heard, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(self._read, heard.set)
        try:
            await heard.wait()
        finally:
            loop.remove_reader(self._read)

    def wait_or(self, other: int, seconds: float | None = None) -> None:
        """Sleeps until it rings, the file descriptor `other` is readable or `seconds` are over."""
        select.select([self._read, other], [], [], seconds)

    def __del__(self) -> None:
        os.close(self._read)
        os.close(self._write)
