"""Windows of Microsoft Windows, from facts written by hand: nothing here runs on Windows."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.backends.uia_tree import node
from observers.backends.windows_uia import Control, Facts, Win32Windows, above, described, told, tree_of
from observers.privacy import admit
from observers.windows import EVERYWHERE
from tests.observers.backends.fixtures import SECRET, facts


@dataclass
class Win32:
    """A stand-in for Win32 itself."""

    windows: list[Facts] = field(default_factory=list)
    handle: int = 0

    def front(self) -> int:
        return self.handle

    def stack(self) -> Sequence[Facts]:
        return self.windows

    def screen(self) -> Region:
        return Region(0, 0, 1920, 1080)

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


def test_the_front_window_and_what_lies_above_it() -> None:
    menu = replace(facts("uia_editor"), handle=3, title="", region=Region(110, 120, 50, 80))
    win32 = Win32([menu, facts("uia_editor"), facts("uia_compose")], handle=65912)
    windows = Win32Windows(win32)
    found = windows.active()
    assert found is not None and found.title == "*plan.txt - Notepad"
    assert windows.above(65912) == [Region(110, 120, 50, 80)]
    assert windows.above(1) == [EVERYWHERE] and above([], 1) is None
    assert windows.titles() == ["*plan.txt - Notepad", "New message - Larkmail - Google Chrome"]
    win32.windows.append(replace(facts("uia_editor"), handle=9, title="Save As", class_name="#32770"))
    win32.handle = 9
    found = windows.active()
    assert found is not None and {one.window_id for one in found.owners} == {3, 65912}
    win32.handle = 0
    assert windows.active() is None


@dataclass
class Field:
    """A stand-in for a control of UI Automation that cannot bear to be asked for its value."""

    name: str
    password: bool | None
    children: list["Field"] = field(default_factory=list)
    asked: bool = False

    def __getattr__(self, key: str) -> object:
        known = {"ControlType": 50004, "Name": self.name, "IsPassword": self.password}
        known |= {"BoundingRectangle": SimpleNamespace(left=0, top=0, right=9, bottom=9)}
        return known.get(key, "" if key.startswith(("A", "C", "F")) else False)

    def GetPattern(self, pattern: int) -> object:  # noqa: N802 - their name
        self.asked = True
        return SimpleNamespace(Value=SECRET, IsReadOnly=False)

    def GetChildren(self) -> "Sequence[Control]":  # noqa: N802 - their name
        return self.children


def test_a_password_is_never_asked_for() -> None:
    fields = [Field("Name", False), Field("Key", True), Field("Password", False), Field("Key", None)]
    tree = told(Field("Form", False, fields))
    assert [one.asked for one in fields] == [True, False, False, False]
    assert repr(tree).count(SECRET) == 2  # the form's and the name's, which it gives out here
    assert [part.role for part in node(tree).children] == ["entry", *["password text"] * 3]


@pytest.mark.skipif(sys.platform == "win32", reason="it is there")
def test_elsewhere_it_says_so() -> None:
    with pytest.raises(CaptureUnavailable, match="on Windows only"):
        Win32Windows()
    with pytest.raises(CaptureUnavailable) as error:
        tree_of(1)
    assert "pip install" in error.value.hint
