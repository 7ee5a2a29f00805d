"""The desktop as actions see it: what stands in the front window, which windows there are, text into a field.

The same rules hold as for observing: of a window that may not be looked at, nothing but that it is there
is told.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType

from gum.errors import AccessibilityUnavailable, ActionFailed, CaptureUnavailable
from gum.types import Rule, WindowInfo
from gum.ui import Snapshot
from observers.atspi import (
    COMPONENT,
    EDITABLE,
    TEXT,
    field_of,
    frames_pid,
    parse_ref,
    probe,
)
from observers.backends.choose import open_windows
from observers.bus import AccessibilityBus, Calls, Gone, Ref
from observers.front import told
from observers.keyboard import Keyboard
from observers.labels import is_secret
from observers.privacy import admit_all
from observers.ui_tree import allowed, pruned, read
from observers.windows import Windows

FOCUS_S = 3.0  # until a field has taken the focus, or a text has arrived
_GONE = "The field is not there any more"


class Desktop:
    """A `gum.ports.Surface` of an X11 display with AT-SPI. May be used from any thread."""

    def __init__(
        self, bus: AccessibilityBus, rules: Callable[[], Sequence[Rule]], display: str | None = None
    ) -> None:
        self._bus, self._rules, self._display = bus, rules, display
        self._lock = threading.Lock()
        self._windows: Windows | None = None

    def snapshot(self) -> Snapshot | None:
        """The front window with its tree; the window alone, nameless, when the rules refuse it."""
        with self._lock, self._opened() as windows:
            window = windows.active()
        if window is None:
            return None
        for _ in range(3):  # a page that is loading: its title and its frame's name differ for a moment
            refused = self._refuses(window)
            tree, complete, _ = (
                (None, True, None) if refused else self._bus.ask(lambda c: read(c, window, None))
            )
            seen = allowed(window, tree, self._rules()) if tree is not None else None
            if tree is not None and seen is not None:
                return Snapshot(seen, pruned(tree, seen, self._rules()), complete)
            if tree is None and not refused:
                return Snapshot(window, None)
            time.sleep(0.15)
        return Snapshot(replace(window, title="", url=None), None)

    def windows(self) -> list[str]:
        """Titles of the open windows that may be looked at."""
        with self._lock, self._opened() as windows:
            found = windows.all()
        return [window.title for window in found if not self._refuses(window)]

    def set_text(self, ref: str, text: str) -> None:
        """Replaces the content of the field `ref` and makes sure it arrived.

        Over accessibility where the program offers it (GTK, Qt); by typing where it does not (Chromium).
        Raises ActionFailed.
        """
        try:
            target = parse_ref(ref)
        except ValueError as error:
            raise ActionFailed(_GONE, "Try again with the window open.") from error
        try:
            role, name, states, interfaces = self._bus.ask(lambda calls: field_of(calls, target))
        except AccessibilityUnavailable as error:
            raise ActionFailed(_GONE, "Open the window with the field and try again.") from error
        if is_secret(role, name, states):
            raise ActionFailed("That is a password field", "Gumption never fills in passwords.")
        if "editable" not in states:
            raise ActionFailed("That field cannot be changed", "Choose a field that takes text.")
        if "single line" in states and "\n" in text:
            raise ActionFailed("That field takes one line only", "Leave out the line breaks.")
        if EDITABLE in interfaces and self._bus.ask(lambda calls: _put(calls, target, text)):
            return
        self._type(target, text)

    def idle_s(self) -> float | None:
        """Seconds since the last key press or pointer movement; None when nobody can tell.

        Raises CaptureUnavailable.
        """
        with self._lock, self._opened() as windows:
            return windows.idle_s()

    def screen_locked(self) -> bool:
        """Whether the screen saver is on. Raises CaptureUnavailable."""
        with self._lock, self._opened() as windows:
            return windows.locked()

    def close(self) -> None:
        with self._lock:
            if self._windows is not None:
                self._windows.close()
                self._windows = None

    def _opened(self) -> "_Opened":
        if self._windows is None:
            self._windows = open_windows(self._display)
        return _Opened(self, self._windows)

    def _refuses(self, window: WindowInfo) -> bool:
        found = None
        if window.browser:
            try:
                found = self._bus.ask(lambda calls: probe(calls, window))
            except AccessibilityUnavailable:
                found = None
        described = told(window, found)
        return not admit_all(described, found.urls if found else (), self._rules()).allowed

    def _type(self, target: Ref, text: str) -> None:
        if not self._bus.ask(lambda calls: _focus(calls, target)):
            raise ActionFailed("The field did not take the focus", "Click into it and try again.")
        pid = self._bus.ask(lambda calls: frames_pid(calls, target))
        with self._lock, self._opened() as windows:
            front = windows.active()
        if front is None or front.pid != pid:
            raise ActionFailed("Another window is in front", "Bring the window with the field to the front.")
        keyboard = Keyboard(self._display)
        try:
            keyboard.select_all()
            keyboard.type(text) if text else keyboard.delete()
        finally:
            keyboard.close()
        if not self._bus.ask(lambda calls: _arrived(calls, target, text), FOCUS_S + 2):
            raise ActionFailed("The text did not arrive in the field", "Look at the field and try again.")


class _Opened:
    """Lends the X11 connection; drops it when it broke, so that the next call makes a new one."""

    def __init__(self, desktop: Desktop, windows: Windows) -> None:
        self._desktop, self._windows = desktop, windows

    def __enter__(self) -> Windows:
        return self._windows

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._desktop._windows = None
            with contextlib.suppress(CaptureUnavailable):  # the connection is gone already
                self._windows.close()


async def _put(calls: Calls, ref: Ref, text: str) -> bool:
    try:
        await calls.call(ref, EDITABLE, "SetTextContents", "s", [text])
    except Gone:
        return False
    return await _arrived(calls, ref, text)


async def _focus(calls: Calls, ref: Ref) -> bool:
    for _ in range(int(FOCUS_S / 0.1)):
        try:
            await calls.call(ref, COMPONENT, "GrabFocus")
            _, _, states, _ = await field_of(calls, ref)
        except Gone:
            return False
        if "focused" in states:
            return True
        await asyncio.sleep(0.1)
    return False


async def _arrived(calls: Calls, ref: Ref, text: str) -> bool:
    """Whether the field holds `text` within FOCUS_S; programs differ in a last line break."""
    for _ in range(int(FOCUS_S / 0.1)):
        try:
            (found,) = await calls.call(ref, TEXT, "GetText", "ii", [0, -1])
        except Gone:
            return False
        if str(found).rstrip("\n") == text.rstrip("\n"):
            return True
        await asyncio.sleep(0.1)
    return False
