"""app/checkup_desktop.py: on no desktop, on a broken one, and on a real one."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from app import checkup_desktop as desk
from app.config import Settings
from app.desktop import VirtualDesktop
from app.doctor import Look, Patient, State
from app.paths import Paths


def sits_at(environment: Mapping[str, str], folder: Path = Path("/nowhere")) -> Patient:
    return Patient(Paths(folder, folder, folder), Settings(), environment)


def test_no_display_offers_the_demo() -> None:
    found = desk.display(sits_at({}))
    assert found.state is State.FAIL
    assert "gumption demo" in found.mend


@pytest.mark.parametrize("environment", [{"WAYLAND_DISPLAY": "wayland-0"}, {"XDG_SESSION_TYPE": "wayland"}])
def test_pure_wayland_says_what_works_what_does_not_and_how_to_mend_it(environment: dict[str, str]) -> None:
    found = desk.display(sits_at(environment))
    assert found.state is State.WARN
    assert "the text of accessible programs are seen; no pictures are taken" in found.what
    assert "Xorg" in found.mend
    assert desk.capture(sits_at(environment)).state is State.WARN


# python-xlib 0.33 leaves the socket of a refused connection to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("look", [desk.display, desk.capture])
@pytest.mark.parametrize("name", [":987", "nonsense", ":x"])
def test_a_display_that_does_not_answer_is_a_failure(look: Look, name: str) -> None:
    found = look(sits_at({"DISPLAY": name}))
    assert found.state is State.FAIL
    assert found.mend


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere/bus", "nonsense", "unix:", "tcp:host=x"])
def test_without_a_bus_accessibility_fails_and_the_tray_warns(address: str) -> None:
    patient = sits_at({"DBUS_SESSION_BUS_ADDRESS": address})
    assert desk.accessibility(patient).state is State.FAIL
    assert desk.tray(patient).state is State.WARN


def test_gnome_is_told_of_its_own_tray() -> None:
    assert "appindicator" in desk.tray(sits_at({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"})).mend
    assert "trayer" in desk.tray(sits_at({"XDG_CURRENT_DESKTOP": "Openbox"})).mend


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "LIBRARIES", {"libc.so.6": "libc6", "libnosuch.so.3": "libnosuch3"})
    found = desk.libraries(sits_at({}))
    assert found.state is State.FAIL
    assert found.mend.split()[-1] == "libnosuch3"
    assert "libc6" not in found.mend


def test_every_library_looked_for_is_installed_by_the_set_up() -> None:
    listed = (Path(__file__).parents[2] / "packaging" / "apt-run.txt").read_text()
    names = {line.split("#")[0].strip() for line in listed.splitlines()}
    assert set(desk.LIBRARIES.values()) <= names


@pytest.mark.desktop
def test_a_whole_desktop_is_well(virtual_desktop: VirtualDesktop) -> None:
    patient = sits_at(virtual_desktop.env)
    found = [look(patient) for look in (desk.display, desk.capture, desk.accessibility, desk.tray)]
    assert [(check.name, check.state) for check in found if check.state is not State.OK] == []


@pytest.mark.desktop
def test_xwayland_warns_that_native_windows_are_not_seen(virtual_desktop: VirtualDesktop) -> None:
    found = desk.display(sits_at({**virtual_desktop.env, "WAYLAND_DISPLAY": "wayland-0"}))
    assert found.state is State.WARN
    assert "native Wayland windows are not" in found.what
