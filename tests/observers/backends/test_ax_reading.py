"""Reading trees over macOS' accessibility, which a stand-in plays here with trees written by hand."""

# ruff: noqa: N802 - their names

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from gum.errors import CaptureUnavailable
from gum.types import Effect, Rule, RuleId, Trust
from observers.backends.ax_reading import AxTrees
from observers.backends.ax_tree import node
from tests.observers.backends.fixtures import SECRET, mac_window, read, tree_source
from tests.observers.recorder import wait_for


class NSArray(list[object]):
    """A list as pyobjc gives it."""

    def objectAtIndex_(self, place: int) -> object:
        return self[place]


class Mac:
    """A stand-in for ApplicationServices as pyobjc gives it: one program with one window."""

    def __init__(self, name: str) -> None:
        self.window = mac_window(name)
        self.told: Mapping[str, Any] = read(name)["tree"]
        assert self.window.region is not None
        place = self.window.region
        frame = {"x": place.left, "y": place.top, "w": place.width, "h": place.height}
        self.told = {**self.told, "AXTitle": self.window.title, "AXFrame": frame}
        self.trusted = True
        self.timeout = 0.0
        self.valued: list[str] = []  # whose values were asked for
        self.asked: list[str] = []
        self.pools: list[str] = []
        self.silent: dict[str, str] = {}  # how an object is called, and what it does not answer

    def AXIsProcessTrusted(self) -> bool:
        return self.trusted

    def AXUIElementCreateSystemWide(self) -> object:
        return "the system"

    def AXUIElementSetMessagingTimeout(self, element: object, seconds: float) -> None:
        assert element == "the system"
        self.timeout = seconds

    def AXUIElementCreateApplication(self, pid: int) -> object:
        return {"AXFocusedWindow": self.told} if pid == self.window.pid else {}

    def AXUIElementCopyAttributeValue(self, element: object, name: str, _: None) -> tuple[int, object]:
        assert isinstance(element, Mapping) and self.pools == ["open"]
        self.asked.append(name)
        if name == "AXValue":
            self.valued.append(str(element.get("AXTitle") or element.get("AXDescription") or ""))
        if self.silent.get(str(element.get("AXDescription") or "")) == name:
            return -25204, None  # kAXErrorCannotComplete: it took too long
        value = element.get(name)
        if isinstance(value, list):
            value = NSArray(value)
        elif isinstance(value, dict) and name == "AXFrame":
            value = SimpleNamespace(rectangle=value)
        return (-25212, None) if value is None else (0, value)  # kAXErrorNoValue

    def AXUIElementIsAttributeSettable(self, element: object, name: str, _: None) -> tuple[int, object]:
        assert isinstance(element, Mapping) and name == "AXValue"
        return 0, element.get("AXValueSettable") is True

    def AXValueGetValue(self, value: object, kind: int, _: None) -> tuple[bool, object]:
        box = getattr(value, "rectangle", None)
        if kind != 3 or box is None:
            return False, None
        origin, size = (
            SimpleNamespace(x=box["x"], y=box["y"]),
            SimpleNamespace(width=box["w"], height=box["h"]),
        )
        return True, SimpleNamespace(origin=origin, size=size)

    @contextmanager
    def pool(self) -> Iterator[None]:
        self.pools.append("open")
        yield
        self.pools.remove("open")

    def trees(self) -> AxTrees:
        return AxTrees(lambda: (self, self.pool))


def opened(mac: Mac) -> AxTrees:
    trees = mac.trees()
    trees.open()
    return trees


@pytest.mark.parametrize("name", ["ax_compose", "ax_editor"])
def test_a_tree_is_read_as_it_would_be_recorded(name: str) -> None:
    mac = Mac(name)
    assert opened(mac).read(mac.window, None) == (node(mac.told), True, "")
    assert not mac.pools and mac.timeout == 1.0


def test_a_password_is_never_asked_for() -> None:
    mac = Mac("ax_editor")
    fields = [
        {"AXRole": "AXTextField", "AXTitle": "Name", "AXValue": "jonas", "AXValueSettable": True},
        {"AXRole": "AXTextField", "AXTitle": "Key", "AXSubrole": "AXSecureTextField", "AXValue": SECRET},
        {"AXRole": "AXTextField", "AXDescription": "Password", "AXValue": SECRET, "AXValueSettable": True},
        {"AXRole": None, "AXTitle": "Nobody knows", "AXValue": SECRET},
    ]
    mac.told = {**mac.told, "AXChildren": fields}
    tree, _, _ = opened(mac).read(mac.window, None)
    assert mac.valued == ["Name"]
    assert tree is not None and SECRET not in repr(tree) and "jonas" in repr(tree)


