"""All sources of one desktop together: what app.daemon starts and asks.

A source that cannot work here (no display, Wayland, no accessibility) shows as "unavailable" with a hint;
the others go on.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from gum.errors import AccessibilityUnavailable, CaptureUnavailable
from gum.types import Admission, Rule, SourceHealth, WindowInfo
from gum.zone import HERE
from observers.activity import Activity
from observers.atspi import probe
from observers.availability import Availability
from observers.backends.choose import open_windows, trees
from observers.base import Appointments, Observer, Sink, now
from observers.browsers import is_browser
from observers.bus import AccessibilityBus
from observers.focus import Focus, SharedFocus
from observers.front import Front, told
from observers.holding import in_force_now
from observers.input import Input
from observers.presence import Presence
from observers.privacy import admit_all
from observers.screen import Screen
from observers.session_lock import SessionLock
from observers.sharing import Sharing
from observers.surface import Desktop
from observers.ui_tree import UiTree
from observers.windows import Windows


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
        pairs: bool = False,
    ) -> None:
        """`pairs`: frames of the screen also bring what their part looked like before."""
        self._sharing = Sharing(lambda: open_windows(display))
        rules = self._rules = in_force_now(rules, lambda: now().astimezone(HERE), self._sharing.now)
        self._bus = AccessibilityBus(session)
        self._focus = SharedFocus()
        self._desktop = Desktop(self._bus, rules, display)
        self._lock = SessionLock(session, changed=self.rules_changed)

        def closed() -> bool:
            return paused() or self._lock.locked

        self._front = Front(sink, self._focus, self._bus, rules, closed, display)
        self.activity = Activity()
        self.activity.subscribe(lambda _: self._front.wake())  # it looks seldom while nobody is there
        self.input = Input(sink, self._focus, self.activity, closed, display)
        self._presence = Presence(
            self._focus,
            self.input.typing,
            self.screen_locked,
            self.input_age,
            lambda: self.in_meeting(now()),
            self._sharing.now,
            session,
        )
        tree = UiTree(
            sink,
            self._focus,
            trees(self._bus, display),
            rules,
            closed,
            self._idle_s,
            self.activity,
            self._triggered,
        )

        def treeless() -> bool:
            return tree.health().state == "unavailable"

        self._started = False
        self._sources: tuple[Observer, ...] = (
            self._lock,  # first: until it has asked, nothing is looked at
            self._front,
            tree,
            Screen(sink, self._focus, closed, self._is_still, display, self.activity, pairs, treeless),
        )

    def add(self, *sources: Observer) -> None:
        """Further sources; those that come while it observes begin at once."""
        self._sources = (*self._sources, *sources)
        if self._started:
            for source in sources:
                source.start()

    @property
    def surface(self) -> Desktop:
        """The desktop as actions see it."""
        return self._desktop

    def start(self) -> None:
        """Begins observing; returns at once."""
        self._started = True
        for source in self._sources:
            source.start()

    def stop(self) -> None:
        """Ends observing; when it returns, no thread of ours is left. Blocks for up to some seconds."""
        self._started = False
        try:
            for source in self._sources:
                source.stop()
        finally:
            self._desktop.close()
            self._sharing.close()
            self._bus.close()

    def health(self) -> list[SourceHealth]:
        """How each source is doing."""
        return [source.health() for source in self._sources]

    def current(self) -> tuple[WindowInfo, Admission] | None:
        """The front window and what the rules say of it; None when there is none or observing is paused."""
        focus = self._focus.get()
        return (focus.window, focus.admission) if focus.window and focus.admission else None

    def readable(self, windows: Windows) -> WindowInfo | None:
        """The front window, looked at anew over `windows`; None unless its text may be read."""
        focus = self._focus.get()
        return focus.window if focus.readable and self._is_still(windows, focus) else None

    def rules_changed(self) -> None:
        """Has the front window judged anew, now."""
        self._front.wake()

    def input_age(self) -> timedelta | None:
        """How long ago a key was pressed or the pointer moved; None when nobody can tell."""
        try:
            idle_s = self._desktop.idle_s()
        except CaptureUnavailable:
            return None
        return timedelta(seconds=idle_s) if idle_s is not None else None

    def in_meeting(self, now: datetime) -> bool:
        """Whether a meeting goes on, by the calendars that are observed."""
        return any(source.busy(now) for source in self._sources if isinstance(source, Appointments))

    def availability(self) -> Availability:
        """Whether the person may be spoken to now. Blocks for some milliseconds, seldom a second."""
        return self._presence.look()

    @property
    def session_locked(self) -> bool:
        """Whether the login service or a desktop's screen saver says so. Costs nothing."""
        return self._lock.locked

    def screen_locked(self) -> bool:
        """Whether the session is locked or the screen saver is on; False when nobody can tell."""
        if self._lock.locked:
            return True
        try:
            return self._desktop.screen_locked()
        except CaptureUnavailable:
            return False

    def rules(self) -> Sequence[Rule]:
        """Those of the person's rules that hold now: the ones that every source asks."""
        return self._rules()

    def sharing(self) -> bool | None:
        """Whether the screen is being shared or recorded; None when nobody can tell."""
        return self._sharing.now()

    def describe(
        self,
        app: str,
        title: str,
        url: str | None,
        private: bool | None,
        instance: str = "",
        monitor: str | None = None,
        full_screen: bool = False,
    ) -> WindowInfo:
        """A window of these facts, as a source would describe it: for asking the rules."""
        browser = is_browser(app)
        return WindowInfo(
            window_id=0,
            app=app.lower(),
            title=title,
            pid=None,
            region=None,
            url=url,
            private=private if browser else bool(private),
            browser=browser,
            instance=instance.lower(),
            monitors=(monitor,) if monitor else (),
            full_screen=full_screen,
        )

    def _triggered(self) -> bool:
        return self.input.health().state == "running"

    def _idle_s(self) -> float:
        age = self.input_age()
        return age.total_seconds() if age is not None else 0.0

    def _is_still(self, windows: Windows, focus: Focus) -> bool:
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
