"""The windows of a real sway, and of a tree that one told (recorded with sway 1.7)."""

import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.backends.sway import SwayWindows, every, front, matters, message
from tests.observers.backends.wayland_desktop import Sway, sway
from tests.observers.recorder import wait_for

__all__ = ["sway"]
RECORDED = Path(__file__).parents[2] / "fixtures" / "backends" / "sway_tree.json"


@pytest.fixture
def windows(sway: Sway) -> Iterator[SwayWindows]:
    found = SwayWindows(str(sway.socket))
    yield found
    found.close()


def test_a_recorded_tree_tells_the_window_with_the_focus() -> None:
    found = front(json.loads(RECORDED.read_text(encoding="utf-8")))
    assert found is not None
    assert (found.app, found.title, found.pid) == ("mousepad", "Untitled 1 - Mousepad", 12089)
    assert found.region == Region(642, 25, 636, 873)  # without the border of two pixels
    assert found.monitors == ("HEADLESS-1",) and not found.full_screen and found.private is False


def test_programs_under_xwayland_browsers_and_hidden_windows_are_told_as_they_are() -> None:
    tree = _tree(
        {"app_id": None, "window_properties": {"class": "XTerm", "instance": "Small"}, "visible": True},
        {"app_id": "google-chrome", "visible": False, "fullscreen_mode": 1},
        {"app_id": None, "name": None, "visible": True, "rect": {"x": 1, "y": 1, "width": 0, "height": 0}},
    )
    term, chrome, bare = every(tree)
    assert (term.app, term.instance, term.browser) == ("xterm", "small", False)
    assert (chrome.browser, chrome.private, chrome.region, chrome.full_screen) == (True, None, None, True)
    assert (bare.app, bare.title, bare.region) == ("", "", None)


def test_one_that_floats_is_judged_with_the_others_of_its_process() -> None:
    tree = _tree(
        {"app_id": "mousepad", "name": "diary.txt"},
        {"app_id": "foot", "name": "other", "pid": 8},
        {"app_id": "mousepad", "name": "Save As", "type": "floating_con", "focused": True},
    )
    found = front(tree)
    assert found is not None and [one.title for one in found.owners] == ["diary.txt"]


def test_a_bare_workspace_is_no_window() -> None:
    tree = json.loads(RECORDED.read_text(encoding="utf-8"))
    tree["nodes"][1]["nodes"][0]["nodes"] = []
    tree["nodes"][1]["nodes"][0]["focused"] = True
    assert front(tree) is None and every(tree) == []


@pytest.mark.parametrize(
    ("kind", "event", "answer"),
    [
        (0x80000003, {"change": "title", "container": {"focused": True}}, True),
        (0x80000003, {"change": "title", "container": {"focused": False}}, False),
        (0x80000003, {"change": "focus", "container": {"focused": True}}, True),
        (0x80000000, {"change": "focus"}, True),
    ],
)
def test_only_the_titles_of_other_windows_do_not_matter(
    kind: int, event: Mapping[str, object], answer: bool
) -> None:
    assert matters(kind, event) is answer


def test_a_request_is_as_sway_wants_it() -> None:
    assert message(2, b"[]")[:6] == b"i3-ipc" and message(2, b"[]").endswith(b"[]")
    assert len(message(4)) == 14


@pytest.mark.desktop
def test_the_front_window_of_a_real_sway_is_known_and_follows_the_focus(
    sway: Sway, windows: SwayWindows
) -> None:
    assert windows.active() is None
    first = sway.launch(["foot", "--title", "first – ü", "sleep", "600"])
    assert wait_for(lambda: (one := windows.active()) is not None and one.title == "first – ü")
    found = windows.active()
    assert found is not None and (found.app, found.pid) == ("foot", first.pid)
    assert found.region is not None and found.monitors == ("HEADLESS-1",)
    sway.launch(["foot", "--title", "second", "sleep", "600"])
    assert wait_for(lambda: (one := windows.active()) is not None and one.title == "second")
    assert [one.title for one in windows.all()] == ["first – ü", "second"]
    while windows.wait(0.3):
        pass
    timer = threading.Timer(0.2, lambda: sway.tell("[title=first.*] focus, fullscreen enable"))
    timer.start()
    assert windows.wait(20)
    timer.join()
    assert wait_for(lambda: (one := windows.active()) is not None and one.full_screen)
    assert windows.active() is not None and windows.active().title == "first – ü"  # type: ignore[union-attr]


@pytest.mark.desktop
def test_a_new_title_and_wake_end_a_wait_and_the_end_of_sway_is_told(
    sway: Sway, windows: SwayWindows
) -> None:
    script = "sleep 2; printf '\\033]2;after\\007'; sleep 600"
    sway.launch(["foot", "--title", "before", "sh", "-c", script])
    assert wait_for(lambda: (one := windows.active()) is not None and one.title == "before")
    assert wait_for(
        lambda: windows.wait(5) and (one := windows.active()) is not None and one.title == "after"
    )
    while windows.wait(0.3):
        pass
    timer = threading.Timer(0.2, windows.wake)
    timer.start()
    assert windows.wait(20)
    timer.join()
    sway.end()
    with pytest.raises(CaptureUnavailable, match="sway does not answer"):
        for _ in range(20):
            windows.wait(1)


def test_no_sway_is_a_clear_message(tmp_path: Path) -> None:
    with pytest.raises(CaptureUnavailable, match="sway does not answer") as error:
        SwayWindows(str(tmp_path / "none.sock"))
    assert error.value.hint


def _tree(*windows: Mapping[str, object]) -> Mapping[str, object]:
    place = {"x": 0, "y": 0, "width": 100, "height": 100}
    nodes = [
        {"id": number, "type": "con", "name": "a", "pid": 7, "rect": place, "window_rect": {}, **window}
        for number, window in enumerate(windows, 5)
    ]
    return {"type": "root", "nodes": [{"type": "output", "name": "DP-1", "nodes": nodes}]}
