"""Keys that work in every program: pause, off the record, forget. X11 only.

The combinations are grabbed one by one (XGrabKey), also with CapsLock or NumLock on: of other keys the server
tells us nothing. A key that is held down is one press. Parsing is pure; the rest waits on its own connection.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError
from Xlib.protocol.rq import Event

from gum.errors import CaptureUnavailable
from gum.types import SourceHealth
from observers.base import Source, Supervised
from observers.bell import Bell
from observers.input import on_wayland
from observers.window import opened, x_errors

MODIFIERS = {
    "shift": X.ShiftMask,
    "ctrl": X.ControlMask,
    "control": X.ControlMask,
    "alt": X.Mod1Mask,
    "super": X.Mod4Mask,
    "meta": X.Mod4Mask,
    "win": X.Mod4Mask,
}
REPEAT_MS = 5  # a key held down is let go and pressed again by the server, in the same millisecond
_HINT = "Write it like ctrl+alt+p or super+F9 in the settings, under [hotkeys]; leave it empty for none."
_TAKEN_HINT = "Another program has that combination. Choose another one in the settings, under [hotkeys]."
WAYLAND_HINT = "On Wayland programs cannot have keys of their own yet: use the tray's menu."


@dataclass(frozen=True, slots=True)
class Combination:
    """Modifiers (X11's mask) and the symbol of one key."""

    modifiers: int
    keysym: int


def combination(written: str) -> Combination | None:
    """What a person wrote, e.g. "ctrl+alt+p"; None when that is none. Upper and lower case are alike.

    A key alone counts only if it types nothing (F1 to F35, Pause and their like): it would be lost otherwise.
    """
    *held, key = [part.strip() for part in written.split("+")]
    mask = 0
    for name in held:
        if name.casefold() not in MODIFIERS:
            return None
        mask |= MODIFIERS[name.casefold()]
    found = next((symbol for name in _spellings(key) if (symbol := XK.string_to_keysym(name))), 0)
    types = found < 0xFF00 or found in (XK.XK_BackSpace, XK.XK_Tab, XK.XK_Return, XK.XK_space, XK.XK_Delete)
    if not found or 0xFFE1 <= found <= 0xFFEE or (types and not mask & ~X.ShiftMask):
        return None
    return Combination(mask, found)


def _spellings(key: str) -> Sequence[str]:
    if len(key) == 1:
        return (key.lower(),)
    return (key, key.capitalize(), key.title(), key.upper(), key.lower())


class Hotkeys(Source):
    """Tells `pressed` the name of each combination of `wanted` that was pressed, from a thread of its own.

    `wanted`: name to what the person wrote; empty ones are none. An `Observer` of no finds: what is malformed
    or taken shows in its health, and the others go on.
    """

    name = "hotkeys"

    def __init__(
        self, wanted: Mapping[str, str], pressed: Callable[[str], None], display: str | None = None
    ) -> None:
        self._wanted = {name: written for name, written in wanted.items() if written.strip()}
        self._pressed, self._display_name = pressed, display
        self._bell = Bell()
        self._trouble: tuple[str, str] = ("", "")
        self._worker = Supervised(self.name, self._watch, self._bell.set)

    def health(self) -> SourceHealth:
        told = super().health()
        if told.state != "running" or not self._trouble[0]:
            return told
        return replace(told, detail=self._trouble[0], hint=self._trouble[1])

    def _watch(self) -> None:
        if on_wayland(self._display_name):
            raise CaptureUnavailable("There are no hotkeys on Wayland", WAYLAND_HINT)
        self._bell.clear()
        with opened(self._display_name) as display:
            grabbed = self._grab(display)
        with x_errors(), closing(display):
            self._worker.alive()
            let_go: dict[str, int] = {}
            while not self._worker.stopping():
                if not display.pending_events():
                    self._bell.wait_or(display.fileno())
                    continue
                event = display.next_event()
                if event.type == X.MappingNotify:
                    display.refresh_keyboard_mapping(event)
                    display.screen().root.ungrab_key(X.AnyKey, X.AnyModifier)
                    grabbed = self._grab(display)
                elif event.type in (X.KeyPress, X.KeyRelease):
                    self._take(event, grabbed.get((event.detail, event.state & _COUNTED)), let_go)

    def _take(self, event: Event, name: str | None, let_go: dict[str, int]) -> None:
        if name is None:
            return
        if event.type == X.KeyRelease:
            let_go[name] = event.time
        elif not 0 <= event.time - let_go.get(name, -1 - REPEAT_MS) <= REPEAT_MS:
            self._pressed(name)

    def _grab(self, display: Display) -> dict[tuple[int, int], str]:
        """The key codes and modifiers that are ours now, by name; notes what could not be had."""
        grabbed: dict[tuple[int, int], str] = {}
        malformed, taken = [], []
        locks = _locks(display)
        for name, written in self._wanted.items():
            wanted = combination(written)
            code = display.keysym_to_keycode(wanted.keysym) if wanted is not None else 0
            if wanted is None or not code or (code, wanted.modifiers) in grabbed:
                malformed.append(f"“{written}” ({name})")
            elif _grab_all(display, code, wanted.modifiers, locks):
                grabbed[code, wanted.modifiers] = name
            else:
                taken.append(f"“{written}” ({name})")
        trouble = [f"{each} is no combination of keys here" for each in malformed]
        trouble += [f"{each} belongs to another program" for each in taken]
        self._trouble = ("; ".join(trouble), _HINT if malformed else _TAKEN_HINT if taken else "")
        if trouble and not grabbed:
            raise CaptureUnavailable(*self._trouble)
        return grabbed


_COUNTED = X.ShiftMask | X.ControlMask | X.Mod1Mask | X.Mod4Mask


def _locks(display: Display) -> list[int]:
    """Every way in which CapsLock and NumLock may be on."""
    code = display.keysym_to_keycode(XK.XK_Num_Lock)
    rows = display.get_modifier_mapping()
    numlock = next((1 << row for row, codes in enumerate(rows) if code and code in codes), 0)
    return sorted({0, X.LockMask, numlock, X.LockMask | numlock})


def _grab_all(display: Display, code: int, modifiers: int, locks: Sequence[int]) -> bool:
    """Whether the combination is ours now, whatever locks are on; gives back what it got when it is not."""
    taken = CatchError(BadAccess)
    root = display.screen().root
    for lock in locks:
        root.grab_key(code, modifiers | lock, False, X.GrabModeAsync, X.GrabModeAsync, onerror=taken)
    display.sync()
    if taken.get_error() is None:
        return True
    for lock in locks:
        root.ungrab_key(code, modifiers | lock)
    display.sync()
    return False
