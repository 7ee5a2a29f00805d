"""How available the person is: gathers the facts that `availability` decides by from whoever knows them.

What always holds says nothing, and would keep every card away for good: on a tiling desktop without a bar
each window fills the screen, and some programs listen to the microphone all day. Such a fact counts as not
known.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from gum.types import WindowInfo
from observers.availability import Availability, Facts, availability, presents
from observers.do_not_disturb import DoNotDisturb
from observers.focus import SharedFocus
from observers.microphone import microphone

HABIT = 3  # different windows one after another that fill the screen: here all do
CALL_S = 3 * 3600.0  # longer than calls last, but for meetings in the calendar


class Presence:
    """Asks all who know. `look` blocks for some milliseconds, two seconds where a bus hangs; any thread."""

    def __init__(
        self,
        focus: SharedFocus,
        typing: Callable[[], bool | None],
        locked: Callable[[], bool],
        input_age: Callable[[], timedelta | None],
        in_meeting: Callable[[], bool],
        sharing: Callable[[], bool | None],
        session: str | None = None,
        recording: Callable[[], bool | None] = microphone,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._focus, self._typing, self._locked = focus, typing, locked
        self._input_age, self._in_meeting, self._recording = input_age, in_meeting, recording
        self._sharing = sharing
        self._quiet, self._clock = DoNotDisturb(session), clock
        self._lock = threading.Lock()
        # The last HABIT windows, and whether they filled the screen.
        self._fronts: OrderedDict[int, bool] = OrderedDict()
        self._recording_since: float | None = None

    def look(self) -> Availability:
        """How available the person is now."""
        front, age, meeting = self._focus.get().window, self._input_age(), self._in_meeting()
        return availability(
            Facts(
                typing=self._typing(),
                full_screen=self._full_screen(front) if front is not None else None,
                microphone=self._in_use(meeting),
                meeting=meeting,
                presenting=presents(front),
                sharing=self._sharing(),
                do_not_disturb=self._quiet.on(),
                locked=self._locked(),
                idle_s=age.total_seconds() if age is not None else None,
            )
        )

    def _full_screen(self, front: WindowInfo) -> bool | None:
        with self._lock:
            self._fronts.pop(front.window_id, None)
            self._fronts[front.window_id] = front.full_screen
            while len(self._fronts) > HABIT:
                self._fronts.popitem(last=False)
            always = len(self._fronts) == HABIT and all(self._fronts.values())
        return None if always else front.full_screen

    def _in_use(self, meeting: bool) -> bool | None:
        recording, moment = self._recording(), self._clock()
        with self._lock:
            if not recording:
                self._recording_since = None
            elif self._recording_since is None:
                self._recording_since = moment
            since = self._recording_since
        return None if since is not None and moment - since >= CALL_S and not meeting else recording
