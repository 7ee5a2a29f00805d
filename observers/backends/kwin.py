"""The windows of KDE's window manager, told by a small script that we hand to it.

Tried by hand with KWin 5.27 on Wayland (without a screen), never with 6: that is after KWin's scripting
documentation (develop.kde.org). The tests talk to a stand-in on a real bus.

KWin answers no questions about windows on Wayland, but runs scripts (D-Bus: org.kde.kwin.Scripting), and they
may call back. The script tells the whole list whenever it changes; menus and notices are no windows to it,
so what lies above is not certain: text only, no pixels.
"""

import itertools
import json
import os
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from gum.errors import CaptureUnavailable
from gum.types import Region, WindowInfo
from observers.backends.common import News, Reticent
from observers.backends.dialogs import over
from observers.backends.idle import IdleTime
from observers.backends.session_bus import DAEMON, PlainBus, session_address
from observers.browsers import is_browser
from observers.bus import Body, Ref

KWIN = "org.kde.KWin"
SCRIPTING: Ref = (KWIN, "/Scripting")
INTERFACE = "org.kde.kwin.Scripting"
FIRST_S = 3.0  # until the script has told its first list
LOOK_S = 30.0  # between questions whether the script still runs (KWin may be started anew)
HINT = (
    "On Plasma 5.27 or newer, start Gumption inside the session. Without it, accessible text is still seen."
)
_NUMBERS = itertools.count(1)

# Plasma 6 names, and those of Plasma 5 where they differ (its scripts cannot read a window's output).
# @NAME@ is our name on the bus.
_SCRIPT = """
var six = !!workspace.windowList;
var list = six ? function () { return workspace.windowList(); }
                                : function () { return workspace.clientList(); };
function front() { return six ? workspace.activeWindow : workspace.activeClient; }
var over = false, tellings = 0;
function tell() {
    if (over) return;
    if (++tellings % 50 === 0)  // who loaded us may have been killed, and could not take us out
        callDBus("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                 "@NAME@", function (there) { over = !there; });
    var chosen = front(), found = [], all = list();
    for (var i = 0; i < all.length; i++) {
        var w = all[i];
        if (!w.normalWindow && !w.dialog && w !== chosen) continue;
        var g = w.frameGeometry;
        found.push({id: String(w.internalId), caption: String(w.caption), app: String(w.resourceClass),
                    name: String(w.resourceName), pid: w.pid, full: !!w.fullScreen, hidden: !!w.minimized,
                    output: six && w.output ? String(w.output.name) : "", active: w === chosen,
                    protected: !!w.excludeFromCapture, dialog: !!(w.dialog || w.transient),
                    place: [Math.round(g.x), Math.round(g.y), Math.round(g.width), Math.round(g.height)]});
    }
    callDBus("@NAME@", "/", "org.gumption.Windows", "Told", JSON.stringify(found));
}
function follow(w) {
    if (!w) return;
    w.captionChanged.connect(tell);
    w.fullScreenChanged.connect(tell);
    w.frameGeometryChanged.connect(function () { if (w === front() && !w.move && !w.resize) tell(); });
}
list().forEach(follow);
(workspace.windowAdded || workspace.clientAdded).connect(function (w) { follow(w); tell(); });
(workspace.windowRemoved || workspace.clientRemoved).connect(tell);
(workspace.windowActivated || workspace.clientActivated).connect(tell);
tell();
"""


def told(text: str) -> list[tuple[WindowInfo, bool]]:
    """The windows of one telling, each with whether it is in front. Raises ValueError. Pure."""
    rows = json.loads(text)
    if not isinstance(rows, list):
        raise ValueError("not a list of windows")
    told_of = [(row, _window(row)) for row in rows if isinstance(row, dict)]
    every = [window for _, window in told_of]
    return [
        (over(window, every) if row.get("dialog") else window, row.get("active") is True)
        for row, window in told_of
    ]


