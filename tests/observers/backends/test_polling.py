"""Waiting by looking."""

import threading

from gum.types import WindowInfo
from observers.backends.polling import Polling


def test_another_window_or_title_ends_a_wait_and_nothing_else_does() -> None:
    shown = [WindowInfo(1, "a", "one", 1, None)]
    polling = Polling(lambda: shown[0])
    assert polling.wait(0)  # the first look is news
    assert not polling.wait(0)
    shown[0] = WindowInfo(1, "a", "two", 1, None)
    assert polling.wait(60) and not polling.wait(0)
    shown[0] = WindowInfo(2, "a", "two", 1, None)
    assert polling.wait(60) and not polling.wait(0)


def test_wake_ends_a_wait() -> None:
    polling = Polling(lambda: None)
    timer = threading.Timer(0.1, polling.wake)
    timer.start()
    assert polling.wait(60)
    timer.join()
    assert not polling.wait(0)
