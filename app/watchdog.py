"""Whether it says that it observes and does not: the person is at work in a window that may be seen, and
nothing of it is stored.

Sources and stages tell their own failures. This looks from the two ends alone, input and store, so that it
also notices what nobody thought of: a source that hangs, finds that get lost on their way.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from gum.ports import Clock
from gum.types import Admission, WindowInfo

log = logging.getLogger(__name__)
ACTIVE = timedelta(seconds=30)  # input that recent is somebody at work
LIMIT = timedelta(seconds=90)  # a window in use is stored after half a second and again every ten
SILENT = "You are at work and nothing has been stored for over a minute. Start Gumption anew."


class Watchdog:
    """`input_age`: since the last key or move of the pointer; `current`: the window in front and what the
    rules say of it; `stored_at`: when something seen at a window was last stored (notices prove nothing)."""

    def __init__(
        self,
        clock: Clock,
        input_age: Callable[[], timedelta | None],
        current: Callable[[], tuple[WindowInfo, Admission] | None],
        stored_at: Callable[[], datetime | None],
    ) -> None:
        self._clock, self._input_age = clock, input_age
        self._current, self._stored_at = current, stored_at
        self._since: datetime | None = None
        self._barked = False

    def look(self) -> str | None:
        """What is wrong, in the person's words, or None. Asked every few seconds."""
        now = self._clock.now()
        age, window = self._input_age(), self._current()
        if age is None or age > ACTIVE or window is None or not window[1].allowed:
            self._since = None
            return self._tell(False)
        if self._since is None or self._since > now:  # the clock was set back
            self._since = now
        stored = self._stored_at()
        last = self._since if stored is None or stored > now else max(self._since, stored)
        return self._tell(now - last > LIMIT)

    def _tell(self, silent: bool) -> str | None:
        if silent and not self._barked:
            log.error("there is input in an admitted window, and nothing has been stored for %s", LIMIT)
        if self._barked and not silent:
            log.info("what is observed is stored again")
        self._barked = silent
        return SILENT if silent else None
