"""Windows of Microsoft Windows, from facts written by hand: nothing here runs on Windows."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.backends.windows_uia import Facts, Win32Windows, described
from observers.privacy import admit
from tests.observers.backends.fixtures import facts


@dataclass
class Win32:
    """A stand-in for Win32 itself."""

    windows: list[Facts] = field(default_factory=list)
    handle: int = 0

    def front(self) -> int:
        return self.handle

    def stack(self) -> Sequence[Facts]:
        return self.windows

    def idle_s(self) -> float:
        return 7.0

    def locked(self) -> bool:
        return False


def test_windows_are_described_as_rules_know_them() -> None:
    editor = described(facts("uia_editor"))
    assert (editor.app, editor.instance, editor.private) == ("notepad", "notepad", False)
    assert not editor.protected and not editor.full_screen and admit(editor).allowed
    whole = described(replace(facts("uia_editor"), region=Region(0, 0, 1920, 1080)))
    assert whole.full_screen
    edge = described(replace(facts("uia_editor"), executable="C:\\Edge\\msedge.exe"))
    assert edge.app == "microsoft-edge" and edge.browser and not admit(edge).allowed


@pytest.mark.parametrize("affinity", [1, 0x11, -1])
def test_a_window_that_asks_not_to_be_captured_or_does_not_tell_is_protected(affinity: int) -> None:
    assert described(replace(facts("uia_editor"), affinity=affinity)).protected


@pytest.mark.parametrize("executable", ["", "C:\\Windows\\System32\\ApplicationFrameHost.exe"])
def test_a_window_whose_program_is_not_told_is_refused(executable: str) -> None:
    window = described(replace(facts("uia_editor"), executable=executable))
    assert window.app == "" and not admit(window).allowed


def test_the_front_window_and_what_a_dialog_may_stand_over() -> None:
    menu = replace(facts("uia_editor"), handle=3, title="", region=Region(110, 120, 50, 80))
    win32 = Win32([menu, facts("uia_editor"), facts("uia_compose")], handle=65912)
    windows = Win32Windows(win32)
    found = windows.active()
    assert found is not None and found.title == "*plan.txt - Notepad"
    assert [one.title for one in windows.all()] == [
        "*plan.txt - Notepad",
        "New message - Larkmail - Google Chrome",
    ]
    win32.windows.append(replace(facts("uia_editor"), handle=9, title="Save As", class_name="#32770"))
    win32.handle = 9
    found = windows.active()
    assert found is not None and {one.window_id for one in found.owners} == {3, 65912}
    win32.handle = 0
    assert windows.active() is None


def test_elsewhere_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(CaptureUnavailable, match="on Windows only"):
        Win32Windows()
