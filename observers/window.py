"""The windows of an X11 display: which one is in front, what it is called, what lies above it.

Event-driven: `wait` sleeps on the X connection until the active window, its name or the stacking
changes, so an idle desktop costs nothing but a look every two seconds for window managers that keep
quiet. Reading one window takes about 0.3 ms: everything is asked for before the first answer is waited for.
One object belongs to one thread, but for `wake`.
"""

import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.ext import screensaver, shape
from Xlib.protocol import request
from Xlib.protocol.rq import ReplyRequest

from gum.errors import CaptureUnavailable
from gum.types import Region, WindowInfo
from observers.backends.session import Session, session
from observers.bell import Bell
from observers.browsers import shows_pages
from observers.geometry import visible
from observers.monitors import NEWS, Monitors, fills, lying_on

_Window = Any  # python-xlib's windows are untyped in its stubs
# In 4-byte units. Asked for at once: python-xlib's get_full_property asks twice, and a title that gets
# shorter in between is an error which its RANDR error table turns into an AttributeError.
PROPERTY = 4096
# The properties that describe a window, and the type each must have.
_ASKED = {
    "WM_CLASS": Xatom.STRING,
    "_NET_WM_NAME": X.AnyPropertyType,
    "WM_NAME": X.AnyPropertyType,
    "_NET_WM_PID": X.AnyPropertyType,
    "_NET_WM_STATE": X.AnyPropertyType,
    "WM_TRANSIENT_FOR": Xatom.WINDOW,
}
_SHAPED = 64  # rectangles of a window's shape; rounded corners have a dozen, of an ellipse nothing is seen
_OWNERS = 4  # a dialog of a dialog of a window; what goes on longer goes in circles
_FULL_SCREEN = "_NET_WM_STATE_FULLSCREEN"
_TELLING = ("_NET_ACTIVE_WINDOW", "_NET_CLIENT_LIST_STACKING", "_NET_WM_NAME", "WM_NAME")

NO_DISPLAY_HINT = "Start Gumption inside a graphical session."
NOT_X11_HINT = (
    "Text of programs is seen through accessibility here. For pictures of windows that tell no text, for "
    "copies and for typing into browsers, log in with an “Xorg” session."
)


@contextmanager
def x_errors() -> Iterator[None]:
    """The one place where errors of the X connection become ours. Raises CaptureUnavailable."""
    try:
        yield
    except (DisplayError, ConnectionClosedError, OSError) as error:
        raise CaptureUnavailable("There is no X11 display to look at", NO_DISPLAY_HINT) from error


def display_name(display: str | None) -> str:
    """The display to use. Raises CaptureUnavailable when none is named or the session is not one of X11.

    The display that XWayland offers shows only a part of such a session, and other programs' pixels as black.
    """
    if display:
        return display
    kind = session(os.environ)
    if kind is not Session.X11:
        where = {Session.WINDOWS: "Windows", Session.MACOS: "macOS"}.get(kind, "Wayland")
        raise CaptureUnavailable(f"This is not possible on {where}", NOT_X11_HINT)
    name = os.environ.get("DISPLAY", "")
    if not name:
        raise CaptureUnavailable("There is no display", NO_DISPLAY_HINT)
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


@contextmanager
def opened(display: str | None) -> Iterator[Display]:
    """A connection to listen on, with what is asked of it first in the body: it is closed when that fails.

    Raises CaptureUnavailable.
    """
    x = open_display(display)
    try:
        with x_errors():
            x.set_error_handler(lambda *_: None)  # windows may vanish at any moment
            yield x
    except BaseException:  # whatever it is: the connection is ours to close
        with x_errors():
            x.close()
        raise


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


def _classes(answer: ReplyRequest) -> tuple[str, str]:
    """Program and instance, in lower case, out of the answer about WM_CLASS; "" when it does not say."""
    if not answer.property_type or not isinstance(answer.value[1], bytes):
        return "", ""
    parts = answer.value[1].decode("latin-1").lower().split("\0")
    return (parts[1] or parts[0], parts[0]) if len(parts) > 1 else ("", "")


