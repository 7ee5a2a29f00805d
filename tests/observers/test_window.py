"""The window in front of a real X11 display."""

import threading
import time
from collections.abc import Iterator

import pytest

from app.desktop import VirtualDesktop
from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.window import X11Windows, decode_name, display_name
from tests.observers.recorder import wait_for

pytestmark = pytest.mark.desktop


@pytest.fixture
def windows(desktop: VirtualDesktop) -> Iterator[X11Windows]:
    windows = X11Windows(desktop.display)
    yield windows
    windows.close()


def test_the_front_window_is_known_by_program_title_process_and_place(
    desktop: VirtualDesktop, windows: X11Windows
) -> None:
    process = desktop.launch(["xterm", "-T", "first – ü"])
    shown = desktop.wait_window("first*")
    assert wait_for(lambda: (front := windows.active()) and front.window_id == shown)
    front = windows.active()
    assert front is not None and (front.app, front.title, front.pid) == ("xterm", "first – ü", process.pid)
    assert front.region is not None and windows.screen().intersect(front.region) is not None
    assert front.private is False and not front.browser
    assert "first – ü" in windows.titles()


def test_what_lies_above_a_window_is_known(desktop: VirtualDesktop, windows: X11Windows) -> None:
    desktop.launch(["xterm", "-T", "below"])
    below = desktop.wait_window("below")
    desktop.launch(["xterm", "-T", "above"])
    above = desktop.wait_window("above")
    desktop.activate(above)
    desktop.place(below, 10, 40, 400, 300)
    desktop.place(above, 200, 100, 400, 300)
    assert wait_for(lambda: any(_holds(region, 300, 200) for region in windows.above(below)))
    assert not any(_holds(region, 300, 200) for region in windows.above(above))
    assert windows.above(0x7FFFFF) == [windows.screen()]  # a window that is gone: believe nothing


def test_waiting_ends_on_a_new_front_window_and_on_wake(desktop: VirtualDesktop, windows: X11Windows) -> None:
    windows.active()
    while windows.wait(0.3):
        pass
    timer = threading.Timer(0.2, lambda: desktop.launch(["xterm", "-T", "new"]))
    timer.start()
    assert windows.wait(20)
    timer.join()
    desktop.wait_window("new")
    time.sleep(0.5)
    while windows.wait(0.3):
        pass
    timer = threading.Timer(0.2, windows.wake)
    timer.start()
    assert windows.wait(20)
    timer.join()


def test_a_new_title_ends_a_wait(desktop: VirtualDesktop, windows: X11Windows) -> None:
    desktop.launch(["xterm", "-T", "before"])
    desktop.wait_window("before")
    assert wait_for(lambda: (front := windows.active()) and front.title == "before")
    desktop.type_text("printf '\\033]2;after\\007'\n")
    assert wait_for(lambda: windows.wait(1) and (front := windows.active()) and front.title == "after")


def test_windows_that_vanish_while_looked_at_are_survived(
    desktop: VirtualDesktop, windows: X11Windows
) -> None:
    for number in range(3):
        process = desktop.launch(["xterm", "-T", f"short {number}"])
        desktop.wait_window(f"short {number}")
        process.kill()
        for _ in range(50):
            windows.active()
            windows.titles()
    assert windows.screen().width == 1280


@pytest.mark.parametrize(
    ("value", "utf8", "name"),
    [
        ("Zürich – 東京".encode(), True, "Zürich – 東京"),
        (b"Z\xfcrich", False, "Zürich"),
        (b"first \x1b%G\xe2\x80\x93\x1b%@ \xfc", False, "first – ü"),
        (b"\x1b%G\xe6\x9d\xb1", False, "東"),
    ],
)
def test_names_are_understood_in_old_and_new_encodings(value: bytes, utf8: bool, name: str) -> None:
    assert decode_name(value, utf8) == name


def test_no_display_and_a_dead_one_are_clear_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CaptureUnavailable, match="no X11 display") as error:
        X11Windows(":4711")
    assert error.value.hint
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    with pytest.raises(CaptureUnavailable, match="Wayland"):
        display_name(None)
    monkeypatch.setenv("XDG_SESSION_TYPE", "tty")
    with pytest.raises(CaptureUnavailable, match="no display"):
        display_name(None)


def _holds(region: Region, x: int, y: int) -> bool:
    return region.left <= x < region.right and region.top <= y < region.bottom
