"""A real, private desktop for tests: `desktop` in a test's arguments gives it, empty."""

import subprocess
import time
from collections.abc import Iterator

import pytest

from app.desktop import VirtualDesktop

TRAY = "panel"  # the title of the window that the tray itself has


# A second or two for each file: on one desktop for the whole run an editor's window came up near the end,
# four times of four, and never showed its document; on a fresh one that was never seen.
@pytest.fixture(scope="module")
def virtual_desktop() -> Iterator[VirtualDesktop]:
    """One desktop with a tray for the tests of a file. Programs of earlier ones may still be on it."""
    with VirtualDesktop(size=(1280, 900)) as desktop:
        yield desktop


@pytest.fixture
def desktop(virtual_desktop: VirtualDesktop) -> Iterator[VirtualDesktop]:
    """The desktop with nothing on it; what a test launches there is ended after the test."""
    sweep(virtual_desktop)
    yield virtual_desktop
    sweep(virtual_desktop)


def sweep(desktop: VirtualDesktop) -> None:
    """Ends what was launched on it, and whatever else has a window there: an action starts programs that are
    meant to outlive it, and an editor left with an open question keeps the next test's file waiting.

    By their windows, since a browser overwrites the environment by which its processes could be told.
    """
    desktop.clear()
    end = time.monotonic() + 10
    while left := [window for window, title in desktop.windows().items() if title != TRAY]:
        assert time.monotonic() < end, f"still there: {desktop.windows()}"
        for window in left:  # one may have gone meanwhile
            subprocess.run(["xdotool", "windowkill", str(window)], env=desktop.env, capture_output=True)
        time.sleep(0.2)