@pytest.mark.parametrize("name", ["AXSubrole", "AXTitle", "AXDescription"])
def test_a_field_that_does_not_say_whether_it_holds_one_is_not_asked(name: str) -> None:
    mac = Mac("ax_editor")
    below = [{"AXRole": "AXStaticText", "AXValue": SECRET}]
    field = {"AXRole": "AXTextField", "AXDescription": "Key", "AXValue": SECRET, "AXValueSettable": True}
    mac.told = {**mac.told, "AXChildren": [{**field, "AXChildren": below}]}
    mac.silent = {"Key": name}
    tree, _, _ = opened(mac).read(mac.window, None)
    assert tree is not None and SECRET not in repr(tree) and not mac.valued


def test_what_is_hidden_is_not_gone_through() -> None:
    mac = Mac("ax_editor")
    below = {"AXRole": "AXStaticText", "AXValue": "unseen"}
    mac.told = {**mac.told, "AXChildren": [{"AXRole": "AXGroup", "AXHidden": True, "AXChildren": [below]}]}
    found, complete = opened(mac).told(mac.window)
    assert found is not None and complete and "unseen" not in repr(found) and not mac.valued


@pytest.mark.parametrize(
    "other",
    [
        {"AXTitle": "diary.txt"},
        {"AXTitle": None},
        {"AXSubrole": "AXDialog"},
        {"AXSubrole": None},
        {"AXFrame": {"x": 0, "y": 0, "w": 5, "h": 5}},
        {"AXFrame": None},
    ],
)
def test_another_window_of_the_same_program_or_a_dialog_is_not_read(other: Mapping[str, object]) -> None:
    mac = Mac("ax_editor")
    mac.told = {**mac.told, **other}
    assert opened(mac).read(mac.window, None) == (None, True, "")
    assert set(mac.asked) <= {"AXFocusedWindow", "AXTitle", "AXSubrole", "AXFrame"}


def test_a_program_without_windows_or_of_which_nothing_is_known_has_no_tree() -> None:
    mac = Mac("ax_editor")
    known = mac.window
    for window in (
        type(known)(1, "textedit", known.title, None, known.region),
        type(known)(1, "textedit", known.title, 999, known.region),
        type(known)(1, "textedit", known.title, known.pid, None),
    ):
        assert opened(mac).read(window, None) == (None, True, "")


def test_the_tree_source_tells_the_text_of_an_admitted_window() -> None:
    mac = Mac("ax_editor")
    with tree_source(mac.trees(), mac.window) as (source, recorder):
        assert wait_for(lambda: any("book the train" in one.text for one in recorder.observations))
        assert source.health().state == "running"
    authored = [one for one in recorder.observations if one.trust is Trust.AUTHORED]
    assert [one.text for one in authored] == ["Trip to Lisbon\nbook the train"]
    assert {(one.source, one.app) for one in recorder.observations} == {("ui_tree", "textedit")}


def test_a_tree_that_the_rules_refuse_is_thrown_away() -> None:
    mac = Mac("ax_editor")
    rule = Rule(RuleId("own:1"), "Plans", Effect.DROP, title="plan*")
    with tree_source(mac.trees(), mac.window, (rule,)) as (_, recorder):
        assert wait_for(lambda: mac.asked.count("AXFocusedWindow") >= 2)
    assert not recorder.observations


def test_where_it_is_not_allowed_the_source_says_so() -> None:
    mac = Mac("ax_editor")
    mac.trusted = False
    with tree_source(mac.trees(), mac.window) as (source, recorder):
        assert wait_for(lambda: source.health().state == "unavailable")
        assert "Accessibility" in source.health().detail and "Privacy" in source.health().hint
    assert not recorder.observations and not mac.asked


def test_elsewhere_it_says_so_and_without_pyobjc_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(CaptureUnavailable, match="on macOS only"):
        AxTrees().open()
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setitem(sys.modules, "ApplicationServices", None)
    with pytest.raises(CaptureUnavailable) as error:
        AxTrees().open()
    assert "pip install" in error.value.hint
