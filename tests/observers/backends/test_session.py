"""Which desktop an environment belongs to."""

from collections.abc import Mapping

import pytest

from observers.backends.session import Session, session

WAYLAND = {"WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland"}


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({}, Session.X11),
        ({"DISPLAY": ":0"}, Session.X11),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11", "SWAYSOCK": "/old"}, Session.X11),
        # A nested compositor in an X11 session: the session stays what it is.
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11", "WAYLAND_DISPLAY": "wayland-1"}, Session.X11),
        (WAYLAND, Session.WAYLAND),
        ({"XDG_SESSION_TYPE": "wayland"}, Session.WAYLAND),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, Session.WAYLAND),
        ({"WAYLAND_DISPLAY": "wayland-0"}, Session.WAYLAND),
        ({**WAYLAND, "DISPLAY": ":0"}, Session.WAYLAND),  # with XWayland
        # sway started from a console says "tty".
        ({"WAYLAND_DISPLAY": "wayland-1", "XDG_SESSION_TYPE": "tty", "SWAYSOCK": "/s"}, Session.SWAY),
        ({**WAYLAND, "SWAYSOCK": "/run/s"}, Session.SWAY),
        ({**WAYLAND, "HYPRLAND_INSTANCE_SIGNATURE": "abc"}, Session.HYPRLAND),
        ({**WAYLAND, "XDG_CURRENT_DESKTOP": "KDE"}, Session.KWIN),
        ({**WAYLAND, "XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, Session.WAYLAND),
    ],
)
def test_each_session_is_told_from_its_environment(environment: Mapping[str, str], kind: Session) -> None:
    assert session(environment, "linux") is kind


@pytest.mark.parametrize(("platform", "kind"), [("win32", Session.WINDOWS), ("darwin", Session.MACOS)])
def test_other_systems_are_what_they_are(platform: str, kind: Session) -> None:
    assert session({**WAYLAND, "DISPLAY": ":0"}, platform) is kind
