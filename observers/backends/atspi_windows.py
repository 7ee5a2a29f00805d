"""The front window as the accessibility tree tells it: works with any compositor, and needs none.

Programs mark the frame that has the keys as active, so its program, title and process are known where
the window system keeps them to itself (GNOME on Wayland). Places are not: on Wayland a program does not
know where it is. So there are no pixels here, and programs without accessibility (most terminals and games)
are not seen. What is ambiguous is nobody: two active frames, and nothing that tells which is newer.
"""

import asyncio
import contextlib
import hashlib
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gum.errors import AccessibilityUnavailable
from gum.types import WindowInfo
from observers.atspi import ACCESSIBLE, ROOT, children_of, ref_text, role_of, states_of
from observers.backends.common import News, Reticent
from observers.backends.dialogs import over
from observers.backends.idle import IdleTime
from observers.browsers import is_browser
from observers.bus import AccessibilityBus, Calls, Gone, Ref
from observers.privacy import admit

FULL_S = 5.0  # between looks at all programs, when no event told of another window
MUTE_S = 30.0  # a program that did not answer is not asked again for so long
_DIALOGS = frozenset({"dialog", "alert", "file chooser", "color chooser", "font chooser"})
_ROLES = _DIALOGS | {"frame", "window"}
_SHELLS = frozenset({"gnome-shell", "mutter", "plasmashell", "kwin_wayland", "xfce4-panel", "mate-panel"})
_REGISTRY: Ref = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry")
_EVENTS = ("window:activate", "window:deactivate", "object:property-change:accessible-name")
_MATCHES = tuple(
    f"type='signal',interface='org.a11y.atspi.Event.Window',member='{member}'"
    for member in ("Activate", "Deactivate")
)
# Chromium's frames are named "Page - Chromium (Incognito)": the window's own title ends with the brand.
_BRAND = re.compile(
    r"(?s)(.*(?:^|[-–—] )(?:Chromium|Google Chrome(?: Beta| Dev| Unstable)?|Brave|Microsoft\u200b? Edge))"
    r"(?!\w).*"
)
_TITLES_TELL = ("firefox", "librewolf", "waterfox")  # their frames are named as their windows are


@dataclass(frozen=True, slots=True)
class Frame:
    """A top-level accessible object, as its program tells it."""

    ref: Ref
    program: str  # the accessible name of the program
    pid: int | None
    role: str
    name: str
    active: bool


def in_front(frames: Sequence[Frame], last: str) -> Frame | None:
    """The frame that has the keys; None when none says so, or several do and `last` does not settle it.

    `last` is the bus name of the program that was the last to say that a window of it became active.
    The desktop's own shell is never in front: it asks for passwords. Pure.
    """
    active = [frame for frame in frames if frame.active and frame.role in _ROLES]
    active = [frame for frame in active if frame.program.lower() not in _SHELLS]
    if len(active) > 1:
        active = [frame for frame in active if frame.ref[0] == last]
    return active[0] if len(active) == 1 else None


def app_name(program: str, executable: str = "", application: str = "") -> str:
    """What X11 would call the program (WM_CLASS in lower case). Pure.

    By its accessible name, which programs choose freely. So its file and the id of its application decide
    where the shipped rules know them: a browser, and what is never looked at, is that if one of them says so.
    """
    name, file, id_ = program.strip().lower(), executable.lower().removesuffix("-bin"), application.lower()
    for one in (name, file):
        if is_browser(one):
            return one.replace(" ", "-")  # "Google Chrome" is google-chrome
    return next((one for one in (name, file, id_) if one and _refused(one)), name or file)


@lru_cache(maxsize=256)
def _refused(app: str) -> bool:
    """Whether the shipped rules refuse every window of this program."""
    return not admit(WindowInfo(0, app, "\N{MIDDLE DOT}", None, None, private=False)).allowed


