"""The window in front of a real X11 display."""

import threading
import time
from collections.abc import Iterator

import pytest
from Xlib import Xatom
from Xlib.display import Display
from Xlib.error import ConnectionClosedError

from app.desktop import VirtualDesktop, chromium_argv
from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.privacy import admit
from observers.window import X11Windows, decode_name, display_name, opened
from tests.desktop.windows import Screen
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
    assert "first – ü" in [window.title for window in windows.all()]


def test_the_class_and_full_screen_of_a_window_are_known(
    desktop: VirtualDesktop, windows: X11Windows
) -> None:
    desktop.launch(["xterm", "-name", "Journal", "-T", "small"])
    desktop.wait_window("small")
    assert wait_for(lambda: (front := windows.active()) and front.title == "small")
    front = windows.active()
    assert front is not None and (front.app, front.instance) == ("xterm", "journal")
    assert not front.full_screen and len(front.monitors) == 1
    desktop.launch(["xterm", "-fullscreen", "-T", "large"])
    desktop.wait_window("large")
    assert wait_for(lambda: (front := windows.active()) and front.title == "large" and front.full_screen)
    filling = {w.title: w.full_screen for w in windows.all()}
    assert filling["large"] and not filling["small"]


def test_a_page_that_was_made_into_a_program_is_still_a_browsers(
    desktop: VirtualDesktop, windows: X11Windows
) -> None:
    page = "data:text/html,<title>a%20page</title>words"
    desktop.launch(
        chromium_argv("about:blank", desktop.folder / "app", "--incognito", "--class=Notes", f"--app={page}")
    )
    desktop.wait_window("a page")
    found = next(w for w in windows.all() if w.title == "a page")
    assert (found.app, found.browser, found.private) == ("notes", True, None)
    assert not admit(found).allowed


def test_the_holes_of_a_window_are_not_its_own(desktop: VirtualDesktop, windows: X11Windows) -> None:
    with Screen(desktop.display) as screen:
        shown = screen.show("clock", "a clock", place=(100, 100, 300, 200))
        whole = next(w.region for w in windows.all() if w.title == "a clock")
        assert whole is not None and not [r for r in windows.above(shown.id) if r.intersect(whole)]
        shown.cut([(0, 0, 300, 80), (0, 120, 300, 80)])
        hole = Region(whole.left, whole.top + 80, 300, 40)
        assert wait_for(lambda: hole in windows.above(shown.id))
        own = Region(whole.left, whole.top, 300, 80)
        assert not [r for r in windows.above(shown.id) if r.intersect(own)]
        shown.cut([(n * 2, 0, 1, 200) for n in range(150)])
        assert whole in windows.above(shown.id)  # too many to work out


def test_a_dialog_says_over_which_windows_it_stands(desktop: VirtualDesktop, windows: X11Windows) -> None:
    with Screen(desktop.display) as screen:
        first = screen.show("notes", "the window")
        asked = screen.show("notes", "first question", over=first)
        again = screen.show("notes", "second question", over=asked)
        first.window.set_wm_transient_for(again.window)  # a program may say so
        screen.x.sync()
        found = {window.title: window for window in windows.all()}
        over = [owner.title for owner in found["second question"].owners]
        assert over[:2] == ["first question", "the window"] and len(over) <= 4
        assert all(not owner.owners for owner in found["second question"].owners)
        screen.clear()
        alone = screen.show("notes", "alone")
        alone.window.set_wm_transient_for(screen.x.screen().root)  # of the whole group of windows
        screen.x.sync()
        assert wait_for(lambda: {w.title: w.owners for w in windows.all()} == {"panel": (), "alone": ()})


def test_events_that_nobody_waits_for_do_not_pile_up(desktop: VirtualDesktop, windows: X11Windows) -> None:
    desktop.launch(["xterm", "-T", "busy"])
    desktop.wait_window("busy")
    assert wait_for(lambda: (front := windows.active()) and front.title == "busy")
    desktop.type_text("for n in 1 2 3 4 5 6 7 8 9; do printf '\\033]2;%s\\007' $n; done\n")
    assert wait_for(lambda: (front := windows.active()) and front.title == "9")
    assert windows.wait(5)  # what was taken on the way still ends a wait
    windows.active()
    assert len(windows._display.display.event_queue) < 9


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
            windows.all()
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


def test_a_connection_that_cannot_be_set_up_is_closed(desktop: VirtualDesktop) -> None:
    """The error is told as it was; one of the display itself as ours."""
    for error, told in ((ZeroDivisionError(), ZeroDivisionError), (OSError(), CaptureUnavailable)):
        with pytest.raises(told), opened(desktop.display) as x:
            assert x.fileno() >= 0
            raise error
        with pytest.raises(ConnectionClosedError):
            x.fileno()
    with opened(desktop.display) as x:
        pass
    assert x.fileno() >= 0
    x.close()


def test_who_is_only_asked_for_idle_time_does_not_gather_events(desktop: VirtualDesktop) -> None:
    windows, changes = X11Windows(desktop.display), Display(desktop.display)
    try:
        root, name = changes.screen().root, changes.intern_atom("_GUMPTION_TEST")
        for number in range(2000):
            root.change_property(name, Xatom.CARDINAL, 32, [number])
        changes.sync()
        for _ in range(3):
            windows.idle_s()
        assert len(windows._display.display.event_queue) == 0
    finally:
        windows.close()
        changes.close()
