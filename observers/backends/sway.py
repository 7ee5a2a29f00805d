"""The windows of sway, over its own socket (sway-ipc(7): get_tree, subscribe). Others of the i3 family too.

sway tells which container has the focus, its program, title, process, place and output. It does not tell
menus, tooltips, notices and bars, so what lies above a window is never certain: text only, no pixels.
"""

import json
import os
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

from gum.types import Region, WindowInfo
from observers.backends.channel import Channel, dial, exactly, socket_errors
from observers.backends.common import Reticent
from observers.backends.dialogs import over
from observers.backends.idle import IdleTime
from observers.browsers import is_browser

MAGIC = b"i3-ipc"
SUBSCRIBE, GET_TREE = 2, 4
WINDOW_EVENT = 0x80000003
LARGEST = 64 * 2**20  # bytes of one answer; a tree of 500 windows has 1 MB
_HEADER = struct.Struct("=6sII")

Json = Mapping[str, object]


def front(tree: Json) -> WindowInfo | None:
    """The window that has the focus (it may be a dialog if it floats); None for a bare workspace. Pure."""
    for node, output in _leaves(tree, ""):
        if node.get("focused"):
            found = _window(node, output)
            return over(found, every(tree)) if node.get("type") == "floating_con" else found
    return None


def every(tree: Json) -> list[WindowInfo]:
    """All windows, those of other workspaces and of the scratchpad too; by age. Pure."""
    found = [_window(node, output) for node, output in _leaves(tree, "")]
    return sorted(found, key=lambda window: window.window_id)


def matters(kind: int, event: Json) -> bool:
    """Whether an event can change the front window or its name: titles of others do not. Pure."""
    if kind != WINDOW_EVENT or event.get("change") != "title":
        return True
    container = event.get("container")
    return isinstance(container, Mapping) and bool(container.get("focused"))


def message(kind: int, payload: bytes = b"") -> bytes:
    """A request as it goes over the socket."""
    return _HEADER.pack(MAGIC, len(payload), kind) + payload


class SwayWindows(Reticent):
    """The windows of one sway. An `observers.windows.Windows`. Raises CaptureUnavailable without one."""

    _waiting: Channel

    def __init__(self, path: str | None = None) -> None:
        path = path or os.environ.get("SWAYSOCK", "")
        self._idle = IdleTime()
        with socket_errors("sway"), ExitStack() as opened:
            self._line = opened.enter_context(dial(path))
            events = opened.enter_context(dial(path))
            events.sendall(message(SUBSCRIBE, b'["window","workspace"]'))
            _, answer = _receive(events)
            if answer.get("success") is not True:
                raise ValueError("no events")
            opened.pop_all()
        self._waiting = Channel("sway", events, _take)

    def active(self) -> WindowInfo | None:
        return front(self._tree())

    def all(self) -> list[WindowInfo]:
        return every(self._tree())

    def close(self) -> None:
        self._waiting.close()
        self._line.close()
        self._idle.close()

    def _tree(self) -> Json:
        with socket_errors("sway"):
            self._line.sendall(message(GET_TREE))
            return _receive(self._line)[1]


def _take(line: socket.socket) -> bool:
    kind, event = _receive(line)
    return matters(kind, event)


def _receive(line: socket.socket) -> tuple[int, Json]:
    """The next answer or event. Raises ValueError for what is not sway's, EOFError when it ended."""
    magic, length, kind = _HEADER.unpack(exactly(line, _HEADER.size))
    if magic != MAGIC or length > LARGEST:
        raise ValueError("not an answer of sway")
    found = json.loads(exactly(line, length))
    if not isinstance(found, dict):
        raise ValueError("not an answer of sway")
    return kind, found


def _leaves(node: Json, output: str) -> Iterator[tuple[Json, str]]:
    """The windows below a node, each with the name of its output."""
    if node.get("type") == "output":
        output = str(node.get("name") or "")
    children = [child for key in ("nodes", "floating_nodes") for child in _nodes(node.get(key))]
    if not children and node.get("type") in ("con", "floating_con") and "pid" in node:
        yield node, output
    for child in children:
        yield from _leaves(child, output)


def _nodes(value: object) -> list[Json]:
    return [child for child in value if isinstance(child, Mapping)] if isinstance(value, list) else []


def _window(node: Json, output: str) -> WindowInfo:
    told = node.get("window_properties")  # of X11 programs under XWayland
    properties = told if isinstance(told, Mapping) else {}
    app = str(node.get("app_id") or properties.get("class") or "").lower()
    number, pid = node.get("id"), node.get("pid")
    place = _region(node.get("rect"))
    inner = _region(node.get("window_rect"))  # without the border, relative to `rect`
    if place and inner:
        place = Region(place.left + inner.left, place.top + inner.top, inner.width, inner.height)
    return WindowInfo(
        window_id=number if isinstance(number, int) else 0,
        app=app,
        title=str(node.get("name") or ""),
        pid=pid if isinstance(pid, int) and pid > 0 else None,
        region=place if node.get("visible") else None,
        private=None if is_browser(app) else False,
        browser=is_browser(app),
        instance=str(properties.get("instance") or "").lower(),
        monitors=(output,) if output and node.get("visible") else (),
        full_screen=node.get("fullscreen_mode") in (1, 2),
    )


def _region(value: object) -> Region | None:
    if not isinstance(value, Mapping):
        return None
    sides = [value.get(name) for name in ("x", "y", "width", "height")]
    numbers = [side for side in sides if isinstance(side, int)]
    if len(numbers) != 4 or numbers[2] <= 0 or numbers[3] <= 0:
        return None
    return Region(*numbers)
