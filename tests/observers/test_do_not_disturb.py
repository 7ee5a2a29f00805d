"""What desktops say of do-not-disturb: fakes of KDE, dunst and Xfce on a real bus, and the real gsettings."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbus_fast import Variant

from observers import do_not_disturb
from observers.do_not_disturb import FRESH_S, DoNotDisturb
from tests.observers.desk_bus import FakeDesk
from tests.observers.notice_bus import NoticeBus
from tests.observers.recorder import wait_for

SHOWS, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
KDE = (PATH, SHOWS, "Inhibited")
DUNST = (PATH, "org.dunstproject.cmd0", "paused")
XFCE = ("/org/xfce/Xfconf", "org.xfce.Xfconf", "GetProperty")
pytestmark = pytest.mark.desktop


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NoticeBus]:
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    with NoticeBus(tmp_path) as bus:
        yield bus


@pytest.mark.parametrize("key", [KDE, DUNST])
@pytest.mark.parametrize("on", [True, False])
def test_who_shows_notices_is_asked(bus: NoticeBus, key: tuple[str, str, str], on: bool) -> None:
    with FakeDesk(bus.address, SHOWS, {key: on}):
        assert DoNotDisturb(bus.address).on() is on


@pytest.mark.parametrize("on", [True, False])
def test_xfce_keeps_it_in_its_settings(bus: NoticeBus, on: bool) -> None:
    with FakeDesk(bus.address, "org.xfce.Xfconf", {XFCE: Variant("b", on)}):
        assert DoNotDisturb(bus.address).on() is on


def test_where_nobody_keeps_it_nobody_can_tell(bus: NoticeBus) -> None:
    assert DoNotDisturb(bus.address).on() is None
    with FakeDesk(bus.address, SHOWS, {}) as desk:
        assert DoNotDisturb(bus.address).on() is None
        assert desk.asked == [KDE, DUNST]
    assert DoNotDisturb("unix:path=/nowhere/bus").on() is None


def test_a_bus_that_hangs_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    monkeypatch.setattr(do_not_disturb, "ANSWER_S", 0.3)
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "bus"))
        mute.listen()
        mute.setblocking(False)
        assert DoNotDisturb(f"unix:path={tmp_path / 'bus'}").on() is None
        mute.accept()[0].close()
        with pytest.raises(BlockingIOError):
            mute.accept()


def test_who_asks_while_another_waits_for_the_answer_does_not_wait(bus: NoticeBus) -> None:
    quiet = DoNotDisturb(bus.address)
    with FakeDesk(bus.address, SHOWS, {KDE: ...}) as desk:
        first = threading.Thread(target=quiet.on)
        first.start()
        assert wait_for(lambda: desk.asked)
        assert quiet.on() is None and first.is_alive()
        first.join()


def test_an_answer_holds_for_some_seconds(bus: NoticeBus) -> None:
    moment = [0.0]
    quiet = DoNotDisturb(bus.address, lambda: moment[0])
    with FakeDesk(bus.address, SHOWS, {KDE: True}) as desk:
        assert quiet.on()
        desk.answers[KDE] = False
        moment[0] = FRESH_S - 0.1
        assert quiet.on()
        moment[0] = FRESH_S
        assert quiet.on() is False


@pytest.mark.parametrize(("banners", "on"), [("true", False), ("false", True)])
def test_gnome_is_asked_by_its_own_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, banners: str, on: bool
) -> None:
    """The real program and settings schema, in a folder of the test."""
    program = shutil.which("gsettings")
    assert program is not None, "install libglib2.0-bin"
    monkeypatch.setenv("GSETTINGS_BACKEND", "keyfile")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    argv = [program, "set", "org.gnome.desktop.notifications", "show-banners", banners]
    subprocess.run(argv, check=True, env=dict(os.environ))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert DoNotDisturb().on() is on
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "Openbox")
    assert DoNotDisturb().on() is None
