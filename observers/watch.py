"""All sources of one desktop together: what app.daemon starts and asks.

A source that cannot work here (no display, Wayland, no accessibility) shows as "unavailable" with a hint;
the others go on.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from gum.errors import AccessibilityUnavailable, CaptureUnavailable
from gum.types import Admission, Rule, SourceHealth, WindowInfo
from observers.atspi import probe
from observers.base import Observer, Sink
from observers.browsers import is_browser
from observers.bus import AccessibilityBus
from observers.calendar import Calendars
from observers.focus import Focus, SharedFocus
from observers.front import Front, told
from observers.privacy import admit_all
from observers.screen import Screen
from observers.surface import Desktop
from observers.ui_tree import UiTree
from observers.window import X11Windows


class Watch:
    """Observes one X11 display (default: the environment's) into `sink`.

    `rules` are the person's rules (the shipped ones always hold); `paused` is asked before every look.
    Both are called from observer threads. `session` is the address of the session's D-Bus.
    """

    def __init__(
        self,
        sink: Sink,
        rules: Callable[[], Sequence[Rule]],
        paused: Callable[[], bool],
        display: str | None = None,
        session: str | None = None,
    ) -> None:
        self._rules = rules
        self._bus = AccessibilityBus(session)
        self._focus = SharedFocus()
        self._desktop = Desktop(self._bus, rules, display)
        self._front = Front(sink, self._focus, self._bus, rules, paused, display)
        self._sources: tuple[Observer, ...] = (
            self._front,
            UiTree(sink, self._focus, self._bus, rules, paused, self._idle_s),
            Screen(sink, self._focus, paused, self._is_still, display),
        )

    def add(self, *sources: Observer) -> None:
        """Further sources, before it starts."""
        self._sources = (*self._sources, *sources)

    @property
    def surface(self) -> Desktop:
        """The desktop as actions see it."""
        return self._desktop

    def start(self) -> None:
        """Begins observing; returns at once."""
        for source in self._sources:
            source.start()

    def stop(self) -> None:
        """Ends observing; when it returns, no thread of ours is left. Blocks for up to some seconds."""
        try:
            for source in self._sources:
                source.stop()
        finally:
            self._desktop.close()
            self._bus.close()

    def health(self) -> list[SourceHealth]:
        """How each source is doing."""
        return [source.health() for source in self._sources]

    def current(self) -> tuple[WindowInfo, Admission] | None:
        """The front window and what the rules say of it; None when there is none or observing is paused."""
        focus = self._focus.get()
        return (focus.window, focus.admission) if focus.window and focus.admission else None

    def readable(self, windows: X11Windows) -> WindowInfo | None:
        """The front window, looked at anew over `windows`; None unless its text may be read."""
        focus = self._focus.get()
        return focus.window if focus.readable and self._is_still(windows, focus) else None

    def rules_changed(self) -> None:
        """Has the front window judged anew, now."""
        self._front.wake()

    def input_age(self) -> timedelta | None:
        """How long ago a key was pressed or the pointer moved; None when nobody can tell."""
        try:
            return timedelta(seconds=self._desktop.idle_s())
        except CaptureUnavailable:
            return None

    def in_meeting(self, now: datetime) -> bool:
        """Whether a meeting goes on, by the calendars that are observed."""
        return any(source.busy(now) for source in self._sources if isinstance(source, Calendars))

    def screen_locked(self) -> bool:
        """Whether the screen saver is on; False when nobody can tell."""
        try:
            return self._desktop.screen_locked()
        except CaptureUnavailable:
            return False

    def describe(self, app: str, title: str, url: str | None, private: bool | None) -> WindowInfo:
        """A window of these facts, as a source would describe it: for asking the rules."""
        browser = is_browser(app)
        return WindowInfo(
            0, app.lower(), title, None, None, url, private if browser else bool(private), browser
        )

    def _idle_s(self) -> float:
        age = self.input_age()
        return age.total_seconds() if age is not None else 0.0

    def _is_still(self, windows: X11Windows, focus: Focus) -> bool:
        """Whether the front window is the admitted one and still admitted. Looks, remembers nothing."""
        window = windows.active()
        known = focus.window
        if window is None or known is None or self._focus.get().number != focus.number:
            return False
        facts = (window.window_id, window.app, window.title, window.region)
        if facts != (known.window_id, known.app, known.title, known.region):
            return False
        found = None
        if window.browser:
            try:
                found = self._bus.ask(lambda calls: probe(calls, window))
            except AccessibilityUnavailable:
                return False
        answer = admit_all(told(window, found), found.urls if found else (), self._rules())
        return answer.allowed and answer == focus.admission
