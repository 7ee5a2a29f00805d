"""Whether the person told their desktop to be quiet: KDE, dunst, Xfce and GNOME each keep it elsewhere.

The first that answers is believed. None is started by asking. Blocks for as long as the bus takes to answer,
at most ANSWER_S and GNOME's two seconds, and one thread at a time; what was said is remembered for FRESH_S.
"""

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable

from dbus_fast import Variant

from gum.errors import AccessibilityUnavailable
from observers.backends.session_bus import PlainBus, of_one_there, session_address
from observers.bus import Calls, Gone, Ref

FRESH_S = 10.0
ANSWER_S = 2.0  # for the connection and all questions together: who asks waits for it
_SHOWS: Ref = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
_XFCE: Ref = ("org.xfce.Xfconf", "/org/xfce/Xfconf")
_PROPERTIES = "org.freedesktop.DBus.Properties"
_QUESTIONS = (
    (_SHOWS, _PROPERTIES, "Get", (_SHOWS[0], "Inhibited")),  # KDE
    (_SHOWS, _PROPERTIES, "Get", ("org.dunstproject.cmd0", "paused")),
    (_XFCE, _XFCE[0], "GetProperty", ("xfce4-notifyd", "/do-not-disturb")),
)


class DoNotDisturb:
    """Asks the session bus at `session` (default: the environment's). May be used from any thread."""

    def __init__(self, session: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._session = session or session_address()
        self._clock = clock
        self._lock = threading.Lock()
        self._told: tuple[float, bool | None] | None = None

    def on(self) -> bool | None:
        """Whether notices are held back; None when nobody can tell."""
        if self._lock.acquire(blocking=False):  # else another thread asks: nobody else need wait for it
            try:
                moment = self._clock()
                if self._told is None or not 0 <= moment - self._told[0] < FRESH_S:
                    self._told = moment, self._ask()
            finally:
                self._lock.release()
        return self._told[1] if self._told is not None else None

    def _ask(self) -> bool | None:
        told = _by_bus(self._session)
        return told if told is not None else _by_gnome(os.environ.get("XDG_CURRENT_DESKTOP", ""))


def _by_bus(address: str) -> bool | None:
    if not address:
        return None
    bus = PlainBus(address)
    try:
        return bus.ask(_asked, ANSWER_S)
    except AccessibilityUnavailable:
        return None
    finally:
        bus.close()


async def _asked(calls: Calls) -> bool | None:
    for ref, interface, member, about in _QUESTIONS:
        with contextlib.suppress(Gone):
            told = await of_one_there(calls, ref, interface, member, "ss", about)
            if told and isinstance(told[0], Variant) and isinstance(told[0].value, bool):
                return told[0].value
    return None


def _by_gnome(desktop: str) -> bool | None:
    """GNOME keeps it in its settings, which its portal does not show; `gsettings` reads them."""
    program = shutil.which("gsettings")
    if program is None or not {"gnome", "unity", "budgie"} & set(desktop.casefold().split(":")):
        return None
    argv = [program, "get", "org.gnome.desktop.notifications", "show-banners"]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"true": False, "false": True}.get(done.stdout.strip())
