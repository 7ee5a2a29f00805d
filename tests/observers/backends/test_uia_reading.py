"""Reading trees over UI Automation, which a stand-in plays here with trees written by hand."""

# ruff: noqa: N802 - their names

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from gum.errors import CaptureUnavailable
from gum.types import Effect, Rule, RuleId, Trust, WindowInfo
from observers.backends.uia_reading import Element, Request, UiaTrees
from observers.backends.uia_tree import node
from observers.backends.windows_uia import described
from observers.focus import SharedFocus
from observers.privacy import admit
from tests.observers.backends.fixtures import SECRET, facts, read, tree_source
from tests.observers.recorder import wait_for

# After UIAutomationClient.h.
NAMES = {30001: "BoundingRectangle", 30002: "ProcessId", 30003: "ControlType", 30005: "Name"}
NAMES |= {30008: "HasKeyboardFocus", 30009: "IsKeyboardFocusable", 30011: "AutomationId", 30012: "ClassName"}
NAMES |= {30019: "IsPassword", 30022: "IsOffscreen", 30024: "FrameworkId", 30101: "AriaRole"}
NAMES |= {30102: "AriaProperties", 30045: "Value", 30046: "ValueIsReadOnly"}
NULL = 0  # comtypes gives a pointer that is false


class Gone(Exception):
    """What comtypes raises when an object is gone (COMError)."""


class Part:
    """An object of a tree as comtypes gives it."""

    def __init__(self, desk: "Desk", told: Mapping[str, Any], parent: "Part | None" = None, place: int = 0):
        self.desk, self.told, self.parent, self.place = desk, told, parent, place

    def __bool__(self) -> bool:
        return True

    def child(self, place: int) -> "Part | int":
        below = self.told.get("Children", [])
        return Part(self.desk, below[place], self, place) if place < len(below) else NULL

    def GetCachedPropertyValue(self, number: int) -> object:
        if self.told.get("Name") in self.desk.gone:
            raise Gone
        name = self.desk.cached[number]
        if name == "BoundingRectangle":
            left, top, right, bottom = self.told.get(name, (0, 0, 0, 0))
            return left, top, right - left, bottom - top
        return self.desk.pid if name == "ProcessId" else self.told.get(name)

    def GetCurrentPropertyValue(self, number: int) -> object:
        name = NAMES[number]
        self.desk.valued.append(self.told["Name"])
        self.desk.at_value()
        return self.told.get(name, {"Value": "", "ValueIsReadOnly": True}[name])


class Desk:
    """A stand-in for UI Automation as comtypes gives it: one window."""

    def __init__(self, name: str) -> None:
        self.window: WindowInfo = described(facts(name))
        self.told: Mapping[str, Any] = read(name)["tree"]
        self.pid = self.window.pid
        self.cached: dict[int, str] = {}
        self.valued: list[str] = []  # whose values were asked for
        self.gone: set[str] = set()
        self.handles: list[int] = []  # of windows that were asked for
        self.at_value: Callable[[], object] = lambda: None

    @property
    def ControlViewWalker(self) -> Any:
        return self

    def CreateCacheRequest(self) -> Any:
        return self

    def AddProperty(self, number: int) -> None:
        self.cached[number] = NAMES[number]

    def ElementFromHandleBuildCache(self, handle: int, request: Request) -> Any:
        self.handles.append(handle)
        if handle != self.window.window_id:
            raise Gone
        return Part(self, self.told)

    def GetFirstChildElementBuildCache(self, element: Element, request: Request) -> Any:
        assert isinstance(element, Part)
        return element.child(0)

    def GetNextSiblingElementBuildCache(self, element: Element, request: Request) -> Any:
        assert isinstance(element, Part) and element.parent is not None
        return element.parent.child(element.place + 1)

    def trees(self) -> UiaTrees:
        return UiaTrees(lambda: (self, Gone))


def opened(desk: Desk) -> UiaTrees:
    trees = desk.trees()
    trees.open()
    return trees


@pytest.mark.parametrize("name", ["uia_compose", "uia_editor", "uia_private"])
def test_a_tree_is_read_as_it_would_be_recorded(name: str) -> None:
    desk = Desk(name)
    assert opened(desk).read(desk.window, None) == (node(desk.told), True, "")


