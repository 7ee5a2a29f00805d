"""app/checkup_session.py: what the doctor says of sessions that are not X11, on real and on absent ones."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app import checkup_desktop, checkup_session
from app.config import Settings
from app.desktop import VirtualDesktop
from app.doctor import Check, Patient, State
from app.paths import Paths
from observers.backends.kwin import KWIN
from tests.observers.backends.standin import Standin
from tests.observers.backends.wayland_desktop import Sway, sway
from tests.observers.notice_bus import NoticeBus

__all__ = ["sway"]
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland", "DISPLAY": ":0"}


def look(environment: Mapping[str, str]) -> tuple[Check, Check]:
    """What the doctor says of display and of capture; the same whichever module is asked."""
    folder = Path("/nowhere")
    patient = Patient(Paths(folder, folder, folder), Settings(), environment)
    display, capture = checkup_session.display(patient), checkup_session.capture(patient)
    assert display is not None and capture is not None
    assert (display, capture) == (checkup_desktop.display(patient), checkup_desktop.capture(patient))
    return display, capture


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with NoticeBus(tmp_path) as bus:
        yield bus.address


def test_x11_is_somebody_elses() -> None:
    folder = Path("/nowhere")
    patient = Patient(Paths(folder, folder, folder), Settings(), {"DISPLAY": ":0"})
    assert checkup_session.display(patient) is None and checkup_session.capture(patient) is None


def test_a_compositor_that_refuses_is_told_with_what_is_seen_all_the_same() -> None:
    display, capture = look({**WAYLAND, "XDG_CURRENT_DESKTOP": "ubuntu:GNOME"})
    assert display.state is capture.state is State.WARN
    assert "the text of accessible programs are seen" in display.what and "no pictures" in display.what
    assert "GNOME" in display.what and "Xorg" in display.mend
    assert "no pictures" in capture.what


@pytest.mark.desktop
def test_sway_is_asked_whether_it_answers(sway: Sway, desktop: VirtualDesktop) -> None:
    assert desktop.display
    display, _ = look(sway.env)
    assert display.state is State.WARN and "Wayland (sway)" in display.what
    display, _ = look({**sway.env, "SWAYSOCK": "/nonexistent/sway.sock"})
    assert "sway does not answer: only what accessibility tells is seen" in display.what


@pytest.mark.desktop
def test_kwin_is_only_asked_whether_it_is_there(address: str) -> None:
    kde = {**WAYLAND, "XDG_CURRENT_DESKTOP": "KDE", "DBUS_SESSION_BUS_ADDRESS": address}
    display, _ = look(kde)
    assert "KWin does not answer" in display.what
    asked = []
    with Standin(address, KWIN, lambda message: asked.append(message.member)):
        display, _ = look(kde)
    assert "Wayland (kwin)" in display.what and "tried with Plasma 5.27 only" in display.what
    assert not asked  # no script is handed over by a doctor


def test_hyprland_that_does_not_answer_is_told() -> None:
    display, _ = look({**WAYLAND, "HYPRLAND_INSTANCE_SIGNATURE": "nobody", "XDG_RUNTIME_DIR": "/nowhere"})
    assert "Hyprland does not answer" in display.what


@pytest.mark.parametrize(("platform", "name"), [("win32", "Windows"), ("darwin", "macOS")])
def test_what_was_never_run_is_told_so(monkeypatch: pytest.MonkeyPatch, platform: str, name: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    display, capture = look({})
    assert display.state is capture.state is State.WARN
    assert display.what.startswith(name) and "never run" in display.what