def application_id(cgroup: str) -> str:
    """The application that a process was started as, by its control group in /proc; "" if none. Pure.

    Desktops start each application in a unit of its own, named app[-launcher]-ID[-number].scope or .service
    (https://systemd.io/DESKTOP_ENVIRONMENTS). What a terminal starts stays in the terminal's.
    """
    unit = cgroup.strip().rpartition("/")[2]
    unit = re.sub(r"\\x([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), unit)
    found = re.fullmatch(r"app-(?:[a-z0-9]+-)?(.+?)(?:-[0-9]+|@.*)?\.(?:scope|service)", unit)
    return found[1] if found else ""


def visible_title(app: str, frame_name: str) -> str:
    """The title a person sees, of a frame's accessible name. Pure.

    What Chromium adds to it tells a private window, so it must not stand in the title too: a title equal to
    the frame's name means a normal window (`observers.browsers`). "" when a browser's name has no brand
    to cut at: then nobody can tell, and `privacy.admit` refuses it.
    """
    if not is_browser(app) or any(word in app for word in _TITLES_TELL):
        return frame_name
    found = _BRAND.fullmatch(frame_name)
    return found[1] if found else ""


def described(frame: Frame, executable: str = "", application: str = "") -> WindowInfo:
    """The window that a frame is. Its place is not known, so it is never photographed. Pure."""
    app = app_name(frame.program, executable, application)
    return WindowInfo(
        window_id=window_id(frame.ref),
        app=app,
        title=visible_title(app, frame.name),
        pid=frame.pid,
        region=None,
        private=None if is_browser(app) else False,
        browser=is_browser(app),
        instance=executable.lower(),
    )


def window_id(ref: Ref) -> int:
    """A number for an accessible object, the same in every thread; 48 bits."""
    return int.from_bytes(hashlib.blake2b(ref_text(ref).encode(), digest_size=6).digest(), "big")


class AtspiWindows(Reticent):
    """The windows of accessible programs. An `observers.windows.Windows`.

    Raises AccessibilityUnavailable when the session at `session` (default: the environment's) has no
    accessibility bus.
    """

    def __init__(self, session: str | None = None) -> None:
        self._bus = AccessibilityBus(session)
        self._idle = IdleTime(session)
        self._waiting = News()
        self._changed = threading.Event()
        self._last = ""  # the program that last said that a window of it became active
        self._front: Frame | None = None
        self._scanned = 0.0
        self._mute: dict[str, float] = {}
        self._followed = ""
        self._bus.listen(self._heard)
        try:
            self._bus.ask(_listen)
        except AccessibilityUnavailable:
            self.close()
            raise

    def active(self) -> WindowInfo | None:
        known, frames, found = self._front, list[Frame](), None
        if (
            known is not None
            and known.role not in _DIALOGS  # which are judged with the other windows of their program
            and not self._changed.is_set()
            and time.monotonic() - self._scanned < FULL_S
        ):
            found = self._bus.ask(lambda calls: _again(calls, known))
        if found is None or not found.active:
            frames = self._scan()
            found = in_front(frames, self._last)
        self._front = found
        self._follow(found)
        if found is None:
            return None
        window = _window(found)
        return over(window, [_window(one) for one in frames]) if found.role in _DIALOGS else window

    def all(self) -> list[WindowInfo]:
        frames = [frame for frame in self._scan() if frame.role in _ROLES]
        return [_window(frame) for frame in frames]

    def close(self) -> None:
        self._bus.close()
        self._idle.close()

    def _heard(self, program: str, event: str) -> None:
        if event == "Activate":
            self._last = program
        self._changed.set()
        self.wake()

    def _scan(self) -> list[Frame]:
        """The frames of all programs; one that hangs is left out for a while."""
        self._changed.clear()
        moment = time.monotonic()
        self._mute = {name: end for name, end in self._mute.items() if end > moment}
        found, silent = self._bus.ask(lambda calls: _frames(calls, frozenset(self._mute)), 8.0)
        self._mute.update(dict.fromkeys(silent, moment + MUTE_S))
        self._scanned = time.monotonic()
        return found

    def _follow(self, frame: Frame | None) -> None:
        """Has changes of the front frame's name delivered, and of no other's."""
        wanted = _name_rule(frame.ref) if frame is not None else ""
        if wanted != self._followed:
            old, self._followed = self._followed, wanted
            self._bus.ask(lambda calls: _swap(calls, old, wanted))


async def _listen(calls: Calls) -> None:
    for event in _EVENTS:
        with contextlib.suppress(Gone):  # an old registry does not know one of them
            await calls.call(_REGISTRY, _REGISTRY[0], "RegisterEvent", "s", [event])
    for rule in _MATCHES:
        await calls.match(rule, add=True)


async def _swap(calls: Calls, old: str, new: str) -> None:
    for rule, add in ((old, False), (new, True)):
        if rule:
            await calls.match(rule, add=add)


def _name_rule(ref: Ref) -> str:
    return (
        f"type='signal',sender='{ref[0]}',path='{ref[1]}',interface='org.a11y.atspi.Event.Object',"
        "member='PropertyChange',arg0='accessible-name'"
    )


async def _frames(calls: Calls, mute: frozenset[str]) -> tuple[list[Frame], list[str]]:
    """All frames, and the programs that did not answer."""
    programs = [ref for ref in await children_of(calls, ROOT) if ref[0] not in mute]
    answers = await asyncio.gather(*(_of_program(calls, ref) for ref in programs))
    silent = [ref[0] for ref, answer in zip(programs, answers, strict=True) if answer is None]
    return [frame for answer in answers if answer is not None for frame in answer], silent


async def _of_program(calls: Calls, program: Ref) -> list[Frame] | None:
    try:
        name, pid, refs = await asyncio.gather(
            calls.get(program, ACCESSIBLE, "Name"), calls.pid(program[0]), children_of(calls, program)
        )
    except Gone:
        return None
    found = await asyncio.gather(*(_frame(calls, ref, str(name), pid) for ref in refs))
    return [frame for frame in found if frame is not None]


async def _frame(calls: Calls, ref: Ref, program: str, pid: int | None) -> Frame | None:
    try:
        role, name, states = await asyncio.gather(
            role_of(calls, ref), calls.get(ref, ACCESSIBLE, "Name"), states_of(calls, ref)
        )
    except Gone:
        return None
    return Frame(ref, program, pid, role, str(name), "active" in states)


async def _again(calls: Calls, known: Frame) -> Frame | None:
    return await _frame(calls, known.ref, known.program, known.pid)


def _window(frame: Frame) -> WindowInfo:
    return described(frame, _executable(frame.pid), application_id(_cgroup(frame.pid)))


def _executable(pid: int | None) -> str:
    """The name of a process's program file; "" when it is not ours to see, or only carries its messages."""
    try:
        name = Path(f"/proc/{pid}/exe").readlink().name if pid is not None else ""
    except OSError:
        return ""
    return "" if name == "xdg-dbus-proxy" else name


def _cgroup(pid: int | None) -> str:
    try:
        return Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8") if pid is not None else ""
    except OSError:
        return ""