def test_a_password_is_never_asked_for() -> None:
    desk = Desk("uia_compose")
    fields = [
        {"ControlType": 50004, "Name": name, "IsPassword": password, "Value": SECRET, "Children": [{}]}
        for name, password in (("Key", True), ("Your password", False), ("Code", None))
    ]
    desk.told = {**desk.told, "Children": [*desk.told["Children"], *fields]}
    tree, _, _ = opened(desk).read(desk.window, None)
    assert tree is not None and SECRET not in repr(tree)
    assert [part.role for part in tree.children[-3:]] == ["password text"] * 3
    assert desk.valued and not {"Key", "Your password", "Code", "Password"}.intersection(desk.valued)


def test_what_is_off_the_screen_is_neither_read_nor_gone_through() -> None:
    desk = Desk("uia_editor")
    below = {"ControlType": 50004, "Name": "far below", "IsPassword": False, "Value": "unseen"}
    hidden = {"ControlType": 50026, "Name": "", "IsPassword": False, "IsOffscreen": True, "Children": [below]}
    desk.told = {**desk.told, "Children": [hidden]}
    found, complete = opened(desk).told(desk.window.window_id, desk.window.pid)
    assert complete and "far below" not in repr(found) and not desk.valued


def test_a_handle_that_is_another_programs_by_now_is_not_read() -> None:
    desk = Desk("uia_editor")
    desk.pid = 1
    assert opened(desk).read(desk.window, None) == (None, True, "")
    assert opened(desk).told(desk.window.window_id, None) == (None, True)
    assert opened(desk).told(99, desk.pid) == (None, True) and not desk.valued


def test_what_is_gone_meanwhile_is_left_out() -> None:
    desk = Desk("uia_editor")
    desk.gone = {"Text editor"}
    tree, complete, _ = opened(desk).read(desk.window, None)
    assert tree is not None and complete and "Lisbon" not in repr(tree)


def test_the_tree_source_tells_the_text_of_an_admitted_window() -> None:
    desk = Desk("uia_editor")
    with tree_source(desk.trees(), desk.window) as (source, recorder):
        assert wait_for(lambda: any("book the train" in one.text for one in recorder.observations))
        assert source.health().state == "running"
    authored = [one for one in recorder.observations if one.trust is Trust.AUTHORED]
    assert [one.text for one in authored] == ["Trip to Lisbon\nbook the train"]
    assert {one.source for one in recorder.observations} == {"ui_tree"}
    assert {one.app for one in recorder.observations} == {"notepad"}


def test_a_tree_that_the_rules_refuse_is_thrown_away() -> None:
    desk = Desk("uia_editor")
    rule = Rule(RuleId("own:1"), "Plans", Effect.DROP, title="*plan*")
    with tree_source(desk.trees(), desk.window, (rule,)) as (_, recorder):
        assert wait_for(lambda: desk.valued.count("Text editor") >= 4)  # two questions a look
    assert not recorder.observations


def test_a_window_that_went_while_it_was_read_tells_nothing() -> None:
    desk, focus = Desk("uia_editor"), SharedFocus()
    other = replace(desk.window, window_id=7, title="other")
    desk.at_value = lambda: focus.set(other, admit(other))
    with tree_source(desk.trees(), desk.window, (), focus) as (_, recorder):
        assert wait_for(lambda: 7 in desk.handles)  # by then all that waited was handed over
    assert not recorder.observations and desk.valued == ["Text editor"] * 2


def test_a_browser_is_not_read_at_all() -> None:
    desk = Desk("uia_compose")
    with tree_source(desk.trees(), desk.window) as (source, recorder):
        assert wait_for(lambda: bool(desk.cached) and source.health().detail == "")
    assert not desk.valued and not recorder.observations


def test_elsewhere_it_says_so_and_without_comtypes_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(CaptureUnavailable, match="on Windows only"):
        UiaTrees().open()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "comtypes", None)
    with pytest.raises(CaptureUnavailable) as error:
        UiaTrees().open()
    assert "pip install comtypes" in error.value.hint
