"""The windows of macOS (Quartz). Their trees are read in `ax_reading`.

UNTESTED: written after Apple's documentation and never run on a Mac. The parts that decide are pure and
tested on data written by hand. A browser is refused there: whether its window is private was not tried.
"""

import importlib
import sys
from collections.abc import Mapping, Sequence
from typing import Protocol

from gum.errors import CaptureUnavailable
from gum.types import WindowInfo
from observers.backends.ax_tree import place
from observers.backends.common import Native as PolledNative
from observers.backends.common import Polled
from observers.browsers import is_browser

_HINT = "On macOS: pip install pyobjc-framework-Quartz pyobjc-framework-Cocoa, then start Gumption again."

Row = Mapping[str, object]  # one window of CGWindowListCopyWindowInfo, by its keys' names


class Native(PolledNative, Protocol):
    """What is asked of macOS."""

    def front_pid(self) -> int:
        """The process of the program in front; 0 when there is none."""
        ...

    def rows(self) -> Sequence[Row]:
        """The windows on the screen, topmost first: menus, notices and the Dock among them."""
        ...


def front(rows: Sequence[Row], pid: int) -> Row | None:
    """The topmost ordinary window of the program in front. Pure."""
    ours = (row for row in rows if row.get("kCGWindowOwnerPID") == pid)
    return next((row for row in ours if row.get("kCGWindowLayer") == 0), None)


def described(row: Row) -> WindowInfo:
    """The window as rules see it. Its title is only told to programs that may record the screen. Pure."""
    owner = str(row.get("kCGWindowOwnerName") or "").lower()
    app = owner.replace(" ", "-") if is_browser(owner) else owner
    pid = row.get("kCGWindowOwnerPID")
    return WindowInfo(
        window_id=_number(row),
        app=app,
        title=str(row.get("kCGWindowName") or ""),
        pid=pid if isinstance(pid, int) and pid > 0 else None,
        region=place(row.get("kCGWindowBounds"), ("X", "Y", "Width", "Height")),
        private=None if is_browser(app) else False,
        browser=is_browser(app),
        protected=row.get("kCGWindowSharingState") in (0, None),  # kCGWindowSharingNone; unknown means no
    )


class QuartzWindows(Polled[Native]):
    """The windows of one Mac's desktop. An `observers.windows.Windows`. Raises CaptureUnavailable."""

    def __init__(self, native: Native | None = None) -> None:
        super().__init__(native if native is not None else _native())

    def active(self) -> WindowInfo | None:
        row = front(self._native.rows(), self._native.front_pid())
        return described(row) if row is not None else None

    def all(self) -> list[WindowInfo]:
        return [described(row) for row in self._native.rows() if row.get("kCGWindowLayer") == 0]


def _native() -> Native:
    """Quartz itself. Raises CaptureUnavailable elsewhere, and where pyobjc is not installed."""
    if sys.platform != "darwin":
        raise CaptureUnavailable("macOS' windows are seen on macOS only", _HINT)
    try:
        return _Quartz()
    except ImportError as error:
        raise CaptureUnavailable("The windows cannot be asked for", _HINT) from error


class _Quartz:
    """A `Native` over pyobjc. Raises ImportError without it."""

    def __init__(self) -> None:
        self._quartz = importlib.import_module("Quartz")
        self._workspace = importlib.import_module("AppKit").NSWorkspace.sharedWorkspace()

    def front_pid(self) -> int:
        found = self._workspace.frontmostApplication()
        return int(found.processIdentifier()) if found is not None else 0

    def rows(self) -> list[Row]:
        found = self._quartz.CGWindowListCopyWindowInfo(self._quartz.kCGWindowListOptionOnScreenOnly, 0)
        return [dict(row) for row in found or ()]

    def idle_s(self) -> float:
        state = self._quartz.kCGEventSourceStateCombinedSessionState
        return float(self._quartz.CGEventSourceSecondsSinceLastEventType(state, 0xFFFFFFFF))

    def locked(self) -> bool:
        told = self._quartz.CGSessionCopyCurrentDictionary()
        return told is None or bool(told.get("CGSSessionScreenIsLocked"))


def _number(row: Row) -> int:
    number = row.get("kCGWindowNumber")
    return number if isinstance(number, int) else 0
