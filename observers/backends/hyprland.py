"""The windows of Hyprland, over its two sockets: questions on one, events on the other. UNTESTED with a
running Hyprland; the tests use answers written by hand after its documentation (wiki.hypr.land, IPC).

As with sway, what lies above a window (menus, notices, bars) is not told for certain: text only, no pixels.
"""

import json
import os
import socket
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from gum.types import Region, WindowInfo
from observers.backends.channel import CHUNK, Channel, dial, socket_errors
from observers.backends.common import Reticent
from observers.backends.dialogs import over
from observers.backends.idle import IdleTime
from observers.browsers import is_browser

NAME = "Hyprland"
LARGEST = 16 * 2**20  # bytes of one answer
_EVENTS = frozenset(
    {"activewindow", "activewindowv2", "openwindow", "closewindow", "movewindow", "movewindowv2"}
    | {"windowtitle", "windowtitlev2", "fullscreen", "workspace", "workspacev2", "focusedmon"}
)

Json = Mapping[str, object]


def window(client: Json, monitors: Sequence[Json]) -> WindowInfo | None:
    """A window as Hyprland tells it; None for its empty answer when there is none. Pure."""
    try:
        number = int(str(client["address"]), 16)
    except (KeyError, ValueError):
        return None
    app, pid = str(client.get("class") or "").lower(), client.get("pid")
    output = next((str(one.get("name")) for one in monitors if one.get("id") == client.get("monitor")), "")
    full = client.get("fullscreen")
    return WindowInfo(
        window_id=number,
        app=app,
        title=str(client.get("title") or ""),
        pid=pid if isinstance(pid, int) and pid > 0 else None,
        region=None if client.get("hidden") else _region(client.get("at"), client.get("size")),
        private=None if is_browser(app) else False,
        browser=is_browser(app),
        instance=str(client.get("initialClass") or "").lower(),
        monitors=(output,) if output else (),
        # A number since 0.42 (1 is maximized, 2 full screen), a truth value before.
        full_screen=full is True or (isinstance(full, int) and full >= 2),
    )


def matters(lines: str) -> bool:
    """Whether one of these events ("name>>data", one a line) can change the front window. Pure."""
    return any(line.partition(">>")[0] in _EVENTS for line in lines.splitlines())


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the sockets of the session's Hyprland are (before 0.40 they were in /tmp)."""
    name = environment.get("HYPRLAND_INSTANCE_SIGNATURE", "")
    new = Path(environment.get("XDG_RUNTIME_DIR", "/nowhere")) / "hypr" / name
    return new if new.is_dir() else Path("/tmp/hypr") / name


class HyprlandWindows(Reticent):
    """The windows of one Hyprland. An `observers.windows.Windows`. Raises CaptureUnavailable without one."""

    _waiting: Channel

    def __init__(self, sockets: Path | None = None) -> None:
        self._folder = sockets or folder()
        self._idle = IdleTime()
        self._rest = ""
        with socket_errors(NAME), ExitStack() as opened:
            events = opened.enter_context(dial(str(self._folder / ".socket2.sock")))
            self._ask("monitors")
            opened.pop_all()
        self._waiting = Channel(NAME, events, self._take)

    def active(self) -> WindowInfo | None:
        told = self._ask("activewindow")
        found = window(told[0], self._ask("monitors")) if told else None
        # One that floats may be a dialog.
        return over(found, self.all()) if found is not None and told[0].get("floating") else found

    def all(self) -> list[WindowInfo]:
        monitors = self._ask("monitors")
        clients = (client for client in self._ask("clients") if client.get("mapped") is not False)
        return [found for client in clients if (found := window(client, monitors)) is not None]

    def close(self) -> None:
        self._waiting.close()
        self._idle.close()

    def _ask(self, question: str) -> list[Json]:
        """The answer to one question, always as a list. Each takes a connection of its own."""
        with socket_errors(NAME), dial(str(self._folder / ".socket.sock")) as line:
            line.sendall(f"j/{question}".encode())
            found = bytearray()
            while part := line.recv(CHUNK):
                found += part
                if len(found) > LARGEST:
                    raise ValueError("too long an answer")
            answer = json.loads(found.decode("utf-8", "replace"))
        rows = answer if isinstance(answer, list) else [answer]
        return [row for row in rows if isinstance(row, dict)]

    def _take(self, line: socket.socket) -> bool:
        part = line.recv(CHUNK)
        if not part:
            raise EOFError
        whole, _, self._rest = (self._rest + part.decode("utf-8", "replace")).rpartition("\n")
        return matters(whole)


def _region(place: object, size: object) -> Region | None:
    numbers = [part for pair in (place, size) if isinstance(pair, list) for part in pair]
    whole = [part for part in numbers if isinstance(part, int)]
    return Region(*whole) if len(whole) == 4 and whole[2] > 0 and whole[3] > 0 else None
