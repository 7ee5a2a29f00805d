import time

import pytest

from app.desktop import VirtualDesktop
from assistants.windows import XWindows
from gum.errors import CaptureUnavailable


@pytest.mark.desktop
def test_windows_are_listed_and_only_the_one_that_is_asked_closes(desktop: VirtualDesktop) -> None:
    for title in ("first", "second"):
        desktop.launch(["xterm", "-T", title])
        desktop.wait_window(title)
    windows = XWindows(desktop.display)
    ids = {title: window for window, title in windows.titles().items()}
    windows.close(ids["first"])
    end = time.monotonic() + 10
    while ids["first"] in windows.titles() and time.monotonic() < end:
        time.sleep(0.05)
    assert ids["first"] not in windows.titles()
    assert windows.titles()[ids["second"]] == "second"


# python-xlib forgets to close the socket it tried in vain.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_display_that_is_not_there_says_so() -> None:
    with pytest.raises(CaptureUnavailable):
        XWindows(":987").titles()


@pytest.mark.desktop
def test_a_window_behind_another_is_brought_to_the_front(desktop: VirtualDesktop) -> None:
    for title in ("first", "second"):
        desktop.launch(["xterm", "-T", title])
        desktop.wait_window(title)
    windows = XWindows(desktop.display)
    ids = {title: window for window, title in windows.titles().items()}
    for title in ("first", "second", "first"):
        windows.activate(ids[title])
        end = time.monotonic() + 10
        while desktop.active_window() != ids[title] and time.monotonic() < end:
            time.sleep(0.05)
        assert desktop.active_window() == ids[title]
