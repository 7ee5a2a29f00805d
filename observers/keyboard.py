"""Types text by the X server's test extension, for fields that cannot be set over accessibility.

Characters that no key of the present layout gives are put on an unused key for as long as they are typed.
Knows nothing of fields; the caller makes sure that the right one has the focus.
"""

import time

from Xlib import XK, X
from Xlib.ext import xtest

from observers.window import open_display, x_errors

_RELEASE_S = 0.004  # between keys; Chromium loses some when they come at once
_LAYOUT_S = 0.06  # programs need a moment to learn of a changed key


class Keyboard:
    """A keyboard of one X11 display. Raises CaptureUnavailable when the display does not answer."""

    def __init__(self, display: str | None = None) -> None:
        self._display = open_display(display)
        self._shift = self._display.keysym_to_keycode(XK.XK_Shift_L)
        self._spare = self._unused_key()

    def close(self) -> None:
        with x_errors():
            self._display.close()

    def select_all(self) -> None:
        """Ctrl+A."""
        control = self._display.keysym_to_keycode(XK.XK_Control_L)
        self._press([control, self._display.keysym_to_keycode(XK.XK_a)])

    def delete(self) -> None:
        self._press([self._display.keysym_to_keycode(XK.XK_Delete)])

    def type(self, text: str) -> None:
        """Types `text`. A line break is Shift+Return, which sends no message and no form."""
        with x_errors():
            for character in text:
                self._type_one(character)

    def _type_one(self, character: str) -> None:
        if character == "\n":
            self._press([self._shift, self._display.keysym_to_keycode(XK.XK_Return)])
            return
        keysym = ord(character) if ord(character) < 256 else 0x01000000 | ord(character)
        for keycode, column in self._display.keysym_to_keycodes(keysym):
            if column in (0, 1):
                self._press([self._shift, keycode] if column else [keycode])
                return
        self._bind(keysym)
        self._press([self._spare])
        self._bind(0)

    def _bind(self, keysym: int) -> None:
        self._display.change_keyboard_mapping(self._spare, [(keysym, keysym)])
        self._display.sync()
        time.sleep(_LAYOUT_S)

    def _press(self, keycodes: list[int]) -> None:
        for keycode in keycodes:
            xtest.fake_input(self._display, X.KeyPress, keycode)
        for keycode in reversed(keycodes):
            xtest.fake_input(self._display, X.KeyRelease, keycode)
        self._display.sync()
        time.sleep(_RELEASE_S)

    def _unused_key(self) -> int:
        """A keycode that gives nothing; the last one when all give something."""
        info = self._display.display.info
        first, last = int(info.min_keycode), int(info.max_keycode)
        keys = self._display.get_keyboard_mapping(first, last - first + 1)
        free = [first + index for index, keysyms in enumerate(keys) if not any(keysyms)]
        return free[-1] if free else last
