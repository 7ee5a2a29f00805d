"""The windows of Microsoft Windows (Win32), and the reading of a window's tree over UI Automation.

UNTESTED: written after Microsoft's documentation and never run on Windows. The parts that decide are pure
and tested on data written by hand. A browser is refused there: whether its window is private was not tried.
"""

import importlib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gum.errors import CaptureUnavailable
from gum.types import Region, WindowInfo
from observers.backends.dialogs import over
from observers.backends.polling import Polling
from observers.backends.uia_tree import Json, holds_secret
from observers.browsers import is_browser
from observers.windows import EVERYWHERE

MAX_NODES = 1500
MAX_SECONDS = 0.4
_HINT = "Start Gumption on Windows 10 or newer, as the person who is logged in."
_NAMES = {"msedge": "microsoft-edge", "brave": "brave-browser"}  # program files, by what rules call them
_HOSTS = frozenset({"applicationframehost", "wwahost"})  # whose windows belong to other programs
_VALUE_PATTERN = 10002
_DIALOG = "#32770"  # the window class of dialogs


@dataclass(frozen=True, slots=True)
class Facts:
    """What Win32 tells of one top-level window."""

    handle: int
    title: str
    pid: int
    executable: str  # full path; "" when it may not be asked for
    class_name: str
    region: Region | None
    monitor: str
    monitor_region: Region | None
    affinity: int  # GetWindowDisplayAffinity; anything but 0 asks not to be captured; -1: not told


class Native(Protocol):
    """What is asked of Win32."""

    def front(self) -> int:
        """The handle of the window in front; 0 when there is none."""
        ...

    def stack(self) -> Sequence[Facts]:
        """The visible top-level windows, topmost first: menus, tooltips and the task bar among them."""
        ...

    def screen(self) -> Region: ...

    def idle_s(self) -> float: ...

    def locked(self) -> bool: ...


def described(facts: Facts) -> WindowInfo:
    """The window as rules see it. A window of a host whose program is not told has no program. Pure."""
    file = facts.executable.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    app = "" if file in _HOSTS else _NAMES.get(file, file)
    whole = facts.monitor_region
    return WindowInfo(
        window_id=facts.handle,
        app=app,
        title=facts.title,
        pid=facts.pid or None,
        region=facts.region,
        private=None if is_browser(app) else False,
        browser=is_browser(app),
        instance=facts.class_name.lower(),
        monitors=(facts.monitor,) if facts.monitor else (),
        full_screen=whole is not None and facts.region == whole,
        protected=facts.affinity != 0,
    )


def above(stack: Sequence[Facts], handle: int) -> list[Region] | None:
    """Places of what lies above a window; None when it is not there. Pure."""
    for index, facts in enumerate(stack):
        if facts.handle == handle:
            return [higher.region for higher in stack[:index] if higher.region is not None]
    return None


class Win32Windows:
    """The windows of one Windows desktop. An `observers.windows.Windows`. Raises CaptureUnavailable."""

    def __init__(self, native: Native | None = None) -> None:
        self._native = native if native is not None else _native()
        self._polling = Polling(self.active)

    def screen(self) -> Region:
        return self._native.screen()

    def active(self) -> WindowInfo | None:
        handle = self._native.front()
        stack = self._native.stack()
        found = next((facts for facts in stack if facts.handle == handle), None)
        if found is None:
            return None
        window = described(found)
        return over(window, [described(facts) for facts in stack]) if found.class_name == _DIALOG else window

    def all(self) -> list[WindowInfo]:
        return [described(facts) for facts in self._native.stack() if facts.title]

    def titles(self) -> list[str]:
        return [window.title for window in self.all()]

    def above(self, window_id: int) -> list[Region]:
        found = above(self._native.stack(), window_id)
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


class Control(Protocol):
    """An object of UI Automation, as the package `uiautomation` gives it."""

    def GetChildren(self) -> "Sequence[Control]": ...  # noqa: N802 - their name

    def GetPattern(self, pattern: int) -> object: ...  # noqa: N802 - their name


_PROPERTIES = (
    *("ControlType", "Name", "AutomationId", "ClassName", "FrameworkId", "AriaRole", "AriaProperties"),
    *("IsPassword", "IsOffscreen", "HasKeyboardFocus", "IsKeyboardFocusable"),
)


def told(control: Control) -> Json:
    """A control and all below it as plain data for `uia_tree.node`, within MAX_NODES and MAX_SECONDS.

    The value of a password field, or of one labelled so, is never asked for.
    """
    left, deadline = [MAX_NODES], time.monotonic() + MAX_SECONDS

    def one(part: Control) -> dict[str, object]:
        left[0] -= 1
        found: dict[str, object] = {name: getattr(part, name, None) for name in _PROPERTIES}
        box = getattr(part, "BoundingRectangle", None)
        if box is not None:
            found["BoundingRectangle"] = [box.left, box.top, box.right, box.bottom]
        if holds_secret(found):
            return found
        value = part.GetPattern(_VALUE_PATTERN)
        if value is not None:
            found["Value"] = getattr(value, "Value", "")
            found["ValueIsReadOnly"] = getattr(value, "IsReadOnly", True)
        found["Children"] = [
            one(child) for child in part.GetChildren() if left[0] > 0 and time.monotonic() < deadline
        ]
        return found

    return one(control)


def tree_of(handle: int) -> Json:
    """The tree of a window as plain data: for recording one on Windows. Raises CaptureUnavailable."""
    try:
        automation = importlib.import_module("uiautomation")
    except ImportError as error:
        raise CaptureUnavailable("UI Automation is not there", "pip install uiautomation") from error
    control: Control = automation.ControlFromHandle(handle)
    return told(control)


def _native() -> Native:
    """Win32 itself. Raises CaptureUnavailable elsewhere."""
    if sys.platform == "win32":
        from observers.backends.win32 import Win32

        return Win32()
    raise CaptureUnavailable("Windows' windows are seen on Windows only", _HINT)
