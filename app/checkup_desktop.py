"""What `gumption doctor` looks at on the desktop: window system, screen, accessibility, tray, libraries.

As in `app.checkup`, none changes anything, and every mend can be typed or done as it stands.
"""

import asyncio
import ctypes
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import mss
from dbus_fast import DBusFastError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from mss.exception import ScreenShotError
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError

from app import checkup_session
from app.checkup_session import XORG
from app.doctor import APT, CALL_S, Check, Patient, State

T = TypeVar("T")

# Shared libraries that Qt and the model runtime open, and the Debian packages that bring them.
LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgomp.so.1": "libgomp1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def display(patient: Patient) -> Check:
    """Which window system there is, and what of it Gumption can see."""
    if (found := checkup_session.display(patient)) is not None:
        return found
    name = patient.environment.get("DISPLAY", "")
    if not name:
        mend = "Start it inside a graphical session, or see it work on a private one: gumption demo"
        return Check("display", State.FAIL, "there is no display (DISPLAY is empty)", mend)
    try:
        Display(name).close()
    except (DisplayError, ConnectionClosedError, OSError) as error:
        told = " ".join(str(error).split()) or type(error).__name__
        mend = "Start it as the person who is logged in there, or correct the variable: export DISPLAY=:0"
        return Check("display", State.FAIL, f"the display {name} does not answer: {told}", mend)
    if patient.environment.get("WAYLAND_DISPLAY"):
        what = f"Wayland with XWayland at {name}: X11 programs are seen, native Wayland windows are not"
        return Check("display", State.WARN, what, XORG)
    return Check("display", State.OK, f"X11 at {name}")


def capture(patient: Patient) -> Check:
    """Whether one pixel can be grabbed. It is thrown away unseen."""
    if (found := checkup_session.capture(patient)) is not None:
        return found
    name = patient.environment.get("DISPLAY", "")
    if not name:
        return Check("capture", State.FAIL, "nothing to capture without an X11 display", "See display.")
    try:
        with mss.MSS(display=name) as grabber:
            grabber.grab({"left": 0, "top": 0, "width": 1, "height": 1})
            screens = len(grabber.monitors) - 1
    except (ScreenShotError, OSError) as error:
        return Check("capture", State.FAIL, f"the screen cannot be read: {error}", "See display.")
    return Check("capture", State.OK, f"the screen can be read ({screens} monitor{'s' * (screens != 1)})")


def accessibility(patient: Patient) -> Check:
    """Whether the accessibility bus answers, and whether programs were told to use it."""
    address = patient.environment.get("DBUS_SESSION_BUS_ADDRESS", "")
    if not address:
        mend = "dbus-run-session -- gumption"
        return Check("accessibility", State.FAIL, "there is no session bus", mend)

    async def look(bus: MessageBus) -> tuple[object, object]:
        place = ("org.a11y.Bus", "/org/a11y/bus")
        where = await _call(bus, place, "org.a11y.Bus", "GetAddress")
        told = ["org.a11y.Status", "IsEnabled"]
        enabled = await _call(bus, place, "org.freedesktop.DBus.Properties", "Get", "ss", told)
        return where, enabled

    where, enabled = _on_bus(address, look) or (None, None)
    if not where:
        what = "the accessibility bus does not answer: text of windows cannot be read"
        return Check("accessibility", State.FAIL, what, f"{APT} at-spi2-core, then log out and in again")
    if enabled is not True:
        mend = (
            "gsettings set org.gnome.desktop.interface toolkit-accessibility true\n"
            "Then start your programs again. (Gumption asks for it too, each time it starts.)"
        )
        what = "the bus answers, but programs are not told to offer their text"
        return Check("accessibility", State.WARN, what, mend)
    return Check("accessibility", State.OK, "the bus answers and programs are told to use it")


def tray(patient: Patient) -> Check:
    """Whether anything shows tray icons: over D-Bus (KDE, GNOME's extension) or by X11's old way."""
    address = patient.environment.get("DBUS_SESSION_BUS_ADDRESS", "")

    async def look(bus: MessageBus) -> object:
        place = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
        return await _call(bus, place, place[0], "NameHasOwner", "s", ["org.kde.StatusNotifierWatcher"])

    if address and _on_bus(address, look) is True:
        return Check("tray", State.OK, "a StatusNotifier tray")
    name = patient.environment.get("DISPLAY", "")
    if name and _tray_on_x11(name):
        return Check("tray", State.OK, "an X11 tray")
    gnome = "gnome" in patient.environment.get("XDG_CURRENT_DESKTOP", "").lower()
    mend = (
        f"{APT} gnome-shell-extension-appindicator, then log out and in again"
        if gnome
        else f"{APT} trayer && (trayer &)"
    )
    return Check("tray", State.WARN, "nothing shows tray icons; Gumption opens a small window instead", mend)


def _tray_on_x11(name: str) -> bool:
    try:
        x = Display(name)
    except (DisplayError, ConnectionClosedError, OSError):
        return False  # `display` tells of it
    try:
        selection = x.intern_atom(f"_NET_SYSTEM_TRAY_S{x.get_default_screen()}")
        return bool(x.get_selection_owner(selection))
    finally:
        x.close()


def libraries(patient: Patient) -> Check:
    """Whether the shared libraries that the windows and the models need are installed."""
    missing = [package for library, package in LIBRARIES.items() if not _opens(library)]
    if missing:
        what = f"system libraries are missing: {', '.join(missing)}"
        return Check("libraries", State.FAIL, what, f"{APT} {' '.join(missing)}")
    return Check("libraries", State.OK, "all system libraries are there")


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


# --- how to ask a bus ---------------------------------------------------------------------------


def _on_bus(address: str, look: Callable[[MessageBus], Awaitable[T]]) -> T | None:
    """What `look` finds on the bus at `address`; None when the bus does not answer."""

    async def run() -> T:
        bus = await MessageBus(bus_address=address).connect()
        try:
            return await look(bus)
        finally:
            bus.disconnect()

    try:
        return asyncio.run(run())
    except (OSError, ValueError, EOFError, TimeoutError, DBusFastError):
        return None


async def _call(
    bus: MessageBus,
    place: tuple[str, str],
    interface: str,
    member: str,
    signature: str = "",
    body: Sequence[object] = (),
) -> object:
    """The first value of the answer; None when there is none or it is an error."""
    message = Message(
        destination=place[0],
        path=place[1],
        interface=interface,
        member=member,
        signature=signature,
        body=list(body),
    )
    answer = await asyncio.wait_for(bus.call(message), CALL_S)
    if answer is None or answer.message_type is MessageType.ERROR or not answer.body:
        return None
    value = answer.body[0]
    return value.value if isinstance(value, Variant) else value
