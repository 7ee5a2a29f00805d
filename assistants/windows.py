"""Which windows are open, and asking one to close: the one gate to the window system."""

import threading
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from Xlib import X, Xatom, display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.protocol import event

from gum.errors import CaptureUnavailable

T = TypeVar("T")

# In 4-byte units. Asked for at once: python-xlib's get_full_property asks twice, and a title that gets
# shorter in between is an error which its RANDR error table turns into an AttributeError.
PROPERTY = 4096
PAGER = 2  # _NET_ACTIVE_WINDOW on behalf of the person: they approved the step (EWMH 1.5, source indication)


class Windows(Protocol):
    """The open top-level windows."""

    def titles(self) -> Mapping[int, str]:
        """Id to title. Raises CaptureUnavailable."""
        ...

    def close(self, window: int) -> None:
        """Asks a window to close, as its close button would; it may ask back. Raises CaptureUnavailable."""
        ...

    def activate(self, window: int) -> None:
        """Asks the window manager to bring a window to the front. Raises CaptureUnavailable."""
        ...


class XWindows:
    """The windows of an X display; connects for each call, so a restarted server does no harm."""

    def __init__(self, name: str | None = None) -> None:
        self._name = name
        self._lock = threading.Lock()

    def titles(self) -> Mapping[int, str]:
        return self._ask(_titles)

    def close(self, window: int) -> None:
        self._ask(lambda x: _close(x, window))

    def activate(self, window: int) -> None:
        self._ask(lambda x: _activate(x, window))

    def _ask(self, question: "Callable[[display.Display], T]") -> T:
        with self._lock:
            try:
                x = display.Display(self._name)
                try:
                    return question(x)
                finally:
                    x.close()
            except (DisplayError, XError, ConnectionClosedError, OSError) as error:
                hint = "Actions need an X11 session with a window manager."
                raise CaptureUnavailable("The open windows cannot be listed", hint) from error


def _titles(x: display.Display) -> dict[int, str]:
    listed = x.screen().root.get_property(x.intern_atom("_NET_CLIENT_LIST"), X.AnyPropertyType, 0, PROPERTY)
    ids = [int(item) for item in listed.value] if listed is not None else []
    return {window: _title(x, window) for window in ids}


def _title(x: display.Display, window: int) -> str:
    opened = x.create_resource_object("window", window)
    for atom in (x.intern_atom("_NET_WM_NAME"), Xatom.WM_NAME):
        try:
            found = opened.get_property(atom, X.AnyPropertyType, 0, PROPERTY)
        except XError:  # closed between the list and the question
            return ""
        if found is not None:
            raw = found.value
            return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    return ""


def _close(x: display.Display, window: int) -> None:
    target = x.create_resource_object("window", window)
    data = (32, [x.intern_atom("WM_DELETE_WINDOW"), X.CurrentTime, 0, 0, 0])
    message = event.ClientMessage(window=target, client_type=x.intern_atom("WM_PROTOCOLS"), data=data)
    target.send_event(message, event_mask=X.NoEventMask)
    x.sync()


def _activate(x: display.Display, window: int) -> None:
    target, root = x.create_resource_object("window", window), x.screen().root
    data = (32, [PAGER, X.CurrentTime, 0, 0, 0])
    message = event.ClientMessage(window=target, client_type=x.intern_atom("_NET_ACTIVE_WINDOW"), data=data)
    root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
    x.sync()
