"""Hyprland's windows, from answers written by hand after its documentation, over real sockets."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.backends.hyprland import HyprlandWindows, folder, matters, window
from tests.observers.backends.fixtures import read


class Hyprland:
    """A stand-in for Hyprland: answers from the fixture, and events on demand."""

    def __init__(self, place: Path) -> None:
        self.told = dict(read("hyprland"))
        self._doors = [socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
        for door, name in zip(self._doors, (".socket.sock", ".socket2.sock"), strict=True):
            door.bind(str(place / name))
            door.listen()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def follower(self) -> socket.socket:
        return self._doors[1].accept()[0]

    def _answer(self) -> None:
        while True:
            line, _ = self._doors[0].accept()
            with line:
                question = line.recv(1000).decode()
                if question == "j/quit":
                    return
                line.sendall(json.dumps(self.told[question.removeprefix("j/")]).encode())

    def end(self) -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self._doors[0].getsockname())
            line.sendall(b"j/quit")
        self._thread.join(20)
        for door in self._doors:
            door.close()


@pytest.fixture
def hyprland(tmp_path: Path) -> Iterator[Hyprland]:
    found = Hyprland(tmp_path)
    yield found
    found.end()


def test_the_front_window_is_told_by_program_title_process_and_place(
    hyprland: Hyprland, tmp_path: Path
) -> None:
    windows = HyprlandWindows(tmp_path)
    found = windows.active()
    assert found is not None
    assert (found.app, found.title, found.pid) == ("firefox", "News — Mozilla Firefox", 2102)
    assert (found.browser, found.private, found.full_screen) == (True, None, True)
    assert found.monitors == ("HDMI-A-1",)
    editor, _ = windows.all()
    assert (editor.app, editor.region) == ("org.gnome.texteditor", Region(12, 48, 940, 1020))
    assert [one.title for one in windows.all()] == ["plan.txt - Text Editor", "News — Mozilla Firefox"]
    dialog = {**read("hyprland")["clients"][1], "address": "0x5", "title": "Save As", "floating": True}
    hyprland.told["activewindow"] = dialog
    over = windows.active()
    assert over is not None and [one.title for one in over.owners] == ["News — Mozilla Firefox"]
    hyprland.told["activewindow"] = {}
    assert windows.active() is None
    windows.close()


def test_events_that_matter_end_a_wait_and_the_end_is_told(hyprland: Hyprland, tmp_path: Path) -> None:
    windows = HyprlandWindows(tmp_path)
    with hyprland.follower() as events:
        events.sendall(b"submap>>x\nactivewind")
        assert not windows.wait(0.2)
        events.sendall(b"owv2>>55d8c0a1b2c0\n")
        assert windows.wait(60)
        windows.wake()
        assert windows.wait(60)
    with pytest.raises(CaptureUnavailable, match="Hyprland does not answer"):
        windows.wait(60)
    windows.close()


def test_no_hyprland_is_a_clear_message(tmp_path: Path) -> None:
    with pytest.raises(CaptureUnavailable, match="Hyprland does not answer"):
        HyprlandWindows(tmp_path)


def test_what_is_odd_is_not_believed() -> None:
    assert window({}, []) is None and window({"address": "zz"}, []) is None
    bare = window({"address": "0x1f", "hidden": True, "fullscreen": True, "at": [0, 0], "size": [5, 5]}, [])
    assert bare is not None and (bare.window_id, bare.app, bare.region) == (31, "", None)
    assert bare.full_screen
    assert matters("windowtitle>>1\n") and not matters("keyboard>>activewindow\nconfigreloaded>>\n")


def test_its_folder_is_where_the_environment_says(tmp_path: Path) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path), "HYPRLAND_INSTANCE_SIGNATURE": "abc_1"}
    assert folder(environment) == Path("/tmp/hypr/abc_1")
    (tmp_path / "hypr" / "abc_1").mkdir(parents=True)
    assert folder(environment) == tmp_path / "hypr" / "abc_1"
