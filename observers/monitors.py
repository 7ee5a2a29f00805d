"""The monitors of an X11 display by name and place (RandR 1.5), and on which of them a window lies.

They are asked for once, and again when the server says that something changed: one was plugged in or out,
another resolution, another arrangement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from Xlib import X
from Xlib.display import Display
from Xlib.error import XError
from Xlib.ext import randr
from Xlib.protocol.rq import Event

from gum.types import Region

NEWS = X.StructureNotifyMask
"""What the root must tell besides: a monitor that somebody defines comes as a ConfigureNotify."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """One of them, e.g. "HDMI-1"."""

    name: str
    region: Region


def lying_on(region: Region | None, monitors: Sequence[Monitor]) -> tuple[str, ...]:
    """The names of those on which some of `region` lies."""
    if region is None:
        return ()
    return tuple(m.name for m in monitors if region.intersect(m.region) is not None)


def fills(region: Region | None, monitors: Sequence[Monitor]) -> bool:
    """Whether `region` is just what a monitor shows."""
    return any(m.region == region for m in monitors)


class Monitors:
    """Those of one display; of the thread that has the connection. Raises XError as the connection does."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._root = display.screen().root
        self._known: tuple[Monitor, ...] | None = None
        told = display.query_extension("RANDR")
        self._first = int(told.first_event) if told is not None and told.present else -2
        self._there = self._first > 0 and hasattr(self._root, "xrandr_get_monitors")
        if self._there:
            wanted = (
                randr.RRScreenChangeNotifyMask | randr.RRCrtcChangeNotifyMask | randr.RROutputChangeNotifyMask
            )
            self._root.xrandr_select_input(wanted)

    def current(self) -> tuple[Monitor, ...]:
        """As they are now; empty when the server does not tell."""
        if self._known is None:
            self._known = self._asked() if self._there else ()
        return self._known

    def heard(self, event: Event) -> None:
        """An event of the connection: some of them mean that the next answer will be another one."""
        of_randr = event.type in (self._first + randr.RRScreenChangeNotify, self._first + randr.RRNotify)
        of_root = event.type == X.ConfigureNotify and event.window.id == self._root.id
        if of_randr or of_root:
            self._known = None

    def _asked(self) -> tuple[Monitor, ...]:
        found = []
        for told in self._root.xrandr_get_monitors().monitors:
            if told.width_in_pixels <= 0 or told.height_in_pixels <= 0:
                continue
            try:
                name = str(self._display.get_atom_name(told.name))
            except XError:  # it was taken away while we asked
                continue
            place = Region(told.x, told.y, told.width_in_pixels, told.height_in_pixels)
            found.append(Monitor(name, place))
        return tuple(found)
