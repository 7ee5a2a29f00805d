"""Reads the tree of a window of macOS: its accessibility, over pyobjc (`ApplicationServices`).

NEVER RUN on a Mac: written after Apple's documentation, tested with a stand-in for what pyobjc gives. The
value of an object is asked for only where it tells text and no password (`ax_tree.holds_secret`). The person
must have allowed Gumption under Privacy & Security > Accessibility.
"""

# ruff: noqa: N802 - their names

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from gum.errors import CaptureUnavailable
from gum.types import WindowInfo
from gum.ui import UiNode
from observers.atspi import MAX_TEXT
from observers.backends.ax_tree import VALUED, holds_secret, label_of, node, place
from observers.backends.walk import Json, walk
from observers.bus import CALL_S, Ref

_NEEDS = "pyobjc-framework-ApplicationServices"
_HINT = f"On macOS: pip install {_NEEDS}, then allow Gumption under Privacy & Security > Accessibility."
_ATTRIBUTES = (
    *("AXRole", "AXSubrole", "AXTitle", "AXDescription", "AXFocused", "AXHidden"),
    *("AXPlaceholderValue", "AXURL", "AXDOMClassList", "AXDOMIdentifier"),
)
# What tells that the value is a password. Unanswered, it may be one; these two errors say that there is none:
_TELLS = ("AXSubrole", "AXTitle", "AXDescription")
_WITHOUT = (0, -25205, -25212)  # kAXErrorAttributeUnsupported, kAXErrorNoValue
_WINDOW = "AXStandardWindow"
_RECTANGLE = 3  # kAXValueCGRectType


class Services(Protocol):
    """What is asked of ApplicationServices. Answers are an error (0 is none) and a value."""

    def AXIsProcessTrusted(self) -> bool: ...

    def AXUIElementCreateSystemWide(self) -> object: ...

    def AXUIElementSetMessagingTimeout(self, element: object, seconds: float, /) -> object: ...

    def AXUIElementCreateApplication(self, pid: int, /) -> object: ...

    def AXUIElementCopyAttributeValue(
        self, element: object, name: str, value: None, /
    ) -> tuple[int, object]: ...

    def AXUIElementIsAttributeSettable(
        self, element: object, name: str, value: None, /
    ) -> tuple[int, object]: ...

    def AXValueGetValue(self, value: object, kind: int, place: None, /) -> tuple[bool, object]: ...


Pool = Callable[[], AbstractContextManager[object]]


class AxTrees:
    """The trees of windows of macOS. An `observers.windows.Trees` without events: they are looked at."""

    def __init__(self, connect: "Callable[[], tuple[Services, Pool]] | None" = None) -> None:
        """`connect` gives ApplicationServices, and a pool for what a reading leaves behind."""
        self._connect = connect or _connect

    def open(self) -> None:
        self._services, self._pool = self._connect()
        if not self._services.AXIsProcessTrusted():
            raise CaptureUnavailable("Accessibility is not allowed", _HINT)
        # On the object of the whole system it holds for all others.
        system = self._services.AXUIElementCreateSystemWide()
        self._services.AXUIElementSetMessagingTimeout(system, CALL_S)

    def read(self, window: WindowInfo, frame: Ref | None) -> tuple[UiNode | None, bool, str]:
        told, complete = self.told(window)
        return (node(told) if told is not None else None), complete, ""

    def told(self, window: WindowInfo) -> tuple[Json | None, bool]:
        """The tree of `window` as plain data, as `ax_tree` takes it, and whether all of it was read.

        None when the window in which its program has the keys is another one: its number is not told there,
        so it must have the same title and lie at the same place. None for a dialog, for nobody tells what is
        under it.
        """
        if window.pid is None or window.region is None:
            return None, True
        with self._pool():
            program = self._services.AXUIElementCreateApplication(window.pid)
            found = self._ask(program, "AXFocusedWindow")
            if found is None or self._ask(found, "AXTitle") != window.title:
                return None, True
            if self._ask(found, "AXSubrole") != _WINDOW or place(self._frame(found)) != window.region:
                return None, True
            return walk(found, self._look, "AXChildren")

    def follow(self, program: str) -> None:
        """There are no events."""

    def listen(self, heard: Callable[[str, str], None]) -> None:
        """There are no events."""

    def _look(self, element: object) -> tuple[dict[str, object], Iterator[object]] | None:
        answers = {name: self._answer(element, name) for name in _ATTRIBUTES}
        found = {name: None if failed else _plain(value) for name, (failed, value) in answers.items()}
        found["AXFrame"] = self._frame(element)
        role, subrole = str(found["AXRole"] or ""), str(found["AXSubrole"] or "")
        if not role or found["AXHidden"] is True or holds_secret(role, subrole, label_of(found)):
            return found, iter(())
        if role in VALUED:
            if any(answers[name][0] not in _WITHOUT for name in _TELLS):
                return found, iter(())
            value = _plain(self._ask(element, "AXValue"))
            found["AXValue"] = value[:MAX_TEXT] if isinstance(value, str) else value
            failed, settable = self._services.AXUIElementIsAttributeSettable(element, "AXValue", None)
            found["AXValueSettable"] = bool(settable) and not failed
        return found, self._children(element)

    def _children(self, element: object) -> Iterator[object]:
        yield from _parts(self._ask(element, "AXChildren"))

    def _ask(self, element: object, name: str) -> object:
        """An attribute; None without one."""
        failed, value = self._answer(element, name)
        return None if failed else value

    def _answer(self, element: object, name: str) -> tuple[int, object]:
        """The error and the attribute."""
        return self._services.AXUIElementCopyAttributeValue(element, name, None)

    def _frame(self, element: object) -> Json | None:
        """Where an object lies, as `ax_tree` takes it. What is no AXValue must not be asked as one."""
        box = self._ask(element, "AXFrame")
        if box is None:
            return None
        done, found = self._services.AXValueGetValue(box, _RECTANGLE, None)
        origin, size = getattr(found, "origin", None), getattr(found, "size", None)
        if not done or origin is None or size is None:
            return None
        return {"x": origin.x, "y": origin.y, "w": size.width, "h": size.height}


def _plain(value: object) -> object:
    """An attribute as JSON could hold it; addresses as text. None for what is neither."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if hasattr(value, "absoluteString"):
        return str(value.absoluteString())
    return [str(part) for part in _parts(value)] or None


def _parts(array: object) -> Iterator[object]:
    """What an NSArray holds; nothing if it is none."""
    if hasattr(array, "objectAtIndex_") and isinstance(array, Iterable):
        yield from array


def _connect() -> tuple[Services, Pool]:
    """Accessibility itself. Raises CaptureUnavailable elsewhere, and where pyobjc is not installed."""
    if sys.platform != "darwin":
        raise CaptureUnavailable("macOS' accessibility is there on macOS only", _HINT)
    try:
        services = importlib.import_module("ApplicationServices")
        pool: Pool = importlib.import_module("objc").autorelease_pool
    except ImportError as error:
        raise CaptureUnavailable("Accessibility cannot be reached", _HINT) from error
    return services, pool
