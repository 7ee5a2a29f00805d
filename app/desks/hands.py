"""Eyes and hands of a desk's person on a real desktop: look at the window in front, click, type, scroll.

What is found, is found over AT-SPI as `app.demo.person` does it. What cannot be found raises ActionFailed.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from types import TracebackType
from typing import TypeVar

import mss
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError
from PIL import Image
from Xlib import X
from Xlib.display import Display
from Xlib.error import XError
from Xlib.ext import xtest
from Xlib.protocol.event import ClientMessage

from app.demo.eyes import Seen, look
from app.demo.person import Person
from app.desks.clipboard import Clipboard
from app.desks.keyboard import Keyboard, shared, strokes, word_by_word
from app.desks.manner import Manner, Place
from app.desks.programs import Launch
from app.desks.rhythm import Rhythm
from app.desktop import VirtualDesktop
from gum.errors import ActionFailed, CaptureUnavailable
from gum.types import Region
from observers.terminal import is_terminal

log = logging.getLogger(__name__)

SQUEEZE = 0.15  # of the time that a person takes for a text: 35 steps are to be played in minutes
KEY_MS = (18, 60)  # between two keys
PAUSE_S = 0.35  # the longest between two words
OPEN_S = 40.0  # LibreOffice's first start on a busy machine
FIND_S = 8.0
PAINT_S = 12.0
BLANK = 8  # an empty window has no more colours
BACK_AT_ONCE = 40
PASTE_S, PASTED_S = 2.0, 0.05  # until a program asks for what is pasted, and has put it in
WHEEL_PX = 53  # what Chromium moves a page by at a click of the wheel; others move it similarly
LOW = 0.2  # of a window: what stands further down is scrolled up before it is clicked
PAGES_DOWN = 8  # how far down something is looked for

_DO_NOT_SAVE = ("don't save", "don’t save", "close without saving")
REFUSAL = "No thanks"  # the answer to a bubble that offers to keep a password
FIELDS = ("entry", "password text", "text", "combo box", "spin button", "date editor")
PRESSABLE = ("link", "button", "menu item", "tab", "check box", "radio button")
T = TypeVar("T")


def named(found: Sequence[Seen], name: str, roles: Sequence[str]) -> Seen | None:
    """The one of `found` that a person means by `name`. Pure.

    Roles first in `roles` first, and among them a name that is `name`, that begins with it, that holds it.
    """
    wanted = _plain(name)

    def rank(seen: Seen) -> tuple[int, int] | None:
        role = next((i for i, role in enumerate(roles) if role in seen.role.casefold()), None)
        other = _plain(seen.name)
        fit = 0 if other == wanted else 1 if other.startswith(wanted) else 2 if wanted in other else None
        return None if role is None or fit is None or not seen.enabled else (fit, role)

    ranked = [(order, index) for index, seen in enumerate(found) if (order := rank(seen)) is not None]
    return found[min(ranked)[1]] if ranked else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(":：* ")


class Hands:
    """One person's hands on one desktop. Use it in a `with` statement."""

    def __init__(
        self,
        desktop: VirtualDesktop,
        person: Person,
        rhythm: Rhythm,
        manner: Manner,
        dice: random.Random,
        letters: str = "",
    ) -> None:
        """`letters`: all that will be typed; the keyboard has to have them before a program is started."""
        self.desktop, self.person, self.manner = desktop, person, manner
        self._rhythm, self._dice = rhythm, dice
        self._keyboard = Keyboard(desktop.display, letters)
        self._clipboard = Clipboard(desktop.display)
        self._x = Display(desktop.display)
        self._shown = 0  # the window that was brought to the front last

    def __enter__(self) -> "Hands":
        self._clipboard.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clipboard.__exit__(kind, error, trace)
        self._keyboard.close()
        self._x.close()

    # --- windows ------------------------------------------------------------------------------------

    def open(self, launch: Launch, place: Place) -> int:
        """Starts a program, waits for its new window and puts it at its place; gives its id."""
        before = set(self.desktop.windows())
        self.desktop.launch(launch.argv, cwd=launch.cwd)

        def new() -> int | None:
            there = self.desktop.windows().items()
            return next((w for w, t in there if w not in before and fnmatchcase(t, launch.title)), None)

        window = self._until(new, OPEN_S)
        if window is None:
            there = ", ".join(self.desktop.windows().values()) or "none"
            raise ActionFailed(f"No window titled {launch.title} appeared", f"Open windows: {there}.")
        self._unmaximize(window)
        self.desktop.place(window, *place)
        self.show(window)
        if self._until(lambda: self._painted(window) or None, PAINT_S) is None:
            log.warning("nothing is to be seen in “%s”", self.title())
        self.rest(0.8)
        if self.desktop.active_window() != window:  # it was not ready to take the keys
            self.show(window)
        return window

    def _painted(self, window: int) -> bool:
        """Whether there is something in a window: a program that has just started shows an empty one."""
        area = self.area(window).intersect(Region(0, 0, *self.desktop.size))
        if area is None:
            return False
        box = {"left": area.left, "top": area.top, "width": area.width, "height": area.height}
        with mss.MSS(display=self.desktop.display) as grabber:
            shot = grabber.grab(box)
        return Image.frombytes("RGB", shot.size, shot.rgb).getcolors(BLANK) is None

    def show(self, window: int) -> None:
        """Brings a window to the front. Raises ActionFailed when it is gone."""
        for _ in range(2):  # a window that opens at that moment may take the keys
            try:
                self.desktop.activate(window)
            except CaptureUnavailable:
                continue
            self._shown = window
            return
        raise ActionFailed("A window cannot be brought to the front", "It may have been closed.")

    def leave(self, windows: Sequence[int]) -> None:
        """Closes windows without bringing them to the front; what was not saved is lost."""
        for window in windows:
            self._tell(window, "_NET_CLOSE_WINDOW", [0, 2, 0, 0, 0])  # 2: a person wants it
        if self._until(lambda: self._gone(windows) or None, 2.0) is None:
            self._do_not_save()
        if self._until(lambda: self._gone(windows) or None, 1.5) is None:
            for window in self.desktop.windows().keys() & set(windows):
                log.warning("a window had to be destroyed: %s", self.desktop.windows().get(window))
                self.desktop.close(window)
        self.rest(0.6)

    def show_desktop(self) -> None:
        """Puts all windows out of sight."""
        self._tell(self._x.screen().root.id, "_NET_SHOWING_DESKTOP", [1, 0, 0, 0, 0])
        self.rest(0.5)

    def _gone(self, windows: Sequence[int]) -> bool:
        return not self.desktop.windows().keys() & set(windows)

    def _do_not_save(self) -> None:
        """Answers programs that ask whether to keep what was typed."""
        for _ in range(3):
            asked = [s for s in look(self.desktop.env, "", role="button") if _plain(s.name) in _DO_NOT_SAVE]
            if not asked:
                return
            self.press(asked[0])

    def title(self) -> str:
        """The title of the window in front; "" when there is none."""
        return self.desktop.windows().get(self.desktop.active_window() or 0, "")

    def wait_title(self, title: str, patience_s: float = 15.0) -> bool:
        """Whether the window in front gets a title that fits the glob in time."""
        return self._until(lambda: fnmatchcase(self.title(), title) or None, patience_s) is not None

    def area(self, window: int | None = None) -> Region:
        """Where a window (the one in front) is on the screen. Raises ActionFailed."""
        if window is None and not self.desktop.active_window() and self._shown in self.desktop.windows():
            self.show(self._shown)  # a program that has just started may lose the keys again
        chosen = window or self.desktop.active_window()
        try:
            opened = self._x.create_resource_object("window", chosen or 0)
            size = opened.get_geometry()
            place = opened.translate_coords(self._x.screen().root, 0, 0)
            return Region(-place.x, -place.y, size.width, size.height)
        except (XError, ValueError) as error:
            raise ActionFailed("There is no window in front", "It may have been closed.") from error

    def _unmaximize(self, window: int) -> None:
        """LibreOffice opens its windows as large as the screen."""
        across, down = (self._x.intern_atom(f"_NET_WM_STATE_MAXIMIZED_{way}") for way in ("HORZ", "VERT"))
        self._tell(window, "_NET_WM_STATE", [0, across, down, 1, 0])

    def _tell(self, window: int, what: str, data: Sequence[int]) -> None:
        """Sends the window manager a wish (Extended Window Manager Hints 1.5)."""
        message = ClientMessage(
            window=self._x.create_resource_object("window", window),
            client_type=self._x.intern_atom(what),
            data=(32, list(data)),
        )
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self._x.screen().root.send_event(message, event_mask=mask)
        self._x.sync()

    # --- eyes ---------------------------------------------------------------------------------------

    def seen(self, role: str = "") -> list[Seen]:
        """What shows in the browser window in front, inside its frame."""
        area = self.area()
        title = self.title()
        found = look(self.desktop.env, "", program="chromium", role=role, window=title)
        return [
            replace(s, region=part)
            for s in found
            if (part := s.region.intersect(area)) is not None and part.height > 4 and part.width > 4
        ]

    def find(self, name: str, roles: Sequence[str], patience_s: float = FIND_S) -> Seen:
        """The thing of that name in the browser window in front, scrolled to. Raises ActionFailed."""
        end = time.monotonic() + patience_s
        while True:
            there = self.seen()
            offer = next((s for s in there if s.name == REFUSAL and "button" in s.role), None)
            if offer is not None and time.monotonic() < end:
                self.press(offer)  # before it lies over what is looked for, or takes what is typed
                continue
            found = named(there, name, roles)
            if found is None and (found := self._further(name, roles)) is None and time.monotonic() < end:
                time.sleep(0.5)
                continue
            if found is None:
                raise ActionFailed(f"Nothing called “{name}” is in “{self.title()}”", "Is it on that page?")
            return self._at_rest(self._raised(found, name, roles), name, roles)

    def _at_rest(self, thing: Seen, name: str, roles: Sequence[str]) -> Seen:
        """The thing where it stays: a page may still be moving while it is loaded."""
        for _ in range(5):
            time.sleep(0.2)
            again = named(self.seen(), name, roles)
            if again is None or again == thing:
                return thing
            thing = again
        return thing

    def _raised(self, thing: Seen, name: str, roles: Sequence[str]) -> Seen:
        """Scrolls up what stands near the lower edge, where a site's banner may lie over it."""
        area = self.area()
        if thing.middle[1] < area.bottom - LOW * area.height:
            return thing
        self.scroll(2 * LOW)
        return named(self.seen(), name, roles) or thing

    def _further(self, name: str, roles: Sequence[str]) -> Seen | None:
        """Looks for it from the top of the page down."""
        self.scroll(-3.0 * PAGES_DOWN)
        before: list[str] = []
        for _ in range(PAGES_DOWN):
            there = self.seen()
            found = named(there, name, roles)
            names = [f"{s.name}{s.region}" for s in there]
            if found is not None or names == before:
                return found
            before = names
            self.scroll(0.7)
        return None

    # --- hands --------------------------------------------------------------------------------------

    def enter(self, name: str) -> None:
        """Clicks into a field of the page, to the end of what it holds. Raises ActionFailed."""
        for _ in range(3):
            self.press(self.find(name, FIELDS))
            field = named(self.seen(), name, FIELDS)
            if field is not None and field.focused:
                self.desktop.key("ctrl+End")
                return
            log.info("the field “%s” was missed", name)
        raise ActionFailed(f"The field “{name}” does not take the keys", "Does something lie over it?")

    def press(self, thing: Seen) -> None:
        """Clicks something that was found."""
        self.desktop.click(*thing.middle)
        self.rest(0.4)

    def scroll(self, windows: float) -> None:
        """Turns the wheel over the window in front by so many of its heights; up where negative."""
        area = self.area()
        clicks = max(1, round(abs(windows) * area.height / WHEEL_PX))
        x, y = area.left + area.width * 2 // 3, area.top + area.height * 2 // 3
        # Not xdotool's "mousemove --sync": it waits 15 s for a pointer that is there already.
        xtest.fake_input(self._x, X.MotionNotify, x=x, y=y)
        for _ in range(clicks):
            for what in (X.ButtonPress, X.ButtonRelease):
                xtest.fake_input(self._x, what, 5 if windows > 0 else 4)
        self._x.sync()
        self.rest(0.5)

    def read(self, seconds: float) -> None:
        """Looks at the window in front for about that long, scrolling now and then."""
        end = time.monotonic() + seconds
        self.rest(min(seconds, 1.8))
        while time.monotonic() < end:
            self.scroll(self._dice.uniform(0.45, 0.75))
            self.rest(1.5)

    def write(self, text: str, *, before: str = "", careful: bool = False) -> None:
        """Types a text behind `before` with this person's rhythm and slips; `careful` without slips."""
        changes = word_by_word(before, text) if careful else self._rhythm.typed(before, text)
        pace = 60 / (self._rhythm.types * 5) * 1000 * SQUEEZE
        delay = round(min(KEY_MS[1], max(KEY_MS[0], pace)))
        for stroke in strokes(before, changes):
            time.sleep(min(PAUSE_S, stroke.pause * SQUEEZE))
            self._erase(stroke.back)
            for has_keys, letters in self._keyboard.runs(stroke.text):
                if has_keys:
                    self.desktop.type_text(letters, delay_ms=delay)
                else:
                    self._paste(letters)

    def _paste(self, text: str) -> None:
        self._clipboard.hold(text)
        self.desktop.key("shift+Insert" if self._in_terminal() else "ctrl+v")
        if not self._clipboard.served(PASTE_S):
            log.warning("the window in front did not take %d letters", len(text))
        time.sleep(PASTED_S)

    def _in_terminal(self) -> bool:
        front = self._x.create_resource_object("window", self.desktop.active_window() or 0)
        try:
            named = front.get_wm_class()
        except XError:
            return False
        return named is not None and is_terminal(named[0])

    def revise(self, old: str, new: str) -> None:
        """Makes `old`, behind whose last letter the cursor is, into `new`."""
        kept = shared(old, new)
        self.rest(0.8)
        self._erase(len(old) - kept)
        self.write(new[kept:], before=new[:kept])

    def _erase(self, letters: int) -> None:
        while letters > 0:
            part = min(letters, BACK_AT_ONCE)
            self.desktop.key(*["BackSpace"] * part)
            letters -= part

    def rest(self, seconds: float) -> None:
        """Looks at the screen for about that long."""
        self.person.rest(seconds)

    def _until(self, ask: Callable[[], T | None], patience_s: float) -> T | None:
        end = time.monotonic() + patience_s
        while (answer := ask()) is None and time.monotonic() < end:
            time.sleep(0.15)
        return answer


def notify(bus_address: str, app: str, title: str, text: str) -> bool:
    """Sends a notice as a program would (desktop notifications 1.2); whether somebody shows it.

    Not to be called from an event loop.
    """
    return asyncio.run(_notify(bus_address, app, title, text))


async def _notify(bus_address: str, app: str, title: str, text: str) -> bool:
    name = "org.freedesktop.Notifications"
    hints: dict[str, Variant] = {}
    call = Message(
        destination=name,
        path="/org/freedesktop/Notifications",
        interface=name,
        member="Notify",
        signature="susssasa{sv}i",
        body=[app, 0, "", title, text, [], hints, -1],
    )
    try:
        bus = await MessageBus(bus_address=bus_address).connect()
    except (OSError, DBusError):
        return False
    try:
        answer = await asyncio.wait_for(bus.call(call), 3.0)
        return answer is not None and answer.message_type is not MessageType.ERROR
    except (TimeoutError, DBusError):
        return False
    finally:
        bus.disconnect()
