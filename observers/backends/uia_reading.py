"""Reads the tree of a window of Microsoft Windows: UI Automation, over the package `comtypes`.

NEVER RUN on Windows: written after Microsoft's documentation, tested with a stand-in for what comtypes gives.
One question an object brings all of its properties but the value, which is asked for only where there is one
and no password in it (`uia_tree.holds_secret`).
"""

# ruff: noqa: N802, N803 - their names

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from gum.errors import CaptureUnavailable
from gum.types import WindowInfo
from gum.ui import UiNode
from observers.atspi import MAX_TEXT
from observers.backends.uia_tree import VALUED, holds_secret, node
from observers.backends.walk import Json, walk
from observers.bus import Ref

ANSWER_MS = 1000  # a program that does not answer within this is treated as gone, as on AT-SPI
_HINT = "On Windows 10 or newer: pip install comtypes, and start Gumption as the person who is logged in."
# "Automation Element Property Identifiers" and "Control Pattern Property Identifiers".
_PROPERTIES: Mapping[int, str] = {
    30001: "BoundingRectangle",  # left, top, width, height
    30002: "ProcessId",
    30003: "ControlType",
    30005: "Name",
    30008: "HasKeyboardFocus",
    30009: "IsKeyboardFocusable",
    30011: "AutomationId",
    30012: "ClassName",
    30019: "IsPassword",
    30022: "IsOffscreen",
    30024: "FrameworkId",
    30101: "AriaRole",
    30102: "AriaProperties",
}
_VALUE, _READ_ONLY = 30045, 30046  # nothing and yes where an object has no value


class Element(Protocol):
    """An IUIAutomationElement. False when there is none."""

    def GetCachedPropertyValue(self, propertyId: int) -> object: ...

    def GetCurrentPropertyValue(self, propertyId: int) -> object: ...


class Request(Protocol):
    """An IUIAutomationCacheRequest."""

    def AddProperty(self, propertyId: int) -> object: ...


class Walker(Protocol):
    """An IUIAutomationTreeWalker."""

    def GetFirstChildElementBuildCache(self, element: Element, cacheRequest: Request) -> Element | None: ...

    def GetNextSiblingElementBuildCache(self, element: Element, cacheRequest: Request) -> Element | None: ...


class Automation(Protocol):
    """An IUIAutomation."""

    @property
    def ControlViewWalker(self) -> Walker: ...

    def CreateCacheRequest(self) -> Request: ...

    def ElementFromHandleBuildCache(self, hwnd: int, cacheRequest: Request) -> Element: ...


class UiaTrees:
    """The trees of windows of Windows. An `observers.windows.Trees` without events: they are looked at."""

    def __init__(self, connect: "Callable[[], tuple[Automation, type[Exception]]] | None" = None) -> None:
        """`connect` gives UI Automation, and what it raises when an object is gone."""
        self._connect = connect or _connect

    def open(self) -> None:
        self._automation, self._gone = self._connect()
        self._walker = self._automation.ControlViewWalker
        self._request = self._automation.CreateCacheRequest()
        for number in _PROPERTIES:
            self._request.AddProperty(number)

    def read(self, window: WindowInfo, frame: Ref | None) -> tuple[UiNode | None, bool, str]:
        told, complete = self.told(window.window_id, window.pid)
        return (node(told) if told is not None else None), complete, ""

    def told(self, handle: int, pid: int | None) -> tuple[Json | None, bool]:
        """The tree of the window `handle` of the process `pid` as plain data, as `uia_tree` takes it, and
        whether all of it was read. None without one, and when the handle is another process's by now.
        """
        try:
            root = self._automation.ElementFromHandleBuildCache(handle, self._request)
            if not root or pid is None or root.GetCachedPropertyValue(30002) != pid:
                return None, True
        except self._gone:
            return None, True
        return walk(root, self._look, "Children")

    def follow(self, program: str) -> None:
        """There are no events."""

    def listen(self, heard: Callable[[str, str], None]) -> None:
        """There are no events."""

    def _look(self, element: Element) -> tuple[dict[str, object], Iterator[Element]] | None:
        try:
            found = {name: element.GetCachedPropertyValue(number) for number, name in _PROPERTIES.items()}
            found["BoundingRectangle"] = _corners(found["BoundingRectangle"])
            if holds_secret(found) or found["IsOffscreen"] is True:
                return found, iter(())
            if found["ControlType"] in VALUED:
                found["Value"] = str(element.GetCurrentPropertyValue(_VALUE) or "")[:MAX_TEXT]
                found["ValueIsReadOnly"] = element.GetCurrentPropertyValue(_READ_ONLY)
        except self._gone:
            return None
        return found, self._children(element)

    def _children(self, element: Element) -> Iterator[Element]:
        with contextlib.suppress(self._gone):
            child = self._walker.GetFirstChildElementBuildCache(element, self._request)
            while child:
                yield child
                child = self._walker.GetNextSiblingElementBuildCache(child, self._request)


def _corners(box: object) -> list[float] | None:
    """Left, top, right, bottom."""
    if not isinstance(box, tuple | list) or len(box) != 4:
        return None
    left, top, width, height = box
    return [left, top, left + width, top + height]


def _connect() -> tuple[Automation, type[Exception]]:
    """UI Automation itself, for the calling thread. Raises CaptureUnavailable."""
    if sys.platform != "win32":
        raise CaptureUnavailable("UI Automation is there on Windows only", _HINT)
    try:
        comtypes = importlib.import_module("comtypes")
        client = importlib.import_module("comtypes.client")
    except ImportError as error:
        raise CaptureUnavailable("UI Automation cannot be reached", _HINT) from error
    gone: type[Exception] = comtypes.COMError
    try:
        comtypes.CoInitialize()
        types = client.GetModule("UIAutomationCore.dll")
        automation = client.CreateObject(types.CUIAutomation8, interface=types.IUIAutomation2)
        automation.ConnectionTimeout = automation.TransactionTimeout = ANSWER_MS
    except (OSError, gone) as error:
        raise CaptureUnavailable("UI Automation does not answer", _HINT) from error
    return automation, gone
