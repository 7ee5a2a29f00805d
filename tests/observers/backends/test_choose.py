"""Which back-end a session gets, and all sources together on a real Wayland compositor."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.desktop import VirtualDesktop, chromium_argv
from gum.errors import CaptureUnavailable
from gum.types import Effect, Rule, RuleId, Trust
from observers.backends import choose
from observers.backends.atspi_windows import AtspiWindows
from observers.backends.ax_reading import AxTrees
from observers.backends.choose import open_windows, trees
from observers.backends.session import Session
from observers.backends.sway import SwayWindows
from observers.backends.uia_reading import UiaTrees
from observers.bus import AccessibilityBus
from observers.ui_tree import AtspiTrees
from observers.watch import Watch
from observers.window import X11Windows
from tests.observers.backends.wayland_desktop import Sway, sway
from tests.observers.recorder import Recorder, wait_for
from tests.trees import FIXTURES

__all__ = ["sway"]
PAGE = (FIXTURES / "pages" / "compose.html").as_uri()
SECRET = "hunter2-SECRET-PW"


def sits_in(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    """Makes this process one of that session."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SWAYSOCK", "HYPRLAND_INSTANCE_SIGNATURE", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@contextmanager
def observed(rules: tuple[Rule, ...] = ()) -> Iterator[tuple[Watch, Recorder]]:
    """All sources at work on the session of the environment."""
    recorder = Recorder()
    watch = Watch(recorder, lambda: rules, lambda: False)
    watch.start()
    try:
        yield watch, recorder
    finally:
        watch.stop()


def test_every_session_has_a_back_end() -> None:
    assert set(choose._OPENERS) == set(Session)


@pytest.mark.parametrize(
    ("platform", "reader"), [("win32", UiaTrees), ("darwin", AxTrees), ("linux", AtspiTrees)]
)
def test_what_stands_in_windows_is_read_by_the_system_they_belong_to(
    monkeypatch: pytest.MonkeyPatch, platform: str, reader: type
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    bus = AccessibilityBus("unix:path=/nonexistent/bus")
    assert type(trees(bus)) is reader and type(trees(bus, ":7")) is AtspiTrees


@pytest.mark.desktop
def test_a_named_display_is_x11_whatever_the_session(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sits_in(monkeypatch, {"WAYLAND_DISPLAY": "wayland-7", "XDG_SESSION_TYPE": "wayland"})
    windows = open_windows(desktop.display)
    assert isinstance(windows, X11Windows)
    windows.close()


@pytest.mark.desktop
def test_sway_is_asked_and_accessibility_where_it_does_not_answer(
    sway: Sway, desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = {**sway.env, "DBUS_SESSION_BUS_ADDRESS": desktop.env["DBUS_SESSION_BUS_ADDRESS"]}
    sits_in(monkeypatch, session)
    windows = open_windows()
    assert isinstance(windows, SwayWindows)
    windows.close()
    monkeypatch.setenv("SWAYSOCK", "/nonexistent/sway.sock")
    windows = open_windows()
    assert isinstance(windows, AtspiWindows)
    windows.close()


def test_where_nobody_answers_the_last_to_be_asked_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = {"WAYLAND_DISPLAY": "w", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
    sits_in(monkeypatch, {**nobody, "SWAYSOCK": "/nonexistent/sway.sock"})
    with pytest.raises(CaptureUnavailable, match="accessibility bus"):
        open_windows()
    sits_in(monkeypatch, {})
    with pytest.raises(CaptureUnavailable, match="no display"):
        open_windows()


@pytest.mark.desktop
@pytest.mark.parametrize("told_by", ["sway", "accessibility"])
def test_on_wayland_text_is_observed_by_trust_and_nothing_that_is_excluded(
    told_by: str, sway: Sway, desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = {**sway.env, "DBUS_SESSION_BUS_ADDRESS": desktop.env["DBUS_SESSION_BUS_ADDRESS"]}
    sits_in(monkeypatch, session)
    if told_by == "accessibility":
        monkeypatch.delenv("SWAYSOCK")
    for name, text in (("open.txt", "the seen words"), ("diary.txt", "the unseen words")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    diary = Rule(RuleId("own:1"), "Diary", Effect.DROP, title="*diary*")
    browser = [*chromium_argv(PAGE, tmp_path / "profile"), "--ozone-platform=wayland"]
    with observed((diary,)) as (watch, recorder):

        def texts(trust: Trust, source: str) -> str:
            return "\n".join(o.text for o in recorder.observations if (o.trust, o.source) == (trust, source))

        editor = sway.launch(["mousepad", "--disable-server", str(tmp_path / "open.txt")])
        assert wait_for(lambda: "the seen words" in texts(Trust.AUTHORED, "ui_tree"))
        assert wait_for(lambda: "open.txt" in texts(Trust.ACTED_ON, "window"))
        sway.launch(["mousepad", "--disable-server", str(tmp_path / "diary.txt")])
        assert wait_for(lambda: any(one.rule_id == diary.id for one in recorder.exclusions))
        process = sway.launch(browser, XDG_RUNTIME_DIR=str(sway.folder / "run"))
        assert wait_for(lambda: "Friday 27 November" in texts(Trust.AUTHORED, "ui_tree"))
        assert wait_for(lambda: "Aerodeal" in texts(Trust.ADVERT, "ui_tree"))
        assert "To: maria.silva@example.org" in texts(Trust.AUTHORED, "ui_tree")
        desktop.end(process)
        desktop.end(editor)
        health = {one.name: one for one in watch.health()}
        assert health["window"].state == health["ui_tree"].state == "running"
        assert health["screen"].state == "unavailable" and "Wayland" in health["screen"].detail
    assert "the unseen words" not in recorder.everything() and "diary" not in recorder.everything()
    assert SECRET not in recorder.everything() and not recorder.frames


@pytest.mark.desktop
@pytest.mark.parametrize("told_by", ["sway", "accessibility"])
def test_on_wayland_a_private_window_is_never_observed(
    told_by: str, sway: Sway, desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = {**sway.env, "DBUS_SESSION_BUS_ADDRESS": desktop.env["DBUS_SESSION_BUS_ADDRESS"]}
    sits_in(monkeypatch, session)
    if told_by == "accessibility":
        monkeypatch.delenv("SWAYSOCK")
    argv = [*chromium_argv(PAGE, tmp_path / "profile", "--incognito"), "--ozone-platform=wayland"]
    with observed() as (_, recorder):
        sway.launch(argv, XDG_RUNTIME_DIR=str(sway.folder / "run"))
        assert wait_for(lambda: any("private" in one.rule_id for one in recorder.exclusions))
        assert not recorder.observations
