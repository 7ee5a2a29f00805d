"""What `gumption doctor` says of desktops that are not X11: what of them is seen, what is not, and why."""

from collections.abc import Mapping

from app.doctor import Check, Patient, State
from gum.errors import CaptureUnavailable
from observers.backends.hyprland import HyprlandWindows
from observers.backends.hyprland import folder as hyprland_folder
from observers.backends.kwin import KWIN
from observers.backends.session import Session, session
from observers.backends.session_bus import DAEMON, PlainBus
from observers.backends.sway import SwayWindows

XORG = "Log out and choose a session named “Xorg” or “X11” at the login screen (the cogwheel)."

_SEEN = (
    "the window in front and the text of accessible programs are seen; no pictures are taken, so terminals "
    "and games without accessibility are not read, and neither are the clipboard and how much is typed"
)
_WHY: Mapping[Session, str] = {
    Session.SWAY: "sway does not tell what lies above a window",
    Session.HYPRLAND: "Hyprland does not tell what lies above a window",
    Session.KWIN: "KWin does not tell what lies above a window; tried with Plasma 5.27 only",
    Session.WAYLAND: "this compositor, as GNOME's, tells nothing of its windows; accessibility does",
}
_NEVER_RUN: Mapping[Session, str] = {
    Session.WINDOWS: "Windows: the window in front and its text are asked for, by code never run there",
    Session.MACOS: "macOS: the window in front and its text are asked for, by code never run there",
}
_BEFORE_USE = "Use Linux with X11 for now: here Gumption may see nothing, or fail."


def display(patient: Patient) -> Check | None:
    """What is seen of a session that is not X11; None for one that is."""
    kind = session(patient.environment)
    if kind is Session.X11:
        return None
    if kind in _NEVER_RUN:
        return Check("display", State.WARN, f"{_NEVER_RUN[kind]}; no pictures", _BEFORE_USE)
    try:
        _ask(kind, patient.environment)
    except CaptureUnavailable as error:
        what = f"Wayland, but {error.title.removesuffix('.')}: only what accessibility tells is seen"
        return Check("display", State.WARN, what, f"{error.hint}\n{XORG}")
    return Check("display", State.WARN, f"Wayland ({kind}): {_SEEN}. Why: {_WHY[kind]}", XORG)


def capture(patient: Patient) -> Check | None:
    """Whether pictures can be taken of a session that is not X11: they cannot; None for one that is."""
    kind = session(patient.environment)
    if kind is Session.X11:
        return None
    what = "no pictures of windows here: what else is in one cannot be told, and would be seen with it"
    return Check("capture", State.WARN, what, _BEFORE_USE if kind in _NEVER_RUN else XORG)


def _ask(kind: Session, environment: Mapping[str, str]) -> None:
    """Raises CaptureUnavailable when the compositor does not answer. Changes nothing in it."""
    if kind is Session.SWAY:
        SwayWindows(environment["SWAYSOCK"]).close()
    elif kind is Session.HYPRLAND:
        HyprlandWindows(hyprland_folder(environment)).close()
    elif kind is Session.KWIN:
        bus = PlainBus(environment.get("DBUS_SESSION_BUS_ADDRESS", ""))
        try:
            owner = bus.call(DAEMON, DAEMON[0], "GetNameOwner", "s", [KWIN])
        finally:
            bus.close()
        if owner is None:
            raise CaptureUnavailable("KWin does not answer", "Run this inside the session of KDE.")
