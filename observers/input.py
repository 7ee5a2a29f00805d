"""The input source: how much is typed, clicked and scrolled in the front window, and when to look at it.

Only in a window whose text may be read, and only while it is in front by word of the window manager, too:
what is done in any other, in a pause or on a lock screen that says so is not counted. It tells the
other sources of clicks, of pauses in typing and of the ends of scrolling (`activity`), in any window: those
judge it.
"""

import os
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

from gum.errors import CaptureUnavailable
from gum.types import Trust, WindowInfo
from observers.activity import Activity, Trigger
from observers.backends.session import Session, session
from observers.base import Sink, Source, Supervised, now, seen_in
from observers.bell import Bell
from observers.bursts import GAP_S, Burst, Bursts, Hand
from observers.focus import SharedFocus
from observers.xinput import Doing, XInput

SOURCE = "input"
TYPING_PAUSE_S = 1.0
SCROLL_END_S = 0.4
SCROLLING_S = 1.5  # scrolling that goes on is worth a look this often: what passes by is read, too
TYPING_S = 2.0  # since the last key: hands on the keys
WAYLAND_HINT = (
    "Wayland tells nobody of keys pressed elsewhere. Log in with an “Xorg” session for it; without, "
    "the other sources look by the clock."
)


def on_wayland(display: str | None) -> bool:
    """Whether the session is a Wayland one: the X11 display there hears of X11 programs only."""
    elsewhere = (Session.X11, Session.WINDOWS, Session.MACOS)
    return not display and session(os.environ) not in elsewhere


class Moments:
    """When to tell of which trigger. Pure; times are in seconds of one clock."""

    def __init__(self) -> None:
        self._due: dict[Trigger, float] = {}
        self._scrolling_since: float | None = None

    def saw(self, hand: Hand, at: float) -> list[Trigger]:
        """What a hand's doing is worth right away."""
        if hand is Hand.CLICK:
            return [Trigger.CLICK]
        if hand is Hand.KEY:
            self._due[Trigger.TYPING_PAUSE] = at + TYPING_PAUSE_S
        elif self._scrolling_since is None or at - self._scrolling_since < SCROLLING_S:
            self._scrolling_since = at if self._scrolling_since is None else self._scrolling_since
            self._due[Trigger.SCROLL_END] = at + SCROLL_END_S
        else:
            self._scrolling_since = at
            self._due[Trigger.SCROLL_END] = at + SCROLL_END_S
            return [Trigger.SCROLL_END]
        return []

    def due(self, at: float) -> list[Trigger]:
        """What has become due by `at`."""
        ripe = [trigger for trigger, when in self._due.items() if when <= at]
        for trigger in ripe:
            del self._due[trigger]
            if trigger is Trigger.SCROLL_END:
                self._scrolling_since = None
        return ripe

    def next(self) -> float | None:
        """When the next becomes due; None: nothing waits."""
        return min(self._due.values(), default=None)

    def forget(self) -> None:
        self._due.clear()
        self._scrolling_since = None


class Input(Source):
    """Counts what is done on an X11 display in the window that `focus` admits. An `Observer`."""

    name = SOURCE

    def __init__(
        self,
        sink: Sink,
        focus: SharedFocus,
        activity: Activity,
        paused: Callable[[], bool],
        display: str | None,
    ) -> None:
        self._sink, self._focus, self._activity = sink, focus, activity
        self._paused, self._display = paused, display
        self._bursts, self._moments = Bursts(), Moments()
        self._window: WindowInfo | None = None  # the one of the open burst
        self._number = -1  # of the focus that was seen last
        self._typed: float | None = None
        self._bell = Bell()
        self._worker = Supervised(self.name, self._watch, self._bell.set)

    def typing(self) -> bool | None:
        """Whether keys are being pressed now, in any window; None: nobody can tell."""
        if self.health().state != "running":
            return None
        return self._typed is not None and time.monotonic() - self._typed < TYPING_S

    def _watch(self) -> None:
        if on_wayland(self._display):
            raise CaptureUnavailable("Keys and clicks cannot be counted on Wayland", WAYLAND_HINT)
        self._bell.clear()
        try:
            with closing(XInput(self._display)) as hands:
                self._worker.alive()
                while not self._worker.stopping():
                    self._turn(hands.wait(self._bell, self._patience()))
        finally:
            self._forget()

    def _patience(self) -> float | None:
        """Seconds until something may be due; None: for ever, a hand wakes us."""
        due = self._moments.next()
        waits = [GAP_S] if self._bursts.open else []
        waits += [max(0.0, due - time.monotonic())] if due is not None else []
        return min(waits, default=None)

    def _turn(self, done: list[Doing]) -> None:
        if self._paused():
            self._forget()
            return
        moment = time.monotonic()
        for each in done:
            self._typed = moment if each.hand is Hand.KEY else self._typed
            for trigger in self._moments.saw(each.hand, moment):
                self._activity.tell(trigger)
            self._count(each)
        for trigger in self._moments.due(moment):
            self._activity.tell(trigger)
        self._follow()
        self._put(self._bursts.rest(now()))

    def _forget(self) -> None:
        self._bursts.forget()
        self._moments.forget()
        self._typed = None

    def _count(self, done: Doing) -> None:
        window = self._follow()
        # Our own view of the front runs behind by some milliseconds: the server's has to agree.
        if window is not None and done.front in (None, window.window_id):
            self._put(self._bursts.add(done.hand, now()), window)

    def _follow(self) -> WindowInfo | None:
        """The window that counts now. Another one, or another title of it, ends the burst."""
        focus = self._focus.get()
        window = focus.window if focus.readable else None
        if focus.number == self._number:
            return window
        self._number = focus.number
        before = self._window
        if window is None and before is not None and _same(before, focus.window):
            self._bursts.forget()  # what is shown in it is no longer to be seen
        elif before is None or not _same(before, window) or before.title != (window and window.title):
            self._put(self._bursts.leave())
        self._window = window
        return window

    def _put(self, burst: Burst | None, window: WindowInfo | None = None) -> None:
        window = window or self._window
        if burst is None or window is None or self._paused():
            return
        at = _coarse(burst.at)
        until = max(at, min(now(), _coarse(burst.until) + timedelta(seconds=GAP_S)))
        self._sink.put(seen_in(window, self.name, burst.text(), Trust.SYSTEM, at, until))
        self._worker.found()


def _coarse(at: datetime) -> datetime:
    """`at` to the whole GAP_S before: how long a password took to type tells how long it is."""
    return datetime.fromtimestamp(at.timestamp() // GAP_S * GAP_S, UTC)


def _same(one: WindowInfo, other: WindowInfo | None) -> bool:
    return other is not None and one.window_id == other.window_id and one.url == other.url