def _file(pid: int) -> str:
    """The name of the file that a process runs; "" when that is not told."""
    try:
        return Path(f"/proc/{pid}/exe").readlink().name
    except OSError:
        return ""


def _numbers(answer: ReplyRequest) -> list[int]:
    return [int(value) for value in answer.value[1]] if answer.property_type else []


class X11Windows:
    """Windows of one X11 display. Raises CaptureUnavailable when the display does not answer."""

    def __init__(self, display: str | None = None) -> None:
        with opened(display) as self._display:
            self._root = self._display.screen().root
            self._root.change_attributes(event_mask=X.PropertyChangeMask | NEWS)
            self._monitors = Monitors(self._display)
            saver = self._display.query_extension("MIT-SCREEN-SAVER")
            self._has_saver = saver is not None and bool(saver.present)
            self._has_shapes = bool(self._display.has_extension(shape.extname))
            self._atoms: dict[str, int] = {}
            self._telling = frozenset(map(self._atom, _TELLING))
        self._news = False
        self._watched: int | None = None
        self._bell = Bell()

    def close(self) -> None:
        with x_errors():
            self._display.close()

    def screen(self) -> Region:
        """The whole virtual screen."""
        with x_errors():
            size = self._root.get_geometry()
        return Region(0, 0, size.width, size.height)

    def monitors(self) -> dict[str, Region]:
        """The monitors by name, e.g. "HDMI-1"; of a server that knows of none, the whole screen.

        Places are device pixels, whatever scale the desktop draws at: X11 knows no other.
        """
        with x_errors():
            self._take()
            found = {monitor.name: monitor.region for monitor in self._monitors.current()}
        return found or {"": self.screen()}

    def active(self) -> WindowInfo | None:
        """The window in front, without what only its accessible tree tells; None when there is none."""
        with x_errors():
            self._take()
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
            self._take()
            found = []
            for window_id in self._property(self._root, "_NET_CLIENT_LIST"):
                try:
                    found.append(self._describe(self._window(window_id)))
                except XError:
                    continue
            return found

    def above(self, window_id: int) -> list[Region]:
        """Rectangles of all that is shown above a window: other windows, menus, tooltips, notices; its holes.

        When the window is gone, the whole screen: then nothing of it may be believed.
        """
        with x_errors():
            try:
                window = self._window(window_id)
                top = self._top_level(window)
                holes = [
                    hole for one in {window.id: window, top.id: top}.values() for hole in self._holes(one)
                ]
                stack = self._root.query_tree().children  # bottom to top
                ids = [window.id for window in stack]
                higher = stack[ids.index(top.id) + 1 :]
            except (XError, ValueError):
                return [self.screen()]
            return [*holes, *(region for window in higher if (region := self._shown(window)) is not None)]

    def idle_s(self) -> float | None:
        """Seconds since the last key press or pointer movement; None when the server cannot tell."""
        return self._saver().idle / 1000 if self._has_saver else None

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
                self._bell.wait_or(self._display.fileno(), left)
                if self._bell.is_set():
                    self._bell.clear()
                    return True

    def wake(self) -> None:
        """Ends a `wait`; may be called from any thread."""
        self._bell.set()

    def _drain(self) -> bool:
        """Takes all waiting events; whether one of them, or of those taken before, matters."""
        self._take()
        news, self._news = self._news, False
        return news

    def _take(self) -> None:
        """Takes all waiting events, also where nobody waits for any: else they would pile up."""
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type != X.PropertyNotify:
                self._monitors.heard(event)
            elif event.atom in self._telling:
                self._news = True

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

    def _describe(self, window: _Window, depth: int = _OWNERS) -> WindowInfo:
        asked = self._asked(window)
        over = _numbers(asked["WM_TRANSIENT_FOR"])[:1] if depth else []
        app, instance = _classes(asked["WM_CLASS"])
        pid = _numbers(asked["_NET_WM_PID"])
        region = self._placed(asked["size"], asked["place"])
        monitors = self._monitors.current()
        state = _numbers(asked["_NET_WM_STATE"])
        browser = shows_pages(app, instance, _file(pid[0]) if pid else "")
        return WindowInfo(
            window_id=window.id,
            app=app,
            title=self._named(asked["_NET_WM_NAME"]) or self._named(asked["WM_NAME"]),
            pid=pid[0] if pid else None,
            region=region,
            private=None if browser else False,
            browser=browser,
            instance=instance,
            monitors=lying_on(region, monitors),
            full_screen=self._atom(_FULL_SCREEN) in state or fills(region, monitors),
            owners=self._owners(over[0], depth - 1) if over and over[0] not in (0, self._root.id) else (),
        )

    def _owners(self, window_id: int, depth: int) -> tuple[WindowInfo, ...]:
        """A window that a dialog stands over, and those that one stands over; none when it is gone."""
        try:
            owner = self._describe(self._window(window_id), depth)
        except XError:
            return ()
        return (replace(owner, owners=()), *owner.owners)

    def _asked(self, window: _Window) -> dict[str, ReplyRequest]:
        """The answers to all that is asked of a window. Raises XError when it is gone."""
        display, root = window.display, self._root.id
        asked: dict[str, ReplyRequest] = {
            name: request.GetProperty(
                display=display, defer=True, delete=False, window=window.id, property=self._atom(name),
                type=kind, long_offset=0, long_length=PROPERTY,
            )
            for name, kind in _ASKED.items()
        }  # fmt: skip
        asked["size"] = request.GetGeometry(display=display, defer=True, drawable=window.id)
        asked["place"] = request.TranslateCoords(
            display=display, defer=True, src_wid=window.id, dst_wid=root, src_x=0, src_y=0
        )
        for answer in asked.values():
            answer.reply()
        return asked

    def _named(self, answer: ReplyRequest) -> str:
        """A title out of the answer about a property; "" when the window has none."""
        if not answer.property_type or not answer.value[1]:
            return ""
        value = answer.value[1]
        utf8 = answer.property_type == self._atom("UTF8_STRING")
        return decode_name(value, utf8) if isinstance(value, bytes) else str(value)

    def _placed(self, size: ReplyRequest, place: ReplyRequest) -> Region | None:
        if size.width <= 0 or size.height <= 0:
            return None
        return Region(place.x, place.y, size.width, size.height)

    def _watch(self, window: _Window) -> None:
        if self._watched != window.id:
            window.change_attributes(event_mask=X.PropertyChangeMask)
            self._watched = window.id

    def _region(self, window: _Window) -> Region | None:
        return self._placed(window.get_geometry(), self._root.translate_coords(window, 0, 0))

    def _shown(self, window: _Window) -> Region | None:
        try:
            told = window.get_attributes()
            if told.map_state != X.IsViewable or told.win_class == X.InputOnly:  # the latter shows nothing
                return None
            size = window.get_geometry()  # of a child of the root: where on the screen its border begins
        except XError:
            return None
        border = 2 * size.border_width
        return Region(size.x, size.y, size.width + border, size.height + border)

    def _holes(self, window: _Window) -> list[Region]:
        """Where a window that is no rectangle lets see what lies under it (SHAPE). Raises XError."""
        if not self._has_shapes or not window.shape_query_extents().bounding_shaped:
            return []
        place = self._region(window)
        if place is None:
            return []
        parts = window.shape_get_rectangles(shape.SK.Bounding).rectangles
        if len(parts) > _SHAPED:
            return [place]
        own = [Region(place.left + p.x, place.top + p.y, p.width, p.height) for p in parts]
        return list(visible(place, own, [place]))

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

    def _saver(self) -> ReplyRequest:
        with x_errors():
            found: ReplyRequest = self._root.screensaver_query_info()
            self._take()
            return found
