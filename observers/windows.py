"""The window system as everything else here sees it: which window is in front, what it is called.

One implementation a window system: `observers.window` for X11, `observers.backends` for all others;
`observers.backends.choose` opens the one of the session. Names only. Pixels are taken on X11 alone
(`observers.camera`): nobody else tells for certain what lies above a window. What stands in a window is
told by its accessible tree (`Trees`): AT-SPI's on X11 and Wayland, the system's own on Windows and macOS.
"""

from collections.abc import Callable
from typing import Protocol

from gum.types import WindowInfo
from gum.ui import UiNode
from observers.bus import Ref


class Windows(Protocol):
    """The windows of one desktop. One object belongs to one thread, but for `wake`.

    Every method raises CaptureUnavailable when the window system does not answer (any more).
    """

    def active(self) -> WindowInfo | None:
        """The window in front, without what only its accessible tree tells; None when there is none.

        None also when it cannot be told which of several it is. `region` is None where the window
        system keeps places to itself: then no pixel of it is ever read.
        """
        ...

    def all(self) -> list[WindowInfo]:
        """The open top-level windows, oldest first where that is known."""
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


class Trees(Protocol):
    """The accessible trees of one desktop's windows. All but `listen` is for the thread that called `open`.

    `open` and `follow` raise CaptureUnavailable when accessibility does not answer; so may `read`.
    """

    def open(self) -> None:
        """Before anything else is asked, and anew after a failure."""
        ...

    def read(self, window: WindowInfo, frame: Ref | None) -> tuple[UiNode | None, bool, str]:
        """The tree of `window`; whether all of it fitted the budget; the program to `follow` for it.

        `frame` is where it begins, if that is known. No tree when the program offers none, or when it is not
        certain that it is this window's. The content of a password field is never asked for.
        """
        ...

    def follow(self, program: str) -> None:
        """Has changes of this program's text told, and of no other's."""
        ...

    def listen(self, heard: Callable[[str, str], None]) -> None:
        """Calls `heard(program, event)` for what is followed, on any thread. Nobody may ever call."""
        ...