def _window(row: Mapping[str, object]) -> WindowInfo:
    app, pid, output = str(row.get("app") or "").lower(), row.get("pid"), str(row.get("output") or "")
    place = row.get("place")
    sides = [side for side in place if isinstance(side, int)] if isinstance(place, list) else []
    shown = len(sides) == 4 and min(sides[2:]) > 0 and not row.get("hidden")
    number = "".join(sign for sign in str(row.get("id")) if sign in "0123456789abcdef")[:15]  # of a UUID
    return WindowInfo(
        window_id=int(number or "0", 16),
        app=app,
        title=str(row.get("caption") or ""),
        pid=pid if isinstance(pid, int) and pid > 0 else None,
        region=Region(*sides) if shown else None,
        private=None if is_browser(app) else False,
        browser=is_browser(app),
        instance=str(row.get("name") or "").lower(),
        monitors=(output,) if output else (),
        full_screen=row.get("full") is True,
        protected=row.get("protected") is True,
    )


class KwinWindows(Reticent):
    """The windows of KDE's desktop. An `observers.windows.Windows`. Raises CaptureUnavailable."""

    def __init__(self, session: str | None = None) -> None:
        self._bus = PlainBus(session_address() if session is None else session, self._called)
        self._idle = IdleTime(session)
        self._lock = threading.Lock()
        self._name = ""  # ours on the bus, to which the script tells
        self._owner = ""  # KWin's own name on the bus: nobody else is believed
        self._told: list[tuple[WindowInfo, bool]] | None = None
        self._waiting = News()
        self._first = threading.Event()
        self._script = f"gumption-{os.getpid()}-{next(_NUMBERS)}"
        self._checked = time.monotonic()
        try:
            self._load()
        except CaptureUnavailable:
            self.close()
            raise

    def active(self) -> WindowInfo | None:
        return next((window for window, active in self._list() if active), None)

    def all(self) -> list[WindowInfo]:
        return [window for window, _ in self._list()]

    def close(self) -> None:
        """Takes the script out of KWin again."""
        self._bus.call(SCRIPTING, INTERFACE, "unloadScript", "s", [self._script])
        self._bus.close()
        self._idle.close()

    def _list(self) -> list[tuple[WindowInfo, bool]]:
        moment = time.monotonic()
        if moment - self._checked >= LOOK_S:
            self._checked = moment
            if self._bus.call(SCRIPTING, INTERFACE, "isScriptLoaded", "s", [self._script]) != [True]:
                raise CaptureUnavailable("KWin was started anew", HINT)
            if self._bus.name != self._name:  # the connection was lost; the script tells nobody
                raise CaptureUnavailable("The connection to KWin was lost", HINT)
        with self._lock:
            return list(self._told or ())

    def _load(self) -> None:
        """Hands the script over, has it run and waits for its first word. KWin reads it from a file."""
        owner = self._bus.call(DAEMON, DAEMON[0], "GetNameOwner", "s", [KWIN])
        if owner is None:
            raise CaptureUnavailable("KWin does not answer", HINT)
        self._owner, self._name = str(owner[0]), self._bus.name
        with tempfile.TemporaryDirectory(prefix="gumption-") as folder:
            path = Path(folder) / "windows.js"
            path.write_text(_SCRIPT.replace("@NAME@", self._name), encoding="utf-8")
            found = self._bus.call(SCRIPTING, INTERFACE, "loadScript", "ss", [str(path), self._script])
            if not found or not isinstance(found[0], int) or found[0] < 0:
                raise CaptureUnavailable("KWin does not take scripts", HINT)
            places = (f"/Scripting/Script{found[0]}", f"/{found[0]}")  # Plasma 6, Plasma 5
            if all(self._bus.call((KWIN, place), "org.kde.kwin.Script", "run") is None for place in places):
                raise CaptureUnavailable("KWin does not run our script", HINT)
            if not self._first.wait(FIRST_S):
                raise CaptureUnavailable("KWin tells nothing of its windows", HINT)

    def _called(self, sender: str, member: str, body: Body) -> None:
        """On the bus's thread: the script tells the windows. What is no list, or not KWin's, is ignored."""
        if sender != self._owner or member != "Told" or not body:
            return
        try:
            windows = told(str(body[0]))
        except ValueError:
            return
        with self._lock:
            self._told = windows
        self._first.set()
        self.wake()
