"""News of what is drawn: an X server tells where something changed (DAMAGE), so nobody has to look.

`Changes` follows one window. It tells which part of it was drawn anew, and whether anything about the
windows of the screen became another (stacking, places, monitors): then what can be seen of the one that is
followed has to be worked out again. Where the server has no DAMAGE, `told` is False and the source has to
look by itself. One object belongs to one thread.

DAMAGE 1.1, X.Org; reports are bounding boxes, which only grow until they are taken, so that a program which
draws without end sends few of them.
"""

import time
from dataclasses import dataclass
from typing import Any

from Xlib import X
from Xlib.ext import damage as ext
from Xlib.ext import randr
from Xlib.protocol.rq import Event

from gum.types import Region
from observers.bell import Bell
from observers.geometry import around
from observers.window import opened, x_errors

_Window = Any  # what an extension can do with a window, python-xlib adds to it at run time
_STRUCTURE = frozenset(
    (X.ConfigureNotify, X.MapNotify, X.UnmapNotify, X.CirculateNotify, X.ReparentNotify, X.DestroyNotify)
)


@dataclass(frozen=True, slots=True)
class News:
    """What happened since the last look.

    `drawn`: the part of the window that was drawn anew, from its top left; None: none of it.
    `moved`: windows came, went, moved or changed places in the stack, or the screen is another.
    """

    drawn: Region | None = None
    moved: bool = False


class Changes:
    """Follows one window of a display at a time. Raises CaptureUnavailable when that does not answer."""

    def __init__(self, display: str | None) -> None:
        with opened(display) as self._display:
            self._root = self._display.screen().root
            self._root.change_attributes(event_mask=X.SubstructureNotifyMask | X.StructureNotifyMask)
            self._damaged, self._changed = self._first_event("DAMAGE"), self._first_event("RANDR")
            self._shaped = self._first_event("SHAPE")
            self.told = self._damaged is not None
            if self.told:
                self._display.damage_query_version()  # the server answers nothing else before it
            if self._changed is not None:
                self._root.xrandr_select_input(randr.RRScreenChangeNotifyMask | randr.RRCrtcChangeNotifyMask)
            # Who paints the screen owns this selection (EWMH, "Compositing Managers").
            self._compositor = self._display.intern_atom(f"_NET_WM_CM_S{self._display.get_default_screen()}")
            self._display.sync()
        self._window: int | None = None
        self._damage: int | None = None
        self._drawn: list[Region] = []
        self._moved = False

    def close(self) -> None:
        with x_errors():
            self._display.close()

    def follow(self, window_id: int | None) -> None:
        """Tells of this window from now on; None: of none. The same again changes nothing."""
        if window_id == self._window:
            return
        with x_errors():
            if self._damage is not None:
                self._display.damage_destroy(self._damage)
            self._hear_shape(False)
            self._window, self._damage, self._drawn = window_id, None, []
            self._hear_shape(True)
            if window_id is not None and self.told:
                window: _Window = self._display.create_resource_object("window", window_id)
                self._damage = window.damage_create(ext.DamageReportBoundingBox)
            self._display.sync()

    def take(self) -> News:
        """All that happened since the last time, with what came in until now: one round trip.

        What is drawn after it is told the next time, so take before you grab.
        """
        with x_errors():
            self._display.sync()
            self._read()
            if self._drawn and self._damage is not None:
                self._display.damage_subtract(self._damage)
                self._display.sync()
                self._read()
        news = News(around(self._drawn), self._moved)
        self._drawn, self._moved = [], False
        return news

    def moved(self) -> bool:
        """Whether windows or the screen became others since `take`; what was drawn is kept for the next."""
        with x_errors():
            self._display.sync()
            self._read()
        return self._moved

    def composited(self) -> bool:
        """Whether a compositor paints the screen: what it shows may be some moments old, or fading."""
        with x_errors():
            owner = self._display.get_selection_owner(self._compositor)
        return bool(owner != X.NONE)

    def wait(self, bell: Bell, timeout_s: float, heeding: bool) -> None:
        """Sleeps until the bell rings, time is up or, when `heeding`, something happens."""
        end = time.monotonic() + timeout_s
        with x_errors():
            self._read()  # also where nobody takes the news for hours: else they pile up in the server
            while not bell.is_set():
                if heeding:
                    self._read()
                    if self._drawn or self._moved:
                        return
                left = end - time.monotonic()
                if left <= 0:
                    return
                if heeding:
                    bell.wait_or(self._display.fileno(), left)
                else:
                    bell.wait(left)

    def _hear_shape(self, hear: bool) -> None:
        """A hole that is cut into the window shows what lies under it."""
        if self._window is not None and self._shaped is not None:
            window: _Window = self._display.create_resource_object("window", self._window)
            window.shape_select_input(int(hear))

    def _first_event(self, extension: str) -> int | None:
        """The number of its first event: DamageNotify, RRScreenChangeNotify. None: the server has none."""
        found = self._display.query_extension(extension)
        return int(found.first_event) if found is not None and found.present else None

    def _of_monitors(self, kind: int) -> bool:
        return self._changed is not None and kind - self._changed in (
            randr.RRScreenChangeNotify,
            randr.RRNotify,
        )

    def _read(self) -> None:
        while self._display.pending_events():
            self._note(self._display.next_event())

    def _note(self, event: Event) -> None:
        if event.type == self._damaged:
            a = event.area
            if event.damage == self._damage and a.width and a.height:
                self._drawn.append(Region(a.x, a.y, a.width, a.height))
        elif event.type in _STRUCTURE or event.type == self._shaped or self._of_monitors(event.type):
            self._moved = True
