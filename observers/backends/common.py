"""What the back-ends here have in common, so that each file says only what its own window system tells."""

import threading
from abc import ABC, abstractmethod
from typing import Generic, Protocol, TypeVar

from gum.types import WindowInfo
from observers.backends.idle import IdleTime
from observers.backends.polling import Polling


class Waiting(Protocol):
    """What can be slept on: events of a socket (`channel`), of a bus (`News`), or looks (`polling`)."""

    def wait(self, timeout_s: float) -> bool: ...

    def wake(self) -> None: ...


class News:
    """News that another thread brings."""

    def __init__(self) -> None:
        self._came = threading.Event()

    def wait(self, timeout_s: float) -> bool:
        """Sleeps until there are some (True) or time is up; they are heard then."""
        came = self._came.wait(timeout_s)
        self._came.clear()
        return came

    def wake(self) -> None:
        """Brings some; may be called from any thread."""
        self._came.set()


class Common:
    """The waiting of an `observers.windows.Windows`."""

    _waiting: Waiting

    def wait(self, timeout_s: float) -> bool:
        return self._waiting.wait(timeout_s)

    def wake(self) -> None:
        self._waiting.wake()


class Reticent(Common):
    """Where the window system tells neither how long nobody touched anything nor that it is locked."""

    _idle: IdleTime

    def idle_s(self) -> float | None:
        return self._idle.seconds()

    def locked(self) -> bool:
        """Not told here: `observers.session_lock` listens to those who do."""
        return False


class Native(Protocol):
    """What is asked of a system that is looked at from time to time."""

    def idle_s(self) -> float: ...

    def locked(self) -> bool: ...


N = TypeVar("N", bound=Native)


class Polled(Common, ABC, Generic[N]):
    """Where no event tells of another window."""

    def __init__(self, native: N) -> None:
        self._native = native
        self._waiting = Polling(self.active)

    @abstractmethod
    def active(self) -> WindowInfo | None: ...

    def idle_s(self) -> float | None:
        return self._native.idle_s()

    def locked(self) -> bool:
        return self._native.locked()

    def close(self) -> None:
        """Nothing is held open."""
