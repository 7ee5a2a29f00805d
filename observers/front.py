"""The window source: which window is in front, whether it may be looked at, and that it was used.

Everything else looks only at what this source has admitted. For a browser, its private mode and its address
come from a probe of the accessible tree that reads names of frames and addresses of documents, no content.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gum.errors import AccessibilityUnavailable
from gum.types import Observation, Rule, Trust, WindowInfo
from observers.atspi import Probe, probe, still
from observers.backends.choose import open_windows
from observers.base import PATIENCE_S, Refusals, Sink, Source, Supervised, now, seen_in
from observers.browsers import is_private
from observers.bus import AccessibilityBus
from observers.focus import SharedFocus
from observers.privacy import UNKNOWN_ADDRESS, UNKNOWN_PRIVATE, admit_all
from observers.windows import Windows

LOOK_S = 2.0  # a look without an event: addresses change without telling anybody
CALM_LOOK_S = 10.0  # when nobody has touched anything for CALM_S: nobody goes to another address
CALM_S = 30.0
PAUSED_S = 0.25
SOON_S = 0.2  # while a page loads, its title and the name of its frame differ for a moment
DWELL_S = 0.5  # shorter is passing by, not using
EXTEND_S = 10.0
CALM_EXTEND_S = 60.0  # without a key or the pointer since it was last told
AWAY_S = 300.0  # without a key or the pointer: a window that is only left open is not in use
BELIEVE_UNKNOWN_S = 1.5


def told(window: WindowInfo, found: Probe | None) -> WindowInfo:
    """`window` with what a probe says of it; unknown stays unknown. Pure."""
    if not window.browser:
        return replace(window, url=found.urls[0] if found and found.urls else None)
    if found is None:
        return window
    private = is_private(window.app, window.title, found.frame_names)
    return replace(window, private=private, url=found.urls[0] if found.urls else None)


@dataclass(slots=True)
class _Visit:
    """A window being used: one observation that lasts."""

    window: WindowInfo
    seen: Observation  # as it began
    since: float
    put_at: float | None = None
    over: bool = False  # the person went away meanwhile; what follows is another visit


class Front(Source):
    """Watches the front window of an X11 display. An `observers.base.Observer`."""

    name = "window"

    def __init__(
        self,
        sink: Sink,
        focus: SharedFocus,
        bus: AccessibilityBus,
        rules: Callable[[], Sequence[Rule]],
        paused: Callable[[], bool],
        display: str | None,
    ) -> None:
        self._sink, self._focus, self._bus = sink, focus, bus
        self._rules, self._paused, self._display = rules, paused, display
        self._worker = Supervised(self.name, self._watch, self.wake, PATIENCE_S)
        self._lock = threading.Lock()
        self._windows: Windows | None = None
        self._visit: _Visit | None = None
        self._known: tuple[WindowInfo, Probe] | None = None
        self._unknown_since: float | None = None
        self._refusals = Refusals(sink)

    def wake(self) -> None:
        """Makes it look again now: the rules changed."""
        with self._lock:
            if self._windows is not None:
                self._windows.wake()

    def _watch(self) -> None:
        windows = open_windows(self._display)
        with self._lock:
            self._windows = windows
        try:
            while not self._worker.stopping():
                windows.wait(self._look(windows))
                self._worker.alive()
        finally:
            with self._lock:
                self._windows = None
            self._leave()
            self._focus.set(None, None)
            windows.close()

    def _look(self, windows: Windows) -> float:
        """One look; returns the seconds after which to look again at the latest."""
        if self._paused() or windows.locked():
            self._visit = None  # off the record from this moment
            self._focus.set(None, None)
            return PAUSED_S if self._paused() else LOOK_S
        window = windows.active()
        if window is None:
            self._leave()
            self._focus.set(None, None)
            return LOOK_S
        found = self._probed(window) if window.browser else None
        window = told(window, found)
        answer = admit_all(window, found.urls if found else (), self._rules())
        if answer.rule_id in (UNKNOWN_PRIVATE, UNKNOWN_ADDRESS) and not self._believed():
            self._focus.set(window, answer)
            return SOON_S
        if answer.allowed:
            self._unknown_since = None
        self._focus.set(window, answer, found.frame if found else None)
        if answer.allowed:
            return self._stay(window, windows.idle_s() or 0.0)  # not known: somebody may be there
        self._leave()
        self._refusals.tell(window.window_id, window.app, answer.rule_id)
        return _pace(windows.idle_s() or 0.0)

    def _probed(self, window: WindowInfo) -> Probe | None:
        """What the tree says of a browser window; from memory when nothing changed. None without a tree."""
        known = self._known
        try:
            if known is not None and known[0] == window:
                probe_now = known[1]
                if self._bus.ask(lambda calls: still(calls, probe_now)):
                    return probe_now
            found = self._bus.ask(lambda calls: probe(calls, window))
        except AccessibilityUnavailable:
            self._known = None
            return None
        self._known = (window, found)
        return found

    def _believed(self) -> bool:
        """Whether it has been unknown for long enough that it will stay so."""
        moment = time.monotonic()
        if self._unknown_since is None:
            self._unknown_since = moment
        return moment - self._unknown_since >= BELIEVE_UNKNOWN_S

    def _stay(self, window: WindowInfo, idle_s: float) -> float:
        """Tells of a window in use: when it has been in front for DWELL_S, then every EXTEND_S,
        seldomer while nobody touches anything.

        What comes to the front while nobody is there is told once, and lasts no longer than that.
        """
        visit, moment, away = self._visit, time.monotonic(), idle_s >= AWAY_S
        if visit is None or _other(visit.window, window) or (visit.over and not away):
            self._leave()
            seen = seen_in(window, self.name, window.title, Trust.ACTED_ON, now())
            self._visit = _Visit(window, seen, moment)
            return DWELL_S
        if visit.put_at is None:
            if moment - visit.since < DWELL_S:
                return DWELL_S - (moment - visit.since)
            self._put(visit, moment)
        elif away:
            visit.over = True
        elif (age := moment - visit.put_at) >= (EXTEND_S if idle_s < age else CALM_EXTEND_S):
            self._put(visit, moment)
        return _pace(idle_s)

    def _leave(self) -> None:
        visit, self._visit = self._visit, None
        if visit is not None and visit.put_at is not None and not visit.over and not self._paused():
            self._put(visit, time.monotonic())

    def _put(self, visit: _Visit, moment: float) -> None:
        visit.put_at = moment
        self._sink.put(replace(visit.seen, until=now()))
        self._worker.found()


def _pace(idle_s: float) -> float:
    """Seconds until the next look, if nothing tells of a change before."""
    return LOOK_S if idle_s < CALM_S else CALM_LOOK_S


def _other(one: WindowInfo, two: WindowInfo) -> bool:
    return (one.window_id, one.app, one.title, one.url) != (two.window_id, two.app, two.title, two.url)
