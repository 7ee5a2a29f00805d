"""What the back-ends have in common: the rest of each is in its own test."""

import threading

from gum.types import WindowInfo
from observers.backends.common import News, Polled, Reticent
from observers.backends.idle import IdleTime

WINDOW = WindowInfo(1, "a", "one", 1, None)


class Told(Reticent):
    def __init__(self) -> None:
        self._waiting, self._idle = News(), IdleTime("", "")


class System:
    """A stand-in for a system that is looked at."""

    def idle_s(self) -> float:
        return 7.0

    def locked(self) -> bool:
        return True


class Looked(Polled[System]):
    def active(self) -> WindowInfo | None:
        return WINDOW


def test_what_nobody_tells_is_not_made_up() -> None:
    windows = Told()
    assert windows.idle_s() is None and not windows.locked()


def test_news_end_a_wait_once() -> None:
    windows = Told()
    assert not windows.wait(0)
    timer = threading.Timer(0.1, windows.wake)
    timer.start()
    assert windows.wait(60) and not windows.wait(0)
    timer.join()


def test_what_is_looked_at_tells_what_its_system_does() -> None:
    windows = Looked(System())
    assert windows.wait(0) and not windows.wait(0)  # the first look is news
    windows.wake()
    assert windows.wait(60)
    assert windows.idle_s() == 7.0 and windows.locked()
