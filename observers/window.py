"""The windows of an X11 display: which one is in front, what it is called, what lies above it.

Event-driven: `wait` sleeps on the X connection until the active window, its name or the stacking
changes, so an idle desktop costs nothing but a look every two seconds for window managers that keep
quiet. Reading one window takes about 0.5 ms. One object belongs to one thread, but for `wake`.
"""

import os
import re
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.ext import screensaver

from gum.errors import CaptureUnavailable
from gum.types import Region, WindowInfo
from observers.browsers import is_browser

_Window = Any  # python-xlib's windows are untyped in its stubs
# In 4-byte units. Asked for at once: python-xlib's get_full_property asks twice, and a title that gets
# shorter in between is an error which its RANDR error table turns into an AttributeError.
PROPERTY = 4096

NO_DISPLAY_HINT = (
    "Start Gumption inside a graphical session. On Wayland, log in with an “Xorg” session, "
    "or start it where XWayland sets DISPLAY (then X11 programs are seen)."
)


@contextmanager
def x_errors() -> Iterator[None]:
    """The one place where errors of the X connection become ours. Raises CaptureUnavailable."""
    try:
        yield
    except (DisplayError, ConnectionClosedError, OSError) as error:
        raise CaptureUnavailable("There is no X11 display to look at", NO_DISPLAY_HINT) from error


def display_name(display: str | None) -> str:
    """The display to use. Raises CaptureUnavailable when none is named, saying so for Wayland."""
    name = display or os.environ.get("DISPLAY", "")
    if not name:
        wayland = bool(os.environ.get("WAYLAND_DISPLAY")) or os.environ.get("XDG_SESSION_TYPE") == "wayland"
        title = "Wayland windows cannot be seen yet" if wayland else "There is no display"
        raise CaptureUnavailable(title, NO_DISPLAY_HINT)
    return name


def open_display(display: str | None) -> Display:
    """A connection to a display. Raises CaptureUnavailable.

    A local display is knocked at first: python-xlib leaves its sockets open when nobody answers.
    """
    name = display_name(display)
    with x_errors():
        local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
        if local is not None:
            _knock(f"/tmp/.X11-unix/X{local[1]}")
        return Display(name)


def _knock(path: str) -> None:
    """Raises OSError when no X server listens at `path`, in the file system or (Linux) beside it."""
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(path)
    except OSError:
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(f"\0{path}")


def decode_name(value: bytes, utf8: bool) -> str:
    """A window's name: UTF-8, or the X11 kind of text, Latin-1 with UTF-8 between escape codes."""
    if utf8:
        return value.decode("utf-8", "replace")
    parts = re.split(rb"\x1b%G(.*?)(?:\x1b%@|\Z)", value, flags=re.DOTALL)
    return "".join(
        part.decode("utf-8", "replace")
        if index % 2
        else re.sub(rb"\x1b[\x20-\x2f]+.", b"", part).decode("latin-1")
        for index, part in enumerate(parts)
    )


