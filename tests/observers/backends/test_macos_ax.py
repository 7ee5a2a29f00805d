"""Windows of macOS, from rows written by hand: nothing here runs on a Mac."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.backends.macos_ax import QuartzWindows, Row, described, front
from observers.privacy import admit
from tests.observers.backends.fixtures import mac_window, read


@dataclass
class Quartz:
    """A stand-in for Quartz itself."""

    windows: list[Row] = field(default_factory=list)
    pid: int = 0

    def front_pid(self) -> int:
        return self.pid

    def rows(self) -> Sequence[Row]:
        return self.windows

    def idle_s(self) -> float:
        return 7.0

    def locked(self) -> bool:
        return False


def test_windows_are_described_as_rules_know_them() -> None:
    editor = mac_window("ax_editor")
    assert (editor.app, editor.title, editor.private) == ("textedit", "plan.txt", False)
    assert not editor.protected and admit(editor).allowed
    chrome = mac_window("ax_compose")
    assert chrome.app == "google-chrome" and chrome.browser and not admit(chrome).allowed


@pytest.mark.parametrize("sharing", [0, None])
def test_a_window_that_asks_not_to_be_shared_or_does_not_tell_is_protected(sharing: int | None) -> None:
    row = {**read("ax_editor")["rows"][0], "kCGWindowSharingState": sharing}
    assert described(row).protected


def test_without_leave_to_record_the_screen_there_is_no_title_and_no_admission() -> None:
    row = {name: value for name, value in read("ax_editor")["rows"][0].items() if name != "kCGWindowName"}
    assert described(row).title == "" and not admit(described(row)).allowed


def test_the_front_window_is_the_topmost_of_the_program_in_front() -> None:
    rows = read("ax_compose")["rows"]
    windows = QuartzWindows(Quartz(rows, 501))
    found = windows.active()
    assert found is not None and (found.window_id, found.region) == (77, Region(0, 25, 1280, 875))
    assert [one.title for one in windows.all()] == ["New message - Larkmail - Google Chrome", "Shopping"]
    assert front(rows, 88) is None  # the menu bar is no window to work in


def test_elsewhere_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(CaptureUnavailable, match="on macOS only"):
        QuartzWindows()
