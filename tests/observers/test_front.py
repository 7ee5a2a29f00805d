"""What a probe adds to a window, and that using a window is one observation that lasts."""

import time

import pytest

from app.desktop import VirtualDesktop
from gum.types import Observation, WindowInfo
from observers import front
from observers.atspi import Probe
from observers.front import told
from tests.observers.recorder import wait_for, watching

PAGE = WindowInfo(1, "chromium", "Rail - Chromium", 1, None, browser=True)


def test_without_a_tree_a_browser_window_stays_unknown() -> None:
    assert told(PAGE, None).private is None and told(PAGE, None).url is None
    nothing = told(PAGE, Probe(None, (), (), ()))
    assert nothing.private is None and nothing.url is None


def test_a_probe_tells_private_mode_and_address() -> None:
    found = told(PAGE, Probe((":1.1", "/a"), (PAGE.title,), ("https://rail.test/",), ()))
    assert found.private is False and found.url == "https://rail.test/"
    assert told(PAGE, Probe((":1.1", "/a"), (f"{PAGE.title} (Incognito)",), ("x",), ())).private is True


@pytest.mark.desktop
def test_a_window_in_use_is_one_observation_that_grows(desktop: VirtualDesktop) -> None:
    with watching(desktop) as (_, recorder):
        desktop.launch(["xterm", "-T", "one"])
        desktop.wait_window("one")
        assert wait_for(lambda: [o for o in recorder.observations if o.source == "window"])
        (first,) = [o for o in recorder.observations if o.source == "window"]
        time.sleep(2)
        desktop.launch(["xterm", "-T", "two"])
        desktop.wait_window("two")
        assert wait_for(lambda: any(o.title == "two" for o in recorder.observations))
        (again,) = [o for o in recorder.observations if o.title == "one" and o.source == "window"]
        assert again.id == first.id and (again.until - first.until).total_seconds() > 1
        assert again.at == first.at and again.text == "one" and again.trust.value == "acted-on"


@pytest.mark.desktop
def test_a_window_that_is_only_left_open_is_not_in_use(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "AWAY_S", 1.0)
    for name in ("LOOK_S", "EXTEND_S", "CALM_EXTEND_S"):  # a look and a chance to go on every quarter second
        monkeypatch.setattr(front, name, 0.25)
    with watching(desktop) as (_, recorder):
        desktop.launch(["xterm", "-T", "one"])
        desktop.wait_window("one")
        desktop.key("shift")

        def visits() -> list[Observation]:
            return [o for o in recorder.observations if o.source == "window"]

        assert wait_for(lambda: len(visits()) == 1)
        time.sleep(3)  # by now it has seen that nobody is there
        [left] = visits()
        time.sleep(2)
        assert visits() == [left]
        desktop.key("shift")
        assert wait_for(lambda: len(visits()) == 2)
        again = visits()[1]
        assert again.title == left.title
        assert (again.at - left.until).total_seconds() > 3


@pytest.mark.desktop
def test_an_exclusion_tells_program_and_rule_and_is_not_repeated(desktop: VirtualDesktop) -> None:
    with watching(desktop) as (watch, recorder):
        desktop.launch(["xterm", "-T", "My vault - Bitwarden"])
        desktop.wait_window("My vault*")
        assert wait_for(lambda: recorder.exclusions)
        for _ in range(5):
            watch.rules_changed()
            time.sleep(0.1)
        assert [e.app for e in recorder.exclusions] == ["xterm"]
        assert "vault" not in repr(recorder.exclusions).lower()
        assert not recorder.observations and not recorder.frames
