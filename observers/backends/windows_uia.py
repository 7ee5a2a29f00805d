"""The windows of Microsoft Windows (Win32). Their trees are read in `uia_reading`.

UNTESTED: written after Microsoft's documentation and never run on Windows. The parts that decide are pure
and tested on data written by hand. A browser is refused there: whether its window is private was not tried.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gum.errors import CaptureUnavailable
from gum.types import Region, WindowInfo
from observers.backends.common import Native as PolledNative
from observers.backends.common import Polled
from observers.backends.dialogs import over
from observers.browsers import is_browser

_HINT = "Start Gumption on Windows 10 or newer, as the person who is logged in."
_NAMES = {"msedge": "microsoft-edge", "brave": "brave-browser"}  # program files, by what rules call them
_HOSTS = frozenset({"applicationframehost", "wwahost"})  # whose windows belong to other programs
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


class Native(PolledNative, Protocol):
    """What is asked of Win32."""

    def front(self) -> int:
        """The handle of the window in front; 0 when there is none."""
        ...

    def stack(self) -> Sequence[Facts]:
        """The visible top-level windows, topmost first: menus, tooltips and the task bar among them."""
        ...


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


class Win32Windows(Polled[Native]):
    """The windows of one Windows desktop. An `observers.windows.Windows`. Raises CaptureUnavailable."""

    def __init__(self, native: Native | None = None) -> None:
        super().__init__(native if native is not None else _native())

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


def _native() -> Native:
    """Win32 itself. Raises CaptureUnavailable elsewhere."""
    if sys.platform == "win32":
        from observers.backends.win32 import Win32

        return Win32()
    raise CaptureUnavailable("Windows' windows are seen on Windows only", _HINT)