class X11Windows:
    """Windows of one X11 display. Raises CaptureUnavailable when the display does not answer."""

    def __init__(self, display: str | None = None) -> None:
        self._display = open_display(display)
        with x_errors():
            self._display.set_error_handler(lambda *_: None)  # windows may vanish at any moment
            self._root = self._display.screen().root
            self._root.change_attributes(event_mask=X.PropertyChangeMask)
        self._atoms: dict[str, int] = {}
        self._watched: int | None = None
        saver = self._display.query_extension("MIT-SCREEN-SAVER")
        self._has_saver = saver is not None and bool(saver.present)
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)

    def close(self) -> None:
        for end in (self._wake_read, self._wake_write):
            os.close(end)
        with x_errors():
            self._display.close()

    def screen(self) -> Region:
        """The whole virtual screen."""
        with x_errors():
            size = self._root.get_geometry()
        return Region(0, 0, size.width, size.height)

    def active(self) -> WindowInfo | None:
        """The window in front, without what only its accessible tree tells; None when there is none."""
        with x_errors():
            window = self._active_window()
            if window is None:
                return None
            try:
                self._watch(window)
                return self._describe(window)
            except XError:  # it was closed while we looked
                return None

    def all(self) -> list[WindowInfo]:
        """The open top-level windows, oldest first."""
        with x_errors():
            found = []
            for window_id in self._property(self._root, "_NET_CLIENT_LIST"):
                try:
                    found.append(self._describe(self._window(window_id)))
                except XError:
                    continue
            return found

    def titles(self) -> list[str]:
        """Titles of the open top-level windows, oldest first; windows without one are left out."""
        return [window.title for window in self.all() if window.title]

    def above(self, window_id: int) -> list[Region]:
        """Rectangles of everything shown above a window: other windows, menus, tooltips, notices.

        When the window is gone, the whole screen: then nothing of it may be believed.
        """
        with x_errors():
            try:
                top = self._top_level(self._window(window_id))
                stack = self._root.query_tree().children  # bottom to top
                ids = [window.id for window in stack]
                higher = stack[ids.index(top.id) + 1 :]
            except (XError, ValueError):
                return [self.screen()]
            return [region for window in higher if (region := self._shown(window)) is not None]

    def idle_s(self) -> float:
        """Seconds since the last key press or pointer movement; 0 when the server cannot tell."""
        return self._saver().idle / 1000 if self._has_saver else 0.0

    def locked(self) -> bool:
        """Whether the screen saver is on."""
        return self._has_saver and self._saver().state == screensaver.StateOn

    def wait(self, timeout_s: float) -> bool:
        """Sleeps until the front window, its name or the stacking changes, `wake` is called or time is up."""
        deadline = time.monotonic() + timeout_s
        with x_errors():
            while True:
                if self._drain():
                    return True
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                ready, _, _ = select.select([self._display.fileno(), self._wake_read], [], [], left)
                if self._wake_read in ready:
                    os.read(self._wake_read, 4096)
                    return True

    def wake(self) -> None:
        """Ends a `wait`; may be called from any thread."""
        os.write(self._wake_write, b"x")

    def _drain(self) -> bool:
        """Takes all waiting events; whether one of them matters."""
        wanted = {
            self._atom(name)
            for name in ("_NET_ACTIVE_WINDOW", "_NET_CLIENT_LIST_STACKING", "_NET_WM_NAME", "WM_NAME")
        }
        matters = False
        while self._display.pending_events():
            event = self._display.next_event()
            matters |= event.type == X.PropertyNotify and event.atom in wanted
        return matters

    def _active_window(self) -> _Window | None:
        ids = self._property(self._root, "_NET_ACTIVE_WINDOW")
        if ids:
            return self._window(ids[0]) if ids[0] else None
        focus = self._display.get_input_focus().focus  # no window manager tells us
        if isinstance(focus, int):
            return None
        return None if focus.id == self._root.id else self._with_class(focus)  # the manager's own: None

    def _with_class(self, window: _Window) -> _Window | None:
        """The nearest ancestor that says which program it is of; None when none does."""
        for _ in range(16):
            if window.get_wm_class():
                return window
            parent = window.query_tree().parent
            if isinstance(parent, int) or parent.id == self._root.id:
                break
            window = parent
        return None

    def _describe(self, window: _Window) -> WindowInfo:
        names = window.get_wm_class()
        app = (names[1] or names[0]).lower() if names else ""
        pid = self._property(window, "_NET_WM_PID")
        return WindowInfo(
            window_id=window.id,
            app=app,
            title=self._title(window),
            pid=pid[0] if pid else None,
            region=self._region(window),
            private=None if is_browser(app) else False,
            browser=is_browser(app),
        )

    def _watch(self, window: _Window) -> None:
        if self._watched != window.id:
            window.change_attributes(event_mask=X.PropertyChangeMask)
            self._watched = window.id

    def _title(self, window: _Window) -> str:
        for name in ("_NET_WM_NAME", "WM_NAME"):
            found = window.get_property(self._atom(name), X.AnyPropertyType, 0, PROPERTY)
            if found is not None and found.value:
                value = found.value
                utf8 = found.property_type == self._atom("UTF8_STRING")
                return decode_name(value, utf8) if isinstance(value, bytes) else str(value)
        return ""

    def _region(self, window: _Window) -> Region | None:
        size = window.get_geometry()
        place = self._root.translate_coords(window, 0, 0)
        if size.width <= 0 or size.height <= 0:
            return None
        return Region(place.x, place.y, size.width, size.height)

    def _shown(self, window: _Window) -> Region | None:
        try:
            if window.get_attributes().map_state != X.IsViewable:
                return None
            return self._region(window)
        except XError:
            return None

    def _top_level(self, window: _Window) -> _Window:
        """The child of the root that holds this window (the window manager's frame, or itself)."""
        for _ in range(16):
            parent = window.query_tree().parent
            if isinstance(parent, int) or parent.id == self._root.id:
                return window
            window = parent
        return window

    def _window(self, window_id: int) -> _Window:
        return self._display.create_resource_object("window", window_id)

    def _property(self, window: _Window, name: str) -> list[int]:
        try:
            found = window.get_property(self._atom(name), X.AnyPropertyType, 0, PROPERTY)
        except XError:
            return []
        return [int(value) for value in found.value] if found is not None else []

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            self._atoms[name] = self._display.intern_atom(name)
        return self._atoms[name]

    def _saver(self) -> Any:
        with x_errors():
            return self._root.screensaver_query_info()
