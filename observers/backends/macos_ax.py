"""The windows of macOS (Quartz), and the reading of a window's tree over its accessibility.

UNTESTED: written after Apple's documentation and never run on a Mac. The parts that decide are pure and
tested on data written by hand. A browser is refused there: whether its window is private was not tried.
"""

import importlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from gum.errors import CaptureUnavailable
from gum.types import Region, WindowInfo
from observers.backends.ax_tree import Json, holds_secret
from observers.backends.polling import Polling
from observers.browsers import is_browser
from observers.windows import EVERYWHERE

MAX_NODES = 1500
MAX_SECONDS = 0.4
_NEEDS = "pyobjc-framework-Quartz pyobjc-framework-Cocoa pyobjc-framework-ApplicationServices"
_HINT = f"On macOS: pip install {_NEEDS}, then allow Gumption under Privacy & Security > Accessibility."

Row = Mapping[str, object]  # one window of CGWindowListCopyWindowInfo, by its keys' names


class Native(Protocol):
    """What is asked of macOS."""

    def front_pid(self) -> int:
        """The process of the program in front; 0 when there is none."""
        ...

    def rows(self) -> Sequence[Row]:
        """The windows on the screen, topmost first: menus, notices and the Dock among them."""
        ...

    def idle_s(self) -> float: ...

    def locked(self) -> bool: ...


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
        region=_region(row),
        private=None if is_browser(app) else False,
        browser=is_browser(app),
        protected=row.get("kCGWindowSharingState") in (0, None),  # kCGWindowSharingNone; unknown means no
    )


def above(rows: Sequence[Row], window_id: int) -> list[Region] | None:
    """Places of what lies above a window; None when it is not there. Pure."""
    for index, row in enumerate(rows):
        if _number(row) == window_id:
            return [region for higher in rows[:index] if (region := _region(higher)) is not None]
    return None


class QuartzWindows:
    """The windows of one Mac's desktop. An `observers.windows.Windows`. Raises CaptureUnavailable."""

    def __init__(self, native: Native | None = None) -> None:
        self._native = native if native is not None else _native()
        self._polling = Polling(self.active)

    def screen(self) -> Region:
        return EVERYWHERE

    def active(self) -> WindowInfo | None:
        row = front(self._native.rows(), self._native.front_pid())
        return described(row) if row is not None else None

    def all(self) -> list[WindowInfo]:
        return [described(row) for row in self._native.rows() if row.get("kCGWindowLayer") == 0]

    def titles(self) -> list[str]:
        return [window.title for window in self.all() if window.title]

    def above(self, window_id: int) -> list[Region]:
        found = above(self._native.rows(), window_id)
        return [EVERYWHERE] if found is None else found

    def idle_s(self) -> float:
        return self._native.idle_s()

    def locked(self) -> bool:
        return self._native.locked()

    def wait(self, timeout_s: float) -> bool:
        return self._polling.wait(timeout_s)

    def wake(self) -> None:
        self._polling.wake()

    def close(self) -> None:
        """Nothing is held open."""


_ATTRIBUTES = ("AXTitle", "AXDescription", "AXFrame", "AXFocused", "AXHidden", "AXPlaceholderValue", "AXURL")
_PAGE_ATTRIBUTES = ("AXDOMClassList", "AXDOMIdentifier")


def told(element: object, ask: Callable[[object, str], object]) -> Json:
    """An element and all below it as plain data for `ax_tree.node`, within MAX_NODES and MAX_SECONDS.

    `ask` gives an attribute as plain data, None without one; "AXValueSettable" says whether the value can be
    set. The value of a secure field, or of one labelled so, is never asked for.
    """
    left, deadline = [MAX_NODES], time.monotonic() + MAX_SECONDS

    def one(part: object) -> dict[str, object]:
        left[0] -= 1
        found = {name: ask(part, name) for name in ("AXRole", "AXSubrole", *_ATTRIBUTES, *_PAGE_ATTRIBUTES)}
        role, subrole = str(found["AXRole"] or ""), str(found["AXSubrole"] or "")
        if not role or holds_secret(role, subrole, str(found["AXTitle"] or found["AXDescription"] or "")):
            return found
        found["AXValue"], found["AXValueSettable"] = ask(part, "AXValue"), ask(part, "AXValueSettable")
        children = ask(part, "AXChildren")
        found["AXChildren"] = [
            one(child)
            for child in (children if isinstance(children, list) else [])
            if left[0] > 0 and time.monotonic() < deadline
        ]
        return found

    return one(element)


def tree_of(pid: int) -> Json:
    """The tree of a program's focused window as plain data: for recording one on a Mac.

    Raises CaptureUnavailable.
    """
    if sys.platform != "darwin":
        raise CaptureUnavailable("macOS' accessibility is there on macOS only", _HINT)
    try:
        services = importlib.import_module("ApplicationServices")
    except ImportError as error:
        raise CaptureUnavailable("Accessibility cannot be reached", _HINT) from error
    if not services.AXIsProcessTrusted():
        raise CaptureUnavailable("Accessibility is not allowed", _HINT)

    def ask(element: object, name: str) -> object:
        if name == "AXValueSettable":
            failed, settable = services.AXUIElementIsAttributeSettable(element, "AXValue", None)
            return bool(settable) and not failed
        failed, value = services.AXUIElementCopyAttributeValue(element, name, None)
        return None if failed else _plain(services, value)

    program = services.AXUIElementCreateApplication(pid)
    failed, window = services.AXUIElementCopyAttributeValue(program, "AXFocusedWindow", None)
    if failed:
        raise CaptureUnavailable("The program tells no window", _HINT)
    return told(window, ask)


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


def _plain(services: object, value: object) -> object:
    """An attribute's value as JSON could hold it: rectangles as {"x", "y", "w", "h"}, addresses as text."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if hasattr(value, "absoluteString"):
        return str(value.absoluteString())
    if hasattr(value, "objectEnumerator"):
        return list(value)  # type: ignore[call-overload]  # an NSArray, which pyobjc iterates
    unpack = getattr(services, "AXValueGetValue", None)
    done, box = unpack(value, getattr(services, "kAXValueCGRectType", 3), None) if unpack else (False, None)
    if not done or box is None:
        return None
    return {"x": box.origin.x, "y": box.origin.y, "w": box.size.width, "h": box.size.height}


def _number(row: Row) -> int:
    number = row.get("kCGWindowNumber")
    return number if isinstance(number, int) else 0


def _region(row: Row) -> Region | None:
    bounds = row.get("kCGWindowBounds")
    if not hasattr(bounds, "get"):
        return None
    sides = [bounds.get(name) for name in ("X", "Y", "Width", "Height")]
    numbers = [round(side) for side in sides if isinstance(side, int | float)]
    return Region(*numbers) if len(numbers) == 4 and numbers[2] > 0 and numbers[3] > 0 else None
