"""How long nobody has touched anything, where no window system tells it.

GNOME tells it to the millisecond (Mutter's IdleMonitor). Elsewhere logind has a hint that the desktop's own
idle service sets after minutes; until then, and where nobody sets it, it is not known.
"""

import time

from observers.backends.session_bus import PlainBus, session_address, system_address
from observers.bus import Ref

MUTTER: Ref = ("org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core")
SESSION: Ref = ("org.freedesktop.login1", "/org/freedesktop/login1/session/auto")
SILENT_S = 60.0  # where nobody told, nobody is asked again for so long
_LOGIND = "org.freedesktop.login1.Session"


class IdleTime:
    """Asks the buses at `session` and `system` (default: the environment's). Raises nothing."""

    def __init__(self, session: str | None = None, system: str | None = None) -> None:
        self._session = PlainBus(session_address() if session is None else session)
        self._system = PlainBus(system_address() if system is None else system)
        self._silent_until = 0.0

    def seconds(self) -> float | None:
        """Since the last key press or pointer movement; None when nobody can tell."""
        if time.monotonic() < self._silent_until:
            return None
        found = self._session.call(MUTTER, MUTTER[0], "GetIdletime")
        if found and isinstance(found[0], int):
            return found[0] / 1000
        hint = self._system.value(SESSION, _LOGIND, "IdleHint")
        if hint is None:
            self._silent_until = time.monotonic() + SILENT_S
        if hint is not True:
            return None
        since = self._system.value(SESSION, _LOGIND, "IdleSinceHint")  # microseconds since 1970
        return max(0.0, time.time() - since / 1e6) if isinstance(since, int) and since else None

    def close(self) -> None:
        self._session.close()
        self._system.close()
