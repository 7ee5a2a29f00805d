"""The window system as everything else here sees it: which window is in front, what it is called.

One implementation a window system: `observers.window` for X11, `observers.backends` for all others;
`observers.backends.choose` opens the one of the session. Names only. Pixels are taken on X11 alone
(`observers.camera`): nobody else tells for certain what lies above a window.
"""

from typing import Protocol

from gum.types import Region, WindowInfo

EVERYWHERE = Region(-(2**20), -(2**20), 2**21, 2**21)
"""More than any screen: what may lie above a window where nobody tells."""


class Windows(Protocol):
    """The windows of one desktop. One object belongs to one thread, but for `wake`.

    Every method raises CaptureUnavailable when the window system does not answer (any more).
    """

    def screen(self) -> Region:
        """The whole virtual screen, in screen pixels; EVERYWHERE where nobody tells its size."""
        ...

    def active(self) -> WindowInfo | None:
        """The window in front, without what only its accessible tree tells; None when there is none.

        None also when it cannot be told which of several it is. `region` is None where the window
        system keeps places to itself: then no pixel of it is ever read.
        """
        ...

    def all(self) -> list[WindowInfo]:
        """The open top-level windows, oldest first where that is known."""
        ...

    def titles(self) -> list[str]:
        """Titles of the open top-level windows; windows without one are left out."""
        ...

    def above(self, window_id: int) -> list[Region]:
        """Rectangles of everything that is or may be shown above a window.

        The whole screen when the window is gone, EVERYWHERE when that cannot be told: nothing shown
        there may then be taken for the window's own.
        """
        ...

    def idle_s(self) -> float | None:
        """Seconds since the last key press or pointer movement; None when nobody can tell."""
        ...

    def locked(self) -> bool:
        """Whether the session is locked or the screen saver is on; False when nobody can tell."""
        ...

    def wait(self, timeout_s: float) -> bool:
        """Sleeps until the front window, its name or the stacking changes, `wake` is called or time is up."""
        ...

    def wake(self) -> None:
        """Ends a `wait`; may be called from any thread."""
        ...

    def close(self) -> None: ...
