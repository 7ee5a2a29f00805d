"""Which window system a session has. Pure; imports no back-end."""

import sys
from collections.abc import Mapping
from enum import StrEnum


class Session(StrEnum):
    """The kinds of desktops that are told apart."""

    X11 = "x11"
    SWAY = "sway"
    HYPRLAND = "hyprland"
    KWIN = "kwin"
    WAYLAND = "wayland"  # any other compositor, GNOME's among them: it names no windows to us
    WINDOWS = "windows"
    MACOS = "macos"


def session(environment: Mapping[str, str], platform: str | None = None) -> Session:
    """The desktop that this environment belongs to, on `platform` (default: `sys.platform`).

    With XWayland both DISPLAY and WAYLAND_DISPLAY are set; then the session's own type decides, for X11
    shows only a part of the windows there and would name one of them while another is in front.
    """
    platform = platform or sys.platform
    if platform == "win32":
        return Session.WINDOWS
    if platform == "darwin":
        return Session.MACOS
    kind = environment.get("XDG_SESSION_TYPE", "")
    on_wayland = kind == "wayland" or (bool(environment.get("WAYLAND_DISPLAY")) and kind != "x11")
    if not on_wayland:
        return Session.X11
    if environment.get("SWAYSOCK"):
        return Session.SWAY
    if environment.get("HYPRLAND_INSTANCE_SIGNATURE"):
        return Session.HYPRLAND
    if "kde" in environment.get("XDG_CURRENT_DESKTOP", "").lower().split(":"):
        return Session.KWIN
    return Session.WAYLAND
