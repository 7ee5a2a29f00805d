"""That a key was pressed, a button clicked or a wheel turned, on an X11 display: XInput2 raw events.

Which key it was is in the bytes that the server sends, and stays there: python-xlib is given no layout for
raw events, so they arrive as undecoded bytes, and of these only the number of a mouse button is read (XI2
protocol 2.3, RawEvent). Movements of the pointer are not asked for. One object belongs to one thread.
"""

import struct
from dataclasses import dataclass

from Xlib import X
from Xlib.ext import ge, xinput

from gum.errors import CaptureUnavailable
from observers.bell import Bell
from observers.bursts import Hand
from observers.window import PROPERTY, opened, x_errors

NO_XINPUT_HINT = "The display server lacks XInput 2.1; set input = false under [sources]."
# XI2 versions below 2.1 keep raw events from us while a menu or a lock screen holds the pointer.
_VERSION = (2, 2)
_DETAIL = 6  # bytes into what follows the event's type: after device (2) and time (4) comes the button (4)
_SCROLLS = frozenset({4, 5, 6, 7})


@dataclass(frozen=True, slots=True)
class Doing:
    """A hand did something. `front`: the window in front then; None: the window manager says of none."""

    hand: Hand
    front: int | None


def hand_of(kind: int, data: bytes) -> Hand | None:
    """What a raw event says was done; None: nothing we count. Of a key nothing but `kind` is read.

    `data` is what follows the event's type, in the machine's byte order.
    """
    if kind == xinput.RawKeyPress:
        return Hand.KEY
    if kind != xinput.RawButtonPress or len(data) < _DETAIL + 4:
        return None
    (button,) = struct.unpack_from("=I", data, _DETAIL)
    return Hand.SCROLL if button in _SCROLLS else Hand.CLICK


class XInput:
    """What hands do on a display (default: the environment's).

    Raises CaptureUnavailable when it does not answer, or cannot tell.
    """

    def __init__(self, display: str | None = None) -> None:
        self._front: int | None = None
        with opened(display) as self._display:
            self._listen()

    def close(self) -> None:
        with x_errors():
            self._display.close()

    def wait(self, bell: Bell, seconds: float | None) -> list[Doing]:
        """What was done, as soon as something was, `seconds` are over (None: never) or the bell rings."""
        with x_errors():
            if not self._display.pending_events():
                bell.wait_or(self._display.fileno(), seconds)
            return self._take()

    def _listen(self) -> None:
        x = self._display
        if not (x.has_extension(xinput.extname) and x.has_extension(ge.extname)):
            raise CaptureUnavailable("The display does not tell of keys and clicks", NO_XINPUT_HINT)
        self._opcode = x.display.get_extension_major(xinput.extname)
        asked = xinput.XIQueryVersion(
            display=x.display, opcode=self._opcode, major_version=_VERSION[0], minor_version=_VERSION[1]
        )
        if (asked.major_version, asked.minor_version) < (2, 1):
            raise CaptureUnavailable("The display does not tell of keys and clicks", NO_XINPUT_HINT)
        root = x.screen().root
        root.xinput_select_events(
            [(xinput.AllMasterDevices, xinput.RawKeyPressMask | xinput.RawButtonPressMask)]
        )
        # On this connection, so that it comes in order with the keys: none is told of the window before.
        root.change_attributes(event_mask=X.PropertyChangeMask)
        self._active = x.intern_atom("_NET_ACTIVE_WINDOW")
        self._look()

    def _take(self) -> list[Doing]:
        done = []
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.PropertyNotify:
                if event.atom == self._active:
                    self._look()
            elif event.type == ge.GenericEventCode and event.extension == self._opcode:
                hand = hand_of(event.evtype, event.data)
                if hand is not None:
                    done.append(Doing(hand, self._front))
        return done

    def _look(self) -> None:
        found = self._display.screen().root.get_property(self._active, X.AnyPropertyType, 0, PROPERTY)
        self._front = int(found.value[0]) if found is not None and len(found.value) else None
