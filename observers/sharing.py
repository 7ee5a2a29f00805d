"""Is the screen being shared or recorded? Told by the windows that show it: bars, toolbars and recorders.

No window system says who reads its pixels, so this is all there is to go by. Noticed are Chromium and its
relatives (tried with Chromium 156: the bar “rail.test is sharing your screen.” is a window without a
WM_CLASS, of the browser's process, and names the page's address in every language), and by names that were
read, not tried: Firefox, Zoom, Teams, AnyDesk, and recorders while they are open. Not noticed: a tab shared
with another page, which has no bar of its own; Slack and Discord on Linux; the desktop's own recorder; what
has no window.
"""

import re
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from gum.errors import CaptureUnavailable
from gum.types import WindowInfo
from observers.browsers import is_browser
from observers.patterns import glob
from observers.plain import plain
from observers.windows import Windows

LOOK_S = 1.0  # a look without an event

# Program and title, as globs. The first group are windows that are there only while something is shared.
_MARKS = (
    ("zoom*", "as_toolbar"),
    ("zoom*", "as_toolbar_*"),
    ("zoom*", "cpt_frame_*"),
    ("zoom*", "annotate_toolbar*"),
    ("*teams*", "*sharing control bar*"),
    ("*teams*", "*sharing toolbar*"),
    ("skype*", "*screen sharing*"),
    ("webex*", "*sharing control*"),
    ("anydesk", "*anydesk - connection*"),
    ("*", "* is sharing your screen."),
    ("*", "* is sharing your screen and audio."),
    ("*", "* is sharing a window."),
    ("*", "* is sharing a window and audio."),
    # Recorders and what shows the screen elsewhere: while one is open, it may be at work.
    *((recorder, "*") for recorder in (
        "obs", "com.obsproject.studio", "simplescreenrecorder", "vokoscreen*", "kazam", "peek", "kooha",
        "*.kooha", "krfb", "*.krfb", "*recordmydesktop", "gpu-screen-recorder*", "green-recorder", "x11vnc*",
    )),
)  # fmt: skip
_FITS = tuple((glob(app), glob(title)) for app, title in _MARKS)
# Firefox has a small window for it, "Firefox — Sharing Indicator" in its language; others end with the brand.
_BRAND = "(?:firefox|nightly|librewolf|waterfox)"
_GECKO = re.compile(rf"{_BRAND}\b[^-–—]*[-–—](?!.*{_BRAND}).+", re.S)
_INDICATING = ("*sharing indicator*", "indicador de compart*")
_ADDRESS = re.compile(r"\w+://\S|(?:^|[\s“\"«„'(])(?:[\w-]+\.)+\w{2,}(?:\W|$)|\blocalhost\b")


def shared(windows: Sequence[WindowInfo]) -> bool:
    """Whether one of the open `windows` says that the screen, or a window, is being shared or recorded."""
    browsing = {w.pid for w in windows if w.pid is not None and (w.browser or is_browser(w.app))}
    return any(_tells(window, browsing) for window in windows)


def _tells(window: WindowInfo, browsing: set[int]) -> bool:
    app, title = plain(window.app), plain(window.title)
    if not app and window.pid in browsing and _ADDRESS.search(title):
        return True
    if is_browser(app) and (_GECKO.fullmatch(title) or any(glob(words)(title) for words in _INDICATING)):
        return True
    return any(program(app) and named(title) for program, named in _FITS)


class Sharing:
    """Looks whenever it is asked, at most every LOOK_S unless windows came or went. Thread-safe."""

    def __init__(self, opened: Callable[[], Windows]) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self._windows: Windows | None = None
        self._looked = -LOOK_S
        self._told: bool | None = None

    def now(self) -> bool | None:
        """Whether the screen is being shared; None when nobody can tell."""
        with self._lock:
            try:
                return self._look()
            except CaptureUnavailable:
                self._drop()
                self._told, self._looked = None, time.monotonic()
                return None

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _look(self) -> bool | None:
        due = time.monotonic() - self._looked >= LOOK_S
        if self._windows is None:
            if not due:
                return self._told  # it did not answer a moment ago
            self._windows = self._opened()
        if self._windows.wait(0) or due:
            self._told = shared(self._windows.all())
            self._looked = time.monotonic()
        return self._told

    def _drop(self) -> None:
        windows, self._windows = self._windows, None
        if windows is not None:
            with suppress(CaptureUnavailable):  # the connection is gone already
                windows.close()
