"""Opens the back-ends of the session: what everything here that looks at windows or into them starts with."""

import os
from collections.abc import Callable, Mapping

from gum.errors import CaptureUnavailable
from observers.backends.session import Session, session
from observers.bus import AccessibilityBus
from observers.ui_tree import AtspiTrees
from observers.window import X11Windows
from observers.windows import Trees, Windows

OR_XORG = "Or log in with an “Xorg” session, where it is not needed for that."


def open_windows(display: str | None = None) -> Windows:
    """The windows of an X11 display, or of the session that the environment names.

    On Wayland the accessibility tree is asked where the compositor says no. Raises CaptureUnavailable.
    """
    if display:
        return X11Windows(display)
    refused: CaptureUnavailable | None = None
    for opener in _OPENERS[session(os.environ)]:
        try:
            return opener()
        except CaptureUnavailable as error:
            refused = error  # the last to be asked knows most about what is missing
    assert refused is not None
    if session(os.environ) in (Session.X11, Session.WINDOWS, Session.MACOS):
        raise refused
    why = refused.title[:1].lower() + refused.title[1:]
    raise CaptureUnavailable(
        f"On Wayland the window in front is told by accessibility, and {why}", f"{refused.hint} {OR_XORG}"
    ) from refused


def trees(bus: AccessibilityBus, display: str | None = None) -> Trees:
    """Who reads what stands in the windows that `open_windows` tells of. Nothing is opened yet."""
    kind = Session.X11 if display else session(os.environ)
    if kind is Session.WINDOWS:
        from observers.backends.uia_reading import UiaTrees

        return UiaTrees()
    if kind is Session.MACOS:
        from observers.backends.ax_reading import AxTrees

        return AxTrees()
    return AtspiTrees(bus)


def _sway() -> Windows:
    from observers.backends.sway import SwayWindows

    return SwayWindows()


def _hyprland() -> Windows:
    from observers.backends.hyprland import HyprlandWindows

    return HyprlandWindows()


def _kwin() -> Windows:
    from observers.backends.kwin import KwinWindows

    return KwinWindows()


def _atspi() -> Windows:
    from observers.backends.atspi_windows import AtspiWindows

    return AtspiWindows()


def _win32() -> Windows:
    from observers.backends.windows_uia import Win32Windows

    return Win32Windows()


def _quartz() -> Windows:
    from observers.backends.macos_ax import QuartzWindows

    return QuartzWindows()


_OPENERS: Mapping[Session, tuple[Callable[[], Windows], ...]] = {
    Session.X11: (X11Windows,),
    Session.SWAY: (_sway, _atspi),
    Session.HYPRLAND: (_hyprland, _atspi),
    Session.KWIN: (_kwin, _atspi),
    Session.WAYLAND: (_atspi,),
    Session.WINDOWS: (_win32,),
    Session.MACOS: (_quartz,),
}
