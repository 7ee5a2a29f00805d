"""When the daemon locks its store by itself: when nobody is at the keyboard, or with the screen."""

from collections.abc import Callable
from datetime import timedelta

from gum.ports import Clock


class IdleLock:
    """Looks at what the observers know of the person's hands. `look` may be called from any one thread."""

    def __init__(
        self,
        after_min: float,
        clock: Clock,
        input_age: Callable[[], timedelta | None],
        screen_locked: Callable[[], bool],
    ) -> None:
        self._after = timedelta(minutes=after_min)
        self._clock = clock
        self._input_age = input_age
        self._screen_locked = screen_locked
        self._since = clock.now()
        self._was_locked = True  # unlocked from elsewhere while the screen is: it stays open

    @property
    def wanted(self) -> bool:
        """Whether the settings ask for it at all."""
        return self._after > timedelta()

    def look(self) -> bool:
        """Whether to lock now.

        Time before the store was opened does not count. Where nobody can tell how long ago the person did
        something (no X11 display), this never says yes.
        """
        locked = self._screen_locked()
        came, self._was_locked = locked and not self._was_locked, locked
        age = self._input_age()
        now = self._clock.now()
        self._since = min(self._since, now)  # a clock that was set back
        open_for = now - self._since
        return self.wanted and (came or (age is not None and min(age, open_for) >= self._after))
